/* pfa-redact-number.c - dates, telephone numbers, addresses and identity numbers among digits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

static guint
value_of (const PfaScan *scan, const PfaDigits *group)
{
  guint value = 0;

  for (guint i = 0; i < MIN (group->length, 9); i++)
    value = value * 10 + (guint) (scan->text[group->start + i] - '0');
  return value;
}

static gsize
end_of (const PfaDigits *group)
{
  return group->start + group->length;
}

/* The one sign between two runs, or 0. */
static guint8
sign_after (const PfaScan *scan, guint i)
{
  if (i + 1 >= scan->n_chain || scan->chain[i + 1].start - end_of (&scan->chain[i]) != 1)
    return 0;
  return scan->text[end_of (&scan->chain[i])];
}

static gboolean
in_range (const PfaScan *scan, guint i, guint digits, guint low, guint high)
{
  guint value;

  if (scan->chain[i].length != digits)
    return FALSE;
  value = value_of (scan, &scan->chain[i]);
  return value >= low && value <= high;
}

static gboolean
is_time (const PfaScan *scan, guint i)
{
  return i + 2 < scan->n_chain && sign_after (scan, i) == ':' && sign_after (scan, i + 1) == ':' &&
         in_range (scan, i, 2, 0, 23) && in_range (scan, i + 1, 2, 0, 59) &&
         in_range (scan, i + 2, 2, 0, 60) && sign_after (scan, i + 2) != ':';
}

static gboolean
is_calendar_date (const PfaScan *scan, guint i)
{
  guint8 sign;

  if (i + 2 >= scan->n_chain)
    return FALSE;
  sign = sign_after (scan, i);
  if (sign != sign_after (scan, i + 1) || (sign != '-' && sign != '/' && sign != '.'))
    return FALSE;
  if (in_range (scan, i, 4, 1970, 2099))
    return in_range (scan, i + 1, 2, 1, 12) && in_range (scan, i + 2, 2, 1, 31);
  return in_range (scan, i + 2, 4, 1970, 2099) && in_range (scan, i, 2, 1, 31) &&
         in_range (scan, i + 1, 2, 1, 31);
}

gboolean
pfa_chain_is_date (const PfaScan *scan, guint first, guint *n_groups)
{
  if (scan->chain[first].length != 2 && scan->chain[first].length != 4)
    return FALSE;
  if (is_calendar_date (scan, first))
    {
      *n_groups = 3;
      return TRUE;
    }
  if (is_time (scan, first))
    {
      const guint8 sign = sign_after (scan, first + 2);

      *n_groups = sign == '.' || sign == ',' ? 4 : 3;
      return TRUE;
    }
  return FALSE;
}

gboolean
pfa_scan_is_in_uuid (const PfaScan *scan, gsize position)
{
  static const guint8 hyphens[] = { 8, 13, 18, 23 };
  gsize start = position;

  while (start > 0 && position - start < 36 &&
         (pfa_is_xdigit (scan->text[start - 1]) || scan->text[start - 1] == '-'))
    start--;
  if (start + 36 > scan->length || pfa_is_alnum (pfa_scan_at (scan, start + 36)))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (hyphens); i++)
    if (scan->text[start + hyphens[i]] != '-')
      return FALSE;
  for (guint i = 0; i < 36; i++)
    if (scan->text[start + i] == '-' ? memchr (hyphens, (int) i, sizeof hyphens) == NULL
                                     : !pfa_is_xdigit (scan->text[start + i]))
      return FALSE;
  return TRUE;
}

/* RFC 1918 and the other addresses that say nothing outside the shop. */
static gboolean
is_private (const guint *part)
{
  return part[0] == 10 || part[0] == 127 || part[0] == 0 || part[0] >= 224 ||
         (part[0] == 172 && part[1] >= 16 && part[1] <= 31) || (part[0] == 192 && part[1] == 168) ||
         (part[0] == 169 && part[1] == 254) || (part[0] == 100 && part[1] >= 64 && part[1] <= 127);
}

static gboolean
has_version_before (const PfaScan *scan, gsize start)
{
  const guint8 before = start > 0 ? scan->text[start - 1] : 0;

  return before == 'v' || before == 'V' || pfa_scan_find_key (scan, start) == PFA_KEY_VERSION;
}

/* Four runs with dots: a public address keeps its first three parts. */
static guint
find_address (PfaScan *scan, guint i)
{
  guint part[4];
  char text[PFA_SPAN_TEXT_LENGTH];
  const gsize start = scan->chain[i].start;
  guint8 before;

  const guint8 sign =
      start >= 3 && g_ascii_strncasecmp ((const char *) scan->text + start - 3, "ip-", 3) == 0
          ? '-'
          : '.';

  if (i + 3 >= scan->n_chain || sign_after (scan, i) != sign || sign_after (scan, i + 1) != sign ||
      sign_after (scan, i + 2) != sign || (i > 0 && sign_after (scan, i - 1) == '.'))
    return 0;
  for (guint j = 0; j < 4; j++)
    {
      part[j] = value_of (scan, &scan->chain[i + j]);
      if (scan->chain[i + j].length > 3 || part[j] > 255)
        return 0;
    }
  before = start > 0 ? scan->text[start - 1] : ' ';
  if (sign_after (scan, i + 3) == '.' || is_private (part) || before == '_' ||
      (pfa_is_alpha (before) && before != 'v') || has_version_before (scan, start))
    return 4;
  g_snprintf (text, sizeof text, "%u.%u.%u.x", part[0], part[1], part[2]);
  pfa_scan_add_text (scan, start, end_of (&scan->chain[i + 3]), PFA_SECRET_ADDRESS, text);
  return 4;
}

static guint
joined_digits (const PfaScan *scan, guint first, guint last, char *out, guint size)
{
  guint n = 0;

  for (guint i = first; i <= last; i++)
    for (guint j = 0; j < scan->chain[i].length && n + 1 < size; j++)
      out[n++] = (char) scan->text[scan->chain[i].start + j];
  out[n] = '\0';
  return n;
}

/* Numbers that everybody may call: they belong to a hotline, not to a person. */
static gboolean
is_hotline (const char *digits, guint n)
{
  static const char *const prefixes[] = { "0800",  "0808", "00800", "1800", "800", "888",   "877",
                                          "866",   "855",  "844",   "833",  "400", "86400", "86800",
                                          "49800", "1888", "1877",  "0180", "95" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (strncmp (digits, prefixes[i], strlen (prefixes[i])) == 0)
      return !(digits[0] == '4' && digits[1] == '0' && n != 10);
  return FALSE;
}

static gboolean
is_chinese_mobile (const char *digits)
{
  return digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9';
}

static void
hide_phone (PfaScan *scan, gsize start, gsize end, const char *digits, guint n)
{
  char text[PFA_SPAN_TEXT_LENGTH];

  if (n >= 11 && is_chinese_mobile (digits + n - 11) &&
      (n == 11 || g_str_has_prefix (digits, "86") || g_str_has_prefix (digits, "0086")))
    {
      g_snprintf (text, sizeof text, "%.3s****%.4s", digits + n - 11, digits + n - 4);
      pfa_scan_add_text (scan, start, end, PFA_SECRET_PHONE, text);
    }
  else
    pfa_scan_add (scan, start, end, PFA_SECRET_PHONE, digits, n);
}

static gboolean
parts_phone (guint8 c)
{
  return c == 0 || c == ' ' || c == '-' || c == '/' || c == '.' || c == '(' || c == ')';
}

/* The last run that belongs to the same number: blanks, hyphens, slashes, brackets between. */
static guint
phone_last (const PfaScan *scan, guint first, guint limit)
{
  guint last = first;
  guint total = scan->chain[first].length;

  while (last + 1 < scan->n_chain && last - first < 5)
    {
      const gsize gap = end_of (&scan->chain[last]);
      const gsize next = scan->chain[last + 1].start;

      total += scan->chain[last + 1].length;
      if (total > limit || next - gap > 2)
        break;
      if (!parts_phone (scan->text[gap]) || !parts_phone (scan->text[next - 1]))
        break;
      last++;
    }
  return last;
}

static gboolean
is_national (const PfaScan *scan, guint first, guint last, const char *digits, guint n)
{
  const PfaDigits *group = &scan->chain[first];
  const guint8 sign = pfa_scan_at (scan, end_of (group));

  if (last == first)
    return n == 11 && is_chinese_mobile (digits);
  if (is_chinese_mobile (digits) && n == 11)
    return last - first == 2 && group->length == 3 && scan->chain[first + 1].length == 4;
  if (digits[0] == '0' && digits[1] != '0')
    {
      if (last - first == 4 && group->length == 2 && scan->chain[last].length == 2 && sign == ' ')
        return n == 10;
      return n >= 9 && n <= 12 && group->length >= 3 && group->length <= 5 &&
             scan->chain[first + 1].length >= 3 && sign != '.' && scan->chain[last].length >= 2;
    }
  return n == 10 && last - first == 2 && group->length == 3 && scan->chain[first + 1].length == 3 &&
         digits[0] >= '2' && digits[3] >= '2' && sign_after (scan, first) != '/' &&
         (sign == ')' || sign_after (scan, first) == sign_after (scan, first + 1)) && sign != ' ';
}

static guint
find_phone (PfaScan *scan, guint first)
{
  const gsize start = scan->chain[first].start;
  const guint8 before = start > 0 ? scan->text[start - 1] : ' ';
  const gboolean international =
      before == '+' || (before == '(' && start > 1 && scan->text[start - 2] == '+');
  char digits[20];
  guint last, n;
  gsize end;

  /* 00 alone begins a number abroad only with a country behind it. */
  if (!international && scan->chain[first].length == 2 && scan->text[start] == '0' &&
      scan->text[start + 1] == '0' &&
      (first + 1 >= scan->n_chain || scan->text[scan->chain[first + 1].start] == '0'))
    return 0;
  /* What no number begins with, or not with so many digits, is most of what comes here. */
  if (!international && scan->text[start] != '0' && scan->chain[first].length != 3 &&
      scan->chain[first].length != 11)
    return 0;
  if (!international && (pfa_is_alnum (before) || before == '.' || before == '_' || before == '-' ||
                         before == '/' || (first > 0 && sign_after (scan, first - 1) == ':')))
    return 0;
  last = phone_last (scan, first, 15);
  n = joined_digits (scan, first, last, digits, sizeof digits);
  end = end_of (&scan->chain[last]);
  if (pfa_is_alnum (pfa_scan_at (scan, end)) || pfa_scan_at (scan, end) == '_')
    return 0;
  if (international ? n < 8 || n > 15
                    : !(is_national (scan, first, last, digits, n) ||
                        (digits[0] == '0' && digits[1] == '0' && digits[2] != '0' && n >= 11 &&
                         (last > first || n >= 13))))
    return 0;
  if (is_hotline (digits, n) || pfa_key_declares (pfa_scan_find_key (scan, start), n))
    return last - first + 1;
  hide_phone (scan, start - (international ? 1 : 0), end, digits, n);
  return last - first + 1;
}

/* GB 11643: region, date of birth, order, and the check digit of ISO 7064 MOD 11-2. */
static gboolean
find_identity (PfaScan *scan, guint i)
{
  static const guint8 weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
  const PfaDigits *group = &scan->chain[i];
  const char *digits = (const char *) scan->text + group->start;
  const char last = (char) g_ascii_toupper ((char) pfa_scan_at (scan, group->start + 17));
  guint sum = 0;

  if (group->length != 18 && !(group->length == 17 && last == 'X'))
    return FALSE;
  if (digits[0] < '1' || digits[0] > '9' ||
      (strncmp (digits + 6, "19", 2) != 0 && strncmp (digits + 6, "20", 2) != 0) ||
      digits[10] > '1' || digits[12] > '3')
    return FALSE;
  for (guint j = 0; j < 17; j++)
    sum += weights[j] * (guint) (digits[j] - '0');
  if ("10X98765432"[sum % 11] != last)
    return FALSE;
  pfa_scan_add (scan, group->start, group->start + 18, PFA_SECRET_IDENTITY, NULL, 0);
  return TRUE;
}

void
pfa_chain_find_numbers (PfaScan *scan)
{
  for (guint i = 0; i < scan->n_chain;)
    {
      const PfaDigits *group = &scan->chain[i];
      const guint8 sign = pfa_scan_at (scan, end_of (group));
      guint n = 0;

      if (group->length >= 17 && find_identity (scan, i))
        n = 1;
      if (n == 0 && group->length <= 3 && i + 3 < scan->n_chain && (sign == '.' || sign == '-'))
        n = find_address (scan, i);
      if (n == 0 && scan->chain_digits >= 8 &&
          (sign < '-' || sign > ':' || !pfa_chain_is_date (scan, i, &n)))
        n = find_phone (scan, i);
      i += MAX (n, 1);
    }
}
