/* fuzz-model.c - any bytes as a model: refused, or computed with to the end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "pfa-diagnosis.h"
#include "pfa-json.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (JsonNode) node = pfa_json_parse ((const char *) data, (gssize) length, "fuzz", NULL);
  g_autoptr (PfaModel) model = NULL;
  g_autoptr (PfaEvidence) evidence = pfa_evidence_new ();
  g_autoptr (PfaDecision) decision = NULL;

  if (node == NULL)
    return 0;
  g_strfreev (pfa_model_validate (node, "fuzz"));
  model = pfa_model_new_from_json (node, "fuzz", NULL);
  if (model == NULL)
    return 0;
  decision = pfa_diagnosis_decide (model, evidence, NULL);
  if (decision == NULL || !isfinite (decision->ecr))
    __builtin_trap ();
  return 0;
}
