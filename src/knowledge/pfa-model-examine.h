/* pfa-model-examine.h - everything that can be wrong with a model file (A.6)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-fault-list.h"

G_BEGIN_DECLS

/* A model without damage can be built with lenient reading and without further checks.
 * @is_whole: also what does not stop the engine: texts, reference orders, and the warnings. */
void pfa_model_examine (JsonNode *json, PfaFaultList *faults, gboolean is_whole);

/* The warnings: causes that nothing separates or mends, families of one, dominated actions. For
 * sound models only. */
void pfa_model_examine_sense (JsonObject *model, PfaFaultList *faults);

G_END_DECLS
