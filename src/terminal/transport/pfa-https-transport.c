/* pfa-https-transport.c - a terminal that answers to HTTPS, with a certificate of its maker's own
 * root
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-https-transport.h"

#include <libsoup/soup.h>
#include <string.h>

#include "pfa-deadline.h"
#include "pfa-error.h"

#define PATH       "/nexo"
#define READ_CHUNK 65536
/* Where the certificate's maker gives no other: Adyen's terminals, live and test. */
#define DEFAULT_PATTERN "*.terminal.adyen.com"

struct _PfaHttpsTransport
{
  GObject parent_instance;

  char *url;
  char *root;
  char *name_pattern;
  SoupSession *session; /* NULL: not open */
  gboolean busy;
};

typedef struct
{
  SoupMessage *message;
  PfaDeadline *deadline;
  GInputStream *stream;
  GByteArray *body;
  gboolean connected;
  gboolean wrong_name;
} Exchange;

static void
exchange_free (gpointer data)
{
  Exchange *self = data;

  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  pfa_deadline_free (self->deadline);
  g_byte_array_unref (self->body);
  g_free (self);
}

/* "*" at the start stands for one or more labels: Adyen puts "test" or "live" and the terminal's
 * own name before the domain. */
gboolean
pfa_https_name_fits (const char *name, const char *pattern)
{
  gsize name_length = strlen (name);
  gsize suffix_length;

  if (pattern[0] != '*')
    return g_ascii_strcasecmp (name, pattern) == 0;
  suffix_length = strlen (pattern + 1);
  if (pattern[1] != '.' || strchr (pattern + 1, '*') != NULL || name_length <= suffix_length ||
      name[0] == '.' || name[0] == '*')
    return FALSE;
  return g_ascii_strcasecmp (name + name_length - suffix_length, pattern + 1) == 0;
}

/* "CN=V400m-1.test.terminal.adyen.com,O=…" of the subject. */
static char *
dup_common_name (GTlsCertificate *certificate)
{
  g_autofree char *subject = g_tls_certificate_get_subject_name (certificate);
  g_auto (GStrv) parts = subject != NULL ? g_strsplit (subject, ",", -1) : NULL;

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    {
      const char *part = g_strstrip (parts[i]);

      if (g_ascii_strncasecmp (part, "CN=", 3) == 0)
        return g_strdup (part + 3);
    }
  return NULL;
}

static gboolean
certificate_fits (PfaHttpsTransport *self, GTlsCertificate *certificate)
{
  g_autoptr (GPtrArray) names = g_tls_certificate_get_dns_names (certificate);
  g_autofree char *common = dup_common_name (certificate);
  const char *pattern = self->name_pattern != NULL ? self->name_pattern : DEFAULT_PATTERN;

  if (common != NULL && pfa_https_name_fits (common, pattern))
    return TRUE;
  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      gsize length;
      const char *data = g_bytes_get_data (names->pdata[i], &length);
      g_autofree char *name = g_strndup (data, length);

      if (pfa_https_name_fits (name, pattern))
        return TRUE;
    }
  return FALSE;
}

/* Asked only when the chain or the name is not in order. The name is what a pattern can mend;
 * everything else stays a refusal. */
static gboolean
on_accept_certificate_cb (SoupMessage *message,
                          GTlsCertificate *certificate,
                          GTlsCertificateFlags errors,
                          gpointer user_data)
{
  PfaHttpsTransport *self = g_task_get_source_object (user_data);

  return self->root != NULL && errors == G_TLS_CERTIFICATE_BAD_IDENTITY &&
         certificate_fits (self, certificate);
}

/* A certificate that fits the host's name is not asked about; the pattern holds for it as well. */
static void
on_network_event_cb (SoupMessage *message,
                     GSocketClientEvent event,
                     GIOStream *connection,
                     gpointer user_data)
{
  PfaHttpsTransport *self = g_task_get_source_object (user_data);
  Exchange *exchange = g_task_get_task_data (user_data);
  GTlsCertificate *certificate;

  if (event == G_SOCKET_CLIENT_CONNECTED)
    exchange->connected = TRUE;
  if (event != G_SOCKET_CLIENT_TLS_HANDSHAKED || self->root == NULL)
    return;
  certificate = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (connection));
  if (certificate != NULL && certificate_fits (self, certificate))
    return;
  exchange->wrong_name = TRUE;
  g_cancellable_cancel (pfa_deadline_get_cancellable (exchange->deadline));
}

static void
return_failure (GTask *task, GError *error)
{
  Exchange *self = g_task_get_task_data (task);

  if (self->wrong_name || error->domain == G_TLS_ERROR)
    {
      g_error_free (error);
      g_task_return_new_error (task,
                               PFA_ERROR,
                               PFA_ERROR_UNTRUSTED,
                               "the terminal's certificate could not be verified");
      return;
    }
  error = pfa_deadline_explain (self->deadline, error);
  if (g_error_matches (error, PFA_ERROR, PFA_ERROR_TIMED_OUT) && !self->connected)
    error->code = PFA_ERROR_UNREACHABLE;
  else if (error->domain == PFA_ERROR && error->code == PFA_ERROR_INTERNAL)
    error->code = PFA_ERROR_INVALID_DATA;
  g_task_return_error (task, error);
}

static void read_more (GTask *task);

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  Exchange *self = g_task_get_task_data (task);

  if (bytes == NULL)
    {
      return_failure (task, g_steal_pointer (&error));
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      g_task_return_pointer (task,
                             g_bytes_new (self->body->data, self->body->len),
                             (GDestroyNotify) g_bytes_unref);
      return;
    }
  if (self->body->len + g_bytes_get_size (bytes) > PFA_HTTPS_MAX_BODY)
    {
      g_task_return_new_error (task,
                               PFA_ERROR,
                               PFA_ERROR_INVALID_DATA,
                               "the answer is far too long");
      return;
    }
  g_byte_array_append (self->body,
                       g_bytes_get_data (bytes, NULL),
                       (guint) g_bytes_get_size (bytes));
  read_more (task);
}

static void
read_more (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (self->stream,
                                   READ_CHUNK,
                                   G_PRIORITY_DEFAULT,
                                   pfa_deadline_get_cancellable (self->deadline),
                                   on_read_cb,
                                   g_object_ref (task));
}

static PfaError
code_for_status (guint status)
{
  switch (status)
    {
    case SOUP_STATUS_UNAUTHORIZED:
    case SOUP_STATUS_FORBIDDEN:
      return PFA_ERROR_REFUSED;
    case SOUP_STATUS_NOT_FOUND:
    case SOUP_STATUS_METHOD_NOT_ALLOWED:
    case SOUP_STATUS_NOT_IMPLEMENTED:
      return PFA_ERROR_NOT_SUPPORTED;
    default:
      /* A redirection among them: a terminal has no reason to send us elsewhere. */
      return PFA_ERROR_INVALID_DATA;
    }
}

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  Exchange *self = g_task_get_task_data (task);
  guint status;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  g_signal_handlers_disconnect_by_data (self->message, task);
  if (self->stream == NULL)
    {
      return_failure (task, g_steal_pointer (&error));
      return;
    }
  status = soup_message_get_status (self->message);
  if (status != SOUP_STATUS_OK)
    g_task_return_new_error (task, PFA_ERROR, code_for_status (status), "HTTP status %u", status);
  else
    read_more (task);
}

static void
send_request (GTask *task, GBytes *request)
{
  PfaHttpsTransport *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);

  exchange->message = soup_message_new ("POST", self->url);
  soup_message_set_flags (exchange->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (exchange->message, "application/json", request);
  g_signal_connect (exchange->message,
                    "accept-certificate",
                    G_CALLBACK (on_accept_certificate_cb),
                    task);
  g_signal_connect (exchange->message, "network-event", G_CALLBACK (on_network_event_cb), task);
  soup_session_send_async (self->session,
                           exchange->message,
                           G_PRIORITY_DEFAULT,
                           pfa_deadline_get_cancellable (exchange->deadline),
                           on_sent_cb,
                           g_object_ref (task));
}

static void
https_exchange_async (PfaTransport *transport,
                      GBytes *request,
                      guint timeout_ms,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  PfaHttpsTransport *self = PFA_HTTPS_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Exchange *exchange;

  g_task_set_source_tag (task, https_exchange_async);
  if (self->session == NULL || self->busy || request == NULL)
    {
      g_task_return_new_error (task,
                               PFA_ERROR,
                               PFA_ERROR_BUSY,
                               "nothing to ask, or asking already");
      return;
    }
  self->busy = TRUE;
  exchange = g_new0 (Exchange, 1);
  exchange->deadline = pfa_deadline_new (timeout_ms, cancellable);
  exchange->body = g_byte_array_new ();
  g_task_set_task_data (task, exchange, exchange_free);
  send_request (task, request);
}

static GBytes *
https_exchange_finish (PfaTransport *transport, GAsyncResult *result, GError **error)
{
  if (g_task_get_task_data (G_TASK (result)) != NULL)
    PFA_HTTPS_TRANSPORT (transport)->busy = FALSE;
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
https_open_async (PfaTransport *transport,
                  guint timeout_ms,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  PfaHttpsTransport *self = PFA_HTTPS_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, https_open_async);
  if (self->root != NULL)
    {
      database = g_tls_file_database_new (self->root, &error);
      if (database == NULL)
        {
          g_task_return_new_error (task,
                                   PFA_ERROR,
                                   PFA_ERROR_UNTRUSTED,
                                   "root certificate: %s",
                                   error->message);
          return;
        }
    }
  self->session = soup_session_new ();
  /* A terminal stands in the same shop; what it packs is not unpacked, for that could be a bomb. */
  soup_session_set_proxy_resolver (self->session, NULL);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
  if (database != NULL)
    soup_session_set_tls_database (self->session, database);
  g_task_return_boolean (task, TRUE);
}

static gboolean
https_open_finish (PfaTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
https_close (PfaTransport *transport)
{
  PfaHttpsTransport *self = PFA_HTTPS_TRANSPORT (transport);

  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
}

static void
transport_iface_init (PfaTransportInterface *iface)
{
  iface->open_async = https_open_async;
  iface->open_finish = https_open_finish;
  iface->exchange_async = https_exchange_async;
  iface->exchange_finish = https_exchange_finish;
  iface->close = https_close;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaHttpsTransport,
                               pfa_https_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PFA_TYPE_TRANSPORT, transport_iface_init))

PfaTransport *
pfa_https_transport_new (const char *host, guint16 port, const char *root, const char *name_pattern)
{
  PfaHttpsTransport *self = g_object_new (PFA_TYPE_HTTPS_TRANSPORT, NULL);
  gboolean brackets = strchr (host, ':') != NULL;

  self->url = g_strdup_printf ("https://%s%s%s:%u" PATH,
                               brackets ? "[" : "",
                               host,
                               brackets ? "]" : "",
                               port);
  self->root = g_strdup (root);
  self->name_pattern = g_strdup (name_pattern);
  return PFA_TRANSPORT (self);
}

static void
pfa_https_transport_dispose (GObject *object)
{
  https_close (PFA_TRANSPORT (object));

  G_OBJECT_CLASS (pfa_https_transport_parent_class)->dispose (object);
}

static void
pfa_https_transport_finalize (GObject *object)
{
  PfaHttpsTransport *self = PFA_HTTPS_TRANSPORT (object);

  g_free (self->url);
  g_free (self->root);
  g_free (self->name_pattern);

  G_OBJECT_CLASS (pfa_https_transport_parent_class)->finalize (object);
}

static void
pfa_https_transport_class_init (PfaHttpsTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_https_transport_dispose;
  object_class->finalize = pfa_https_transport_finalize;
}

static void
pfa_https_transport_init (PfaHttpsTransport *self)
{
}
