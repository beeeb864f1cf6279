/* pfa-finding.h - an observation as a row: mark, what was looked at, what was seen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-row.h"

G_BEGIN_DECLS

/* NULL for what is not known to the knowledge (an older program's incident). */
GtkWidget *pfa_finding_new_row (PfaAid *aid, PfaObservation *observation);

G_END_DECLS
