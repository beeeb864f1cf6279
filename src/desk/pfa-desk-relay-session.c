/* pfa-desk-relay-session.c - one guided session at the relay: its two ends and what they are told
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <openssl/crypto.h>
#include <string.h>

#include "pfa-desk-log.h"
#include "pfa-desk-relay-private.h"

Session *
pfa_desk_session_new (PfaDeskRelay *relay, const char *id)
{
  Session *session = g_new0 (Session, 1);

  session->relay = relay;
  session->id = g_strdup (id);
  session->began = session->last_frame = g_get_monotonic_time ();
  return session;
}

void
pfa_desk_session_free (Session *session)
{
  for (guint i = 0; i < G_N_ELEMENTS (session->sides); i++)
    {
      g_clear_pointer (&session->sides[i].seat, pfa_desk_seat_free);
      g_free (session->sides[i].desk);
      g_free (session->sides[i].token_hash);
    }
  g_free (session->id);
  g_free (session->provider);
  g_free (session->language);
  g_free (session->agent_name);
  g_free (session->agent_organisation);
  g_free (session);
}

char *
pfa_desk_session_hash_token (const char *token)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
}

gboolean
pfa_desk_session_is_token (Session *session, PfaGuidedRole role, const char *token)
{
  const char *expected = session->sides[role].token_hash;
  g_autofree char *hash = token != NULL ? pfa_desk_session_hash_token (token) : NULL;

  return hash != NULL && expected != NULL && strlen (expected) == strlen (hash) &&
         CRYPTO_memcmp (hash, expected, strlen (hash)) == 0;
}

/* A newer line of the same end pushes the older one out. */
void
pfa_desk_session_set_seat (Session *session, PfaGuidedRole role, PfaDeskSeat *seat)
{
  Side *side = &session->sides[role];
  PfaDeskSeat *old = g_steal_pointer (&side->seat);

  g_clear_pointer (&side->desk, g_free);
  side->seat = seat;
  side->gone_since = 0;
  if (seat != NULL)
    pfa_desk_seat_set_owner (seat, session);
  if (old == NULL)
    return;
  pfa_desk_seat_set_owner (old, NULL);
  g_hash_table_add (session->relay->loose, old);
  pfa_desk_seat_close (old, PFA_GUIDED_CLOSE_TAKEN);
}

void
pfa_desk_session_set_desk (Session *session, PfaGuidedRole role, const char *desk)
{
  pfa_desk_session_set_seat (session, role, NULL);
  session->sides[role].desk = g_strdup (desk);
}

void
pfa_desk_session_send_welcome (Session *session, PfaGuidedRole to, const char *peer)
{
  g_autoptr (PfaGuidedFrame) frame = pfa_guided_frame_new (PFA_GUIDED_WELCOME);
  Side *side = &session->sides[to];

  if (side->seat == NULL)
    return;
  json_object_set_string_member (frame->body, "session", session->id);
  json_object_set_string_member (frame->body, "peer", peer);
  json_object_set_int_member (frame->body, "peer_ack", (gint64) session->sides[!to].ack);
  pfa_desk_seat_send (side->seat, frame);
}

/* @token: given once, with the first welcome. */
void
pfa_desk_session_send_code (Session *session, const char *token)
{
  PfaDeskRelay *relay = session->relay;
  PfaDeskSeat *seat = session->sides[PFA_GUIDED_MERCHANT].seat;
  gint64 until = g_get_monotonic_time () + (gint64) relay->times.code_valid_s * G_USEC_PER_SEC;
  g_autofree char *code = pfa_desk_codes_allot (relay->codes, session, until);
  g_autoptr (PfaGuidedFrame) frame = pfa_guided_frame_new (PFA_GUIDED_WELCOME);

  json_object_set_string_member (frame->body, "session", session->id);
  if (token != NULL)
    json_object_set_string_member (frame->body, "resume", token);
  json_object_set_string_member (frame->body, "code", code);
  json_object_set_int_member (frame->body, "valid_s", relay->times.code_valid_s);
  json_object_set_string_member (frame->body, "peer", "none");
  json_object_set_int_member (frame->body, "heartbeat_s", PFA_GUIDED_HEARTBEAT_S);
  json_object_set_int_member (frame->body, "dead_s", PFA_GUIDED_DEAD_S);
  if (seat != NULL)
    pfa_desk_seat_send (seat, frame);
}

void
pfa_desk_session_send_claim (Session *session)
{
  g_autoptr (PfaGuidedFrame) frame = pfa_guided_frame_new (PFA_GUIDED_CLAIM);
  JsonObject *agent = json_object_new ();

  json_object_set_string_member (agent, "name", session->agent_name);
  json_object_set_string_member (agent, "organisation", session->agent_organisation);
  json_object_set_object_member (frame->body, "agent", agent);
  if (session->sides[PFA_GUIDED_MERCHANT].seat != NULL)
    pfa_desk_seat_send (session->sides[PFA_GUIDED_MERCHANT].seat, frame);
}

/* What the relay itself understands of a frame that passes: the merchant's first word. */
static void
look_at_grant (Session *session, const PfaGuidedFrame *frame)
{
  if (frame->type != PFA_GUIDED_GRANT || session->state != SESSION_CLAIMED)
    return;
  if (pfa_guided_frame_get_boolean (frame, "allowed"))
    session->state = SESSION_JOINED;
}

void
pfa_desk_session_forward (Session *session,
                          PfaGuidedRole from,
                          const PfaGuidedFrame *frame,
                          const char *text)
{
  Side *peer = &session->sides[!from];
  gboolean denied =
      frame->type == PFA_GUIDED_GRANT && !pfa_guided_frame_get_boolean (frame, "allowed");

  session->last_frame = g_get_monotonic_time ();
  session->relay->n_frames++;
  look_at_grant (session, frame);
  if (peer->seat != NULL)
    pfa_desk_seat_forward (peer->seat, frame->seq, text);
  else if (peer->desk != NULL)
    pfa_desk_relay_bus_tell (session->relay, session, from, 'f', frame->seq, text);
  if (denied && from == PFA_GUIDED_MERCHANT)
    pfa_desk_session_end (session, PFA_GUIDED_CLOSE_DENIED, "denied");
}

void
pfa_desk_session_set_ack (Session *session, PfaGuidedRole role, guint64 ack)
{
  Side *side = &session->sides[role];
  Side *peer = &session->sides[!role];

  if (ack <= side->ack)
    return;
  side->ack = ack;
  if (peer->seat != NULL)
    pfa_desk_seat_set_peer_acknowledged (peer->seat, ack);
  else if (peer->desk != NULL && side->seat != NULL)
    pfa_desk_relay_bus_tell (session->relay, session, role, 'k', ack, NULL);
}

void
pfa_desk_session_set_gone (Session *session, PfaGuidedRole role)
{
  Side *side = &session->sides[role];
  gboolean was_here = side->seat != NULL;

  side->seat = NULL;
  g_clear_pointer (&side->desk, g_free);
  side->gone_since = g_get_monotonic_time ();
  if (was_here && session->sides[!role].desk != NULL)
    pfa_desk_relay_bus_tell (session->relay, session, role, 'g', 0, NULL);
  if (session->state != SESSION_WAITING)
    pfa_desk_session_send_welcome (session, !role, "gone");
}

void
pfa_desk_session_set_back (Session *session, PfaGuidedRole role, guint64 ack)
{
  Side *side = &session->sides[role];
  Side *peer = &session->sides[!role];

  side->gone_since = 0;
  side->ack = MAX (side->ack, ack);
  if (session->state == SESSION_WAITING)
    return;
  pfa_desk_session_send_welcome (session, !role, "back");
  if (side->seat == NULL)
    return;
  pfa_desk_relay_bus_tell (session->relay, session, role, 'b', side->ack, NULL);
  pfa_desk_session_send_welcome (session,
                                 role,
                                 peer->seat != NULL || peer->desk != NULL ? "here" : "gone");
}

static void
dismiss (Session *session, PfaGuidedRole role, PfaGuidedClose code, const char *reason)
{
  PfaDeskSeat *seat = g_steal_pointer (&session->sides[role].seat);
  g_autoptr (PfaGuidedFrame) bye = NULL;

  if (seat == NULL)
    return;
  bye = pfa_guided_frame_new (PFA_GUIDED_BYE);
  json_object_set_string_member (bye->body, "reason", reason);
  pfa_desk_seat_send (seat, bye);
  pfa_desk_seat_set_owner (seat, NULL);
  g_hash_table_add (session->relay->loose, seat);
  pfa_desk_seat_close (seat, code);
}

void
pfa_desk_session_end (Session *session, PfaGuidedClose code, const char *reason)
{
  PfaDeskRelay *relay = session->relay;
  g_autofree char *id = NULL;

  g_hash_table_steal_extended (relay->sessions, session->id, (gpointer *) &id, NULL);
  pfa_desk_codes_drop (relay->codes, session);
  if (session->state != SESSION_WAITING)
    {
      pfa_desk_relay_bus_tell (relay, session, PFA_GUIDED_MERCHANT, 'e', (guint64) code, reason);
      pfa_desk_relay_bus_announce (relay, session, TRUE);
    }
  pfa_desk_relay_bus_forget (relay, session);
  dismiss (session, PFA_GUIDED_MERCHANT, code, reason);
  dismiss (session, PFA_GUIDED_AGENT, code, reason);
  relay->n_ended++;
  pfa_desk_log ("guided-ended", "reason", reason, "agent", session->agent_name, NULL);
  pfa_desk_session_free (session);
}
