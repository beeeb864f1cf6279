/* pfa-tcp-probe.c - opens one TCP connection and tells exactly what came of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-tcp-probe.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  GInetAddress *address;
  int fd;
  gint64 started_us;
  GSource *watch;
  GSource *timeout;
} Attempt;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
attempt_free (Attempt *self)
{
  clear_source (&self->watch);
  clear_source (&self->timeout);
  if (self->fd >= 0)
    close (self->fd);
  g_object_unref (self->address);
  g_free (self);
}

void
pfa_tcp_result_free (PfaTcpResult *self)
{
  if (self->fd >= 0)
    close (self->fd);
  pfa_socket_trouble_clear (&self->trouble);
  g_free (self);
}

int
pfa_tcp_result_steal_fd (PfaTcpResult *self)
{
  int fd = self->fd;

  self->fd = -1;
  return fd;
}

const char *
pfa_tcp_outcome_to_string (PfaTcpOutcome outcome)
{
  static const char *const words[] = { "open",     "refused", "rejected", "expired",
                                       "no-route", "denied",  "silent" };

  return words[outcome];
}

static PfaTcpOutcome
classify (int error, const PfaSocketTrouble *trouble, gboolean v6)
{
  if (error == 0)
    return PFA_TCP_OPEN;
  if (trouble->from_network &&
      trouble->icmp_type == (v6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED))
    return PFA_TCP_EXPIRED;
  if (trouble->from_network)
    return PFA_TCP_REJECTED;
  /* A firewall of this computer may also answer in the place of the other side. */
  if (error == EPERM || error == EACCES || trouble->error == EPERM)
    return PFA_TCP_DENIED;
  if (error == ECONNREFUSED || error == ECONNRESET)
    return PFA_TCP_REFUSED;
  return error == ETIMEDOUT ? PFA_TCP_SILENT : PFA_TCP_NO_ROUTE;
}

static void
finish (GTask *task, int error)
{
  Attempt *self = g_task_get_task_data (task);
  PfaTcpResult *result = g_new0 (PfaTcpResult, 1);
  gboolean v6 = g_inet_address_get_family (self->address) == G_SOCKET_FAMILY_IPV6;

  clear_source (&self->watch);
  clear_source (&self->timeout);
  result->elapsed_us = (guint) (g_get_monotonic_time () - self->started_us);
  result->fd = -1;
  if (error != 0 && self->fd >= 0)
    pfa_packet_socket_take_trouble (self->fd, &result->trouble);
  result->outcome = classify (error, &result->trouble, v6);
  if (result->trouble.error == 0)
    result->trouble.error = error;
  if (error == 0)
    {
      result->fd = self->fd;
      self->fd = -1;
    }
  g_task_return_pointer (task, result, (GDestroyNotify) pfa_tcp_result_free);
}

static gboolean
on_writable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));
  int error = 0;
  socklen_t size = sizeof error;

  if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
    error = errno;
  if (error == 0 && (condition & G_IO_OUT) == 0)
    return G_SOURCE_CONTINUE;
  finish (task, error);
  return G_SOURCE_REMOVE;
}

static gboolean
on_timeout_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));

  finish (task, ETIMEDOUT);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));
  Attempt *self = g_task_get_task_data (task);

  if (self->timeout == NULL)
    return G_SOURCE_REMOVE; /* has ended */
  clear_source (&self->watch);
  clear_source (&self->timeout);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
  return G_SOURCE_REMOVE;
}

static GSource *
attach (GSource *source, GSourceFunc callback, GTask *task)
{
  g_source_set_callback (source, callback, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
  return source;
}

void
pfa_tcp_probe_async (const PfaTcpPlan *plan,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Attempt *self = g_new0 (Attempt, 1);
  int error;

  g_task_set_source_tag (task, pfa_tcp_probe_async);
  g_task_set_task_data (task, self, (GDestroyNotify) attempt_free);
  self->address = g_object_ref (plan->address);
  self->started_us = g_get_monotonic_time ();
  self->fd = pfa_packet_socket_open (g_inet_address_get_family (plan->address),
                                     SOCK_STREAM,
                                     0,
                                     &plan->options);
  error = self->fd >= 0
              ? pfa_packet_socket_connect (self->fd, plan->address, plan->port, plan->link)
              : errno;
  if (error != EINPROGRESS)
    {
      finish (task, error);
      return;
    }
  self->watch = attach (g_unix_fd_source_new (self->fd, G_IO_OUT | G_IO_ERR | G_IO_HUP),
                        G_SOURCE_FUNC (on_writable_cb),
                        task);
  self->timeout = attach (g_timeout_source_new (plan->timeout_ms), on_timeout_cb, task);
  if (cancellable != NULL)
    {
      g_autoptr (GSource) stop = g_cancellable_source_new (cancellable);

      g_task_attach_source (task, stop, G_SOURCE_FUNC (on_cancelled_cb));
    }
}

PfaTcpResult *
pfa_tcp_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
