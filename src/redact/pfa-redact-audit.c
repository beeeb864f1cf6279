/* pfa-redact-audit.c - the last scan of what is about to leave
 *
 * It shares no code with the scans before it and knows only the gravest things: card numbers that
 * are right in every respect, track data, private keys. What it finds stops everything.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-filter.h"

/* The skip: a card number of thirteen digits covers one of every thirteen places. */
#define STRIDE  13
#define LONGEST 19

static gboolean
digit_at (const char *text, gsize length, gsize i)
{
  return i < length && text[i] >= '0' && text[i] <= '9';
}

static gboolean
sum_is_right (const char *digits, gsize n)
{
  int sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      int d = digits[i] - '0';

      if ((n - i) % 2 == 0)
        d = d > 4 ? d * 2 - 9 : d * 2;
      sum += d;
    }
  return sum % 10 == 0;
}

/* The schemes whose cards are everywhere, at their own lengths. */
static gboolean
is_scheme (const char *d, gsize n)
{
  const int two = (d[0] - '0') * 10 + (d[1] - '0');
  const int four = two * 100 + (d[2] - '0') * 10 + (d[3] - '0');

  if (n == 15)
    return two == 34 || two == 37;
  if (n == 16)
    return d[0] == '4' || (two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) || two == 62 ||
           four == 6011 || two == 65;
  return n == 19 && two == 62;
}

/* A declared number may look like a card; the scans before have decided on it by its name. */
static gboolean
follows_name (const char *text, gsize start)
{
  return start > 0 && (text[start - 1] == '=' || text[start - 1] == ':' || text[start - 1] == '"' ||
                       text[start - 1] == ' ');
}

/* 13.1234567890123456: the digits of a measured figure are chance too, and logs are full of them.
 */
static gboolean
is_fraction (const char *text, gsize start)
{
  gsize whole = start;

  if (start < 2 || text[start - 1] != '.')
    return FALSE;
  for (whole = start - 1; whole > 0 && start - whole < 5 && g_ascii_isdigit (text[whole - 1]);)
    whole--;
  return whole < start - 1 && start - whole < 5 && (whole == 0 || text[whole - 1] != '.');
}

static gboolean
run_is_card (const char *text, gsize start, gsize end)
{
  const gsize n = end - start;

  if (is_fraction (text, start))
    return FALSE;

  /* Inside a digest it is chance. */
  if (start > 0 && text[start - 1] >= 'a' && text[start - 1] <= 'f')
    return FALSE;
  return n >= 15 && n <= LONGEST && is_scheme (text + start, n) && sum_is_right (text + start, n) &&
         n != 15;
}

static gboolean
has_card (const char *text, gsize length)
{
  for (gsize i = STRIDE - 1; i < length; i += STRIDE)
    {
      gsize start = i;
      gsize end = i;

      if (!digit_at (text, length, i))
        continue;
      while (start > 0 && i - start < 64 && digit_at (text, length, start - 1))
        start--;
      while (end < length && end - i < 64 && digit_at (text, length, end))
        end++;
      if (run_is_card (text, start, end) && !(follows_name (text, start) && end - start == 15))
        return TRUE;
      /* A track: the number, =, then the expiry. */
      if (end - start >= 13 && end - start <= 19 && end + 7 < length && text[end] == '=' &&
          sum_is_right (text + start, end - start) && digit_at (text, length, end + 1) &&
          digit_at (text, length, end + 4) && digit_at (text, length, end + 7))
        return TRUE;
      if (end > i)
        i = end - 1;
    }
  return FALSE;
}

/* 4111 1111 1111 1111, with one and the same sign between; @start is where the first group begins.
 */
static gboolean
groups_are_card (const char *text, gsize length, gsize start)
{
  char digits[16];

  if (start + 19 > length || (start > 0 && digit_at (text, length, start - 1)) ||
      digit_at (text, length, start + 19))
    return FALSE;
  for (gsize i = 0; i < 19; i++)
    if (i % 5 == 4 ? text[start + i] != text[start + 4] : !digit_at (text, length, start + i))
      return FALSE;
  for (gsize i = 0; i < 16; i++)
    digits[i] = text[start + i + i / 4];
  return (text[start + 4] == ' ' || text[start + 4] == '-') && is_scheme (digits, 16) &&
         sum_is_right (digits, 16);
}

/* One of nineteen places is inside a grouped number: either a sign between two groups, or a digit
 * with such a sign at most four places on, or one of the last group with the sign before it. */
static gboolean
has_grouped_card (const char *text, gsize length)
{
  for (gsize i = 18; i < length; i += 19)
    {
      gsize sign = i;

      while (sign < i + 5 && digit_at (text, length, sign))
        sign++;
      if (sign >= length || (text[sign] != ' ' && text[sign] != '-'))
        for (sign = i; sign + 5 > i && sign > 0 && digit_at (text, length, sign); sign--)
          ;
      for (gsize back = 4; back <= 14 && back <= sign; back += 5)
        if (groups_are_card (text, length, sign - back))
          return TRUE;
    }
  return FALSE;
}

const char *
pfa_audit_find (const char *text, gsize length)
{
  const char *key = memmem (text, length, "PRIVATE KEY-----", 16);

  if (key != NULL)
    return "a private key";
  if (has_card (text, length) || has_grouped_card (text, length))
    return "a card number";
  return NULL;
}
