/* pfa-findings.c - evidence in the indices of one model, and what it makes of the causes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-findings.h"

#include <math.h>
#include <string.h>

#include "pfa-error.h"

static gboolean
fault (GError **error, const char *what, const char *id)
{
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_BAD_INPUT,
               "evidence: the model has no %s “%s”",
               what,
               id);
  return FALSE;
}

static gboolean
is_open_value (const char *value)
{
  return g_str_equal (value, PFA_VALUE_UNKNOWN) || g_str_equal (value, PFA_VALUE_CANNOT_CHECK);
}

static gboolean
take_observation (PfaFindings *self, const PfaObservation *observation, GError **error)
{
  int index = pfa_model_find_observation (self->model, observation->id);
  int value;

  if (index < 0)
    return fault (error, "observation", observation->id);
  value = pfa_observation_kind_find_value (&self->model->observations[index], observation->value);
  if (value < 0 && !is_open_value (observation->value))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "evidence: the model has no value “%s” for “%s”",
                   observation->value,
                   observation->id);
      return FALSE;
    }
  self->values[index] = value;
  self->withheld_questions[index] = TRUE;
  return TRUE;
}

static gboolean
take_failed (PfaFindings *self, const char *id, GError **error)
{
  int index = pfa_model_find_action (self->model, id);

  if (index < 0)
    return fault (error, "action", id);
  self->failed[index] = TRUE;
  self->withheld_actions[index] = TRUE;
  return TRUE;
}

static gboolean
take_skipped (PfaFindings *self, const char *id, GError **error)
{
  int action = pfa_model_find_action (self->model, id);
  int observation = pfa_model_find_observation (self->model, id);

  if (action < 0 && observation < 0)
    return fault (error, "action or question", id);
  if (action >= 0)
    self->withheld_actions[action] = TRUE;
  if (observation >= 0)
    self->withheld_questions[observation] = TRUE;
  return TRUE;
}

PfaFindings *
pfa_findings_new (const PfaModel *model, const PfaEvidence *evidence, GError **error)
{
  g_autoptr (PfaFindings) self = g_new0 (PfaFindings, 1);

  self->model = model;
  self->values = g_new (int, model->n_observations + 1);
  self->withheld_questions = g_new0 (gboolean, model->n_observations + 1);
  self->failed = g_new0 (gboolean, model->n_actions + 1);
  self->withheld_actions = g_new0 (gboolean, model->n_actions + 1);
  for (guint i = 0; i < model->n_observations; i++)
    self->values[i] = PFA_NOT_OBSERVED;

  for (guint i = 0; i < evidence->observations->len; i++)
    if (!take_observation (self, evidence->observations->pdata[i], error))
      return NULL;
  for (guint i = 0; i < evidence->failed->len; i++)
    if (!take_failed (self, evidence->failed->pdata[i], error))
      return NULL;
  for (guint i = 0; i < evidence->skipped->len; i++)
    if (!take_skipped (self, evidence->skipped->pdata[i], error))
      return NULL;
  return g_steal_pointer (&self);
}

void
pfa_findings_free (PfaFindings *self)
{
  if (self == NULL)
    return;
  g_free (self->values);
  g_free (self->failed);
  g_free (self->withheld_actions);
  g_free (self->withheld_questions);
  g_free (self);
}

gboolean
pfa_findings_is_blocked (const PfaFindings *self, const PfaBlock *blocks, guint n_blocks)
{
  for (guint i = 0; i < n_blocks; i++)
    for (guint v = 0; v < blocks[i].n_values; v++)
      if (self->values[blocks[i].observation] == (int) blocks[i].values[v])
        return TRUE;
  return FALSE;
}

gboolean
pfa_findings_speaks (const PfaFindings *self, guint observation)
{
  const PfaObservationKind *kind = &self->model->observations[observation];

  return self->values[observation] >= 0 &&
         !pfa_findings_is_blocked (self, kind->blocks, kind->n_blocks);
}

void
pfa_findings_get_tried (const PfaFindings *self, double *tried)
{
  const PfaModel *model = self->model;

  memset (tried, 0, sizeof (double) * model->n_families * model->n_causes);
  for (guint a = 0; a < model->n_actions; a++)
    {
      const PfaAction *action = &model->actions[a];
      double *row;

      if (!self->failed[a] || action->family_index < 0)
        continue;
      row = tried + (guint) action->family_index * model->n_causes;
      for (guint i = 0; i < action->n_fixes; i++)
        row[action->fixes[i].cause] = MAX (row[action->fixes[i].cause], action->fixes[i].chance);
    }
}

/* Π over families (1 − the greatest chance that failed); an action alone is its own family. */
static void
weigh_failures (const PfaFindings *self, double *log_weights)
{
  const PfaModel *model = self->model;
  g_autofree double *tried = g_new0 (double, model->n_families * model->n_causes + 1);

  pfa_findings_get_tried (self, tried);
  for (guint i = 0; i < model->n_families * model->n_causes; i++)
    if (tried[i] > 0)
      log_weights[i % model->n_causes] += log1p (-tried[i]);
  for (guint a = 0; a < model->n_actions; a++)
    if (self->failed[a] && model->actions[a].family_index < 0)
      for (guint i = 0; i < model->actions[a].n_fixes; i++)
        log_weights[model->actions[a].fixes[i].cause] += log1p (-model->actions[a].fixes[i].chance);
}

void
pfa_findings_weigh (const PfaFindings *self, double *log_weights)
{
  const PfaModel *model = self->model;

  for (guint c = 0; c < model->n_causes; c++)
    log_weights[c] = model->causes[c].log_prior;
  for (guint o = 0; o < model->n_observations; o++)
    {
      const double *row;

      if (!pfa_findings_speaks (self, o))
        continue;
      row = model->observations[o].log_likelihood + (guint) self->values[o] * model->n_causes;
      for (guint c = 0; c < model->n_causes; c++)
        log_weights[c] += row[c];
    }
  weigh_failures (self, log_weights);
}

double
pfa_findings_log_sum (const double *log_weights,
                      guint n_causes,
                      const gboolean *members,
                      gboolean is_member)
{
  double greatest = -INFINITY;
  double sum = 0;

  for (guint c = 0; c < n_causes; c++)
    if (members == NULL || members[c] == is_member)
      greatest = MAX (greatest, log_weights[c]);
  if (isinf (greatest))
    return greatest;
  for (guint c = 0; c < n_causes; c++)
    if (members == NULL || members[c] == is_member)
      sum += exp (log_weights[c] - greatest);
  return greatest + log (sum);
}
