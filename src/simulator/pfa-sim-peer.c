/* pfa-sim-peer.c - one simulated terminal on one connection: bytes in, things to do out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-sim-peer.h"

#include "pfa-json.h"
#include "pfa-sim-peers.h"

/* What a slow terminal takes for each thing it sends, unless the state says otherwise. */
#define SLOW_MS 800

typedef struct
{
  const char *protocol;
  PfaSimPeer *(*create) (gboolean serial, JsonObject *state);
} Kind;

static const Kind kinds[] = {
  { "codepay", pfa_sim_codepay_new },     { "echo", pfa_sim_echo_new },
  { "ecr17", pfa_sim_ecr17_new },         { "poslink", pfa_sim_poslink_new },
  { "transbank", pfa_sim_transbank_new }, { "zvt", pfa_sim_zvt_new },
};

PfaSimPeer *
pfa_sim_peer_new (const char *protocol, gboolean serial, JsonObject *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].protocol, protocol))
      return kinds[i].create (serial, state);
  return NULL;
}

void
pfa_sim_peer_init (PfaSimPeer *self,
                   const PfaSimPeerClass *klass,
                   gboolean serial,
                   JsonObject *state)
{
  self->klass = klass;
  self->serial = serial;
  self->state = json_object_ref (state);
  g_queue_init (&self->actions);
}

void
pfa_sim_peer_free (PfaSimPeer *self)
{
  if (self == NULL)
    return;
  g_queue_clear_full (&self->actions, (GDestroyNotify) pfa_sim_action_free);
  json_object_unref (self->state);
  self->klass->free (self);
}

void
pfa_sim_action_free (PfaSimAction *action)
{
  g_clear_pointer (&action->send, g_bytes_unref);
  g_free (action);
}

gboolean
pfa_sim_peer_suffers (PfaSimPeer *self, const char *illness)
{
  return g_strcmp0 (pfa_json_peek_string (self->state, "illness"), illness) == 0;
}

static void
push (PfaSimPeer *self, GBytes *send, guint delay_ms, gboolean close)
{
  PfaSimAction *action = g_new0 (PfaSimAction, 1);

  action->send = send;
  action->delay_ms = delay_ms;
  action->close = close;
  g_queue_push_tail (&self->actions, action);
}

/* The same noise every time, so that a failing run can be repeated. */
static GBytes *
dup_garbage (gsize length)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (96);
  guint8 *noise = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    noise[i] = (guint8) g_rand_int (random);
  return g_bytes_new_take (noise, length);
}

void
pfa_sim_peer_send (PfaSimPeer *self, PfaSpan bytes)
{
  if (pfa_sim_peer_suffers (self, "silent"))
    return;
  if (pfa_sim_peer_suffers (self, "slow"))
    pfa_sim_peer_wait (self, (guint) pfa_json_peek_double (self->state, "delay_ms", SLOW_MS));
  if (pfa_sim_peer_suffers (self, "garbage"))
    push (self, dup_garbage (MAX (bytes.length, 64)), 0, FALSE);
  else if (pfa_sim_peer_suffers (self, "trickle"))
    for (gsize i = 0; i < bytes.length; i++)
      push (self, g_bytes_new (bytes.data + i, 1), 1, FALSE);
  else
    push (self, g_bytes_new (bytes.data, bytes.length), 0, FALSE);
}

void
pfa_sim_peer_wait (PfaSimPeer *self, guint delay_ms)
{
  push (self, NULL, delay_ms, FALSE);
}

void
pfa_sim_peer_close (PfaSimPeer *self)
{
  push (self, NULL, 0, TRUE);
}

void
pfa_sim_peer_receive (PfaSimPeer *self, PfaSpan bytes)
{
  if (!pfa_sim_peer_suffers (self, "silent"))
    self->klass->receive (self, bytes);
}

void
pfa_sim_peer_tick (PfaSimPeer *self)
{
  if (self->klass->tick != NULL && !pfa_sim_peer_suffers (self, "silent"))
    self->klass->tick (self);
}

PfaSimAction *
pfa_sim_peer_take_action (PfaSimPeer *self)
{
  return g_queue_pop_head (&self->actions);
}
