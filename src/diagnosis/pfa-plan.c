/* pfa-plan.c - in which order to try what is left, and what that costs on average
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-plan.h"

#include <math.h>
#include <string.h>

/* Efficiencies closer than this are equal: the sums behind them are rounded. */
#define TIE 1e-12

PfaPlanner *
pfa_planner_new (const PfaModel *model)
{
  PfaPlanner *self = g_new0 (PfaPlanner, 1);

  self->model = model;
  self->weights = g_new0 (double, model->n_causes);
  self->tried = g_new0 (double, model->n_families * model->n_causes + 1);
  self->open = g_new0 (gboolean, model->n_actions + 1);
  self->gains = g_new0 (double, model->n_actions + 1);
  return self;
}

void
pfa_planner_free (PfaPlanner *self)
{
  if (self == NULL)
    return;
  g_free (self->weights);
  g_free (self->tried);
  g_free (self->open);
  g_free (self->gains);
  g_free (self);
}

gboolean
pfa_planner_is_tie (const PfaModel *model, guint a, double gain_a, guint b, double gain_b)
{
  double left = gain_a * model->actions[b].minutes;
  double right = gain_b * model->actions[a].minutes;

  return fabs (left - right) <= TIE * MAX (fabs (left), fabs (right));
}

int
pfa_planner_compare (const PfaModel *model, guint a, double gain_a, guint b, double gain_b)
{
  double minutes_a = model->actions[a].minutes;
  double minutes_b = model->actions[b].minutes;

  if (!pfa_planner_is_tie (model, a, gain_a, b, gain_b))
    return gain_a * minutes_b > gain_b * minutes_a ? -1 : 1;
  if (minutes_a < minutes_b || minutes_b < minutes_a)
    return minutes_a < minutes_b ? -1 : 1;
  return a < b ? -1 : a > b;
}

/* The chance that @fix works now, when weaker members of its family have failed. */
static double
get_chance_left (const PfaPlanner *self, const PfaAction *action, const PfaFix *fix)
{
  double tried;

  if (action->family_index < 0)
    return fix->chance;
  tried = self->tried[(guint) action->family_index * self->model->n_causes + fix->cause];
  return fix->chance > tried ? (fix->chance - tried) / (1 - tried) : 0;
}

static double
get_gain (const PfaPlanner *self, guint a)
{
  const PfaAction *action = &self->model->actions[a];
  double gain = 0;

  for (guint i = 0; i < action->n_fixes; i++)
    gain +=
        self->weights[action->fixes[i].cause] * get_chance_left (self, action, &action->fixes[i]);
  return gain;
}

static void
assume_failed (PfaPlanner *self, guint a)
{
  const PfaAction *action = &self->model->actions[a];

  for (guint i = 0; i < action->n_fixes; i++)
    {
      const PfaFix *fix = &action->fixes[i];

      self->weights[fix->cause] *= 1 - get_chance_left (self, action, fix);
      if (action->family_index >= 0)
        {
          double *tried =
              &self->tried[(guint) action->family_index * self->model->n_causes + fix->cause];

          *tried = MAX (*tried, fix->chance);
        }
    }
  self->open[a] = FALSE;
}

/* The best open action, or -1. Leaves all gains in self->gains. */
static int
find_best (PfaPlanner *self)
{
  int best = -1;

  for (guint a = 0; a < self->model->n_actions; a++)
    {
      if (!self->open[a])
        continue;
      self->gains[a] = get_gain (self, a);
      if (best < 0 ||
          pfa_planner_compare (self->model, a, self->gains[a], (guint) best, self->gains[best]) < 0)
        best = (int) a;
    }
  return best;
}

static double
add_up (const double *weights, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += weights[i];
  return sum;
}

static void
set_up (PfaPlanner *self, const PfaFindings *findings, const double *weights, const double *tried)
{
  const PfaModel *model = self->model;

  memcpy (self->weights, weights, sizeof (double) * model->n_causes);
  memcpy (self->tried, tried, sizeof (double) * model->n_families * model->n_causes);
  for (guint a = 0; a < model->n_actions; a++)
    self->open[a] =
        !findings->withheld_actions[a] &&
        !pfa_findings_is_blocked (findings, model->actions[a].blocks, model->actions[a].n_blocks);
}

static void
hand_out_gains (const PfaPlanner *self, double *gains)
{
  for (guint a = 0; a < self->model->n_actions; a++)
    gains[a] = self->open[a] ? self->gains[a] : -1;
}

double
pfa_planner_run (PfaPlanner *self,
                 const PfaFindings *findings,
                 const double *weights,
                 const double *tried,
                 GArray *plan,
                 double *gains)
{
  const PfaModel *model = self->model;
  double broken = add_up (weights, model->n_causes);
  double whole = broken;
  double cost = 0;
  int best;

  set_up (self, findings, weights, tried);
  best = find_best (self);
  if (gains != NULL)
    hand_out_gains (self, gains);

  /* Worth it while p / minutes > 1 / K; a tie goes to the call. */
  while (best >= 0 && self->gains[best] * model->service_minutes >
                          model->actions[best].minutes * broken * (1 + TIE))
    {
      guint step = (guint) best;

      cost += model->actions[best].minutes * broken;
      assume_failed (self, step);
      broken = add_up (self->weights, model->n_causes);
      if (plan != NULL)
        g_array_append_val (plan, step);
      best = find_best (self);
    }
  return (cost + model->service_minutes * broken) / whole;
}
