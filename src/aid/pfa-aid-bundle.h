/* pfa-aid-bundle.h - the bundle of the aid's incident
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid.h"
#include "pfa-bundle.h"

G_BEGIN_DECLS

/* All that the aid knows, in the merchant's @language and in English, with what this computer
 * says about itself and the tails of @logs (element-type PfaBundleLog, or NULL). NULL without an
 * incident. Nothing is redacted or written yet. (transfer full) */
PfaBundle *pfa_aid_create_bundle (PfaAid *self, const char *language, GPtrArray *logs);

G_END_DECLS
