/* pfa-cross-check.c - do connections get lost too, or only questions to a name server?
 *
 * Some name servers answer only so many questions a second. Their silence is no loss of the line:
 * connections to the same machines decide.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cross-check.h"

#include "pfa-tcp-probe.h"

/* Long enough for the kernel's first repetition after 1 s and its answer. */
#define TIMEOUT_MS 2000
#define LATE_MS    800
/* Fewer may have been lucky. */
#define ENOUGH 15

typedef struct
{
  GPtrArray *addresses;
  guint16 port;
  guint count;
  guint started;
  guint ended;
  GArray *opened; /* (element-type double) */
} Cross;

static void
cross_free (Cross *self)
{
  g_ptr_array_unref (self->addresses);
  g_array_unref (self->opened);
  g_free (self);
}

PfaCrossVerdict
pfa_cross_check_judge (const double *opened, guint count)
{
  double quickest = G_MAXDOUBLE;
  guint answered = 0;
  guint late = 0;

  for (guint i = 0; i < count; i++)
    if (opened[i] >= 0)
      {
        answered++;
        quickest = MIN (quickest, opened[i]);
      }
  if (answered < ENOUGH)
    return PFA_CROSS_UNKNOWN;
  for (guint i = 0; i < count; i++)
    late += opened[i] < 0 || opened[i] >= quickest + LATE_MS;
  return late > 0 ? PFA_CROSS_LOSES : PFA_CROSS_CLEAN;
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (PfaTcpResult) seen = pfa_tcp_probe_finish (result, NULL);
  Cross *self = g_task_get_task_data (task);
  double opened = -1;

  if (seen != NULL && (seen->outcome == PFA_TCP_OPEN || seen->outcome == PFA_TCP_REFUSED))
    opened = seen->elapsed_us / 1000.0;
  g_array_append_val (self->opened, opened);
  if (++self->ended < self->count || g_task_return_error_if_cancelled (task))
    return;
  g_task_return_int (task,
                     pfa_cross_check_judge ((const double *) (gpointer) self->opened->data,
                                            self->opened->len));
}

static gboolean
on_next_cb (gpointer user_data)
{
  GTask *task = user_data;
  Cross *self = g_task_get_task_data (task);
  PfaTcpPlan plan = { .port = self->port, .timeout_ms = TIMEOUT_MS };

  plan.address = g_ptr_array_index (self->addresses, self->started % self->addresses->len);
  self->started++;
  pfa_tcp_probe_async (&plan, g_task_get_cancellable (task), on_opened_cb, g_object_ref (task));
  return self->started < self->count ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
pfa_cross_check_async (GPtrArray *addresses,
                       guint16 port,
                       guint count,
                       guint interval_ms,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GSource) pace = g_timeout_source_new (interval_ms);
  Cross *self = g_new0 (Cross, 1);

  g_task_set_source_tag (task, pfa_cross_check_async);
  self->addresses = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < addresses->len; i++)
    g_ptr_array_add (self->addresses, g_object_ref (g_ptr_array_index (addresses, i)));
  self->port = port;
  self->count = count;
  self->opened = g_array_new (FALSE, FALSE, sizeof (double));
  g_task_set_task_data (task, self, (GDestroyNotify) cross_free);
  if (addresses->len == 0 || count == 0)
    g_task_return_int (task, PFA_CROSS_UNKNOWN);
  else
    g_task_attach_source (task, pace, on_next_cb);
}

PfaCrossVerdict
pfa_cross_check_finish (GAsyncResult *result, GError **error)
{
  gssize verdict = g_task_propagate_int (G_TASK (result), error);

  return verdict < 0 ? PFA_CROSS_UNKNOWN : (PfaCrossVerdict) verdict;
}
