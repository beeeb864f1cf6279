/* pfa-redact-pan.c - card numbers: ranges, lengths, check digit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-scan.h"

/* [first, last] on the first six digits; [shortest, longest] on the length. */
typedef struct
{
  guint first;
  guint last;
  guint8 shortest;
  guint8 longest;
  PfaPan pan;
} Range;

/* reference/payments.md 7.3. The first range that fits decides. UnionPay's and the old Chinese
 * banks' numbers may have no right check digit. */
static const Range ranges[] = {
  { 620000, 629999, 13, 19, PFA_PAN_ALWAYS },    /* UnionPay */
  { 810000, 819999, 13, 19, PFA_PAN_ALWAYS },    /* UnionPay, RuPay */
  { 600000, 609999, 16, 19, PFA_PAN_ALWAYS },    /* old Chinese debit, RuPay, Discover */
  { 900000, 999999, 16, 19, PFA_PAN_ALWAYS },    /* old Chinese debit, Troy, Humo */
  { 400000, 499999, 13, 13, PFA_PAN_WITH_LUHN }, /* Visa */
  { 400000, 499999, 16, 19, PFA_PAN_WITH_LUHN },
  { 510000, 559999, 16, 16, PFA_PAN_WITH_LUHN }, /* Mastercard */
  { 222100, 272099, 16, 16, PFA_PAN_WITH_LUHN },
  { 220000, 220499, 16, 19, PFA_PAN_WITH_LUHN }, /* Mir */
  { 340000, 349999, 15, 15, PFA_PAN_WITH_LUHN }, /* American Express */
  { 370000, 379999, 15, 15, PFA_PAN_WITH_LUHN },
  { 300000, 305999, 14, 19, PFA_PAN_WITH_LUHN }, /* Diners */
  { 309500, 309599, 14, 19, PFA_PAN_WITH_LUHN },
  { 360000, 369999, 14, 19, PFA_PAN_WITH_LUHN },
  { 380000, 399999, 14, 19, PFA_PAN_WITH_LUHN },
  { 352800, 358999, 16, 19, PFA_PAN_WITH_LUHN }, /* JCB */
  { 357111, 357111, 16, 16, PFA_PAN_WITH_LUHN }, /* LankaPay */
  { 500000, 509999, 12, 19, PFA_PAN_WITH_LUHN }, /* Maestro, Verve, RuPay */
  { 560000, 699999, 12, 19, PFA_PAN_WITH_LUHN }, /* Maestro, Discover, girocard */
  { 820000, 829999, 16, 16, PFA_PAN_WITH_LUHN }, /* RuPay */
  { 860000, 869999, 16, 16, PFA_PAN_WITH_LUHN }, /* Uzcard */
};

static guint
first_six (const char *digits)
{
  guint value = 0;

  for (guint i = 0; i < 6; i++)
    value = value * 10 + (guint) (digits[i] - '0');
  return value;
}

/* Two digits rule out most numbers: for each first one, bits for the second. */
static gboolean
may_begin (guint first, guint second)
{
  static const guint16 seconds[10] = {
    [2] = 0xfc, [3] = 0x3f1, [4] = 0x3ff, [5] = 0x3ff, [6] = 0x3ff, [8] = 0x46, [9] = 0x3ff
  };

  return (seconds[first] >> second & 1) != 0;
}

PfaPan
pfa_pan_classify (const char *digits, guint length)
{
  PfaPan best = PFA_PAN_NO;
  guint six;

  if (length < 12 || length > 19 ||
      !may_begin ((guint) (digits[0] - '0'), (guint) (digits[1] - '0')))
    return PFA_PAN_NO;
  six = first_six (digits);
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (six >= ranges[i].first && six <= ranges[i].last && length >= ranges[i].shortest &&
        length <= ranges[i].longest)
      best = MAX (best, ranges[i].pan);
  return best;
}

gboolean
pfa_pan_is_common (const char *digits, guint length)
{
  const guint six = length >= 12 ? first_six (digits) : 0;
  const guint two = six / 10000;

  switch (length)
    {
    case 16:
      return two / 10 == 4 || (two >= 51 && two <= 55) || (six >= 222100 && six <= 272099) ||
             two == 62 || two == 35 || two == 65 || two == 50 || two == 67 || six / 100 == 6011 ||
             (six >= 220000 && six <= 220499) || two == 97 || two == 60 || two == 81;
    case 15:
      return two == 34 || two == 37;
    case 14:
      return two == 36 || two == 38 || (six >= 300000 && six <= 305999);
    case 19:
      return two == 62 || two == 95 || two == 67;
    default:
      return FALSE;
    }
}

gboolean
pfa_pan_has_luhn (const char *digits, guint length)
{
  static const guint8 doubled[10] = { 0, 2, 4, 6, 8, 1, 3, 5, 7, 9 };
  guint sum = 0;

  for (guint i = 0; i < length; i++)
    {
      const guint digit = (guint) (digits[length - 1 - i] - '0');

      sum += i % 2 == 1 ? doubled[digit] : digit;
    }
  return sum % 10 == 0;
}

gboolean
pfa_pan_is_varied (const char *digits, guint length)
{
  for (guint i = 1; i < length; i++)
    if (digits[i] != digits[0])
      return TRUE;
  return FALSE;
}

gboolean
pfa_ean_is_right (const char *digits, guint length)
{
  guint sum = 0;

  if (length != 8 && (length < 12 || length > 14))
    return FALSE;
  for (guint i = 0; i < length; i++)
    sum += (guint) (digits[length - 1 - i] - '0') * (i % 2 == 1 ? 3 : 1);
  return sum % 10 == 0;
}
