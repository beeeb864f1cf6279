/* pfa-explanation.c - which evidence speaks for a cause or a place, and whether it agrees
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-explanation.h"

#include <float.h>
#include <math.h>

/* Differences of rounded sums: no reason at all. */
#define NOTHING_DB 1e-12

static double
to_decibans (double log_odds)
{
  double db = log_odds * 10 / G_LN10;

  /* With no other cause the odds have no end; the largest number stands for it. */
  return CLAMP (db, -10 * DBL_MAX_10_EXP, 10 * DBL_MAX_10_EXP);
}

static double
get_odds (const double *log_weights, guint n_causes, const gboolean *members)
{
  return to_decibans (pfa_findings_log_sum (log_weights, n_causes, members, TRUE) -
                      pfa_findings_log_sum (log_weights, n_causes, members, FALSE));
}

static void
add_piece (PfaWeighing *self, PfaFindings *findings, PfaReason piece)
{
  double *without = g_new (double, findings->model->n_causes);

  pfa_findings_weigh (findings, without);
  self->without[self->pieces->len] = without;
  g_array_append_val (self->pieces, piece);
}

/* @findings is changed and put back. */
PfaWeighing *
pfa_weighing_new (PfaFindings *findings)
{
  const PfaModel *model = findings->model;
  PfaWeighing *self = g_new0 (PfaWeighing, 1);

  self->findings = findings;
  self->whole = g_new (double, model->n_causes);
  self->pieces = g_array_new (FALSE, FALSE, sizeof (PfaReason));
  self->without = g_new0 (double *, model->n_observations + model->n_actions + 1);
  pfa_findings_weigh (findings, self->whole);

  for (guint o = 0; o < model->n_observations; o++)
    if (pfa_findings_speaks (findings, o))
      {
        int value = findings->values[o];

        findings->values[o] = PFA_NOT_OBSERVED;
        add_piece (self, findings, (PfaReason){ (int) o, (guint) value, -1, 0, 0 });
        findings->values[o] = value;
      }
  for (guint a = 0; a < model->n_actions; a++)
    if (findings->failed[a])
      {
        findings->failed[a] = FALSE;
        add_piece (self, findings, (PfaReason){ -1, 0, (int) a, 0, 0 });
        findings->failed[a] = TRUE;
      }
  return self;
}

void
pfa_weighing_free (PfaWeighing *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->pieces->len; i++)
    g_free (self->without[i]);
  g_free (self->without);
  g_free (self->whole);
  g_array_unref (self->pieces);
  g_free (self);
}

static int
find_rival (const PfaWeighing *self, const gboolean *members)
{
  int rival = -1;

  for (guint c = 0; c < self->findings->model->n_causes; c++)
    if (!members[c] && (rival < 0 || self->whole[c] > self->whole[rival]))
      rival = (int) c;
  return rival;
}

/* What @piece alone does to the odds of @cause against @rival. An observation's part is its own
 * likelihood; a failed step's depends on what else of its family failed. */
static double
weigh_against (const PfaWeighing *self,
               const PfaReason *piece,
               const double *without,
               guint cause,
               guint rival)
{
  const PfaModel *model = self->findings->model;
  const double *row;

  if (piece->observation < 0)
    return to_decibans ((self->whole[cause] - self->whole[rival]) -
                        (without[cause] - without[rival]));
  row = model->observations[piece->observation].log_likelihood + piece->value * model->n_causes;
  return to_decibans (row[cause] - row[rival]);
}

static int
compare_reasons (gconstpointer a, gconstpointer b)
{
  double left = fabs (((const PfaReason *) a)->db);
  double right = fabs (((const PfaReason *) b)->db);

  return (right > left) - (right < left);
}

static double
without_noise (double db)
{
  return fabs (db) < NOTHING_DB ? 0 : db;
}

PfaExplanation
pfa_weighing_explain (const PfaWeighing *self, const gboolean *members, int cause)
{
  const PfaModel *model = self->findings->model;
  PfaExplanation result = { .rival = find_rival (self, members) };
  g_autofree double *priors = g_new (double, model->n_causes);

  for (guint c = 0; c < model->n_causes; c++)
    priors[c] = model->causes[c].log_prior;
  result.prior_db = get_odds (priors, model->n_causes, members);
  result.posterior_db = get_odds (self->whole, model->n_causes, members);
  result.reasons = g_array_new (FALSE, FALSE, sizeof (PfaReason));
  for (guint i = 0; i < self->pieces->len; i++)
    {
      PfaReason reason = g_array_index (self->pieces, PfaReason, i);

      reason.db = without_noise (result.posterior_db -
                                 get_odds (self->without[i], model->n_causes, members));
      if (cause >= 0 && result.rival >= 0)
        reason.against_next = without_noise (
            weigh_against (self, &reason, self->without[i], (guint) cause, (guint) result.rival));
      g_array_append_val (result.reasons, reason);
    }
  g_array_sort (result.reasons, compare_reasons);
  return result;
}

double
pfa_findings_get_conflict_bits (const PfaFindings *self)
{
  const PfaModel *model = self->model;
  g_autofree double *joint = g_new (double, model->n_causes);
  g_autofree double *single = g_new (double, model->n_causes);
  double scale;
  double apart = 0;

  for (guint c = 0; c < model->n_causes; c++)
    joint[c] = model->causes[c].log_prior;
  scale = pfa_findings_log_sum (joint, model->n_causes, NULL, TRUE);
  for (guint o = 0; o < model->n_observations; o++)
    {
      const PfaObservationKind *kind = &model->observations[o];
      const double *row;

      if (kind->is_setting || !pfa_findings_speaks (self, o))
        continue;
      row = kind->log_likelihood + (guint) self->values[o] * model->n_causes;
      for (guint c = 0; c < model->n_causes; c++)
        {
          single[c] = model->causes[c].log_prior + row[c];
          joint[c] += row[c];
        }
      apart += pfa_findings_log_sum (single, model->n_causes, NULL, TRUE) - scale;
    }
  return without_noise (
      (apart - (pfa_findings_log_sum (joint, model->n_causes, NULL, TRUE) - scale)) / G_LN2);
}
