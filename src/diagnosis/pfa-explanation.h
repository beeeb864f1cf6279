/* pfa-explanation.h - which evidence speaks for a cause or a place, and whether it agrees
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-diagnosis.h"
#include "pfa-findings.h"

G_BEGIN_DECLS

/* Private to this room. The log weights with all of the evidence, and without each piece of it;
 * shared by the explanations of one decision. */
typedef struct
{
  const PfaFindings *findings;
  double *whole;    /* by cause */
  GArray *pieces;   /* PfaReason with its weight still open */
  double **without; /* by piece: by cause */
} PfaWeighing;

PfaWeighing *pfa_weighing_new (PfaFindings *findings);
void pfa_weighing_free (PfaWeighing *self);

/* For and against the causes that are @members. @cause: the only one, or -1 for a place. */
PfaExplanation pfa_weighing_explain (const PfaWeighing *self, const gboolean *members, int cause);

/* log2 of P(each piece alone) / P(all together), settings and failed steps apart. */
double pfa_findings_get_conflict_bits (const PfaFindings *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaWeighing, pfa_weighing_free)

G_END_DECLS
