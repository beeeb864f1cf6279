/* fuzz-json.c - the guarded JSON reader takes any bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-json.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (JsonNode) node = pfa_json_parse ((const char *) data, (gssize) length, "fuzz", NULL);
  g_autofree char *text = node != NULL ? pfa_json_write (node, FALSE) : NULL;
  g_autoptr (JsonNode) again = text != NULL ? pfa_json_parse (text, -1, "again", NULL) : NULL;

  /* What was read and written is read again. */
  if (node != NULL && again == NULL)
    __builtin_trap ();
  return 0;
}
