/* pfa-aid-answers.c - what the person says, and taking it back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

#include "pfa-error.h"

/* How the world looked before one answer or one ended step. */
struct _PfaAidUndo
{
  char *observation; /* NULL: the entry is about a step */
  PfaObservation *before;
  gboolean was_skipped;
  char *action;
};

void
pfa_aid_undo_entry_free (PfaAidUndo *entry)
{
  g_free (entry->observation);
  g_clear_pointer (&entry->before, pfa_observation_unref);
  g_free (entry->action);
  g_free (entry);
}

static void
remember_answer (PfaAid *self, const char *observation)
{
  PfaAidUndo *entry = g_new0 (PfaAidUndo, 1);
  PfaObservation *before = pfa_evidence_find (self->incident->evidence, observation);

  entry->observation = g_strdup (observation);
  entry->before = before != NULL ? pfa_observation_ref (before) : NULL;
  entry->was_skipped = pfa_evidence_has_skipped (self->incident->evidence, observation);
  g_ptr_array_add (self->undo, entry);
}

void
pfa_aid_remember_step (PfaAid *self, const char *action)
{
  PfaAidUndo *entry = g_new0 (PfaAidUndo, 1);

  entry->action = g_strdup (action);
  g_ptr_array_add (self->undo, entry);
}

/* The two observations that the incident keeps by name as well (DESIGN.md 4.2). */
static void
copy_to_incident (PfaAid *self, const char *observation, const char *value)
{
  static const struct
  {
    const char *value;
    const char *answered;
  } origins[] = { { "reversal-slip", "reversal" }, { "at-sign-in", "sign-in" } };

  if (value == NULL)
    value = PFA_VALUE_UNKNOWN;
  if (g_str_equal (observation, "connection"))
    pfa_incident_set (&self->incident->connection, value);
  if (!g_str_equal (observation, "answer-from"))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    if (g_str_equal (value, origins[i].value))
      value = origins[i].answered;
  pfa_incident_set (&self->incident->answered, value);
  pfa_payment_set_context (self->payment, self->incident->code, self->incident->answered);
}

static gboolean
is_known (PfaAid *self, const char *observation, const char *value, GError **error)
{
  const PfaObservationKind *kind = pfa_knowledge_find_observation (self->knowledge, observation);

  if (kind == NULL)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "there is no question “%s”", observation);
      return FALSE;
    }
  if (value != NULL && pfa_observation_kind_find_value (kind, value) < 0)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "“%s” is no answer to “%s”",
                   value,
                   observation);
      return FALSE;
    }
  return TRUE;
}

gboolean
pfa_aid_answer (PfaAid *self, const char *observation, const char *value, GError **error)
{
  g_return_val_if_fail (PFA_IS_AID (self) && self->incident != NULL, FALSE);

  if (value != NULL && g_str_equal (value, PFA_VALUE_UNKNOWN))
    value = NULL;
  if (!is_known (self, observation, value, error))
    return FALSE;

  remember_answer (self, observation);
  copy_to_incident (self, observation, value);
  if (value == NULL)
    {
      pfa_evidence_remove (self->incident->evidence, observation);
      pfa_evidence_add_skipped (self->incident->evidence, observation);
      pfa_aid_refresh (self);
    }
  else
    {
      g_autoptr (PfaObservation) said = pfa_observation_new (observation, value, PFA_FROM_PERSON);

      pfa_evidence_remove_skipped (self->incident->evidence, observation);
      pfa_aid_add_observation (self, said);
      pfa_aid_refresh (self);
    }
  return TRUE;
}

static void
undo_answer (PfaAid *self, PfaAidUndo *entry)
{
  PfaEvidence *evidence = self->incident->evidence;

  if (entry->before != NULL)
    pfa_evidence_set (evidence, entry->before);
  else
    pfa_evidence_remove (evidence, entry->observation);
  if (entry->was_skipped)
    pfa_evidence_add_skipped (evidence, entry->observation);
  else
    pfa_evidence_remove_skipped (evidence, entry->observation);
  copy_to_incident (self, entry->observation, entry->before != NULL ? entry->before->value : NULL);
}

static void
undo_step (PfaAid *self, PfaAidUndo *entry)
{
  PfaIncidentStep *step = pfa_incident_find_step (self->incident, entry->action);

  pfa_evidence_remove_failed (self->incident->evidence, entry->action);
  pfa_evidence_remove_skipped (self->incident->evidence, entry->action);
  if (step != NULL)
    g_ptr_array_remove (self->incident->steps, step);
  if (g_strcmp0 (self->incident->solved_by, entry->action) == 0)
    {
      pfa_incident_set (&self->incident->solved_by, NULL);
      pfa_incident_set (&self->incident->state, PFA_INCIDENT_OPEN);
      self->incident->ended = 0;
    }
}

gboolean
pfa_aid_undo (PfaAid *self)
{
  g_autoptr (PfaAidUndo) entry = NULL;

  g_return_val_if_fail (PFA_IS_AID (self), FALSE);

  if (self->undo->len == 0 || self->incident == NULL)
    return FALSE;
  entry = g_ptr_array_steal_index (self->undo, self->undo->len - 1);
  if (entry->observation != NULL)
    undo_answer (self, entry);
  else
    undo_step (self, entry);
  pfa_aid_set_state (self, PFA_AID_READY);
  return TRUE;
}
