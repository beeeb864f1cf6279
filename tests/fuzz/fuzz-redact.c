/* fuzz-redact.c - any bytes through the redactor: no crash, valid text, no card left
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdint.h>
#include <stdlib.h>

#include "pfa-redactor.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint8 key[PFA_REDACTOR_KEY_LENGTH];
  g_autoptr (PfaRedactor) redactor =
      pfa_redactor_new (key, size % 2 == 0 ? PFA_READER_PROVIDER : PFA_READER_ANYONE);
  g_autoptr (PfaSafeText) safe =
      pfa_redactor_redact_text (redactor, "fuzz", (const char *) data, (gssize) size, NULL);

  if (safe != NULL && !g_utf8_validate (pfa_safe_text_get_data (safe, NULL), -1, NULL))
    abort ();
  return 0;
}
