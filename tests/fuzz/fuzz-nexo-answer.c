/* fuzz-nexo-answer.c - the answer to a diagnosis, and a protected message, may hold anything
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-json.h"
#include "pfa-nexo-crypto.h"
#include "pfa-nexo.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  const PfaNexoRequest request = { "V400m-346403161", "X", FALSE };
  const PfaNexoKey key = { .identifier = (char *) "id", .version = 1 };
  g_autoptr (JsonObject) object =
      pfa_json_parse_object ((const char *) data, (gssize) length, "fuzz", NULL);
  g_autoptr (PfaNexoAnswer) answer = NULL;
  g_autofree char *plain = NULL;

  if (object == NULL)
    return 0;
  answer = pfa_nexo_parse_answer (object, &request, NULL);
  plain = pfa_nexo_unprotect (&key, PFA_NEXO_RESPONSE, object, NULL);
  return 0;
}
