/* pfa-support-http.c - one question to a provider's server, and its answer
 *
 * Small questions are asked asynchronously. A file goes from a thread of GTask's: libsoup hands a
 * body on in pieces of 8 KiB, which costs little in a blocking call and two turns of the main loop
 * each in an asynchronous one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-error.h"
#include "pfa-file-slice.h"
#include "pfa-support-request-private.h"

#define MAX_REDIRECTS     3
#define READ_BYTES        16384
#define MAX_INFORMATIONAL 20
#define PROGRESS_MS       50
/* A small question and its answer, drip by drip, take no longer than this. */
#define ANSWER_S 90
/* A file may go slowly, but not more slowly than so much a minute; its answer is a small one. */
#define PACE_S         60
#define LEAST_A_MINUTE (4 * 1024)

/* One exchange under way. */
typedef struct
{
  PfaSupportRequest *request;
  SoupSession *session;
  SoupMessage *message;
  GInputStream *stream;
  GString *text;
  GSource *watch;            /* tells of the progress while the thread sends */
  GSource *clock;            /* ends what takes too long */
  GCancellable *cancellable; /* the caller's, or the clock's */
  GCancellable *outer;
  gulong outer_id;
  gboolean late;
  guint informational; /* answers before the answer */
  gsize sent;          /* atomic: the thread counts, the watch and the clock read */
  gsize told;
  gsize paced; /* what had gone when the clock last looked */
  guint redirects;
} Exchange;

static void
stop_watch (Exchange *exchange)
{
  if (exchange->watch != NULL)
    g_source_destroy (exchange->watch);
  g_clear_pointer (&exchange->watch, g_source_unref);
}

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  stop_watch (exchange);
  if (exchange->clock != NULL)
    g_source_destroy (exchange->clock);
  g_clear_pointer (&exchange->clock, g_source_unref);
  g_cancellable_disconnect (exchange->outer, exchange->outer_id);
  g_clear_object (&exchange->outer);
  g_clear_object (&exchange->cancellable);
  g_clear_pointer (&exchange->request, pfa_support_request_free);
  g_clear_object (&exchange->session);
  g_clear_object (&exchange->message);
  g_clear_object (&exchange->stream);
  if (exchange->text != NULL)
    g_string_free (exchange->text, TRUE);
  g_free (exchange);
}

/* What a person can do about it: wait for the line, or distrust the other side. */
static GError *
adopt_transport_error (GError *error)
{
  g_autoptr (GError) original = error;
  PfaError code = PFA_ERROR_UNREACHABLE;

  if (original->domain == PFA_ERROR || g_error_matches (original, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_steal_pointer (&original);
  if (g_error_matches (original, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    code = PFA_ERROR_TIMED_OUT;
  else if (g_error_matches (original, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    code = PFA_ERROR_UNTRUSTED;
  return g_error_new_literal (PFA_ERROR, code, original->message);
}

static void
return_error (GTask *task, GError *error)
{
  const Exchange *exchange = g_task_get_task_data (task);

  if (exchange->late && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !g_cancellable_is_cancelled (exchange->outer))
    {
      g_error_free (error);
      error = g_error_new_literal (PFA_ERROR, PFA_ERROR_TIMED_OUT, "the server is too slow");
    }
  g_task_return_error (task, adopt_transport_error (error));
}

/* libsoup reads them as fast as they come and asks nobody in between, not even the main loop. */
static void
on_informational_cb (SoupMessage *message, gpointer user_data)
{
  Exchange *exchange = user_data;

  if (++exchange->informational < MAX_INFORMATIONAL)
    return;
  exchange->late = TRUE;
  g_cancellable_cancel (exchange->cancellable);
}

/* The body still goes, and briskly enough. Once it has gone, a minute is left for the answer. */
static gboolean
keeps_pace (Exchange *exchange)
{
  const gsize sent = (gsize) g_atomic_pointer_get (&exchange->sent);
  const gsize since = sent - exchange->paced;

  exchange->paced = sent;
  return exchange->request->path != NULL && since >= LEAST_A_MINUTE;
}

static gboolean
on_clock_cb (gpointer user_data)
{
  Exchange *exchange = g_task_get_task_data (user_data);

  if (keeps_pace (exchange))
    return G_SOURCE_CONTINUE;
  exchange->late = TRUE;
  g_cancellable_cancel (exchange->cancellable);
  return G_SOURCE_REMOVE;
}

static void
on_outer_cancelled_cb (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
start_clock (GTask *task, Exchange *exchange)
{
  GCancellable *outer = g_task_get_cancellable (task);

  exchange->cancellable = g_cancellable_new ();
  if (outer != NULL)
    {
      exchange->outer = g_object_ref (outer);
      exchange->outer_id = g_cancellable_connect (outer,
                                                  G_CALLBACK (on_outer_cancelled_cb),
                                                  g_object_ref (exchange->cancellable),
                                                  g_object_unref);
    }
  exchange->clock =
      g_timeout_source_new_seconds (exchange->request->path != NULL ? PACE_S : ANSWER_S);
  /* The source must not keep the task: it would live as long as the clock. */
  g_source_set_callback (exchange->clock, on_clock_cb, task, NULL);
  g_source_attach (exchange->clock, g_task_get_context (task));
}

static void
on_body_written_cb (SoupMessage *message, guint size, gpointer user_data)
{
  Exchange *exchange = user_data;

  g_atomic_pointer_add (&exchange->sent, size);
}

static gboolean
on_progress_due_cb (gpointer user_data)
{
  Exchange *exchange = g_task_get_task_data (user_data);
  gsize sent = (gsize) g_atomic_pointer_get (&exchange->sent);

  if (sent != exchange->told)
    exchange->request->progress ((goffset) sent, exchange->request->progress_data);
  exchange->told = sent;
  return G_SOURCE_CONTINUE;
}

static gboolean
set_body (Exchange *exchange, GError **error)
{
  PfaSupportRequest *request = exchange->request;
  g_autoptr (GInputStream) stream = NULL;

  if (request->path == NULL)
    {
      if (request->body != NULL)
        soup_message_set_request_body_from_bytes (exchange->message,
                                                  request->content_type,
                                                  request->body);
      return TRUE;
    }
  stream = pfa_file_slice_open (request->path, request->offset, request->length, error);
  if (stream == NULL)
    return FALSE;
  soup_message_set_request_body (exchange->message,
                                 request->content_type,
                                 stream,
                                 (gssize) request->length);
  g_signal_connect (exchange->message,
                    "wrote-body-data",
                    G_CALLBACK (on_body_written_cb),
                    exchange);
  return TRUE;
}

static void
copy_header (const char *name, const char *value, gpointer user_data)
{
  soup_message_headers_replace (user_data, name, value);
}

static gboolean
build_message (Exchange *exchange, GError **error)
{
  PfaSupportRequest *request = exchange->request;

  if (!pfa_support_check_url (request->url, error))
    return FALSE;
  if (exchange->message != NULL)
    g_signal_handlers_disconnect_by_data (exchange->message, exchange);
  g_clear_object (&exchange->message);
  exchange->sent = exchange->told = exchange->paced = 0;
  exchange->message = soup_message_new (request->method, request->url);
  if (exchange->message == NULL)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "“%s” is no address", request->url);
      return FALSE;
    }
  soup_message_add_flags (exchange->message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (exchange->message,
                    "got-informational",
                    G_CALLBACK (on_informational_cb),
                    exchange);
  /* A part of a file says where it belongs, so it may go over a connection that has been used; else
   * each would begin with a handshake and a slow start. */
  if (request->path != NULL)
    soup_message_add_flags (exchange->message, SOUP_MESSAGE_IDEMPOTENT);
  soup_message_headers_foreach (request->headers,
                                copy_header,
                                soup_message_get_request_headers (exchange->message));
  return set_body (exchange, error);
}

static gboolean
is_redirect (guint status)
{
  return status == 301 || status == 302 || status == 307 || status == 308;
}

static void
finish_exchange (GTask *task, Exchange *exchange)
{
  PfaSupportReply *reply = g_new0 (PfaSupportReply, 1);

  g_signal_handlers_disconnect_by_data (exchange->message, exchange);
  reply->status = soup_message_get_status (exchange->message);
  reply->headers = soup_message_headers_ref (soup_message_get_response_headers (exchange->message));
  reply->text = g_string_free (g_steal_pointer (&exchange->text), FALSE);
  reply->url = g_strdup (exchange->request->url);
  g_task_return_pointer (task, reply, (GDestroyNotify) pfa_support_reply_free);
}

static void on_answer_read_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
read_on (GTask *task, Exchange *exchange)
{
  g_input_stream_read_bytes_async (exchange->stream,
                                   READ_BYTES,
                                   G_PRIORITY_DEFAULT,
                                   exchange->cancellable,
                                   on_answer_read_cb,
                                   g_object_ref (task));
}

static void
on_answer_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    {
      return_error (task, g_steal_pointer (&error));
      return;
    }
  g_string_append_len (exchange->text,
                       g_bytes_get_data (bytes, NULL),
                       (gssize) g_bytes_get_size (bytes));
  if (g_bytes_get_size (bytes) == 0)
    finish_exchange (task, exchange);
  else if (exchange->text->len > exchange->request->max_answer)
    g_task_return_new_error (task,
                             PFA_ERROR,
                             PFA_ERROR_INVALID_DATA,
                             "the server's answer does not end");
  else
    read_on (task, exchange);
}

static gboolean
read_answer (GInputStream *stream, Exchange *exchange, GCancellable *cancellable, GError **error)
{
  GString *text = exchange->text;
  char block[READ_BYTES];
  gssize count;

  while ((count = g_input_stream_read (stream, block, sizeof block, cancellable, error)) > 0)
    {
      g_string_append_len (text, block, count);
      if (text->len > exchange->request->max_answer)
        {
          g_set_error_literal (error,
                               PFA_ERROR,
                               PFA_ERROR_INVALID_DATA,
                               "the server's answer does not end");
          return FALSE;
        }
    }
  return count == 0;
}

/* Until this is over, the thread alone touches the exchange, but for the count of what was sent. */
static void
send_file_in_thread (GTask *sending, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Exchange *exchange = task_data;
  const PfaSupportRequest *request = exchange->request;
  g_autoptr (GInputStream) stream = NULL;
  g_autofree char *checksum = NULL;
  GError *error = NULL;

  if (request->checksum_header != NULL)
    checksum = pfa_file_slice_dup_checksum (request->path, request->offset, request->length);
  if (checksum != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (exchange->message),
                                  request->checksum_header,
                                  checksum);
  stream = soup_session_send (exchange->session, exchange->message, cancellable, &error);
  if (stream != NULL && read_answer (stream, exchange, cancellable, &error))
    g_task_return_boolean (sending, TRUE);
  else
    g_task_return_error (sending, error);
}

static void follow (GTask *task, Exchange *exchange);

static void
on_file_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;

  stop_watch (exchange);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    return_error (task, error);
  else if (is_redirect (soup_message_get_status (exchange->message)))
    follow (task, exchange);
  else
    finish_exchange (task, exchange);
}

static void
begin_file (GTask *task, Exchange *exchange)
{
  g_autoptr (GTask) sending =
      g_task_new (NULL, exchange->cancellable, on_file_sent_cb, g_object_ref (task));

  g_string_truncate (exchange->text, 0);
  if (exchange->request->progress != NULL)
    {
      exchange->watch = g_timeout_source_new (PROGRESS_MS);
      g_task_attach_source (task, exchange->watch, on_progress_due_cb);
    }
  g_task_set_task_data (sending, exchange, NULL);
  g_task_run_in_thread (sending, send_file_in_thread);
}

static void on_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
begin_exchange (GTask *task, Exchange *exchange)
{
  GError *error = NULL;

  if (!build_message (exchange, &error))
    return_error (task, error);
  else if (exchange->request->path != NULL)
    begin_file (task, exchange);
  else
    soup_session_send_async (exchange->session,
                             exchange->message,
                             G_PRIORITY_DEFAULT,
                             exchange->cancellable,
                             on_answered_cb,
                             g_object_ref (task));
}

static void
follow (GTask *task, Exchange *exchange)
{
  GError *error = NULL;
  const char *location =
      soup_message_headers_get_one (soup_message_get_response_headers (exchange->message),
                                    "Location");
  g_autofree char *url = NULL;

  if (exchange->redirects++ < MAX_REDIRECTS)
    url = pfa_support_resolve_url (exchange->request->url, location, &error);
  else
    error = g_error_new_literal (PFA_ERROR,
                                 PFA_ERROR_UNTRUSTED,
                                 "the server sends us round in circles");
  if (url == NULL)
    {
      return_error (task, error);
      return;
    }
  g_free (exchange->request->url);
  exchange->request->url = g_steal_pointer (&url);
  begin_exchange (task, exchange);
}

static void
on_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  GInputStream *stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    {
      return_error (task, g_steal_pointer (&error));
      return;
    }
  g_clear_object (&exchange->stream);
  exchange->stream = stream;
  if (is_redirect (soup_message_get_status (exchange->message)))
    {
      follow (task, exchange);
      return;
    }
  read_on (task, exchange);
}

void
pfa_support_request_send_async (PfaSupportRequest *request,
                                SoupSession *session,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->request = request;
  exchange->session = g_object_ref (session);
  exchange->text = g_string_new (NULL);
  g_task_set_source_tag (task, pfa_support_request_send_async);
  g_task_set_task_data (task, exchange, exchange_free);
  start_clock (task, exchange);
  begin_exchange (task, exchange);
}

PfaSupportReply *
pfa_support_request_send_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
