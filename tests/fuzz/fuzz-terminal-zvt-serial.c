/* fuzz-terminal-zvt-serial.c - a ZVT terminal on a serial line may send any bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-hostile.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  pfa_hostile_run ("zvt+serial:///dev/ttyACM0", (PfaSpan){ data, length }, NULL);
  return 0;
}
