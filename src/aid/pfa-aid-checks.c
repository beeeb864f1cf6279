/* pfa-aid-checks.c - "Check now": runs the checks and gathers what they see
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

#include "pfa-error.h"

static void
on_observed_cb (PfaCheckRun *run, PfaObservation *observation, gpointer user_data)
{
  PfaAid *self = PFA_AID (user_data);

  if (self->run == run && !pfa_aid_terminal_knows_better (self, observation))
    pfa_aid_add_observation (self, observation);
}

static void
on_progressed_cb (PfaCheckRun *run, guint done, guint total, gpointer user_data)
{
  PfaAid *self = PFA_AID (user_data);

  if (self->run == run)
    pfa_aid_emit_progress (self, done, total);
}

static void
on_run_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfaCheckRun *run = PFA_CHECK_RUN (source);
  g_autoptr (GTask) task = G_TASK (user_data);
  PfaAid *self = g_task_get_source_object (task);
  gint64 *started = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gboolean complete = pfa_check_run_finish (run, result, &error);

  g_signal_handlers_disconnect_by_data (run, self);
  if (self->run == run)
    {
      g_clear_object (&self->run);
      self->incident->elapsed_ms = (guint) ((g_get_monotonic_time () - *started) / 1000);
      self->incident->complete = complete;
      pfa_aid_set_state (self, PFA_AID_READY);
      pfa_aid_limit_terminal (self, *started);
    }
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, complete);
}

void
pfa_aid_run_checks_async (PfaAid *self,
                          const char *const *observations,
                          guint deadline_ms,
                          PfaAidState state,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gint64 started = g_get_monotonic_time ();
  PfaCheckSettings settings = { .provider = self->provider,
                                .connection = self->incident->connection,
                                .throughput = self->throughput };
  g_autofree char *host = NULL;

  g_task_set_source_tag (task, pfa_aid_run_checks_async);
  g_task_set_task_data (task, g_memdup2 (&started, sizeof started), g_free);
  if (self->run != NULL)
    {
      g_task_return_new_error (task, PFA_ERROR, PFA_ERROR_BUSY, "a check is already running");
      return;
    }

  self->terminal_told = FALSE;
  host = pfa_aid_dup_terminal_host (self->incident->terminal, &settings.terminal_port);
  settings.terminal_host = host;
  /* Many terminals take one connection only, and that is the reading's. */
  if (self->reading_terminal)
    settings.terminal_port = 0;
  self->run = pfa_check_run_new (&settings);
  if (observations != NULL)
    pfa_check_run_limit (self->run, observations);
  g_signal_connect (self->run, "observed", G_CALLBACK (on_observed_cb), self);
  g_signal_connect (self->run, "progressed", G_CALLBACK (on_progressed_cb), self);
  pfa_aid_set_state (self, state);
  pfa_check_run_async (self->run,
                       deadline_ms != 0 ? deadline_ms : PFA_CHECK_DEADLINE_DEFAULT_MS,
                       cancellable,
                       on_run_ended_cb,
                       g_steal_pointer (&task));
}

gboolean
pfa_aid_run_checks_finish (PfaAid *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pfa_aid_set_throughput (PfaAid *self, gboolean throughput)
{
  g_return_if_fail (PFA_IS_AID (self));

  self->throughput = throughput;
}

void
pfa_aid_check_async (PfaAid *self,
                     guint deadline_ms,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL);

  pfa_aid_run_checks_async (self,
                            NULL,
                            deadline_ms,
                            PFA_AID_CHECKING,
                            cancellable,
                            callback,
                            user_data);
}

gboolean
pfa_aid_check_finish (PfaAid *self, GAsyncResult *result, GError **error)
{
  return pfa_aid_run_checks_finish (self, result, error);
}

void
pfa_aid_run_check_async (PfaAid *self,
                         const char *observation,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  const char *const observations[] = { observation, NULL };

  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL);

  pfa_aid_run_checks_async (self,
                            observations,
                            0,
                            PFA_AID_RECHECKING,
                            cancellable,
                            callback,
                            user_data);
}
