/* fuzz-terminal-ecr17.c - an ECR17 terminal may send any bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-hostile.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  pfa_hostile_run ("ecr17+tcp://127.0.0.1:1", (PfaSpan){ data, length }, NULL);
  return 0;
}
