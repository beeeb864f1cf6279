/* pfa-guarding.h - the guards before the arithmetic: what they forbid is skipped
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-diagnosis.h"
#include "pfa-guard.h"

G_BEGIN_DECLS

/* Guards may name it like an observation; its values are those of pfa_payment_get_state(). */
#define PFA_GUARD_PAYMENT_STATE "payment-state"

/* The guards that apply now. @payment_state may be NULL ("unknown" then). Places are taken from the
 * decision without guards, so that a guard cannot undo itself. NULL and PFA_ERROR_BAD_INPUT when
 * the evidence is not the model's. (transfer container, element-type PfaGuard) */
GPtrArray *pfa_guards_find_applying (GPtrArray *guards,
                                     const PfaModel *model,
                                     const PfaEvidence *evidence,
                                     const char *payment_state,
                                     GError **error);
/* The first of @applying that forbids @action, or NULL. (transfer none) */
const PfaGuard *pfa_guards_find_forbidding (GPtrArray *applying, const char *action);
/* A copy of @evidence with all that @applying forbids skipped. (transfer full) */
PfaEvidence *
pfa_guards_withhold (GPtrArray *applying, const PfaModel *model, const PfaEvidence *evidence);

G_END_DECLS
