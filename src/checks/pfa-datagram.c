/* pfa-datagram.c - one small question by UDP, asked again until there is an answer or an error
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-datagram.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include "pfa-probe-wait.h"

#define MAX_TRIES  8
#define MAX_ANSWER 4096

typedef struct
{
  PfaProbeWait wait; /* first */
  PfaDatagramPlan plan;
  guint8 *question;
  gsize size;
  guint tries;
  gint64 sent_us[MAX_TRIES];
  gint64 first_us; /* monotonic */
} Exchange;

static void
exchange_free (Exchange *self)
{
  pfa_probe_wait_clear (&self->wait);
  g_object_unref (self->plan.address);
  g_bytes_unref (self->plan.question);
  g_free (self->question);
  g_free (self);
}

void
pfa_datagram_result_free (PfaDatagramResult *self)
{
  g_clear_pointer (&self->answer, g_bytes_unref);
  pfa_socket_trouble_clear (&self->trouble);
  g_free (self);
}

/* Ends the task once; what the sources hold goes with it. */
static void
finish (GTask *task, PfaDatagramResult *result)
{
  Exchange *self = g_task_get_task_data (task);

  result->tries = self->tries;
  result->waited_us = (guint) (g_get_monotonic_time () - self->first_us);
  pfa_probe_wait_end (&self->wait);
  g_task_return_pointer (task, result, (GDestroyNotify) pfa_datagram_result_free);
}

static PfaDatagramOutcome
classify (const PfaSocketTrouble *trouble, GInetAddress *target)
{
  gboolean v6 = g_inet_address_get_family (target) == G_SOCKET_FAMILY_IPV6;

  if (trouble->error == EMSGSIZE)
    return PFA_DATAGRAM_TOO_BIG;
  if (trouble->error == EPERM || trouble->error == EACCES)
    return trouble->from_network ? PFA_DATAGRAM_REJECTED : PFA_DATAGRAM_DENIED;
  if (!trouble->from_network)
    return PFA_DATAGRAM_NO_ROUTE;
  if (trouble->icmp_type == (v6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED))
    return PFA_DATAGRAM_EXPIRED;
  if (trouble->error == ECONNREFUSED)
    return PFA_DATAGRAM_REFUSED;
  return PFA_DATAGRAM_REJECTED;
}

static void
finish_with_error (GTask *task, int error)
{
  Exchange *self = g_task_get_task_data (task);
  PfaDatagramResult *result = g_new0 (PfaDatagramResult, 1);

  if (!pfa_packet_socket_take_trouble (self->wait.fd, &result->trouble))
    result->trouble.error = error;
  result->outcome = classify (&result->trouble, self->plan.address);
  result->elapsed_us = (guint) (g_get_monotonic_time () - self->first_us);
  finish (task, result);
}

/* Which try the answer belongs to; -1: none of ours. */
static int
match_try (Exchange *self, const guint8 *data, gsize size)
{
  const guint8 *original = g_bytes_get_data (self->plan.question, NULL);

  if (size <= self->plan.echo_at)
    return -1;
  for (guint i = 0; i < self->tries; i++)
    if ((guint8) (original[self->plan.vary_at] + i) == data[self->plan.echo_at])
      return (int) i;
  return -1;
}

static gboolean
on_readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));
  Exchange *self = g_task_get_task_data (task);
  guint8 buffer[MAX_ANSWER];
  gint64 arrived;
  gssize got = pfa_packet_socket_receive (fd, buffer, sizeof buffer, &arrived);
  PfaDatagramResult *result;
  int number;

  if (got < 0)
    {
      if (errno == EAGAIN && (condition & G_IO_ERR) == 0)
        return G_SOURCE_CONTINUE;
      finish_with_error (task, errno);
      return G_SOURCE_REMOVE;
    }
  number = match_try (self, buffer, (gsize) got);
  if (number < 0)
    return G_SOURCE_CONTINUE;
  result = g_new0 (PfaDatagramResult, 1);
  result->outcome = PFA_DATAGRAM_ANSWERED;
  result->answer = g_bytes_new (buffer, (gsize) got);
  result->sent_us = self->sent_us[number];
  result->arrived_us = arrived;
  result->elapsed_us = (guint) MAX (0, arrived - result->sent_us);
  result->varied = buffer[self->plan.echo_at];
  finish (task, result);
  return G_SOURCE_REMOVE;
}

static gboolean
send_once (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);
  const guint8 *original = g_bytes_get_data (self->plan.question, NULL);

  self->question[self->plan.vary_at] = (guint8) (original[self->plan.vary_at] + self->tries);
  self->sent_us[self->tries++] = g_get_real_time ();
  if (send (self->wait.fd, self->question, self->size, 0) >= 0 || errno == EAGAIN ||
      errno == ENOBUFS)
    return TRUE;
  finish_with_error (task, errno);
  return FALSE;
}

static gboolean
on_resend_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));
  Exchange *self = g_task_get_task_data (task);

  if (self->tries >= MAX_TRIES || !send_once (task))
    return G_SOURCE_REMOVE;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_timeout_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));
  PfaDatagramResult *result = g_new0 (PfaDatagramResult, 1);

  result->outcome = PFA_DATAGRAM_SILENT;
  finish (task, result);
  return G_SOURCE_REMOVE;
}

void
pfa_datagram_ask_async (const PfaDatagramPlan *plan,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Exchange *self = g_new0 (Exchange, 1);
  int error;

  g_task_set_source_tag (task, pfa_datagram_ask_async);
  g_task_set_task_data (task, self, (GDestroyNotify) exchange_free);
  self->plan = *plan;
  g_object_ref (self->plan.address);
  g_bytes_ref (self->plan.question);
  self->size = g_bytes_get_size (plan->question);
  self->question = g_memdup2 (g_bytes_get_data (plan->question, NULL), self->size);
  self->first_us = g_get_monotonic_time ();
  error = pfa_probe_wait_open (&self->wait,
                               SOCK_DGRAM,
                               plan->address,
                               plan->port,
                               plan->link,
                               &plan->options);
  if (error != 0)
    {
      finish_with_error (task, error);
      return;
    }
  if (!send_once (task))
    return;
  pfa_probe_wait_begin (task, G_IO_IN | G_IO_ERR, on_readable_cb, plan->timeout_ms, on_timeout_cb);
  if (plan->resend_ms > 0)
    pfa_probe_wait_add_timer (task, plan->resend_ms, on_resend_cb);
}

PfaDatagramResult *
pfa_datagram_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
