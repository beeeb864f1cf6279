/* pfa-web-probe.c - one HTTP request to one address, and how far it came
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-web-probe.h"

#include <libsoup/soup.h>

#include "pfa-known-address.h"

#define READ_BYTES 16384
#define SECOND_US  G_USEC_PER_SEC
/* TCP begins slowly and doubles its speed with each round trip. */
#define SETTLING_US   (SECOND_US / 2)
#define SETTLED_US    (SECOND_US / 2)
#define SETTLED_BYTES 256000

typedef struct
{
  gsize bytes;
  gint64 at_us; /* 0: not yet */
} Mark;

typedef struct
{
  SoupSession *session;
  SoupMessage *message;
  GInputStream *stream;
  GByteArray *body;
  GCancellable *cancellable; /* of this request alone */
  GCancellable *outer_cancellable;
  gulong outer;
  guint timeout;
  guint connect_timeout;
  gboolean timed_out;
  gint64 started_us;
  gint64 ready_us; /* the connection stood; 0: not yet */
  gsize measure_bytes;
  Mark first;   /* the first piece of a body that is measured */
  Mark settled; /* the first one after SETTLING_US */
  Mark last;
  PfaWebResult *result;
} Request;

void
pfa_web_result_free (PfaWebResult *self)
{
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_object (&self->certificate);
  g_free (self->location);
  g_free (self->retry_after);
  g_free (self);
}

static void
request_free (Request *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_handle_id (&self->connect_timeout, g_source_remove);
  if (self->outer != 0)
    g_cancellable_disconnect (self->outer_cancellable, self->outer);
  g_clear_object (&self->outer_cancellable);
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_byte_array_unref (self->body);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->result, pfa_web_result_free);
  g_free (self);
}

static void
on_network_event_cb (SoupMessage *message,
                     GSocketClientEvent event,
                     GIOStream *connection,
                     gpointer user_data)
{
  Request *self = user_data;

  if (event == G_SOCKET_CLIENT_CONNECTED)
    {
      self->result->connected = TRUE;
      self->ready_us = g_get_monotonic_time ();
      g_clear_handle_id (&self->connect_timeout, g_source_remove);
    }
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED)
    self->result->secure = TRUE;
}

static gboolean
on_certificate_shown_cb (SoupMessage *message,
                         GTlsCertificate *certificate,
                         GTlsCertificateFlags flags,
                         gpointer user_data)
{
  Request *self = user_data;

  self->result->flags = flags;
  g_set_object (&self->result->certificate, certificate);
  return FALSE;
}

static PfaWebOutcome
classify (Request *self, const PfaWebResult *result, const GError *error)
{
  gboolean https =
      g_strcmp0 (g_uri_get_scheme (soup_message_get_uri (self->message)), "https") == 0;

  if (error == NULL)
    return PFA_WEB_ANSWERED;
  if (!result->connected)
    return PFA_WEB_NO_CONNECTION;
  if (result->flags != 0)
    return PFA_WEB_BAD_TLS;
  if (self->timed_out)
    return PFA_WEB_SILENT;
  if (https && !result->secure)
    return PFA_WEB_BAD_TLS;
  return PFA_WEB_BROKEN;
}

static PfaWebFlow
measure_flow (const Request *self)
{
  const Mark *from = &self->first;

  if (self->settled.at_us != 0 && self->last.at_us - self->settled.at_us >= SETTLED_US &&
      self->last.bytes - self->settled.bytes >= SETTLED_BYTES)
    from = &self->settled;
  return (PfaWebFlow){ .bytes = self->last.bytes - from->bytes,
                       .span_us = (guint) (self->last.at_us - from->at_us) };
}

static void
finish (GTask *task, const GError *error)
{
  Request *self = g_task_get_task_data (task);
  PfaWebResult *result;
  gint64 now = g_get_monotonic_time ();

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_handle_id (&self->connect_timeout, g_source_remove);
  if (g_task_return_error_if_cancelled (task))
    return;
  result = g_steal_pointer (&self->result);
  self->result = g_new0 (PfaWebResult, 1);
  result->elapsed_us = (guint) (now - self->started_us);
  result->answer_us = self->ready_us != 0 ? (guint) (now - self->ready_us) : 0;
  result->received = self->last.bytes;
  result->flow = measure_flow (self);
  if (error != NULL)
    g_debug ("web: %s", error->message);
  result->outcome = classify (self, result, error);
  if (result->certificate == NULL)
    g_set_object (&result->certificate, soup_message_get_tls_peer_certificate (self->message));
  result->version = soup_message_get_tls_protocol_version (self->message);
  if (result->outcome == PFA_WEB_ANSWERED)
    result->body = g_bytes_new (self->body->data, self->body->len);
  g_task_return_pointer (task, result, (GDestroyNotify) pfa_web_result_free);
}

static void
read_headers (Request *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  const char *date = soup_message_headers_get_one (headers, "Date");
  g_autoptr (GDateTime) when = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;

  self->result->status = soup_message_get_status (self->message);
  self->result->location = g_strdup (soup_message_headers_get_one (headers, "Location"));
  self->result->retry_after = g_strdup (soup_message_headers_get_one (headers, "Retry-After"));
  if (when != NULL)
    self->result->date_s = g_date_time_to_unix (when);
  self->result->asked_s = g_get_real_time () / SECOND_US;
}

static void
count (Request *self, gsize bytes)
{
  self->last.bytes += bytes;
  self->last.at_us = g_get_monotonic_time ();
  if (self->first.at_us == 0)
    self->first = self->last;
  if (self->settled.at_us == 0 && self->last.at_us - self->first.at_us >= SETTLING_US)
    self->settled = self->last;
}

/* TRUE: nothing more is wanted. */
static gboolean
take_part (Request *self, GBytes *part)
{
  const gsize size = g_bytes_get_size (part);

  if (size == 0)
    return TRUE;
  if (self->measure_bytes != 0)
    {
      count (self, size);
      return self->last.bytes >= self->measure_bytes;
    }
  g_byte_array_append (self->body, g_bytes_get_data (part, NULL), (guint) size);
  return self->body->len >= PFA_WEB_MAX_BYTES;
}

static void on_read_cb (GObject *source, GAsyncResult *async_result, gpointer user_data);

static void
read_on (GTask *task)
{
  Request *self = g_task_get_task_data (task);
  gsize wanted = READ_BYTES;

  if (self->measure_bytes != 0)
    wanted = MIN (wanted, self->measure_bytes - self->last.bytes);
  g_input_stream_read_bytes_async (self->stream,
                                   wanted,
                                   G_PRIORITY_DEFAULT,
                                   self->cancellable,
                                   on_read_cb,
                                   task);
}

static void
on_read_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Request *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) part =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), async_result, &error);

  if (part == NULL)
    {
      finish (task, error);
      return;
    }
  if (take_part (self, part))
    {
      finish (task, NULL);
      return;
    }
  read_on (g_steal_pointer (&task));
}

static void
on_sent_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Request *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), async_result, &error);
  if (self->stream == NULL)
    {
      finish (task, error);
      return;
    }
  read_headers (self);
  read_on (g_steal_pointer (&task));
}

static gboolean
on_timeout_cb (gpointer user_data)
{
  Request *self = user_data;

  self->timeout = 0;
  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
on_connect_timeout_cb (gpointer user_data)
{
  Request *self = user_data;

  self->connect_timeout = 0;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
on_outer_cancelled_cb (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static SoupSession *
build_session (const PfaWebPlan *plan, GUri *uri)
{
  g_autoptr (GSocketConnectable) remote = NULL;
  g_autoptr (GProxyResolver) proxies = NULL;
  SoupSession *session;
  int port = g_uri_get_port (uri);

  if (port <= 0)
    port = g_strcmp0 (g_uri_get_scheme (uri), "https") == 0 ? 443 : 80;
  if (plan->proxy != NULL)
    proxies = g_simple_proxy_resolver_new (plan->proxy, NULL);
  else if (plan->address != NULL)
    remote = pfa_known_address_new (g_uri_get_host (uri), plan->address, (guint16) port);
  session = soup_session_new_with_options ("remote-connectable",
                                           remote,
                                           "user-agent",
                                           "pos-first-aid",
                                           "max-conns",
                                           1,
                                           NULL);
  soup_session_set_proxy_resolver (session, proxies);
  if (plan->database != NULL)
    soup_session_set_tls_database (session, plan->database);
  return session;
}

/* The server is to send no more than is counted, and what is counted is what the line carries. */
static void
prepare_measuring (Request *self, gsize bytes)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (self->message);

  self->measure_bytes = bytes;
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  soup_message_headers_set_range (headers, 0, (goffset) bytes - 1);
}

void
pfa_web_probe_async (const PfaWebPlan *plan,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) uri = g_uri_parse (plan->url, SOUP_HTTP_URI_FLAGS, &error);
  Request *self = g_new0 (Request, 1);

  g_task_set_source_tag (task, pfa_web_probe_async);
  g_task_set_task_data (task, self, (GDestroyNotify) request_free);
  self->result = g_new0 (PfaWebResult, 1);
  self->body = g_byte_array_new ();
  self->cancellable = g_cancellable_new ();
  if (uri == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  self->session = build_session (plan, uri);
  self->message = soup_message_new_from_uri ("GET", uri);
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_NEW_CONNECTION);
  if (plan->measure_bytes != 0)
    prepare_measuring (self, plan->measure_bytes);
  g_signal_connect (self->message, "network-event", G_CALLBACK (on_network_event_cb), self);
  g_signal_connect (self->message,
                    "accept-certificate",
                    G_CALLBACK (on_certificate_shown_cb),
                    self);
  if (cancellable != NULL)
    {
      self->outer_cancellable = g_object_ref (cancellable);
      self->outer = g_cancellable_connect (cancellable,
                                           G_CALLBACK (on_outer_cancelled_cb),
                                           g_object_ref (self->cancellable),
                                           g_object_unref);
    }
  self->started_us = g_get_monotonic_time ();
  self->timeout = g_timeout_add (plan->timeout_ms, on_timeout_cb, self);
  if (plan->connect_timeout_ms > 0)
    self->connect_timeout = g_timeout_add (plan->connect_timeout_ms, on_connect_timeout_cb, self);
  soup_session_send_async (self->session,
                           self->message,
                           G_PRIORITY_DEFAULT,
                           self->cancellable,
                           on_sent_cb,
                           g_steal_pointer (&task));
}

PfaWebResult *
pfa_web_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
