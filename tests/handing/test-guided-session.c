/* test-guided-session.c - the merchant's side against an agent and a relay that may be evil
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-guided-log.h"
#include "pfa-guided-session.h"
#include "pfa-json.h"

/* ---- what the merchant sees ---- */

#define TEST_TYPE_VIEW (test_view_get_type ())
G_DECLARE_FINAL_TYPE (TestView, test_view, TEST, VIEW, GObject)

struct _TestView
{
  GObject parent_instance;

  char *station; /* the state of the router, as shown */
  guint acted;
  char *last; /* what was acted on last, "run-check router" */
};

static JsonObject *
test_view_build_sections (PfaGuidedView *view, const char *language)
{
  TestView *self = TEST_VIEW (view);
  JsonObject *sections = json_object_new ();
  JsonObject *head = json_object_new ();
  JsonArray *stations = json_array_new ();
  JsonObject *router = json_object_new ();

  json_object_set_string_member (head, "language", language);
  json_object_set_object_member (sections, "head", head);
  json_object_set_string_member (router, "id", "router");
  json_object_set_string_member (router, "state", self->station);
  json_array_add_object_element (stations, router);
  json_object_set_array_member (sections, "stations", stations);
  return sections;
}

static const char *
test_view_describe (PfaGuidedView *view, PfaGuidedRequest *request)
{
  static const char *const values[] = { "red", "green", NULL };
  static const char *const known[] = { "restart-router", "lights", "router", NULL };

  if (request->subject != NULL && !g_strv_contains (known, request->subject))
    return "unknown-id";
  request->title = g_strdup (request->subject);
  request->values = g_strdupv ((char **) values);
  request->labels = g_strdupv ((char **) values);
  return NULL;
}

static void
test_view_act_async (PfaGuidedView *view,
                     const PfaGuidedRequest *request,
                     const char *value,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  TestView *self = TEST_VIEW (view);
  g_autoptr (GTask) task = g_task_new (view, cancellable, callback, user_data);

  self->acted++;
  g_free (self->last);
  self->last =
      g_strjoin (" ", pfa_guided_type_get_name (request->type), request->subject, value, NULL);
  g_task_return_boolean (task, TRUE);
}

static JsonNode *
test_view_act_finish (PfaGuidedView *view, GAsyncResult *result, GError **error)
{
  JsonNode *node = NULL;

  if (g_task_propagate_boolean (G_TASK (result), error))
    {
      node = json_node_alloc ();
      json_node_init_string (node, TEST_VIEW (view)->last);
    }
  return node;
}

static void
test_view_iface_init (PfaGuidedViewInterface *iface)
{
  iface->build_sections = test_view_build_sections;
  iface->describe = test_view_describe;
  iface->act_async = test_view_act_async;
  iface->act_finish = test_view_act_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestView,
                               test_view,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PFA_TYPE_GUIDED_VIEW, test_view_iface_init))

static void
test_view_finalize (GObject *object)
{
  g_free (TEST_VIEW (object)->station);
  g_free (TEST_VIEW (object)->last);
  G_OBJECT_CLASS (test_view_parent_class)->finalize (object);
}

static void
test_view_class_init (TestViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_view_finalize;
}

static void
test_view_init (TestView *self)
{
  self->station = g_strdup ("broken");
}

/* ---- relay and agent in one: everything that a relay could do, this one can ---- */

typedef struct
{
  SoupServer *server;
  char *url;
  SoupWebsocketConnection *line;
  guint connections;
  gboolean silent;        /* answers nothing at all */
  const char *first_text; /* instead of the welcome */
  PfaGuidedKeys *keys;
  guint8 commitment[PFA_GUIDED_HASH_SIZE];
  guint64 sent;
  guint64 taken;
  guint number; /* the agent's comparison number */
  gboolean revealed;
  gboolean denied;
  GPtrArray *kept;   /* texts of what the agent has sent, by number */
  GPtrArray *frames; /* (element-type PfaGuidedFrame) sealed ones from the merchant, opened */
  char *bye;

  TestView *view;
  PfaGuidedSession *session;
  PfaGuidedTimes times;
  char *code;
  char *ended;
  char *message;
  gboolean yes;   /* how the merchant answers who may watch, and the number */
  gboolean quiet; /* says nothing */
} Fixture;

static void
spin (Fixture *f)
{
  g_main_context_iteration (NULL, TRUE);
}

#define WAIT_FOR(condition)                                                                        \
  do                                                                                               \
    {                                                                                              \
      gint64 given_up = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;                             \
      while (!(condition))                                                                         \
        {                                                                                          \
          g_assert_cmpint (g_get_monotonic_time (), <, given_up);                                  \
          spin (f);                                                                                \
        }                                                                                          \
    }                                                                                              \
  while (0)

static void
send_text (Fixture *f, const char *text)
{
  soup_websocket_connection_send_text (f->line, text);
}

static void
relay_send (Fixture *f, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  send_text (f, text);
}

/* The agent's next frame as text, sealed once there are keys. */
static char *
build_text (Fixture *f, const char *inside)
{
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *base64 = NULL;
  g_autoptr (GError) error = NULL;
  char *text;

  f->sent++;
  sealed = pfa_guided_keys_seal (f->keys, f->sent, inside, &error);
  g_assert_no_error (error);
  base64 = g_base64_encode (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  text = g_strdup_printf ("{\"seq\":%" G_GUINT64_FORMAT ",\"ack\":%" G_GUINT64_FORMAT
                          ",\"sealed\":\"%s\"}",
                          f->sent,
                          f->taken,
                          base64);
  g_ptr_array_add (f->kept, g_strdup (text));
  return text;
}

static void
agent_send (Fixture *f, const char *format, ...)
{
  va_list arguments;
  g_autofree char *inside = NULL;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  inside = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  text = build_text (f, inside);
  send_text (f, text);
}

#define SEEN "\"seen\":%" G_GUINT64_FORMAT

static void
agent_take_clear (Fixture *f, const PfaGuidedFrame *frame)
{
  guint8 key[PFA_GUIDED_KEY_SIZE], nonce[PFA_GUIDED_NONCE_SIZE], hash[PFA_GUIDED_HASH_SIZE];
  g_autoptr (GError) error = NULL;

  if (frame->type == PFA_GUIDED_GRANT)
    f->denied = !pfa_guided_frame_get_boolean (frame, "allowed");
  else if (frame->type == PFA_GUIDED_COMMIT)
    {
      g_autofree char *key_text = NULL;
      g_autofree char *nonce_text = NULL;

      g_assert_true (pfa_guided_frame_read_bytes (frame, "hash", f->commitment, sizeof hash));
      f->keys = pfa_guided_keys_new (PFA_GUIDED_AGENT, &error);
      g_assert_no_error (error);
      key_text = g_base64_encode (pfa_guided_keys_get_public (f->keys), PFA_GUIDED_KEY_SIZE);
      nonce_text = g_base64_encode (pfa_guided_keys_get_nonce (f->keys), PFA_GUIDED_NONCE_SIZE);
      f->sent = 1;
      relay_send (f,
                  "{\"type\":\"reveal\",\"seq\":1,\"ack\":2,\"key\":\"%s\",\"nonce\":\"%s\"}",
                  key_text,
                  nonce_text);
      g_ptr_array_add (f->kept, g_strdup (""));
    }
  else if (frame->type == PFA_GUIDED_REVEAL)
    {
      g_assert_true (pfa_guided_frame_read_bytes (frame, "key", key, sizeof key));
      g_assert_true (pfa_guided_frame_read_bytes (frame, "nonce", nonce, sizeof nonce));
      pfa_guided_compute_commitment (key, nonce, hash);
      g_assert_cmpmem (hash, sizeof hash, f->commitment, sizeof hash);
      pfa_guided_keys_agree (f->keys, key, nonce, "testsession", &error);
      g_assert_no_error (error);
      f->number = pfa_guided_keys_get_comparison (f->keys);
      f->revealed = TRUE;
    }
}

static void
agent_take_sealed (Fixture *f, const PfaGuidedFrame *envelope)
{
  gsize size;
  g_autofree guint8 *sealed =
      g_base64_decode (pfa_guided_frame_get_text (envelope, "sealed"), &size);
  g_autoptr (GError) error = NULL;
  g_autofree char *plain = pfa_guided_keys_open (f->keys, envelope->seq, sealed, size, &error);

  g_assert_no_error (error);
  g_ptr_array_add (f->frames, pfa_guided_frame_parse_inside (plain, -1, &error));
  g_assert_no_error (error);
}

static void
on_relay_heard_cb (SoupWebsocketConnection *line,
                   SoupWebsocketDataType type,
                   GBytes *bytes,
                   gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaGuidedFrame) frame =
      pfa_guided_frame_parse (g_bytes_get_data (bytes, NULL), -1, &error);

  g_assert_no_error (error);
  if (line != f->line || f->silent)
    return;
  if (frame->type == PFA_GUIDED_HELLO && f->first_text != NULL)
    send_text (f, f->first_text);
  else if (frame->type == PFA_GUIDED_HELLO && pfa_guided_frame_get_text (frame, "session") == NULL)
    relay_send (f,
                "{\"type\":\"welcome\",\"seq\":0,\"ack\":0,\"session\":\"testsession\","
                "\"resume\":\"token\",\"code\":\"123-456-789\",\"valid_s\":300,\"peer\":\"none\"}");
  else if (frame->type == PFA_GUIDED_HELLO)
    {
      g_assert_cmpstr (pfa_guided_frame_get_text (frame, "resume"), ==, "token");
      relay_send (f,
                  "{\"type\":\"welcome\",\"seq\":0,\"ack\":0,\"session\":\"testsession\","
                  "\"peer\":\"here\",\"peer_ack\":%" G_GUINT64_FORMAT "}",
                  f->taken);
      for (guint64 seq = frame->ack + 1; seq <= f->sent; seq++)
        send_text (f, g_ptr_array_index (f->kept, seq - 1));
    }
  else if (frame->type == PFA_GUIDED_PING && frame->seq == 0)
    relay_send (f,
                "{\"type\":\"pong\",\"seq\":0,\"ack\":0,\"n\":%" G_GINT64_FORMAT
                ",\"peer_ack\":%" G_GUINT64_FORMAT "}",
                pfa_guided_frame_get_number (frame, "n"),
                f->taken);
  else if (frame->type == PFA_GUIDED_BYE)
    f->bye = g_strdup (pfa_guided_frame_get_text (frame, "reason"));
  else if (frame->seq == f->taken + 1)
    {
      f->taken = frame->seq;
      if (frame->type == PFA_GUIDED_SEALED)
        agent_take_sealed (f, frame);
      else
        agent_take_clear (f, frame);
    }
}

static void
on_line_opened_cb (SoupServer *server,
                   SoupServerMessage *message,
                   const char *path,
                   SoupWebsocketConnection *connection,
                   gpointer user_data)
{
  Fixture *f = user_data;

  f->connections++;
  g_clear_object (&f->line);
  f->line = g_object_ref (connection);
  g_signal_connect (connection, "message", G_CALLBACK (on_relay_heard_cb), f);
}

/* ---- the merchant ---- */

static void
on_prompt_cb (PfaGuidedSession *session, const PfaGuidedPrompt *prompt, gpointer user_data)
{
  Fixture *f = user_data;

  if (!f->quiet && prompt->kind != PFA_GUIDED_PROMPT_REQUEST)
    pfa_guided_session_answer (session, prompt->id, f->yes, NULL);
}

static void
on_code_cb (PfaGuidedSession *session, const char *code, guint valid, gpointer user_data)
{
  Fixture *f = user_data;

  g_free (f->code);
  f->code = g_strdup (code);
}

static void
on_ended_cb (PfaGuidedSession *session, const char *reason, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_null (f->ended);
  f->ended = g_strdup (reason);
}

static void
on_message_cb (PfaGuidedSession *session, const char *text, gpointer user_data)
{
  Fixture *f = user_data;

  g_free (f->message);
  f->message = g_strdup (text);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  static char protocol[] = PFA_GUIDED_PROTOCOL;
  static char *protocols[] = { protocol, NULL };
  static const guint8 key[32] = { 7 };
  g_autoptr (GError) error = NULL;
  GSList *uris;

  f->server = soup_server_new (NULL, NULL);
  soup_server_add_websocket_handler (f->server,
                                     "/guided",
                                     NULL,
                                     protocols,
                                     on_line_opened_cb,
                                     f,
                                     NULL);
  soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (f->server);
  f->url = g_strdup_printf ("ws://127.0.0.1:%d/guided", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  f->kept = g_ptr_array_new_with_free_func (g_free);
  f->frames = g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_guided_frame_free);
  f->yes = TRUE;
  f->view = g_object_new (TEST_TYPE_VIEW, NULL);
  f->session = pfa_guided_session_new (PFA_GUIDED_VIEW (f->view), key, f->url, NULL, "lab", "en");
  f->times = pfa_guided_default_times;
  f->times.retry_ms = 10;
  g_signal_connect (f->session, "prompt", G_CALLBACK (on_prompt_cb), f);
  g_signal_connect (f->session, "code", G_CALLBACK (on_code_cb), f);
  g_signal_connect (f->session, "ended", G_CALLBACK (on_ended_cb), f);
  g_signal_connect (f->session, "message", G_CALLBACK (on_message_cb), f);
}

static void
start (Fixture *f)
{
  pfa_guided_session_set_times (f->session, &f->times);
  pfa_guided_session_start (f->session);
}

static void
claim (Fixture *f)
{
  WAIT_FOR (f->code != NULL);
  relay_send (f,
              "{\"type\":\"claim\",\"seq\":0,\"ack\":0,\"agent\":"
              "{\"name\":\"Li Na\",\"organisation\":\"Lab\"}}");
}

/* Up to the moment when the agent sees the first snapshot. */
static void
join (Fixture *f)
{
  start (f);
  claim (f);
  WAIT_FOR (f->revealed);
  agent_send (f, "{\"type\":\"compared\"," SEEN ",\"same\":true,\"language\":\"de\"}", f->taken);
  WAIT_FOR (pfa_guided_session_get_state (f->session) == PFA_GUIDED_WATCHED);
  WAIT_FOR (f->frames->len > 1);
}

static PfaGuidedFrame *
find_frame (Fixture *f, PfaGuidedType type)
{
  for (guint i = f->frames->len; i > 0; i--)
    {
      PfaGuidedFrame *frame = g_ptr_array_index (f->frames, i - 1);

      if (frame->type == type)
        return frame;
    }
  return NULL;
}

static const char *
find_answer (Fixture *f, gint64 request)
{
  for (guint i = 0; i < f->frames->len; i++)
    {
      PfaGuidedFrame *frame = g_ptr_array_index (f->frames, i);

      if (frame->type == PFA_GUIDED_CONSENT &&
          pfa_guided_frame_get_number (frame, "request") == request)
        return pfa_guided_frame_get_text (frame, "answer");
    }
  return NULL;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->ended == NULL)
    pfa_guided_session_stop (f->session);
  g_assert_finalize_object (f->session);
  g_assert_finalize_object (f->view);
  soup_server_disconnect (f->server);
  g_clear_object (&f->line);
  g_clear_object (&f->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_pointer (&f->keys, pfa_guided_keys_free);
  g_ptr_array_unref (f->kept);
  g_ptr_array_unref (f->frames);
  g_free (f->url);
  g_free (f->code);
  g_free (f->ended);
  g_free (f->message);
  g_free (f->bye);
}

/* ---- the journey ---- */

static void
test_joined (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonArray) log = NULL;
  JsonObject *view;
  guint fault;

  join (f);
  WAIT_FOR (find_frame (f, PFA_GUIDED_SNAPSHOT) != NULL);
  view = pfa_json_peek_object (find_frame (f, PFA_GUIDED_SNAPSHOT)->body, "view");
  g_assert_cmpstr (pfa_json_peek_string (pfa_json_peek_object (view, "head"), "language"),
                   ==,
                   "de");
  log = pfa_guided_session_build_log (f->session);
  g_assert_true (pfa_guided_log_verify ("testsession", log, &fault));
  g_assert_cmpuint (json_array_get_length (log), >=, 4);
}

/* A change is a small frame and comes at once. */
static void
test_change_is_shown (Fixture *f, gconstpointer data)
{
  gint64 began;
  PfaGuidedFrame *event;

  join (f);
  WAIT_FOR (find_frame (f, PFA_GUIDED_SNAPSHOT) != NULL);
  g_free (f->view->station);
  f->view->station = g_strdup ("good");
  began = g_get_monotonic_time ();
  pfa_guided_view_emit_changed (PFA_GUIDED_VIEW (f->view));
  WAIT_FOR ((event = find_frame (f, PFA_GUIDED_EVENT)) != NULL &&
            g_strcmp0 (pfa_guided_frame_get_text (event, "section"), "stations") == 0);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 100 * 1000);
}

static void
test_yes (Fixture *f, gconstpointer data)
{
  join (f);
  agent_send (f, "{\"type\":\"run-check\"," SEEN ",\"request\":1,\"check\":\"router\"}", f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  g_assert_cmpuint (f->view->acted, ==, 0);
  g_assert_true (pfa_guided_session_answer (f->session,
                                            pfa_guided_session_get_prompt (f->session)->id,
                                            TRUE,
                                            NULL));
  WAIT_FOR (find_frame (f, PFA_GUIDED_RESULT) != NULL);
  g_assert_cmpstr (f->view->last, ==, "run-check router");
  g_assert_cmpstr (find_answer (f, 1), ==, "yes");
}

static void
test_no (Fixture *f, gconstpointer data)
{
  guint id;

  join (f);
  agent_send (f,
              "{\"type\":\"suggest-step\"," SEEN ",\"request\":1,\"step\":\"restart-router\"}",
              f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  id = pfa_guided_session_get_prompt (f->session)->id;
  g_assert_true (pfa_guided_session_answer (f->session, id, FALSE, NULL));
  g_assert_false (pfa_guided_session_answer (f->session, id, TRUE, NULL));
  WAIT_FOR (find_answer (f, 1) != NULL);
  g_assert_cmpstr (find_answer (f, 1), ==, "no");
  g_assert_cmpuint (f->view->acted, ==, 0);
}

static void
test_silence_is_no (Fixture *f, gconstpointer data)
{
  f->times.answer_ms = 60;
  join (f);
  agent_send (f, "{\"type\":\"request-bundle\"," SEEN ",\"request\":1}", f->taken);
  WAIT_FOR (find_answer (f, 1) != NULL);
  g_assert_cmpstr (find_answer (f, 1), ==, "silence");
  g_assert_cmpuint (f->view->acted, ==, 0);
}

static void
test_question_takes_its_answers_only (Fixture *f, gconstpointer data)
{
  guint id;

  join (f);
  agent_send (f, "{\"type\":\"ask\"," SEEN ",\"request\":1,\"question\":\"lights\"}", f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  id = pfa_guided_session_get_prompt (f->session)->id;
  g_assert_false (pfa_guided_session_answer (f->session, id, TRUE, NULL));
  g_assert_false (pfa_guided_session_answer (f->session, id, TRUE, "blue"));
  g_assert_true (pfa_guided_session_answer (f->session, id, TRUE, "green"));
  WAIT_FOR (find_frame (f, PFA_GUIDED_RESULT) != NULL);
  g_assert_cmpstr (f->view->last, ==, "ask lights green");
}

static void
test_unknown_ids_are_refused (Fixture *f, gconstpointer data)
{
  join (f);
  agent_send (f,
              "{\"type\":\"run-check\"," SEEN ",\"request\":1,\"check\":\"format-disk\"}",
              f->taken);
  WAIT_FOR (find_answer (f, 1) != NULL);
  g_assert_cmpstr (find_answer (f, 1), ==, "refused");
  g_assert_null (pfa_guided_session_get_prompt (f->session));
  /* The session goes on. */
  agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"sorry\"}", f->taken);
  WAIT_FOR (f->message != NULL);
}

static void
test_number_is_used_once (Fixture *f, gconstpointer data)
{
  join (f);
  agent_send (f, "{\"type\":\"run-check\"," SEEN ",\"request\":5,\"check\":\"router\"}", f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  pfa_guided_session_answer (f->session,
                             pfa_guided_session_get_prompt (f->session)->id,
                             TRUE,
                             NULL);
  WAIT_FOR (find_frame (f, PFA_GUIDED_RESULT) != NULL);
  agent_send (f, "{\"type\":\"run-check\"," SEEN ",\"request\":5,\"check\":\"router\"}", f->taken);
  agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"x\"}", f->taken);
  WAIT_FOR (f->message != NULL);
  g_assert_null (pfa_guided_session_get_prompt (f->session));
  g_assert_cmpuint (f->view->acted, ==, 1);
}

static void
test_denied (Fixture *f, gconstpointer data)
{
  f->yes = FALSE;
  start (f);
  claim (f);
  WAIT_FOR (f->ended != NULL && f->denied);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_DENIED);
  g_assert_null (f->keys);
}

static void
test_numbers_differ (Fixture *f, gconstpointer data)
{
  f->quiet = TRUE;
  start (f);
  claim (f);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  pfa_guided_session_answer (f->session,
                             pfa_guided_session_get_prompt (f->session)->id,
                             TRUE,
                             NULL);
  WAIT_FOR (pfa_guided_session_get_state (f->session) == PFA_GUIDED_COMPARING);
  pfa_guided_session_answer (f->session,
                             pfa_guided_session_get_prompt (f->session)->id,
                             FALSE,
                             NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_NUMBERS_DIFFER);
  WAIT_FOR (f->bye != NULL);
  g_assert_null (find_frame (f, PFA_GUIDED_SNAPSHOT));
}

/* Nothing is shown before both have compared. */
static void
test_nothing_before_comparing (Fixture *f, gconstpointer data)
{
  start (f);
  claim (f);
  WAIT_FOR (f->revealed);
  pfa_guided_view_emit_changed (PFA_GUIDED_VIEW (f->view));
  agent_send (f, "{\"type\":\"run-check\"," SEEN ",\"request\":1,\"check\":\"router\"}", f->taken);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_BAD_FRAME);
  g_assert_null (find_frame (f, PFA_GUIDED_SNAPSHOT));
  g_assert_cmpuint (f->view->acted, ==, 0);
}

/* Stop does not ask anybody: it works while the relay says nothing at all. */
static void
test_stop (Fixture *f, gconstpointer data)
{
  join (f);
  f->silent = TRUE;
  pfa_guided_session_stop (f->session);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_STOPPED);
  g_assert_false (pfa_guided_session_is_line_up (f->session));
}

static void
test_agent_leaves (Fixture *f, gconstpointer data)
{
  join (f);
  agent_send (f, "{\"type\":\"bye\"," SEEN ",\"reason\":\"agent-left\"}", f->taken);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_AGENT_LEFT);
}

/* ---- the clock ---- */

typedef struct
{
  const char *name;
  gsize offset;
  const char *reason;
  gboolean joined;
} ClockCase;

static const ClockCase clock_cases[] = {
  { "idle", G_STRUCT_OFFSET (PfaGuidedTimes, idle_ms), PFA_GUIDED_END_IDLE, TRUE },
  { "longest", G_STRUCT_OFFSET (PfaGuidedTimes, longest_ms), PFA_GUIDED_END_TOO_LONG, TRUE },
  { "agent-silent",
    G_STRUCT_OFFSET (PfaGuidedTimes, silent_ms),
    PFA_GUIDED_END_AGENT_SILENT,
    TRUE },
  { "nobody", G_STRUCT_OFFSET (PfaGuidedTimes, longest_ms), PFA_GUIDED_END_NOBODY_JOINED, FALSE },
};

static void
test_clock (Fixture *f, gconstpointer data)
{
  const ClockCase *c = data;

  G_STRUCT_MEMBER (guint, &f->times, c->offset) = 150;
  f->times.heartbeat_ms = 50;
  if (c->joined)
    join (f);
  else
    start (f);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, c->reason);
}

static void
test_consent_is_renewed (Fixture *f, gconstpointer data)
{
  f->times.renew_ms = 60;
  f->times.heartbeat_ms = 50;
  join (f);
  f->quiet = TRUE;
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL &&
            pfa_guided_session_get_prompt (f->session)->kind == PFA_GUIDED_PROMPT_RENEW);
  pfa_guided_session_answer (f->session,
                             pfa_guided_session_get_prompt (f->session)->id,
                             FALSE,
                             NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_NOT_RENEWED);
}

/* ---- the line ---- */

static void
test_resumed (Fixture *f, gconstpointer data)
{
  guint connections;

  join (f);
  connections = f->connections;
  /* Said while the line is broken: it comes after the resume. */
  g_io_stream_close (soup_websocket_connection_get_io_stream (f->line), NULL, NULL);
  WAIT_FOR (!pfa_guided_session_is_line_up (f->session));
  g_assert_true (pfa_guided_session_say (f->session, "still here"));
  WAIT_FOR (f->connections > connections && pfa_guided_session_is_line_up (f->session));
  WAIT_FOR (find_frame (f, PFA_GUIDED_MESSAGE) != NULL);
  g_assert_cmpstr (pfa_guided_frame_get_text (find_frame (f, PFA_GUIDED_MESSAGE), "text"),
                   ==,
                   "still here");
  agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"me too\"}", f->taken);
  WAIT_FOR (f->message != NULL);
  g_assert_null (f->ended);
}

static void
test_no_network (Fixture *f, gconstpointer data)
{
  f->times.resume_ms = 150;
  join (f);
  soup_server_disconnect (f->server);
  g_io_stream_close (soup_websocket_connection_get_io_stream (f->line), NULL, NULL);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_NO_NETWORK);
}

/* A relay that keeps the line open and says nothing: found dead, resumed. */
static void
test_dead_line_is_found (Fixture *f, gconstpointer data)
{
  guint connections;

  f->times.heartbeat_ms = 20;
  f->times.dead_ms = 100;
  join (f);
  connections = f->connections;
  f->silent = TRUE;
  WAIT_FOR (f->connections > connections);
  f->silent = FALSE;
  g_assert_null (f->ended);
}

/* ---- a relay that is evil ---- */

static void
test_altered (Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;
  char *place;

  join (f);
  text = build_text (f, "{\"type\":\"message\",\"seen\":4,\"text\":\"hello\"}");
  place = strstr (text, "sealed") + 12;
  *place = *place == 'A' ? 'B' : 'A';
  send_text (f, text);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_ALTERED);
  g_assert_null (f->message);
}

static void
test_replayed (Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  join (f);
  agent_send (f, "{\"type\":\"run-check\"," SEEN ",\"request\":1,\"check\":\"router\"}", f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  pfa_guided_session_answer (f->session,
                             pfa_guided_session_get_prompt (f->session)->id,
                             TRUE,
                             NULL);
  WAIT_FOR (f->view->acted == 1);
  for (guint i = 0; i < 20; i++)
    send_text (f, g_ptr_array_index (f->kept, f->kept->len - 1));
  agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"x\"}", f->taken);
  WAIT_FOR (f->message != NULL);
  g_assert_null (pfa_guided_session_get_prompt (f->session));
  g_assert_cmpuint (f->view->acted, ==, 1);
}

/* The same sealed bytes under another number. */
static void
test_renumbered (Fixture *f, gconstpointer data)
{
  g_autofree char *old = NULL;
  g_autofree char *text = NULL;

  join (f);
  agent_send (f, "{\"type\":\"run-check\"," SEEN ",\"request\":1,\"check\":\"router\"}", f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  old = g_strdup (g_ptr_array_index (f->kept, f->kept->len - 1));
  text = g_strdup_printf ("{\"seq\":%" G_GUINT64_FORMAT "%s", f->sent + 1, strchr (old, ','));
  send_text (f, text);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_ALTERED);
  g_assert_cmpuint (f->view->acted, ==, 0);
}

static void
test_swallowed_once (Fixture *f, gconstpointer data)
{
  g_autofree char *lost = NULL;

  join (f);
  lost = build_text (f, "{\"type\":\"message\",\"seen\":4,\"text\":\"lost\"}");
  agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"second\"}", f->taken);
  /* The gap shows; the resume brings both. */
  WAIT_FOR (g_strcmp0 (f->message, "second") == 0);
  g_assert_null (f->ended);
}

static void
test_swallowed_for_ever (Fixture *f, gconstpointer data)
{
  g_autofree char *lost = NULL;

  join (f);
  lost = build_text (f, "{\"type\":\"message\",\"seen\":4,\"text\":\"lost\"}");
  g_free (g_ptr_array_index (f->kept, f->kept->len - 1));
  f->kept->pdata[f->kept->len - 1] = g_strdup ("{\"type\":\"pong\",\"seq\":0,\"ack\":0,\"n\":0}");
  agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"second\"}", f->taken);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_MISSING);
  g_assert_null (f->message);
}

/* A request that the relay kept back is refused, although seal and number are right. */
static void
test_kept_for_later (Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;
  gint64 later;

  f->times.late_ms = 100;
  f->times.heartbeat_ms = 40;
  join (f);
  text = build_text (f, "{\"type\":\"run-check\",\"seen\":4,\"request\":1,\"check\":\"router\"}");
  later = g_get_monotonic_time () + 400 * 1000;
  WAIT_FOR (g_get_monotonic_time () > later);
  send_text (f, text);
  WAIT_FOR (find_answer (f, 1) != NULL);
  g_assert_cmpstr (find_answer (f, 1), ==, "refused");
  g_assert_null (pfa_guided_session_get_prompt (f->session));
}

static void
test_other_log (Fixture *f, gconstpointer data)
{
  join (f);
  agent_send (f, "{\"type\":\"pong\"," SEEN ",\"entries\":2,\"head\":\"abcd\"}", f->taken);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_LOG_DIFFERS);
}

typedef struct
{
  const char *name;
  const char *text;
  const char *reason;
} TextCase;

/* In the middle of a session that is watched. */
static const TextCase text_cases[] = {
  { "malformed", "{\"type\":", PFA_GUIDED_END_BAD_FRAME },
  { "not-an-object", "[]", PFA_GUIDED_END_BAD_FRAME },
  { "unknown-type", "{\"type\":\"screen\",\"seq\":3,\"ack\":0}", PFA_GUIDED_END_BAD_FRAME },
  { "request-in-clear",
    "{\"type\":\"run-check\",\"seq\":3,\"ack\":0,\"request\":1,\"check\":\"router\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "reveal-again",
    "{\"type\":\"reveal\",\"seq\":3,\"ack\":0,\"key\":\"AAAA\",\"nonce\":\"AAAA\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "grant-from-agent",
    "{\"type\":\"grant\",\"seq\":3,\"ack\":0,\"allowed\":true}",
    PFA_GUIDED_END_BAD_FRAME },
  { "not-sealed-by-agent",
    "{\"seq\":3,\"ack\":0,\"sealed\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
    PFA_GUIDED_END_ALTERED },
  { "relay-says-hello",
    "{\"type\":\"hello\",\"seq\":0,\"ack\":0,\"role\":\"agent\",\"version\":1}",
    PFA_GUIDED_END_BAD_FRAME },
  { "another-session",
    "{\"type\":\"welcome\",\"seq\":0,\"ack\":0,\"session\":\"other\",\"peer\":\"here\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "bye", "{\"type\":\"bye\",\"seq\":0,\"ack\":0,\"reason\":\"whatever\"}", PFA_GUIDED_END_ENDED },
};

static void
test_text (Fixture *f, gconstpointer data)
{
  const TextCase *c = data;

  join (f);
  g_assert_cmpuint (f->sent, ==, 2);
  send_text (f, c->text);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, c->reason);
  g_assert_cmpuint (f->view->acted, ==, 0);
}

static const TextCase first_cases[] = {
  { "wrong-version",
    "{\"type\":\"bye\",\"seq\":0,\"ack\":0,\"reason\":\"wrong-version\"}",
    PFA_GUIDED_END_WRONG_VERSION },
  { "no-token",
    "{\"type\":\"welcome\",\"seq\":0,\"ack\":0,\"session\":\"s\",\"peer\":\"none\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "numbered-first",
    "{\"type\":\"grant\",\"seq\":1,\"ack\":0,\"allowed\":true}",
    PFA_GUIDED_END_BAD_FRAME },
};

static void
test_first_text (Fixture *f, gconstpointer data)
{
  const TextCase *c = data;

  f->first_text = c->text;
  start (f);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, c->reason);
}

static void
test_oversize (Fixture *f, gconstpointer data)
{
  g_autofree char *filling = g_strnfill (PFA_GUIDED_FRAME_MAX, 'A');

  join (f);
  relay_send (f, "{\"seq\":3,\"ack\":0,\"sealed\":\"%s\"}", filling);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_BAD_FRAME);
}

/* Whatever a relay says, the session ends or goes on; nothing is acted on. */
static void
test_random (Fixture *f, gconstpointer data)
{
  join (f);
  for (guint i = 0; i < 300 && f->ended == NULL; i++)
    {
      g_autofree char *text = g_strdup (g_ptr_array_index (f->kept, 1));

      for (guint k = 0; k < 3; k++)
        text[g_test_rand_int_range (0, (gint32) strlen (text))] =
            (char) g_test_rand_int_range (32, 127);
      send_text (f, text);
      spin (f);
    }
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpuint (f->view->acted, ==, 0);
}

static void
test_plain_address (void)
{
  static const guint8 key[32] = { 7 };
  static const char *const urls[] = { "ws://192.0.2.1/guided",
                                      "http://127.0.0.1/",
                                      "guided",
                                      "",
                                      "wss:///guided" };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (TestView) view = g_object_new (TEST_TYPE_VIEW, NULL);
      g_autoptr (PfaGuidedSession) session =
          pfa_guided_session_new (PFA_GUIDED_VIEW (view), key, urls[i], NULL, "lab", "en");

      pfa_guided_session_start (session);
      g_assert_cmpstr (pfa_guided_session_get_reason (session), ==, PFA_GUIDED_END_REFUSED);
    }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/support/guided-session/" name, Fixture, NULL, set_up, function, tear_down)

static void
add_text_cases (const char *group,
                const TextCase *cases,
                guint n,
                void (*function) (Fixture *, gconstpointer))
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/support/guided-session/%s/%s", group, cases[i].name);

      g_test_add (path, Fixture, &cases[i], set_up, function, tear_down);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("joined", test_joined);
  ADD ("change-is-shown", test_change_is_shown);
  ADD ("yes", test_yes);
  ADD ("no", test_no);
  ADD ("silence-is-no", test_silence_is_no);
  ADD ("question-takes-its-answers-only", test_question_takes_its_answers_only);
  ADD ("unknown-ids-are-refused", test_unknown_ids_are_refused);
  ADD ("number-is-used-once", test_number_is_used_once);
  ADD ("denied", test_denied);
  ADD ("numbers-differ", test_numbers_differ);
  ADD ("nothing-before-comparing", test_nothing_before_comparing);
  ADD ("stop", test_stop);
  ADD ("agent-leaves", test_agent_leaves);
  for (guint i = 0; i < G_N_ELEMENTS (clock_cases); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/support/guided-session/clock/%s", clock_cases[i].name);

      g_test_add (path, Fixture, &clock_cases[i], set_up, test_clock, tear_down);
    }
  ADD ("consent-is-renewed", test_consent_is_renewed);
  ADD ("resumed", test_resumed);
  ADD ("no-network", test_no_network);
  ADD ("dead-line-is-found", test_dead_line_is_found);
  ADD ("evil/altered", test_altered);
  ADD ("evil/replayed", test_replayed);
  ADD ("evil/renumbered", test_renumbered);
  ADD ("evil/swallowed-once", test_swallowed_once);
  ADD ("evil/swallowed-for-ever", test_swallowed_for_ever);
  ADD ("evil/kept-for-later", test_kept_for_later);
  ADD ("evil/other-log", test_other_log);
  ADD ("evil/oversize", test_oversize);
  ADD ("evil/random", test_random);
  add_text_cases ("evil", text_cases, G_N_ELEMENTS (text_cases), test_text);
  add_text_cases ("first", first_cases, G_N_ELEMENTS (first_cases), test_first_text);
  g_test_add_func ("/support/guided-session/plain-address-is-refused", test_plain_address);
  return g_test_run ();
}
