/* fuzz-terminal-nexo.c - a nexo terminal may answer any body
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-hostile.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  pfa_hostile_run ("nexo+https://127.0.0.1?poi=V400m-346403161", (PfaSpan){ data, length }, NULL);
  return 0;
}
