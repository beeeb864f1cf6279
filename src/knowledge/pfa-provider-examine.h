/* pfa-provider-examine.h - everything that can be wrong with a provider's profile
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-fault-list.h"

G_BEGIN_DECLS

/* A profile without damage can be built with lenient reading and without further checks. */
void pfa_provider_examine (JsonNode *json, PfaFaultList *faults);

G_END_DECLS
