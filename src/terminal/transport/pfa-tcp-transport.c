/* pfa-tcp-transport.c - a terminal on the network
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-tcp-transport.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "pfa-deadline.h"
#include "pfa-error.h"
#include "pfa-stream-exchange.h"

struct _PfaTcpTransport
{
  GObject parent_instance;

  char *host;
  guint16 port;
  GSocketConnection *connection;
  gboolean busy;
};

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  PfaTcpTransport *self = g_task_get_source_object (task);
  PfaDeadline *deadline = g_task_get_task_data (task);

  self->connection =
      g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);
  if (self->connection != NULL)
    {
      /* Messages of a few bytes, each answered: waiting to fill a packet only costs time. */
      g_socket_set_option (g_socket_connection_get_socket (self->connection),
                           IPPROTO_TCP,
                           TCP_NODELAY,
                           1,
                           NULL);
      g_task_return_boolean (task, TRUE);
      return;
    }
  error = pfa_deadline_explain (deadline, g_steal_pointer (&error));
  if (g_error_matches (error, PFA_ERROR, PFA_ERROR_TIMED_OUT))
    error->code = PFA_ERROR_UNREACHABLE;
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
tcp_open_async (PfaTransport *transport,
                guint timeout_ms,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  PfaTcpTransport *self = PFA_TCP_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  PfaDeadline *deadline = pfa_deadline_new (timeout_ms, cancellable);

  g_task_set_source_tag (task, tcp_open_async);
  g_task_set_task_data (task, deadline, (GDestroyNotify) pfa_deadline_free);
  /* A terminal stands in the same shop: no proxy may come between. */
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_to_host_async (client,
                                         self->host,
                                         self->port,
                                         pfa_deadline_get_cancellable (deadline),
                                         on_connected_cb,
                                         g_steal_pointer (&task));
}

static gboolean
tcp_open_finish (PfaTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
tcp_exchange_async (PfaTransport *transport,
                    GBytes *request,
                    guint timeout_ms,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  PfaTcpTransport *self = PFA_TCP_TRANSPORT (transport);

  if (self->connection == NULL || self->busy)
    {
      g_task_report_new_error (self,
                               callback,
                               user_data,
                               tcp_exchange_async,
                               PFA_ERROR,
                               self->busy ? PFA_ERROR_BUSY : PFA_ERROR_UNREACHABLE,
                               self->busy ? "an exchange is under way" : "not connected");
      return;
    }
  self->busy = TRUE;
  pfa_stream_exchange_async (G_OBJECT (self),
                             g_io_stream_get_input_stream (G_IO_STREAM (self->connection)),
                             g_io_stream_get_output_stream (G_IO_STREAM (self->connection)),
                             request,
                             timeout_ms,
                             cancellable,
                             callback,
                             user_data);
}

static GBytes *
tcp_exchange_finish (PfaTransport *transport, GAsyncResult *result, GError **error)
{
  if (!g_async_result_is_tagged (result, tcp_exchange_async))
    PFA_TCP_TRANSPORT (transport)->busy = FALSE;
  return pfa_stream_exchange_finish (result, error);
}

static void
tcp_close (PfaTransport *transport)
{
  PfaTcpTransport *self = PFA_TCP_TRANSPORT (transport);

  if (self->connection != NULL)
    g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_clear_object (&self->connection);
}

static void
transport_iface_init (PfaTransportInterface *iface)
{
  iface->open_async = tcp_open_async;
  iface->open_finish = tcp_open_finish;
  iface->exchange_async = tcp_exchange_async;
  iface->exchange_finish = tcp_exchange_finish;
  iface->close = tcp_close;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaTcpTransport,
                               pfa_tcp_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PFA_TYPE_TRANSPORT, transport_iface_init))

PfaTransport *
pfa_tcp_transport_new (const char *host, guint16 port)
{
  PfaTcpTransport *self = g_object_new (PFA_TYPE_TCP_TRANSPORT, NULL);

  self->host = g_strdup (host);
  self->port = port;
  return PFA_TRANSPORT (self);
}

static void
pfa_tcp_transport_dispose (GObject *object)
{
  tcp_close (PFA_TRANSPORT (object));

  G_OBJECT_CLASS (pfa_tcp_transport_parent_class)->dispose (object);
}

static void
pfa_tcp_transport_finalize (GObject *object)
{
  g_free (PFA_TCP_TRANSPORT (object)->host);

  G_OBJECT_CLASS (pfa_tcp_transport_parent_class)->finalize (object);
}

static void
pfa_tcp_transport_class_init (PfaTcpTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pfa_tcp_transport_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_tcp_transport_finalize;
}

static void
pfa_tcp_transport_init (PfaTcpTransport *self)
{
}
