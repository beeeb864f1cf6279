/* pfa-aid-steps.c - one step at a time, and looking again at what it touched
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

#include "pfa-error.h"

static const PfaAction *
require_action (PfaAid *self, const char *action, GError **error)
{
  const PfaAction *found = pfa_knowledge_find_action (self->knowledge, action);

  if (found == NULL)
    g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "there is no step “%s”", action);
  return found;
}

static PfaIncidentStep *
add_step (PfaAid *self, const char *action)
{
  PfaIncidentStep *step = pfa_incident_add_step (self->incident, action, "doing");

  step->chance = pfa_aid_get_chance (self, action);
  return step;
}

gboolean
pfa_aid_begin_step (PfaAid *self, const char *action, GError **error)
{
  PfaText *why = NULL;

  g_return_val_if_fail (PFA_IS_AID (self) && self->incident != NULL, FALSE);

  if (require_action (self, action, error) == NULL)
    return FALSE;
  /* The guards stand before every way to a step: the plan, a click, or support's suggestion. */
  if (!pfa_aid_is_allowed (self, action, &why))
    {
      g_set_error_literal (error, PFA_ERROR, PFA_ERROR_REFUSED, pfa_text_get (why, "en"));
      return FALSE;
    }
  add_step (self, action);
  pfa_aid_set_state (self, PFA_AID_STEPPING);
  return TRUE;
}

static PfaIncidentStep *
ensure_step (PfaAid *self, const char *action)
{
  PfaIncidentStep *step = pfa_incident_find_step (self->incident, action);

  return step != NULL && step->ended == 0 ? step : add_step (self, action);
}

/* What the step touched is no longer known: it is measured again, or not known at all. */
static void
forget_stale (PfaAid *self, const PfaAction *action)
{
  for (guint i = 0; action->recheck != NULL && action->recheck[i] != NULL; i++)
    {
      PfaObservation *old = pfa_evidence_find (self->incident->evidence, action->recheck[i]);

      if (old != NULL && g_str_equal (old->from, PFA_FROM_CHECK))
        pfa_evidence_remove (self->incident->evidence, action->recheck[i]);
    }
}

gboolean
pfa_aid_end_step (PfaAid *self, const char *action, const char *outcome, GError **error)
{
  PfaIncidentStep *step;

  g_return_val_if_fail (PFA_IS_AID (self) && self->incident != NULL, FALSE);

  if (require_action (self, action, error) == NULL)
    return FALSE;
  if (!g_str_equal (outcome, "worked") && !g_str_equal (outcome, "failed") &&
      !g_str_equal (outcome, "skipped"))
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "“%s” is no outcome of a step", outcome);
      return FALSE;
    }

  step = ensure_step (self, action);
  pfa_incident_set (&step->outcome, outcome);
  step->ended = g_get_real_time ();
  pfa_aid_remember_step (self, action);

  if (g_str_equal (outcome, "worked"))
    {
      pfa_aid_set_solved (self, action);
      return TRUE;
    }
  if (g_str_equal (outcome, "failed"))
    pfa_evidence_add_failed (self->incident->evidence, action);
  else
    pfa_evidence_add_skipped (self->incident->evidence, action);
  pfa_aid_set_state (self, PFA_AID_READY);
  return TRUE;
}

/* The checks alone can tell only when each thing that the step touches was bad before and is good
 * now; else the person is asked. */
static gboolean
checks_tell (PfaAid *self, const PfaAction *action, GHashTable *was_bad)
{
  gboolean all_good = g_hash_table_size (was_bad) > 0;

  for (guint i = 0; action->recheck != NULL && action->recheck[i] != NULL; i++)
    {
      const char *id = action->recheck[i];
      const char *state = pfa_aid_get_value_state (self, id);

      if (g_hash_table_contains (was_bad, id))
        all_good = all_good && g_strcmp0 (state, "good") == 0;
    }
  return all_good;
}

typedef struct
{
  const PfaAction *action;
  GHashTable *was_bad;
} Recheck;

static void
recheck_free (Recheck *recheck)
{
  g_hash_table_unref (recheck->was_bad);
  g_free (recheck);
}

static void
on_rechecked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfaAid *self = PFA_AID (source);
  g_autoptr (GTask) task = G_TASK (user_data);
  Recheck *recheck = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  pfa_aid_run_checks_finish (self, result, &error);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, checks_tell (self, recheck->action, recheck->was_bad));
}

void
pfa_aid_recheck_async (PfaAid *self,
                       const char *action,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;
  const PfaAction *known;
  Recheck *recheck;

  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL);

  g_task_set_source_tag (task, pfa_aid_recheck_async);
  known = require_action (self, action, &error);
  if (known == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  recheck = g_new0 (Recheck, 1);
  recheck->action = known;
  recheck->was_bad = g_hash_table_new (g_str_hash, g_str_equal);
  g_task_set_task_data (task, recheck, (GDestroyNotify) recheck_free);
  for (guint i = 0; known->recheck != NULL && known->recheck[i] != NULL; i++)
    {
      const char *state = pfa_aid_get_value_state (self, known->recheck[i]);

      if (g_strcmp0 (state, "broken") == 0 || g_strcmp0 (state, "degraded") == 0)
        g_hash_table_add (recheck->was_bad, known->recheck[i]);
    }

  forget_stale (self, known);
  pfa_aid_run_checks_async (self,
                            (const char *const *) known->recheck,
                            0,
                            PFA_AID_RECHECKING,
                            cancellable,
                            on_rechecked_cb,
                            g_steal_pointer (&task));
}

gboolean
pfa_aid_recheck_finish (PfaAid *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
