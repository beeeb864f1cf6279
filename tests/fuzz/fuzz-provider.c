/* fuzz-provider.c - any bytes as a provider's profile
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-json.h"
#include "pfa-provider.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (JsonObject) object =
      pfa_json_parse_object ((const char *) data, (gssize) length, "fuzz", NULL);
  g_autoptr (PfaProvider) provider =
      object != NULL ? pfa_provider_new_from_json (object, "fuzz", NULL, NULL) : NULL;

  if (provider != NULL)
    g_strfreev (pfa_provider_dup_contacts (provider));
  return 0;
}
