/* pfa-cards.h - what the papers say: the customer's note and the maintenance plan
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid.h"
#include "pfa-document.h"

G_BEGIN_DECLS

/* What is known of the payment of @aid's run, in the customer's words; without a run it says so.
 * (transfer full) */
PfaDocument *pfa_cards_new_note (PfaAid *aid);
/* All tasks by their rhythm, to be ticked by hand. (transfer full) */
PfaDocument *pfa_cards_new_plan (void);

G_END_DECLS
