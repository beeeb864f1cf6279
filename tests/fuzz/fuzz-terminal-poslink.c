/* fuzz-terminal-poslink.c - a POSLink terminal may send any bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-hostile.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  pfa_hostile_run ("poslink+tcp://127.0.0.1", (PfaSpan){ data, length }, NULL);
  return 0;
}
