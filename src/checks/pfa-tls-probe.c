/* pfa-tls-probe.c - one TLS handshake on an open connection, and what the other side showed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-tls-probe.h"

#include <unistd.h>

/* An alert is a record of five bytes and two more; the end of the stream counts as one. */
#define ALERT_BYTES 8

typedef struct
{
  GSocketConnection *plain;
  GTlsClientConnection *secure;
  GCancellable *cancellable; /* of this handshake alone */
  gulong outer;
  GCancellable *outer_cancellable;
  guint timeout;
  gint64 started_us;
  GTlsCertificate *certificate;
  GTlsCertificateFlags flags;
} Handshake;

static void
handshake_free (Handshake *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  if (self->outer != 0)
    g_cancellable_disconnect (self->outer_cancellable, self->outer);
  g_clear_object (&self->outer_cancellable);
  g_clear_object (&self->secure);
  g_clear_object (&self->plain);
  g_clear_object (&self->certificate);
  g_clear_object (&self->cancellable);
  g_free (self);
}

void
pfa_tls_result_free (PfaTlsResult *self)
{
  g_clear_object (&self->certificate);
  g_free (self);
}

static gboolean
on_certificate_shown_cb (GTlsConnection *connection,
                         GTlsCertificate *certificate,
                         GTlsCertificateFlags flags,
                         gpointer user_data)
{
  Handshake *self = user_data;

  self->flags = flags;
  return FALSE;
}

static gboolean
on_timeout_cb (gpointer user_data)
{
  Handshake *self = user_data;

  self->timeout = 0;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static PfaTlsOutcome
classify (Handshake *self, const GError *error, const PfaTcpFacts *facts)
{
  if (error == NULL)
    return PFA_TLS_GOOD;
  if (self->flags != 0 || g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return PFA_TLS_BAD_CERTIFICATE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return PFA_TLS_SILENT;
  if (facts->bytes_received == 0)
    return PFA_TLS_RESET;
  return facts->bytes_received <= ALERT_BYTES ? PFA_TLS_ALERT : PFA_TLS_NOT_TLS;
}

static void
on_handshake_done_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Handshake *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  PfaTlsResult *result;

  g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), async_result, &error);
  if (g_task_return_error_if_cancelled (task))
    return;
  result = g_new0 (PfaTlsResult, 1);
  result->elapsed_us = (guint) (g_get_monotonic_time () - self->started_us);
  pfa_packet_socket_read_tcp_facts (g_socket_get_fd (g_socket_connection_get_socket (self->plain)),
                                    &result->tcp);
  result->certificate = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (source));
  if (result->certificate != NULL)
    g_object_ref (result->certificate);
  result->flags = self->flags;
  result->outcome = classify (self, error, &result->tcp);
  if (error != NULL)
    g_debug ("handshake: %s", error->message);
  else
    result->version = g_tls_connection_get_protocol_version (G_TLS_CONNECTION (source));
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_task_return_pointer (task, result, (GDestroyNotify) pfa_tls_result_free);
}

static void
on_outer_cancelled_cb (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

void
pfa_tls_probe_async (int fd,
                     const char *host,
                     GTlsDatabase *database,
                     guint timeout_ms,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GSocketConnectable) identity = g_network_address_new (host, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);
  Handshake *self = g_new0 (Handshake, 1);

  g_task_set_source_tag (task, pfa_tls_probe_async);
  g_task_set_task_data (task, self, (GDestroyNotify) handshake_free);
  self->cancellable = g_cancellable_new ();
  if (socket == NULL)
    {
      close (fd);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  self->plain = g_socket_connection_factory_create_connection (socket);
  self->secure = G_TLS_CLIENT_CONNECTION (
      g_tls_client_connection_new (G_IO_STREAM (self->plain), identity, &error));
  if (self->secure == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (database != NULL)
    g_tls_connection_set_database (G_TLS_CONNECTION (self->secure), database);
  g_signal_connect (self->secure, "accept-certificate", G_CALLBACK (on_certificate_shown_cb), self);
  if (cancellable != NULL)
    {
      self->outer_cancellable = g_object_ref (cancellable);
      self->outer = g_cancellable_connect (cancellable,
                                           G_CALLBACK (on_outer_cancelled_cb),
                                           g_object_ref (self->cancellable),
                                           g_object_unref);
    }
  self->started_us = g_get_monotonic_time ();
  self->timeout = g_timeout_add (timeout_ms, on_timeout_cb, self);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (self->secure),
                                    G_PRIORITY_DEFAULT,
                                    self->cancellable,
                                    on_handshake_done_cb,
                                    g_steal_pointer (&task));
}

PfaTlsResult *
pfa_tls_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
