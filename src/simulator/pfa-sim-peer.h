/* pfa-sim-peer.h - one simulated terminal on one connection: bytes in, things to do out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "pfa-parse.h"

G_BEGIN_DECLS

typedef struct _PfaSimPeer PfaSimPeer;

/* Pure, as the dialogues of the other side are. @tick may be NULL. */
typedef struct
{
  void (*receive) (PfaSimPeer *self, PfaSpan bytes);
  void (*tick) (PfaSimPeer *self); /* every tick_ms */
  void (*free) (PfaSimPeer *self);
} PfaSimPeerClass;

/* One thing to do; in order. */
typedef struct
{
  GBytes *send; /* or NULL */
  guint delay_ms;
  gboolean close;
} PfaSimAction;

/* The first member of each protocol's own struct. */
struct _PfaSimPeer
{
  const PfaSimPeerClass *klass;
  JsonObject *state; /* what the terminal is like and what ails it (README.md) */
  GQueue actions;    /* PfaSimAction; the server takes them */
  guint tick_ms;     /* 0: no ticks */
  gboolean serial;
};

/* "zvt", …; NULL for a protocol that is not simulated on bare bytes. */
PfaSimPeer *pfa_sim_peer_new (const char *protocol, gboolean serial, JsonObject *state);
void pfa_sim_peer_free (PfaSimPeer *self);
void pfa_sim_peer_receive (PfaSimPeer *self, PfaSpan bytes);
void pfa_sim_peer_tick (PfaSimPeer *self);
/* (transfer full), NULL when there is nothing to do. */
PfaSimAction *pfa_sim_peer_take_action (PfaSimPeer *self);
void pfa_sim_action_free (PfaSimAction *action);

/* Is @illness the one in the state's "illness"? */
gboolean pfa_sim_peer_suffers (PfaSimPeer *self, const char *illness);

/* For the protocols. */
void pfa_sim_peer_init (PfaSimPeer *self,
                        const PfaSimPeerClass *klass,
                        gboolean serial,
                        JsonObject *state);
void pfa_sim_peer_send (PfaSimPeer *self, PfaSpan bytes);
void pfa_sim_peer_wait (PfaSimPeer *self, guint delay_ms);
void pfa_sim_peer_close (PfaSimPeer *self);

G_END_DECLS
