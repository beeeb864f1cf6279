/* pfa-findings.h - evidence in the indices of one model, and what it makes of the causes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-evidence.h"
#include "pfa-model.h"

G_BEGIN_DECLS

#define PFA_NOT_OBSERVED (-1)

/* Private to this room. Refers to @model, which must outlive it. */
typedef struct
{
  const PfaModel *model;
  int *values;                  /* by observation, or PFA_NOT_OBSERVED */
  gboolean *failed;             /* by action */
  gboolean *withheld_actions;   /* by action: not to be offered */
  gboolean *withheld_questions; /* by observation: not to be asked */
} PfaFindings;

PfaFindings *pfa_findings_new (const PfaModel *model, const PfaEvidence *evidence, GError **error);
void pfa_findings_free (PfaFindings *self);

/* TRUE while an upstream observation has a value that blocks. */
gboolean pfa_findings_is_blocked (const PfaFindings *self, const PfaBlock *blocks, guint n_blocks);
/* Observed, and not blocked. */
gboolean pfa_findings_speaks (const PfaFindings *self, guint observation);

/* Logarithms of the unnormalised weights w(c), by cause. */
void pfa_findings_weigh (const PfaFindings *self, double *log_weights);
/* For each family the greatest chance that failed, by cause: [family * n_causes + cause]. */
void pfa_findings_get_tried (const PfaFindings *self, double *tried);

/* log Σ exp over the causes with @members TRUE equal to @is_member; -INFINITY over none. @members
 * NULL: all causes. */
double pfa_findings_log_sum (const double *log_weights,
                             guint n_causes,
                             const gboolean *members,
                             gboolean is_member);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaFindings, pfa_findings_free)

G_END_DECLS
