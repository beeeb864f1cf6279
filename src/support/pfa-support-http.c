/* pfa-support-http.c - one question to a provider's server, and its answer
 *
 * Small questions are asked asynchronously. A file goes from a thread of GTask's: libsoup hands a
 * body on in pieces of 8 KiB, which costs little in a blocking call and two turns of the main loop
 * each in an asynchronous one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-support-http.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-file-slice.h"
#include "pfa-json.h"

#define MAX_REDIRECTS 3
#define READ_BYTES    16384
#define PROGRESS_MS   50
#define USER_AGENT    "pos-first-aid/" PACKAGE_VERSION

struct _PfaSupportRequest
{
  char *method;
  char *url;
  SoupMessageHeaders *headers;
  char *content_type;
  GBytes *body; /* or the file below, or neither */
  char *path;
  goffset offset;
  goffset length;
  char *checksum_header;
  PfaSupportProgressFunc progress;
  gpointer progress_data;
};

/* One exchange under way. */
typedef struct
{
  PfaSupportRequest *request;
  SoupSession *session;
  SoupMessage *message;
  GInputStream *stream;
  GString *text;
  GSource *watch; /* tells of the progress while the thread sends */
  gsize sent;     /* atomic: the thread counts, the watch reads */
  gsize told;
  guint redirects;
} Exchange;

PfaSupportRequest *
pfa_support_request_new (const char *method, const char *url)
{
  PfaSupportRequest *self = g_new0 (PfaSupportRequest, 1);

  self->method = g_strdup (method);
  self->url = g_strdup (url);
  self->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  return self;
}

void
pfa_support_request_free (PfaSupportRequest *self)
{
  g_free (self->method);
  g_free (self->url);
  soup_message_headers_unref (self->headers);
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->path);
  g_free (self->checksum_header);
  g_free (self);
}

void
pfa_support_request_set_header (PfaSupportRequest *self, const char *name, const char *value)
{
  soup_message_headers_replace (self->headers, name, value);
}

void
pfa_support_request_set_number (PfaSupportRequest *self, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  pfa_support_request_set_header (self, name, text);
}

void
pfa_support_request_set_json (PfaSupportRequest *self, JsonObject *object)
{
  char *text = pfa_json_write_object (object, FALSE);

  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_new_take (text, strlen (text));
  g_free (self->content_type);
  self->content_type = g_strdup ("application/json");
}

void
pfa_support_request_set_file (PfaSupportRequest *self,
                              const char *content_type,
                              const char *path,
                              goffset offset,
                              goffset length,
                              PfaSupportProgressFunc progress,
                              gpointer user_data)
{
  g_free (self->content_type);
  self->content_type = g_strdup (content_type);
  g_free (self->path);
  self->path = g_strdup (path);
  self->offset = offset;
  self->length = length;
  self->progress = progress;
  self->progress_data = user_data;
}

void
pfa_support_request_set_checksum_header (PfaSupportRequest *self, const char *name)
{
  g_free (self->checksum_header);
  self->checksum_header = g_strdup (name);
}

void
pfa_support_reply_free (PfaSupportReply *self)
{
  soup_message_headers_unref (self->headers);
  g_free (self->text);
  g_free (self->url);
  g_free (self);
}

const char *
pfa_support_reply_get_header (const PfaSupportReply *self, const char *name)
{
  return soup_message_headers_get_one (self->headers, name);
}

static gint64
parse_number (const char *text)
{
  guint64 number;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    return -1;
  return (gint64) number;
}

gint64
pfa_support_reply_get_number (const PfaSupportReply *self, const char *name)
{
  return parse_number (pfa_support_reply_get_header (self, name));
}

gint64
pfa_support_reply_get_retry_after (const PfaSupportReply *self)
{
  const char *text = pfa_support_reply_get_header (self, "Retry-After");
  const char *date = pfa_support_reply_get_header (self, "Date");
  g_autoptr (GDateTime) then = NULL;
  g_autoptr (GDateTime) now = NULL;

  if (text == NULL || parse_number (text) >= 0)
    return parse_number (text);
  then = soup_date_time_new_from_http_string (text);
  /* The server's own clock: this computer's may be wrong, which is a fault we know well. */
  now = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;
  if (now == NULL)
    now = g_date_time_new_now_utc ();
  return then != NULL ? MAX (g_date_time_to_unix (then) - g_date_time_to_unix (now), 0) : -1;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return address != NULL ? g_inet_address_get_is_loopback (address)
                         : g_ascii_strcasecmp (host, "localhost") == 0;
}

gboolean
pfa_support_check_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' ||
      !(g_str_equal (scheme, "https") || g_str_equal (scheme, "http")))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "“%s” is not an https address",
                   url != NULL ? url : "");
      return FALSE;
    }
  if (g_str_equal (scheme, "http") && !is_loopback (host))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "“%s” would be sent unencrypted; only https is allowed",
                   url);
      return FALSE;
    }
  return TRUE;
}

char *
pfa_support_resolve_url (const char *base, const char *reference, GError **error)
{
  g_autoptr (GUri) base_uri = g_uri_parse (base, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GUri) uri = NULL;

  if (base_uri != NULL && reference != NULL)
    uri = g_uri_parse_relative (base_uri, reference, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL || g_strcmp0 (g_uri_get_scheme (uri), g_uri_get_scheme (base_uri)) != 0 ||
      g_strcmp0 (g_uri_get_host (uri), g_uri_get_host (base_uri)) != 0 ||
      g_uri_get_port (uri) != g_uri_get_port (base_uri))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_UNTRUSTED,
                   "the server sends us on to another one (%s)",
                   reference != NULL ? reference : "nowhere");
      return NULL;
    }
  return g_uri_to_string (uri);
}

SoupSession *
pfa_support_session_new (const char *trust, GError **error)
{
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) local = NULL;
  SoupSession *session;

  if (trust != NULL)
    {
      database = g_tls_file_database_new (trust, &local);
      if (database == NULL)
        {
          g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: %s", trust, local->message);
          return NULL;
        }
    }
  session = soup_session_new_with_options ("timeout",
                                           PFA_SUPPORT_IDLE_S,
                                           "idle-timeout",
                                           PFA_SUPPORT_IDLE_S,
                                           "user-agent",
                                           USER_AGENT,
                                           NULL);
  if (database != NULL)
    soup_session_set_tls_database (session, database);
  return session;
}

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
  g_task_return_error (task, adopt_transport_error (error));
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
  exchange->sent = exchange->told = 0;
  exchange->message = soup_message_new (request->method, request->url);
  if (exchange->message == NULL)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "“%s” is no address", request->url);
      return FALSE;
    }
  soup_message_add_flags (exchange->message, SOUP_MESSAGE_NO_REDIRECT);
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
                                   g_task_get_cancellable (task),
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
  else if (exchange->text->len > PFA_SUPPORT_MAX_ANSWER)
    g_task_return_new_error (task,
                             PFA_ERROR,
                             PFA_ERROR_INVALID_DATA,
                             "the server's answer does not end");
  else
    read_on (task, exchange);
}

static gboolean
read_answer (GInputStream *stream, GString *text, GCancellable *cancellable, GError **error)
{
  char block[READ_BYTES];
  gssize count;

  while ((count = g_input_stream_read (stream, block, sizeof block, cancellable, error)) > 0)
    {
      g_string_append_len (text, block, count);
      if (text->len > PFA_SUPPORT_MAX_ANSWER)
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
  if (stream != NULL && read_answer (stream, exchange->text, cancellable, &error))
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
      g_task_new (NULL, g_task_get_cancellable (task), on_file_sent_cb, g_object_ref (task));

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
                             g_task_get_cancellable (task),
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
  begin_exchange (task, exchange);
}

PfaSupportReply *
pfa_support_request_send_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
