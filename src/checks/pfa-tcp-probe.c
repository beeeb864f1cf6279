/* pfa-tcp-probe.c - opens one TCP connection and tells exactly what came of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-tcp-probe.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pfa-probe-wait.h"

typedef struct
{
  PfaProbeWait wait; /* first */
  GInetAddress *address;
  gint64 started_us;
} Attempt;

static void
attempt_free (Attempt *self)
{
  pfa_probe_wait_clear (&self->wait);
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

  pfa_probe_wait_end (&self->wait);
  result->elapsed_us = (guint) (g_get_monotonic_time () - self->started_us);
  result->fd = -1;
  if (error != 0 && self->wait.fd >= 0)
    pfa_packet_socket_take_trouble (self->wait.fd, &result->trouble);
  result->outcome = classify (error, &result->trouble, v6);
  if (result->trouble.error == 0)
    result->trouble.error = error;
  if (error == 0)
    {
      result->fd = self->wait.fd;
      self->wait.fd = -1;
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
  error = pfa_probe_wait_open (&self->wait,
                               SOCK_STREAM,
                               plan->address,
                               plan->port,
                               plan->link,
                               &plan->options);
  if (error == EINPROGRESS)
    pfa_probe_wait_begin (task,
                          G_IO_OUT | G_IO_ERR | G_IO_HUP,
                          on_writable_cb,
                          plan->timeout_ms,
                          on_timeout_cb);
  else
    finish (task, error);
}

PfaTcpResult *
pfa_tcp_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
