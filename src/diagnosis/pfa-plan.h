/* pfa-plan.h - in which order to try what is left, and what that costs on average
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-findings.h"

G_BEGIN_DECLS

/* Private to this room. The greedy order of troubleshooting.md A.2: the action with the best chance
 * a minute, assumed to fail, then again, until the call is the better step. */
typedef struct
{
  const PfaModel *model;
  double *weights; /* work space, by cause */
  double *tried;   /* work space: [family * n_causes + cause] */
  gboolean *open;  /* work space: by action */
  double *gains;   /* work space: by action */
} PfaPlanner;

PfaPlanner *pfa_planner_new (const PfaModel *model);
void pfa_planner_free (PfaPlanner *self);

/* The expected minutes, given @findings and the weights (unnormalised, by cause) that belong to
 * them. @plan (element-type guint), if given, gets the actions in order; @gains, if given, gets by
 * action what doing it first would take off Σ weights, and -1 where it is not to be offered. */
double pfa_planner_run (PfaPlanner *self,
                        const PfaFindings *findings,
                        const double *weights,
                        const double *tried,
                        GArray *plan,
                        double *gains);

/* < 0 when action @a, gaining @gain_a, comes before @b: by gain a minute, then cheaper, then as in
 * the file. */
int pfa_planner_compare (const PfaModel *model, guint a, double gain_a, guint b, double gain_b);
/* TRUE when the two do equally much a minute. */
gboolean pfa_planner_is_tie (const PfaModel *model, guint a, double gain_a, guint b, double gain_b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaPlanner, pfa_planner_free)

G_END_DECLS
