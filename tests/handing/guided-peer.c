/* guided-peer.c - relay and agent in one, and a merchant's session with them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "guided-peer.h"

/* ---- what the merchant sees ---- */

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

void
guided_peer_spin (GuidedPeer *f)
{
  g_main_context_iteration (NULL, TRUE);
}

void
guided_peer_send_text (GuidedPeer *f, const char *text)
{
  soup_websocket_connection_send_text (f->line, text);
}

void
guided_peer_relay_send (GuidedPeer *f, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  guided_peer_send_text (f, text);
}

/* The agent's next frame as text, sealed once there are keys. */
char *
guided_peer_build_text (GuidedPeer *f, const char *inside)
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

void
guided_peer_agent_send (GuidedPeer *f, const char *format, ...)
{
  va_list arguments;
  g_autofree char *inside = NULL;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  inside = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  text = guided_peer_build_text (f, inside);
  guided_peer_send_text (f, text);
}

static void
agent_take_clear (GuidedPeer *f, const PfaGuidedFrame *frame)
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
      g_ptr_array_add (f->kept, g_strdup (""));
      if (f->reveal_text != NULL)
        {
          guided_peer_send_text (f, f->reveal_text);
          return;
        }
      guided_peer_relay_send (
          f,
          "{\"type\":\"reveal\",\"seq\":1,\"ack\":2,\"key\":\"%s\",\"nonce\":\"%s\"}",
          key_text,
          nonce_text);
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
agent_take_sealed (GuidedPeer *f, const PfaGuidedFrame *envelope)
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
  GuidedPeer *f = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaGuidedFrame) frame =
      pfa_guided_frame_parse (g_bytes_get_data (bytes, NULL), -1, &error);

  g_assert_no_error (error);
  if (line != f->line || f->silent)
    return;
  if (frame->type == PFA_GUIDED_HELLO && f->first_text != NULL)
    guided_peer_send_text (f, f->first_text);
  else if (frame->type == PFA_GUIDED_HELLO && pfa_guided_frame_get_text (frame, "session") == NULL)
    guided_peer_relay_send (
        f,
        "{\"type\":\"welcome\",\"seq\":0,\"ack\":0,\"session\":\"testsession\","
        "\"resume\":\"token\",\"code\":\"123-456-789\",\"valid_s\":300,\"peer\":\"none\"}");
  else if (frame->type == PFA_GUIDED_HELLO)
    {
      g_assert_cmpstr (pfa_guided_frame_get_text (frame, "resume"), ==, "token");
      guided_peer_relay_send (
          f,
          "{\"type\":\"welcome\",\"seq\":0,\"ack\":0,\"session\":\"testsession\","
          "\"peer\":\"here\",\"peer_ack\":%" G_GUINT64_FORMAT "}",
          f->taken);
      for (guint64 i = frame->ack; i < f->sent; i++)
        guided_peer_send_text (f,
                               g_ptr_array_index (f->kept,
                                                  f->backwards ? f->sent - 1 - (i - frame->ack)
                                                               : i));
    }
  else if (frame->type == PFA_GUIDED_PING && frame->seq == 0)
    guided_peer_relay_send (f,
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
        {
          g_ptr_array_add (f->heard, g_strdup (g_bytes_get_data (bytes, NULL)));
          agent_take_sealed (f, frame);
        }
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
  GuidedPeer *f = user_data;

  /* Compressed, a few bytes from a relay could unfold to megabytes. */
  g_assert_null (soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                               "Sec-WebSocket-Extensions"));
  f->connections++;
  g_clear_object (&f->line);
  f->line = g_object_ref (connection);
  g_signal_connect (connection, "message", G_CALLBACK (on_relay_heard_cb), f);
}

/* ---- the merchant ---- */

static void
on_prompt_cb (PfaGuidedSession *session, const PfaGuidedPrompt *prompt, gpointer user_data)
{
  GuidedPeer *f = user_data;

  if (!f->quiet && prompt->kind != PFA_GUIDED_PROMPT_REQUEST)
    pfa_guided_session_answer (session, prompt->id, f->yes, NULL);
}

static void
on_code_cb (PfaGuidedSession *session, const char *code, guint valid, gpointer user_data)
{
  GuidedPeer *f = user_data;

  g_free (f->code);
  f->code = g_strdup (code);
}

static void
on_ended_cb (PfaGuidedSession *session, const char *reason, gpointer user_data)
{
  GuidedPeer *f = user_data;

  g_assert_null (f->ended);
  f->ended = g_strdup (reason);
}

static void
on_message_cb (PfaGuidedSession *session, const char *text, gpointer user_data)
{
  GuidedPeer *f = user_data;

  g_free (f->message);
  f->message = g_strdup (text);
}

static void
set_up (GuidedPeer *f, char **protocols)
{
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
  f->heard = g_ptr_array_new_with_free_func (g_free);
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

void
guided_peer_set_up (GuidedPeer *f, gconstpointer data)
{
  static char protocol[] = PFA_GUIDED_PROTOCOL;
  static char *protocols[] = { protocol, NULL };

  set_up (f, protocols);
}

void
guided_peer_set_up_plain (GuidedPeer *f, gconstpointer data)
{
  set_up (f, NULL);
}

void
guided_peer_start (GuidedPeer *f)
{
  pfa_guided_session_set_times (f->session, &f->times);
  pfa_guided_session_start (f->session);
}

void
guided_peer_claim (GuidedPeer *f)
{
  WAIT_FOR (f->code != NULL);
  guided_peer_relay_send (f,
                          "{\"type\":\"claim\",\"seq\":0,\"ack\":0,\"agent\":"
                          "{\"name\":\"Li Na\",\"organisation\":\"Lab\"}}");
}

/* Up to the moment when the agent sees the first snapshot. */
void
guided_peer_join (GuidedPeer *f)
{
  guided_peer_start (f);
  guided_peer_claim (f);
  WAIT_FOR (f->revealed);
  guided_peer_agent_send (f,
                          "{\"type\":\"compared\"," SEEN ",\"same\":true,\"language\":\"de\"}",
                          f->taken);
  WAIT_FOR (pfa_guided_session_get_state (f->session) == PFA_GUIDED_WATCHED);
  WAIT_FOR (f->frames->len > 1);
}

PfaGuidedFrame *
guided_peer_find_frame (GuidedPeer *f, PfaGuidedType type)
{
  for (guint i = f->frames->len; i > 0; i--)
    {
      PfaGuidedFrame *frame = g_ptr_array_index (f->frames, i - 1);

      if (frame->type == type)
        return frame;
    }
  return NULL;
}

const char *
guided_peer_find_answer (GuidedPeer *f, gint64 request)
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

void
guided_peer_tear_down (GuidedPeer *f, gconstpointer data)
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
  g_ptr_array_unref (f->heard);
  g_ptr_array_unref (f->frames);
  g_free (f->url);
  g_free (f->code);
  g_free (f->ended);
  g_free (f->message);
  g_free (f->bye);
}
