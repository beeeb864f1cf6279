/* pfa-desk-relay-bus.c - guided sessions over several desks
 *
 * Subjects: posaid.claims (who has this code?), posaid.desk.NAME (answers to one desk),
 * posaid.sessions (claimed and ended ones, so that any desk can take an end in when another falls),
 * posaid.desks (I am alive), posaid.session.ID (one subject a session).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-desk-log.h"
#include "pfa-desk-relay-private.h"
#include "pfa-json.h"

#define SUBJECT_CLAIMS   "posaid.claims"
#define SUBJECT_SESSIONS "posaid.sessions"
#define SUBJECT_DESKS    "posaid.desks"
/* How long other desks may take to say that a code is theirs. */
#define ANSWER_US (2 * (gint64) G_USEC_PER_SEC)
/* A desk says every second that it lives. */
#define DESK_DEAD_US  (5 * (gint64) G_USEC_PER_SEC)
#define MAX_ELSEWHERE 20000

typedef struct
{
  PfaDeskSeat *seat;
  char *token;
  gint64 since;
} Asked;

static void
asked_free (Asked *asked)
{
  g_free (asked->token);
  g_free (asked);
}

static char *
subject_of_session (Session *session)
{
  return g_strconcat ("posaid.session.", session->id, NULL);
}

static void
publish_object (PfaDeskRelay *self, const char *subject, JsonObject *object)
{
  g_autofree char *text = pfa_json_write_object (object, FALSE);

  pfa_desk_bus_publish (self->bus, subject, text);
}

/* A subject or a member that came from another desk and must be a plain word. */
static gboolean
is_word (const char *text)
{
  return text != NULL && *text != '\0' && strlen (text) <= 128 &&
         strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen (text);
}

static JsonObject *
describe_session (Session *session)
{
  static const char *const names[] = { "merchant", "agent" };
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "session", session->id);
  json_object_set_string_member (object, "name", session->agent_name);
  json_object_set_string_member (object, "organisation", session->agent_organisation);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    json_object_set_string_member (object, names[i], session->sides[i].token_hash);
  return object;
}

static Session *
read_session (PfaDeskRelay *self, JsonObject *object)
{
  static const char *const names[] = { "merchant", "agent" };
  const char *id = pfa_json_peek_string (object, "session");
  Session *session;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (!is_word (pfa_json_peek_string (object, names[i])))
      return NULL;
  if (!is_word (id))
    return NULL;
  session = pfa_desk_session_new (self, id);
  session->state = SESSION_CLAIMED;
  session->agent_name = g_strdup (pfa_json_peek_string (object, "name"));
  session->agent_organisation = g_strdup (pfa_json_peek_string (object, "organisation"));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    session->sides[i].token_hash = g_strdup (pfa_json_peek_string (object, names[i]));
  return session;
}

/* The end at @role sits at @desk, with what it has taken in so far. Whoever has just come back is
 * told in turn where the other end sits. */
static void
take_place (PfaDeskRelay *self,
            Session *session,
            PfaGuidedRole role,
            gboolean back,
            guint64 ack,
            const char *desk)
{
  if (!is_word (desk))
    return;
  pfa_desk_session_set_desk (session, role, desk);
  pfa_desk_session_set_back (session, role, ack);
  if (back && session->sides[!role].seat != NULL)
    pfa_desk_relay_bus_tell (self, session, !role, 'h', session->sides[!role].ack, NULL);
}

/* "mf12 {…}": the end it is about, what, a number, a text. */
static void
on_session_told_cb (const char *subject, const char *text, gpointer user_data)
{
  PfaDeskRelay *self = user_data;
  Session *session = pfa_desk_relay_find (self, subject + strlen ("posaid.session."));
  PfaGuidedRole role = text[0] == 'm' ? PFA_GUIDED_MERCHANT : PFA_GUIDED_AGENT;
  char *rest = NULL;
  guint64 number;
  g_autoptr (PfaGuidedFrame) frame = NULL;

  if (session == NULL || text[0] == '\0' || text[1] == '\0')
    return;
  number = g_ascii_strtoull (text + 2, &rest, 10);
  rest += *rest == ' ';
  switch (text[1])
    {
    case 'f':
      frame = pfa_guided_frame_parse (rest, -1, NULL);
      if (frame != NULL && session->sides[!role].seat != NULL)
        pfa_desk_session_forward (session, role, frame, rest);
      break;
    case 'g':
      if (session->sides[role].seat == NULL)
        pfa_desk_session_set_gone (session, role);
      break;
    case 'b':
    case 'h':
      take_place (self, session, role, text[1] == 'b', number, rest);
      break;
    case 'k':
      pfa_desk_session_set_ack (session, role, number);
      break;
    case 'e':
      pfa_desk_session_end (session, (PfaGuidedClose) number, *rest != '\0' ? rest : "ended");
      break;
    default:
      break;
    }
}

void
pfa_desk_relay_bus_tell (PfaDeskRelay *self,
                         Session *session,
                         PfaGuidedRole role,
                         char what,
                         guint64 number,
                         const char *text)
{
  g_autofree char *subject = NULL;
  g_autofree char *line = NULL;

  if (self->bus == NULL)
    return;
  subject = subject_of_session (session);
  line = g_strdup_printf ("%c%c%" G_GUINT64_FORMAT " %s",
                          role == PFA_GUIDED_MERCHANT ? 'm' : 'a',
                          what,
                          number,
                          what == 'b' || what == 'h' ? pfa_desk_bus_get_name (self->bus)
                                                     : (text != NULL ? text : ""));
  pfa_desk_bus_publish (self->bus, subject, line);
}

void
pfa_desk_relay_bus_watch (PfaDeskRelay *self, Session *session)
{
  g_autofree char *subject = subject_of_session (session);

  if (self->bus != NULL)
    pfa_desk_bus_subscribe (self->bus, subject, on_session_told_cb, self);
}

void
pfa_desk_relay_bus_forget (PfaDeskRelay *self, Session *session)
{
  g_autofree char *subject = subject_of_session (session);

  if (self->bus != NULL)
    pfa_desk_bus_unsubscribe (self->bus, subject);
}

void
pfa_desk_relay_bus_announce (PfaDeskRelay *self, Session *session, gboolean ended)
{
  g_autoptr (JsonObject) object = NULL;

  if (self->bus == NULL || session->sides[PFA_GUIDED_AGENT].token_hash == NULL)
    return;
  object = describe_session (session);
  json_object_set_boolean_member (object, "ended", ended);
  publish_object (self, SUBJECT_SESSIONS, object);
}

static void
on_session_announced_cb (const char *subject, const char *text, gpointer user_data)
{
  PfaDeskRelay *self = user_data;
  g_autoptr (JsonObject) object = pfa_json_parse_object (text, -1, "bus", NULL);
  Session *session = object != NULL ? read_session (self, object) : NULL;

  if (session == NULL)
    return;
  if (pfa_json_peek_boolean (object, "ended", FALSE))
    {
      g_hash_table_remove (self->elsewhere, session->id);
      pfa_desk_session_free (session);
    }
  else if (g_hash_table_size (self->elsewhere) >= MAX_ELSEWHERE ||
           pfa_desk_relay_find (self, session->id) != NULL)
    pfa_desk_session_free (session);
  else
    g_hash_table_replace (self->elsewhere, session->id, session);
}

/* An end comes here because its desk fell: from now on the session lives here too. */
Session *
pfa_desk_relay_bus_adopt (PfaDeskRelay *self, const char *id)
{
  Session *session = NULL;
  gint64 now = g_get_monotonic_time ();

  if (self->bus == NULL ||
      !g_hash_table_steal_extended (self->elsewhere, id, NULL, (gpointer *) &session))
    return NULL;
  session->state = SESSION_JOINED;
  session->last_frame = now;
  for (guint i = 0; i < G_N_ELEMENTS (session->sides); i++)
    session->sides[i].gone_since = now;
  pfa_desk_relay_add (self, session);
  pfa_desk_relay_bus_watch (self, session);
  return session;
}

guint
pfa_desk_relay_bus_is_asking (PfaDeskRelay *self, PfaDeskSeat *seat)
{
  GHashTableIter iter;
  Asked *asked;

  if (self->asked == NULL)
    return 0;
  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &asked))
    if (asked->seat == seat)
      return 1;
  return 0;
}

/* Another line may soon lie where this one lay: an answer must not find it. */
void
pfa_desk_relay_bus_forget_seat (PfaDeskRelay *self, PfaDeskSeat *seat)
{
  GHashTableIter iter;
  Asked *asked;

  if (self->asked == NULL)
    return;
  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &asked))
    if (asked->seat == seat)
      {
        pfa_desk_relay_count_wrong (self, seat);
        g_hash_table_iter_remove (&iter);
      }
}

gboolean
pfa_desk_relay_bus_ask (PfaDeskRelay *self,
                        PfaDeskSeat *seat,
                        const PfaDeskAgent *agent,
                        const char *code)
{
  g_autoptr (JsonObject) claim = NULL;
  g_autofree char *hash = NULL;
  guint64 *key;
  Asked *asked;

  if (self->bus == NULL || g_hash_table_size (self->desks) == 0)
    return FALSE;
  asked = g_new0 (Asked, 1);
  asked->seat = seat;
  asked->token = pfa_desk_random_word (20);
  asked->since = g_get_monotonic_time ();
  hash = pfa_desk_session_hash_token (asked->token);
  key = g_new (guint64, 1);
  *key = ++self->n_asked;
  g_hash_table_insert (self->asked, key, asked);

  claim = json_object_new ();
  json_object_set_int_member (claim, "claim", (gint64) *key);
  json_object_set_string_member (claim, "desk", pfa_desk_bus_get_name (self->bus));
  json_object_set_string_member (claim, "code", code);
  json_object_set_string_member (claim, "name", agent->name);
  json_object_set_string_member (claim, "organisation", agent->organisation);
  json_object_set_string_member (claim, "agent", hash);
  publish_object (self, SUBJECT_CLAIMS, claim);
  return TRUE;
}

/* Another desk's agent has read a code to it. */
static void
on_claim_asked_cb (const char *subject, const char *text, gpointer user_data)
{
  PfaDeskRelay *self = user_data;
  g_autoptr (JsonObject) claim = pfa_json_parse_object (text, -1, "bus", NULL);
  const char *desk = claim != NULL ? pfa_json_peek_string (claim, "desk") : NULL;
  const char *hash = claim != NULL ? pfa_json_peek_string (claim, "agent") : NULL;
  const char *code = claim != NULL ? pfa_json_peek_string (claim, "code") : NULL;
  g_autoptr (JsonObject) answer = NULL;
  g_autofree char *reply = NULL;
  Session *session;

  if (!is_word (desk) || !is_word (hash) || code == NULL)
    return;
  session = pfa_desk_relay_claim (self, code);
  if (session == NULL)
    return;
  session->state = SESSION_CLAIMED;
  session->last_frame = g_get_monotonic_time ();
  session->agent_name = g_strdup (pfa_json_peek_string (claim, "name"));
  session->agent_organisation = g_strdup (pfa_json_peek_string (claim, "organisation"));
  session->sides[PFA_GUIDED_AGENT].token_hash = g_strdup (hash);
  pfa_desk_session_set_desk (session, PFA_GUIDED_AGENT, desk);
  pfa_desk_relay_bus_watch (self, session);
  answer = describe_session (session);
  json_object_set_int_member (answer, "claim", (gint64) pfa_json_peek_double (claim, "claim", 0));
  json_object_set_string_member (answer, "desk", pfa_desk_bus_get_name (self->bus));
  reply = g_strconcat ("posaid.desk.", desk, NULL);
  publish_object (self, reply, answer);
  pfa_desk_relay_bus_announce (self, session, FALSE);
  pfa_desk_session_send_claim (session);
}

/* The code that an agent here has read is another desk's. */
static void
on_claim_answered_cb (const char *subject, const char *text, gpointer user_data)
{
  PfaDeskRelay *self = user_data;
  g_autoptr (JsonObject) answer = pfa_json_parse_object (text, -1, "bus", NULL);
  guint64 key = answer != NULL ? (guint64) pfa_json_peek_double (answer, "claim", 0) : 0;
  Asked *asked = g_hash_table_lookup (self->asked, &key);
  const char *desk = answer != NULL ? pfa_json_peek_string (answer, "desk") : NULL;
  Session *session;

  if (asked == NULL || !is_word (desk) || !pfa_desk_relay_has_seat (self, asked->seat))
    return;
  session = read_session (self, answer);
  if (session == NULL)
    return;
  g_hash_table_remove (self->elsewhere, session->id);
  pfa_desk_relay_add (self, session);
  pfa_desk_session_set_desk (session, PFA_GUIDED_MERCHANT, desk);
  pfa_desk_relay_bus_watch (self, session);
  pfa_desk_relay_join (self, session, asked->seat, asked->token);
  /* What the merchant has said before this desk listened comes again. */
  pfa_desk_relay_bus_tell (self, session, PFA_GUIDED_AGENT, 'b', 0, NULL);
  g_hash_table_remove (self->asked, &key);
}

/* A desk that has just come hears of us at once, and of what it may have to take in one day. */
static void
welcome_desk (PfaDeskRelay *self, const char *desk)
{
  GHashTableIter iter;
  Session *session;

  pfa_desk_log ("desk-joined", "desk", desk, NULL);
  pfa_desk_bus_publish (self->bus, SUBJECT_DESKS, pfa_desk_bus_get_name (self->bus));
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    if (session->state != SESSION_WAITING)
      pfa_desk_relay_bus_announce (self, session, FALSE);
}

static void
on_desk_heard_cb (const char *subject, const char *text, gpointer user_data)
{
  PfaDeskRelay *self = user_data;
  gboolean known;
  gint64 *heard;

  if (!is_word (text))
    return;
  known = g_hash_table_contains (self->desks, text);
  heard = g_new (gint64, 1);
  *heard = g_get_monotonic_time ();
  g_hash_table_replace (self->desks, g_strdup (text), heard);
  if (!known)
    welcome_desk (self, text);
}

static void
refuse_unanswered (PfaDeskRelay *self, gint64 now)
{
  GHashTableIter iter;
  Asked *asked;

  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &asked))
    {
      if (now - asked->since < ANSWER_US)
        continue;
      if (pfa_desk_relay_has_seat (self, asked->seat))
        pfa_desk_relay_refuse_claim (self, asked->seat);
      g_hash_table_iter_remove (&iter);
    }
}

static void
mark_gone_at (PfaDeskRelay *self, const char *desk)
{
  GHashTableIter iter;
  Session *session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    for (PfaGuidedRole role = PFA_GUIDED_MERCHANT; role <= PFA_GUIDED_AGENT; role++)
      if (g_strcmp0 (session->sides[role].desk, desk) == 0)
        pfa_desk_session_set_gone (session, role);
}

static void
look_at_desks (PfaDeskRelay *self, gint64 now)
{
  GHashTableIter iter;
  const char *desk;
  gint64 *heard;

  g_hash_table_iter_init (&iter, self->desks);
  while (g_hash_table_iter_next (&iter, (gpointer *) &desk, (gpointer *) &heard))
    {
      if (now - *heard < DESK_DEAD_US)
        continue;
      pfa_desk_log ("desk-lost", "desk", desk, NULL);
      mark_gone_at (self, desk);
      g_hash_table_iter_remove (&iter);
    }
}

/* What no desk has said to be over in this time is over. */
static void
forget_elsewhere (PfaDeskRelay *self, gint64 now)
{
  gint64 longest = (gint64) (self->times.waiting_s + self->times.longest_s) * G_USEC_PER_SEC;
  GHashTableIter iter;
  Session *session;

  g_hash_table_iter_init (&iter, self->elsewhere);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    if (now - session->began > longest)
      g_hash_table_iter_remove (&iter);
}

void
pfa_desk_relay_bus_tick (PfaDeskRelay *self, gint64 now_us)
{
  if (self->bus == NULL)
    return;
  pfa_desk_bus_publish (self->bus, SUBJECT_DESKS, pfa_desk_bus_get_name (self->bus));
  refuse_unanswered (self, now_us);
  look_at_desks (self, now_us);
  if (++self->ticks % 60 == 0)
    forget_elsewhere (self, now_us);
}

void
pfa_desk_relay_bus_start (PfaDeskRelay *self)
{
  g_autofree char *own = NULL;

  self->elsewhere =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) pfa_desk_session_free);
  self->desks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->asked =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) asked_free);
  if (self->bus == NULL)
    return;
  own = g_strconcat ("posaid.desk.", pfa_desk_bus_get_name (self->bus), NULL);
  pfa_desk_bus_subscribe (self->bus, own, on_claim_answered_cb, self);
  pfa_desk_bus_subscribe (self->bus, SUBJECT_CLAIMS, on_claim_asked_cb, self);
  pfa_desk_bus_subscribe (self->bus, SUBJECT_SESSIONS, on_session_announced_cb, self);
  pfa_desk_bus_subscribe (self->bus, SUBJECT_DESKS, on_desk_heard_cb, self);
  pfa_desk_bus_publish (self->bus, SUBJECT_DESKS, pfa_desk_bus_get_name (self->bus));
}

void
pfa_desk_relay_bus_free (PfaDeskRelay *self)
{
  g_clear_pointer (&self->elsewhere, g_hash_table_unref);
  g_clear_pointer (&self->desks, g_hash_table_unref);
  g_clear_pointer (&self->asked, g_hash_table_unref);
}
