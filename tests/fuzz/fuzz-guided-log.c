/* fuzz-guided-log.c - a guided.jsonl that somebody else has written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-log.h"
#include "pfa-json.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (JsonNode) node = pfa_json_parse ((const char *) data, (gssize) length, "fuzz", NULL);
  guint fault = 0;
  JsonArray *entries;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return 0;
  entries = json_node_get_array (node);
  if (!pfa_guided_log_verify ("session", entries, &fault) &&
      (fault == 0 || fault > json_array_get_length (entries)))
    __builtin_trap ();
  return 0;
}
