/* pfa-desk-relay.c - guided sessions: joins a merchant and an agent, and understands nothing of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-relay.h"

#include "pfa-desk-log.h"
#include "pfa-desk-relay-private.h"

#define SESSION_BYTES 16
#define TOKEN_BYTES   20
#define MAX_LOOSE     2000
const PfaDeskRelayTimes pfa_desk_relay_default_times = {
  .code_valid_s = PFA_GUIDED_CODE_VALID_S,
  .resume_s = PFA_GUIDED_RESUME_S,
  .waiting_s = 60 * 60,
  .idle_s = 12 * 60,
  .longest_s = 62 * 60,
};

G_DEFINE_FINAL_TYPE (PfaDeskRelay, pfa_desk_relay, G_TYPE_OBJECT)

Session *
pfa_desk_relay_find (PfaDeskRelay *self, const char *id)
{
  return g_hash_table_lookup (self->sessions, id);
}

void
pfa_desk_relay_add (PfaDeskRelay *self, Session *session)
{
  g_hash_table_insert (self->sessions, g_strdup (session->id), session);
}

gboolean
pfa_desk_relay_has_seat (PfaDeskRelay *self, PfaDeskSeat *seat)
{
  return g_hash_table_contains (self->loose, seat);
}

/* TRUE: @seat now belongs to a session. */
void
pfa_desk_relay_move_in (PfaDeskRelay *self, Session *session, PfaDeskSeat *seat)
{
  g_hash_table_steal (self->loose, seat);
  pfa_desk_session_set_seat (session, pfa_desk_seat_get_role (seat), seat);
}

static void
begin_session (PfaDeskRelay *self, PfaDeskSeat *seat, const PfaGuidedFrame *hello)
{
  g_autofree char *id = pfa_desk_random_word (SESSION_BYTES);
  g_autofree char *token = pfa_desk_random_word (TOKEN_BYTES);
  Session *session;

  if (g_hash_table_size (self->sessions) >= PFA_DESK_RELAY_MAX_SESSIONS)
    {
      pfa_desk_seat_close (seat, PFA_GUIDED_CLOSE_RESTART);
      return;
    }
  session = pfa_desk_session_new (self, id);
  session->provider = g_strdup (pfa_guided_frame_get_text (hello, "provider"));
  session->language = g_strdup (pfa_guided_frame_get_text (hello, "language"));
  session->sides[PFA_GUIDED_MERCHANT].token_hash = pfa_desk_session_hash_token (token);
  pfa_desk_relay_add (self, session);
  pfa_desk_relay_move_in (self, session, seat);
  pfa_desk_session_send_code (session, token);
}

/* The merchant has let in one agent by name: nobody else comes back in his place. */
static gboolean
is_same_agent (PfaDeskRelay *self, PfaDeskSeat *seat, const Session *session)
{
  const PfaDeskAgent *agent = g_hash_table_lookup (self->agents, seat);

  return agent == NULL || g_strcmp0 (agent->name, session->agent_name) == 0;
}

static void
resume_session (PfaDeskRelay *self, PfaDeskSeat *seat, const PfaGuidedFrame *hello)
{
  const char *id = pfa_guided_frame_get_text (hello, "session");
  const char *token = pfa_guided_frame_get_text (hello, "resume");
  PfaGuidedRole role = pfa_desk_seat_get_role (seat);
  Session *session = id != NULL ? pfa_desk_relay_find (self, id) : NULL;

  if (session == NULL && id != NULL)
    session = pfa_desk_relay_bus_adopt (self, id);
  if (session == NULL || !pfa_desk_session_is_token (session, role, token) ||
      !is_same_agent (self, seat, session))
    {
      pfa_desk_seat_close (seat, PFA_GUIDED_CLOSE_UNKNOWN);
      return;
    }
  self->n_resumed++;
  pfa_desk_relay_move_in (self, session, seat);
  pfa_desk_session_set_back (session, role, hello->ack);
  if (session->state == SESSION_WAITING)
    pfa_desk_session_send_code (session, NULL);
  else if (session->state == SESSION_CLAIMED && role == PFA_GUIDED_MERCHANT)
    pfa_desk_session_send_claim (session);
}

static void
greet (PfaDeskRelay *self, PfaDeskSeat *seat, const PfaGuidedFrame *hello)
{
  static const char *const names[] = { "merchant", "agent" };
  PfaGuidedRole role = pfa_desk_seat_get_role (seat);
  g_autoptr (PfaGuidedFrame) welcome = NULL;

  if (g_strcmp0 (pfa_guided_frame_get_text (hello, "role"), names[role]) != 0 ||
      pfa_guided_frame_get_number (hello, "version") != PFA_GUIDED_VERSION)
    {
      g_autoptr (PfaGuidedFrame) bye = pfa_guided_frame_new (PFA_GUIDED_BYE);

      json_object_set_string_member (bye->body, "reason", "wrong-version");
      pfa_desk_seat_send (seat, bye);
      pfa_desk_seat_close (seat, PFA_GUIDED_CLOSE_BAD_FRAME);
    }
  else if (pfa_guided_frame_get_text (hello, "session") != NULL)
    resume_session (self, seat, hello);
  else if (role == PFA_GUIDED_MERCHANT)
    begin_session (self, seat, hello);
  else
    {
      welcome = pfa_guided_frame_new (PFA_GUIDED_WELCOME);
      json_object_set_string_member (welcome->body, "peer", "none");
      json_object_set_int_member (welcome->body, "heartbeat_s", PFA_GUIDED_HEARTBEAT_S);
      json_object_set_int_member (welcome->body, "dead_s", PFA_GUIDED_DEAD_S);
      pfa_desk_seat_send (seat, welcome);
    }
}

/* Which frames of the numbered kind each end may send in the clear. */
static gboolean
may_send (PfaGuidedRole role, PfaGuidedType type)
{
  if (type == PFA_GUIDED_REVEAL || type == PFA_GUIDED_SEALED)
    return TRUE;
  return role == PFA_GUIDED_MERCHANT && (type == PFA_GUIDED_GRANT || type == PFA_GUIDED_COMMIT);
}

static void
on_loose_frame (PfaDeskRelay *self, PfaDeskSeat *seat, const PfaGuidedFrame *frame)
{
  if (frame->type == PFA_GUIDED_HELLO)
    greet (self, seat, frame);
  else if (frame->type == PFA_GUIDED_CLAIM && pfa_desk_seat_get_role (seat) == PFA_GUIDED_AGENT &&
           pfa_guided_frame_get_text (frame, "code") != NULL)
    pfa_desk_relay_take_claim (self, seat, pfa_guided_frame_get_text (frame, "code"));
  else if (frame->type == PFA_GUIDED_BYE)
    pfa_desk_seat_close (seat, PFA_GUIDED_CLOSE_ENDED);
  else if (frame->type != PFA_GUIDED_PING)
    pfa_desk_seat_close (seat, PFA_GUIDED_CLOSE_BAD_FRAME);
}

static void
on_frame (PfaDeskSeat *seat, const PfaGuidedFrame *frame, const char *text, gpointer user_data)
{
  PfaDeskRelay *self = user_data;
  Session *session = pfa_desk_seat_get_owner (seat);
  PfaGuidedRole role = pfa_desk_seat_get_role (seat);

  if (session == NULL)
    {
      on_loose_frame (self, seat, frame);
      return;
    }
  if (frame->type == PFA_GUIDED_BYE && frame->seq == 0)
    {
      pfa_desk_session_end (session,
                            PFA_GUIDED_CLOSE_ENDED,
                            pfa_guided_frame_get_text (frame, "reason"));
      return;
    }
  pfa_desk_session_set_ack (session, role, frame->ack);
  if (frame->type == PFA_GUIDED_PING)
    return;
  if (frame->seq == 0 || !may_send (role, frame->type) || session->state == SESSION_WAITING)
    pfa_desk_seat_close (seat, PFA_GUIDED_CLOSE_BAD_FRAME);
  else
    pfa_desk_session_forward (session, role, frame, text);
}

static void
on_closed (PfaDeskSeat *seat, gpointer user_data)
{
  PfaDeskRelay *self = user_data;
  Session *session = pfa_desk_seat_get_owner (seat);

  pfa_desk_relay_bus_forget_seat (self, seat);
  g_hash_table_remove (self->agents, seat);
  if (session != NULL)
    {
      pfa_desk_session_set_gone (session, pfa_desk_seat_get_role (seat));
      pfa_desk_seat_free (seat);
    }
  else
    /* Frees it. */
    g_hash_table_remove (self->loose, seat);
}

static const PfaDeskSeatEvents seat_events = { on_frame, on_closed };

void
pfa_desk_relay_take_merchant (PfaDeskRelay *self,
                              SoupWebsocketConnection *connection,
                              const char *client)
{
  if (g_hash_table_size (self->loose) >= MAX_LOOSE)
    soup_websocket_connection_close (connection, PFA_GUIDED_CLOSE_RESTART, "full");
  else
    g_hash_table_add (
        self->loose,
        pfa_desk_seat_new (connection, PFA_GUIDED_MERCHANT, client, &seat_events, self));
}

void
pfa_desk_relay_take_agent (PfaDeskRelay *self,
                           SoupWebsocketConnection *connection,
                           const char *client,
                           const PfaDeskAgent *agent)
{
  PfaDeskAgent *copy = g_new0 (PfaDeskAgent, 1);
  PfaDeskSeat *seat = pfa_desk_seat_new (connection, PFA_GUIDED_AGENT, client, &seat_events, self);

  copy->name = g_strdup (agent->name);
  copy->organisation = g_strdup (agent->organisation);
  g_hash_table_insert (self->agents, seat, copy);
  g_hash_table_add (self->loose, seat);
}

/* NULL: goes on. Else why the session is over. */
static const char *
find_end (PfaDeskRelay *self, Session *session, gint64 now)
{
  gint64 resume = (gint64) self->times.resume_s * G_USEC_PER_SEC;
  gint64 age = now - session->began;

  for (guint i = 0; i < G_N_ELEMENTS (session->sides); i++)
    if (session->sides[i].gone_since != 0 && now - session->sides[i].gone_since > resume)
      return "no-network";
  if (session->state == SESSION_WAITING)
    return age > (gint64) self->times.waiting_s * G_USEC_PER_SEC ? "nobody-joined" : NULL;
  if (now - session->last_frame > (gint64) self->times.idle_s * G_USEC_PER_SEC)
    return "idle";
  return age > (gint64) (self->times.waiting_s + self->times.longest_s) * G_USEC_PER_SEC
             ? "too-long"
             : NULL;
}

static void
look_at_seats (GHashTable *seats, gint64 now)
{
  g_autofree gpointer *all = g_hash_table_get_keys_as_array (seats, NULL);

  for (guint i = 0; all[i] != NULL; i++)
    pfa_desk_seat_look (all[i], now);
}

static void
look_at_session (PfaDeskRelay *self, const char *id, gint64 now)
{
  Session *session = pfa_desk_relay_find (self, id);
  const char *reason = find_end (self, session, now);

  if (reason != NULL)
    {
      pfa_desk_session_end (session, PFA_GUIDED_CLOSE_ENDED, reason);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (session->sides); i++)
    if (session->sides[i].seat != NULL)
      pfa_desk_seat_look (session->sides[i].seat, now);
}

static gboolean
on_second_passed_cb (gpointer user_data)
{
  PfaDeskRelay *self = user_data;
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GPtrArray) expired = pfa_desk_codes_expire (self->codes, now);
  guint n;
  g_autofree gpointer *ids = g_hash_table_get_keys_as_array (self->sessions, &n);

  for (guint i = 0; i < expired->len; i++)
    pfa_desk_session_send_code (g_ptr_array_index (expired, i), NULL);
  look_at_seats (self->loose, now);
  for (guint i = 0; i < n; i++)
    look_at_session (self, ids[i], now);
  pfa_desk_relay_bus_tick (self, now);
  return G_SOURCE_CONTINUE;
}

JsonObject *
pfa_desk_relay_build_counts (PfaDeskRelay *self)
{
  JsonObject *counts = json_object_new ();
  guint states[SESSION_N_STATES] = { 0 };
  GHashTableIter iter;
  Session *session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    states[session->state]++;
  json_object_set_int_member (counts, "waiting", states[SESSION_WAITING]);
  json_object_set_int_member (counts, "claimed", states[SESSION_CLAIMED]);
  json_object_set_int_member (counts, "joined", states[SESSION_JOINED]);
  json_object_set_int_member (counts, "ended", (gint64) self->n_ended);
  json_object_set_int_member (counts, "resumed", (gint64) self->n_resumed);
  json_object_set_int_member (counts, "frames", (gint64) self->n_frames);
  json_object_set_int_member (counts, "wrong_claims", (gint64) self->n_wrong_claims);
  json_object_set_string_member (counts,
                                 "bus",
                                 self->bus == NULL
                                     ? "none"
                                     : (pfa_desk_bus_is_up (self->bus) ? "up" : "down"));
  json_object_set_int_member (counts, "other_desks", g_hash_table_size (self->desks));
  json_object_set_int_member (counts, "elsewhere", g_hash_table_size (self->elsewhere));
  return counts;
}

JsonArray *
pfa_desk_relay_build_waiting (PfaDeskRelay *self)
{
  JsonArray *waiting = json_array_new ();
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  Session *session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session) &&
         json_array_get_length (waiting) < 200)
    {
      JsonObject *entry;

      if (session->state != SESSION_WAITING)
        continue;
      entry = json_object_new ();
      json_object_set_string_member (entry, "provider", session->provider ? session->provider : "");
      json_object_set_string_member (entry, "language", session->language ? session->language : "");
      json_object_set_int_member (entry, "waits_s", (now - session->began) / G_USEC_PER_SEC);
      json_array_add_object_element (waiting, entry);
    }
  return waiting;
}

PfaDeskRelay *
pfa_desk_relay_new (const PfaDeskRelayTimes *times, PfaDeskBus *bus)
{
  PfaDeskRelay *self = g_object_new (PFA_TYPE_DESK_RELAY, NULL);

  self->times = *times;
  g_set_object (&self->bus, bus);
  pfa_desk_relay_bus_start (self);
  return self;
}

static void
pfa_desk_relay_dispose (GObject *object)
{
  PfaDeskRelay *self = PFA_DESK_RELAY (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_hash_table_remove_all (self->sessions);
  g_hash_table_remove_all (self->loose);
  pfa_desk_relay_bus_free (self);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (pfa_desk_relay_parent_class)->dispose (object);
}

static void
pfa_desk_relay_finalize (GObject *object)
{
  PfaDeskRelay *self = PFA_DESK_RELAY (object);

  g_hash_table_unref (self->sessions);
  g_hash_table_unref (self->loose);
  g_hash_table_unref (self->agents);
  pfa_desk_codes_free (self->codes);
  pfa_desk_wrongs_free (self->wrong_agents);
  pfa_desk_wrongs_free (self->wrong_addresses);
  pfa_desk_wrongs_free (self->wrong_all);
  G_OBJECT_CLASS (pfa_desk_relay_parent_class)->finalize (object);
}

static void
pfa_desk_relay_class_init (PfaDeskRelayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_desk_relay_dispose;
  object_class->finalize = pfa_desk_relay_finalize;
}

static void
pfa_desk_relay_init (PfaDeskRelay *self)
{
  self->codes = pfa_desk_codes_new ();
  pfa_desk_relay_begin_counting (self);
  self->sessions = g_hash_table_new_full (g_str_hash,
                                          g_str_equal,
                                          g_free,
                                          (GDestroyNotify) pfa_desk_session_free);
  self->loose = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) pfa_desk_seat_free, NULL);
  self->agents = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) pfa_desk_agent_free);
  self->tick_id = g_timeout_add_seconds (1, on_second_passed_cb, self);
}
