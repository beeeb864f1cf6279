/* pfa-desk-relay-claim.c - an agent has typed a code: whose it is, and how often it may be wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-log.h"
#include "pfa-desk-relay-private.h"
#include "pfa-guided-code.h"

#define TOKEN_BYTES 20
/* Wrong claims: of one agent, and of one address (an office shares it). */
#define AGENT_WRONG_MINUTE   6
#define AGENT_WRONG_HOUR     30
#define ADDRESS_WRONG_MINUTE 20
#define ADDRESS_WRONG_HOUR   100
/* Of all together: so many honest agents do not mistype, but many stolen tokens could guess. */
#define ALL_WRONG_MINUTE 200
#define ALL_WRONG_HOUR   2000
#define ALL              ""

void
pfa_desk_relay_begin_counting (PfaDeskRelay *self)
{
  self->wrong_agents = pfa_desk_wrongs_new (AGENT_WRONG_MINUTE, AGENT_WRONG_HOUR);
  self->wrong_addresses = pfa_desk_wrongs_new (ADDRESS_WRONG_MINUTE, ADDRESS_WRONG_HOUR);
  self->wrong_all = pfa_desk_wrongs_new (ALL_WRONG_MINUTE, ALL_WRONG_HOUR);
}

static void
send_problem (PfaDeskSeat *seat, const char *problem, guint wait_s)
{
  g_autoptr (PfaGuidedFrame) frame = pfa_guided_frame_new (PFA_GUIDED_RESULT);

  json_object_set_string_member (frame->body, "problem", problem);
  if (wait_s > 0)
    json_object_set_int_member (frame->body, "wait_s", wait_s);
  pfa_desk_seat_send (seat, frame);
}

void
pfa_desk_relay_count_wrong (PfaDeskRelay *self, PfaDeskSeat *seat)
{
  PfaDeskAgent *agent = g_hash_table_lookup (self->agents, seat);
  gint64 now = g_get_monotonic_time ();

  self->n_wrong_claims++;
  pfa_desk_wrongs_add (self->wrong_agents, agent->name, now);
  pfa_desk_wrongs_add (self->wrong_addresses, pfa_desk_seat_get_client (seat), now);
  pfa_desk_wrongs_add (self->wrong_all, ALL, now);
  pfa_desk_log ("guided-wrong-code", "agent", agent->name, NULL);
}

void
pfa_desk_relay_refuse_claim (PfaDeskRelay *self, PfaDeskSeat *seat)
{
  pfa_desk_relay_count_wrong (self, seat);
  send_problem (seat, "wrong-code", 0);
}

Session *
pfa_desk_relay_claim (PfaDeskRelay *self, const char *code)
{
  g_autoptr (GPtrArray) dead = NULL;
  Session *session = pfa_desk_codes_claim (self->codes, code, g_get_monotonic_time (), &dead);

  /* The code dies, the session lives: its merchant sees a new one. */
  for (guint i = 0; dead != NULL && i < dead->len; i++)
    pfa_desk_session_send_code (g_ptr_array_index (dead, i), NULL);
  return session;
}

void
pfa_desk_relay_join (PfaDeskRelay *self, Session *session, PfaDeskSeat *seat, const char *token)
{
  PfaDeskAgent *agent = g_hash_table_lookup (self->agents, seat);
  Side *side = &session->sides[PFA_GUIDED_AGENT];
  g_autoptr (PfaGuidedFrame) welcome = pfa_guided_frame_new (PFA_GUIDED_WELCOME);
  gboolean merchant_here = session->sides[PFA_GUIDED_MERCHANT].seat != NULL ||
                           session->sides[PFA_GUIDED_MERCHANT].desk != NULL;

  session->state = SESSION_CLAIMED;
  session->last_frame = g_get_monotonic_time ();
  g_free (side->token_hash);
  side->token_hash = pfa_desk_session_hash_token (token);
  g_free (session->agent_name);
  session->agent_name = g_strdup (agent->name);
  g_free (session->agent_organisation);
  session->agent_organisation = g_strdup (agent->organisation);
  pfa_desk_relay_move_in (self, session, seat);
  json_object_set_string_member (welcome->body, "session", session->id);
  json_object_set_string_member (welcome->body, "resume", token);
  json_object_set_string_member (welcome->body, "peer", merchant_here ? "here" : "gone");
  pfa_desk_seat_send (seat, welcome);
  pfa_desk_log ("guided-claimed", "agent", agent->name, NULL);
}

/* Seconds until the agent behind @seat may claim again; 0: now. One claim at a time is looked for
 * among the other desks, else many would be under way before the first of them counts as wrong. */
static guint
must_wait (PfaDeskRelay *self, PfaDeskSeat *seat, const PfaDeskAgent *agent, gint64 now)
{
  guint agents = pfa_desk_wrongs_look (self->wrong_agents, agent->name, now);
  guint addresses =
      pfa_desk_wrongs_look (self->wrong_addresses, pfa_desk_seat_get_client (seat), now);
  guint all = pfa_desk_wrongs_look (self->wrong_all, ALL, now);

  return MAX (MAX (agents, addresses), MAX (all, pfa_desk_relay_bus_is_asking (self, seat)));
}

void
pfa_desk_relay_take_claim (PfaDeskRelay *self, PfaDeskSeat *seat, const char *code)
{
  PfaDeskAgent *agent = g_hash_table_lookup (self->agents, seat);
  gint64 now = g_get_monotonic_time ();
  g_autofree char *token = NULL;
  guint wait_s = must_wait (self, seat, agent, now);
  Session *session;

  /* While the agent must wait, a claim is not even compared: it can neither hit nor spoil a code.
   */
  if (wait_s > 0)
    {
      send_problem (seat, "too-many", wait_s);
      return;
    }
  if (!pfa_guided_code_parse (code, NULL, NULL))
    {
      pfa_desk_relay_refuse_claim (self, seat);
      return;
    }
  session = pfa_desk_relay_claim (self, code);
  if (session == NULL && !pfa_desk_relay_bus_ask (self, seat, agent, code))
    pfa_desk_relay_refuse_claim (self, seat);
  if (session == NULL)
    return;
  token = pfa_desk_random_word (TOKEN_BYTES);
  pfa_desk_relay_join (self, session, seat, token);
  pfa_desk_relay_bus_watch (self, session);
  pfa_desk_relay_bus_announce (self, session, FALSE);
  pfa_desk_session_send_claim (session);
}
