/* pfa-guided-code.c - the code that a merchant reads out, NNN-NNN-NNN
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-code.h"

#define N_DIGITS 9

char *
pfa_guided_code_build (guint routing, guint secret)
{
  g_return_val_if_fail (routing < PFA_GUIDED_CODE_ROUTINGS, NULL);
  g_return_val_if_fail (secret < PFA_GUIDED_CODE_SECRETS, NULL);

  return g_strdup_printf ("%03u-%03u-%03u", routing, secret / 1000, secret % 1000);
}

gboolean
pfa_guided_code_parse (const char *text, guint *routing, guint *secret)
{
  guint64 number = 0;
  guint digits = 0;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      int digit = g_unichar_digit_value (c);

      if (digit >= 0 && ++digits > N_DIGITS)
        return FALSE;
      if (digit >= 0)
        number = number * 10 + (guint) digit;
      else if (!g_unichar_isspace (c) && c != '.' &&
               g_unichar_type (c) != G_UNICODE_DASH_PUNCTUATION)
        return FALSE;
    }
  if (digits != N_DIGITS)
    return FALSE;
  if (routing != NULL)
    *routing = (guint) (number / PFA_GUIDED_CODE_SECRETS);
  if (secret != NULL)
    *secret = (guint) (number % PFA_GUIDED_CODE_SECRETS);
  return TRUE;
}
