/* pfa-aid-guided-bundle.h - the bundle that support asked for and the merchant allowed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid-guided.h"
#include "pfa-outbox.h"

G_BEGIN_DECLS

/* From now on support may ask for the bundle; with a yes it is made, sealed where the provider's
 * profile says for whom, and goes through @outbox, so that it is not lost when the line is. Support
 * is told the ticket, or "queued" when it has not been sent within a minute. */
void pfa_aid_guided_set_outbox (PfaAidGuided *self, PfaOutbox *outbox);

G_END_DECLS
