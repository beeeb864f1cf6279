/* pfa-diagnosis.c - what is most likely wrong, and what to do next
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-diagnosis.h"

#include <math.h>

#include "pfa-explanation.h"
#include "pfa-findings.h"
#include "pfa-plan.h"

/* Minutes closer than this are equal: the sums behind them are rounded. */
#define TIE_MINUTES 1e-12

static void
normalise (const double *log_weights, guint n_causes, double *posterior)
{
  double whole = pfa_findings_log_sum (log_weights, n_causes, NULL, TRUE);

  for (guint c = 0; c < n_causes; c++)
    posterior[c] = exp (log_weights[c] - whole);
}

static void
set_posterior (PfaDecision *self, const double *log_weights)
{
  normalise (log_weights, self->n_causes, self->posterior);
  for (guint c = 0; c < self->n_causes; c++)
    if (log_weights[c] > log_weights[self->leading_cause])
      self->leading_cause = c;
}

static void
clear_place (gpointer data)
{
  g_free (((PfaPlaceShare *) data)->place);
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  double left = ((const PfaPlaceShare *) a)->probability;
  double right = ((const PfaPlaceShare *) b)->probability;

  return (right > left) - (right < left);
}

static PfaPlaceShare *
find_place (GArray *places, const char *place)
{
  for (guint i = 0; i < places->len; i++)
    if (g_str_equal (g_array_index (places, PfaPlaceShare, i).place, place))
      return &g_array_index (places, PfaPlaceShare, i);
  return NULL;
}

static GArray *
share_places (const PfaModel *model, const double *posterior)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (PfaPlaceShare));

  g_array_set_clear_func (places, clear_place);
  for (guint c = 0; c < model->n_causes; c++)
    {
      PfaPlaceShare *share = find_place (places, model->causes[c].where);
      PfaPlaceShare fresh;

      if (share != NULL)
        {
          share->probability += posterior[c];
          continue;
        }
      fresh = (PfaPlaceShare){ g_strdup (model->causes[c].where), posterior[c] };
      g_array_append_val (places, fresh);
    }
  g_array_sort (places, compare_places);
  return places;
}

static int
compare_ranks (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const PfaActionRank *left = a;
  const PfaActionRank *right = b;

  return pfa_planner_compare (user_data, left->action, left->p, right->action, right->p);
}

static void
set_actions (PfaDecision *self, const PfaModel *model, const double *gains, double whole)
{
  self->actions = g_array_new (FALSE, FALSE, sizeof (PfaActionRank));
  for (guint a = 0; a < model->n_actions; a++)
    if (gains[a] >= 0)
      {
        double p = gains[a] / whole;
        PfaActionRank rank = { a, p, p / model->actions[a].minutes };

        g_array_append_val (self->actions, rank);
      }
  g_array_sort_with_data (self->actions, compare_ranks, (gpointer) model);
  for (guint i = 0; i < self->actions->len; i++)
    {
      const PfaActionRank *best = &g_array_index (self->actions, PfaActionRank, 0);
      const PfaActionRank *rank = &g_array_index (self->actions, PfaActionRank, i);

      if (pfa_planner_is_tie (model, best->action, best->p, rank->action, rank->p))
        self->n_best++;
    }
}

/* TRUE when an answer to @question can silence or free something that was observed. */
static gboolean
can_silence (const PfaFindings *findings, guint question)
{
  const PfaModel *model = findings->model;

  for (guint o = 0; o < model->n_observations; o++)
    for (guint i = 0; findings->values[o] >= 0 && i < model->observations[o].n_blocks; i++)
      if (model->observations[o].blocks[i].observation == question)
        return TRUE;
  return FALSE;
}

/* The weights once @question is answered with @value, which @findings has by now. */
static void
weigh_answer (const PfaFindings *findings,
              const double *weights,
              guint question,
              guint value,
              gboolean from_scratch,
              double *answered)
{
  const PfaModel *model = findings->model;
  const double *row = model->observations[question].likelihood + value * model->n_causes;
  double greatest = -INFINITY;

  if (!from_scratch)
    {
      for (guint c = 0; c < model->n_causes; c++)
        answered[c] = weights[c] * row[c];
      return;
    }
  pfa_findings_weigh (findings, answered);
  for (guint c = 0; c < model->n_causes; c++)
    greatest = MAX (greatest, answered[c]);
  for (guint c = 0; c < model->n_causes; c++)
    answered[c] = exp (answered[c] - greatest);
}

static double
get_ecr_if_asked (PfaPlanner *planner,
                  PfaFindings *findings,
                  const PfaDecision *decision,
                  const double *weights,
                  const double *tried,
                  guint question)
{
  const PfaModel *model = findings->model;
  const PfaObservationKind *kind = &model->observations[question];
  g_autofree double *answered = g_new (double, model->n_causes);
  gboolean from_scratch = can_silence (findings, question);
  double ecr = kind->minutes;

  for (guint v = 0; v < kind->n_values; v++)
    {
      const double *row = kind->likelihood + v * model->n_causes;
      double p = 0;

      for (guint c = 0; c < model->n_causes; c++)
        p += decision->posterior[c] * row[c];
      findings->values[question] = (int) v;
      weigh_answer (findings, weights, question, v, from_scratch, answered);
      ecr += p * pfa_planner_run (planner, findings, answered, tried, NULL, NULL);
    }
  findings->values[question] = PFA_NOT_OBSERVED;
  return ecr;
}

static gboolean
can_be_asked (const PfaFindings *findings, guint observation)
{
  const PfaObservationKind *kind = &findings->model->observations[observation];

  return kind->is_question && findings->values[observation] == PFA_NOT_OBSERVED &&
         !findings->withheld_questions[observation] &&
         !pfa_findings_is_blocked (findings, kind->blocks, kind->n_blocks);
}

static void
set_next (PfaDecision *self, const PfaModel *model)
{
  const PfaQuestionRank *best = NULL;

  for (guint i = 0; i < self->questions->len; i++)
    {
      const PfaQuestionRank *rank = &g_array_index (self->questions, PfaQuestionRank, i);

      if (best == NULL || rank->worth > best->worth + TIE_MINUTES * MAX (1, self->ecr))
        best = rank;
    }
  if (best != NULL && best->worth > model->question_margin_minutes)
    {
      self->next_kind = PFA_NEXT_QUESTION;
      self->next = (int) best->question;
      self->ecr = best->ecr_if_asked;
    }
  else if (self->plan->len > 0)
    {
      self->next_kind = PFA_NEXT_ACTION;
      self->next = (int) g_array_index (self->plan, guint, 0);
    }
  else
    {
      self->next_kind = PFA_NEXT_CALL_SUPPORT;
      self->next = -1;
    }
}

static void
plan_ahead (PfaDecision *self, PfaFindings *findings)
{
  const PfaModel *model = findings->model;
  g_autoptr (PfaPlanner) planner = pfa_planner_new (model);
  g_autofree double *tried = g_new0 (double, model->n_families * model->n_causes + 1);
  g_autofree double *gains = g_new0 (double, model->n_actions + 1);
  double whole = 0;

  /* The posterior itself serves as the weights: only their ratios count. */
  for (guint c = 0; c < model->n_causes; c++)
    whole += self->posterior[c];
  pfa_findings_get_tried (findings, tried);
  self->plan = g_array_new (FALSE, FALSE, sizeof (guint));
  self->ecr = pfa_planner_run (planner, findings, self->posterior, tried, self->plan, gains);
  set_actions (self, model, gains, whole);

  self->questions = g_array_new (FALSE, FALSE, sizeof (PfaQuestionRank));
  for (guint o = 0; o < model->n_observations; o++)
    if (can_be_asked (findings, o))
      {
        double ecr = get_ecr_if_asked (planner, findings, self, self->posterior, tried, o);
        PfaQuestionRank rank = { o, ecr, self->ecr - ecr };

        g_array_append_val (self->questions, rank);
      }
  set_next (self, model);
}

static gboolean *
get_members (const PfaModel *model, const char *place, int cause)
{
  gboolean *members = g_new0 (gboolean, model->n_causes);

  for (guint c = 0; c < model->n_causes; c++)
    members[c] = place != NULL ? g_str_equal (model->causes[c].where, place) : (int) c == cause;
  return members;
}

static PfaExplanation
explain (const PfaWeighing *weighing, const char *place, int cause)
{
  g_autofree gboolean *members = get_members (weighing->findings->model, place, cause);

  return pfa_weighing_explain (weighing, members, cause);
}

PfaDecision *
pfa_diagnosis_decide (const PfaModel *model, const PfaEvidence *evidence, GError **error)
{
  g_autoptr (PfaFindings) findings = NULL;
  g_autoptr (PfaWeighing) weighing = NULL;
  g_autoptr (PfaDecision) self = NULL;

  g_return_val_if_fail (model != NULL && evidence != NULL, NULL);

  findings = pfa_findings_new (model, evidence, error);
  if (findings == NULL)
    return NULL;
  self = g_new0 (PfaDecision, 1);
  self->n_causes = model->n_causes;
  self->posterior = g_new0 (double, model->n_causes);
  weighing = pfa_weighing_new (findings);
  set_posterior (self, weighing->whole);
  self->places = share_places (model, self->posterior);
  plan_ahead (self, findings);
  self->cause = explain (weighing, NULL, (int) self->leading_cause);
  self->place = explain (weighing, g_array_index (self->places, PfaPlaceShare, 0).place, -1);
  self->ignored = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint o = 0; o < model->n_observations; o++)
    if (findings->values[o] >= 0 && !pfa_findings_speaks (findings, o))
      g_array_append_val (self->ignored, o);
  self->conflict_bits = pfa_findings_get_conflict_bits (findings);
  return g_steal_pointer (&self);
}

GArray *
pfa_diagnosis_find_places (const PfaModel *model, const PfaEvidence *evidence, GError **error)
{
  g_autoptr (PfaFindings) findings = NULL;
  g_autofree double *posterior = NULL;

  g_return_val_if_fail (model != NULL && evidence != NULL, NULL);

  findings = pfa_findings_new (model, evidence, error);
  if (findings == NULL)
    return NULL;
  posterior = g_new0 (double, model->n_causes);
  pfa_findings_weigh (findings, posterior);
  normalise (posterior, model->n_causes, posterior);
  return share_places (model, posterior);
}

PfaDecision *
pfa_diagnosis_decide_for (const PfaModel *model,
                          const PfaEvidence *evidence,
                          double service_minutes,
                          GError **error)
{
  PfaModel priced;

  g_return_val_if_fail (model != NULL, NULL);

  if (!(service_minutes > 0))
    return pfa_diagnosis_decide (model, evidence, error);
  /* All but the price is the model's own; a decision refers to a model by indices only. */
  priced = *model;
  priced.service_minutes = service_minutes;
  return pfa_diagnosis_decide (&priced, evidence, error);
}

void
pfa_decision_free (PfaDecision *self)
{
  if (self == NULL)
    return;
  g_free (self->posterior);
  g_clear_pointer (&self->places, g_array_unref);
  g_clear_pointer (&self->plan, g_array_unref);
  g_clear_pointer (&self->actions, g_array_unref);
  g_clear_pointer (&self->questions, g_array_unref);
  g_clear_pointer (&self->cause.reasons, g_array_unref);
  g_clear_pointer (&self->place.reasons, g_array_unref);
  g_clear_pointer (&self->ignored, g_array_unref);
  g_free (self);
}

static GArray *
explain_anything (const PfaModel *model, const PfaEvidence *evidence, const char *place, int cause)
{
  g_autoptr (PfaFindings) findings = pfa_findings_new (model, evidence, NULL);
  g_autoptr (PfaWeighing) weighing = NULL;

  if (findings == NULL)
    return g_array_new (FALSE, FALSE, sizeof (PfaReason));
  weighing = pfa_weighing_new (findings);
  return explain (weighing, place, cause).reasons;
}

GArray *
pfa_diagnosis_explain_cause (const PfaModel *model, const PfaEvidence *evidence, guint cause)
{
  g_return_val_if_fail (cause < model->n_causes, NULL);

  return explain_anything (model, evidence, NULL, (int) cause);
}

GArray *
pfa_diagnosis_explain_place (const PfaModel *model, const PfaEvidence *evidence, const char *place)
{
  return explain_anything (model, evidence, place, -1);
}
