/* fuzz-guided-words.c - names, messages and spoken codes of strangers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-guided-words.h"
#include "pfa-spoken.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autofree char *text = g_strndup ((const char *) data, length);
  g_autofree char *clean = pfa_guided_words_clean (text, 60);
  g_autofree char *again = pfa_guided_words_clean (clean, 61);
  g_autoptr (PfaSpoken) spoken = pfa_spoken_decode (text, NULL);

  if (!g_utf8_validate (clean, -1, NULL) || g_utf8_strlen (clean, -1) > 61)
    __builtin_trap ();
  /* What is clean stays as it is. */
  if (strcmp (clean, again) != 0)
    __builtin_trap ();
  pfa_guided_words_is_own_name (text);
  if (spoken != NULL)
    {
      g_autofree char *code = pfa_spoken_encode (spoken);
      g_autoptr (PfaSpoken) same = pfa_spoken_decode (code, NULL);

      if (same == NULL)
        __builtin_trap ();
    }
  return 0;
}
