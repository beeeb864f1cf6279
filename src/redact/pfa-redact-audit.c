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

#define LONGEST  19
#define SHORTEST 13
/* So many places are looked at together. */
#define STEP 64

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Bit n: byte n of the step. The second half of each is the step that follows. */
typedef unsigned __int128 Places;

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
run_is_secret (const char *text, gsize length, gsize start)
{
  gsize end = start;

  while (end - start <= LONGEST && digit_at (text, length, end))
    end++;
  if (run_is_card (text, start, end) && !(follows_name (text, start) && end - start == 15))
    return TRUE;
  /* A track: the number, =, then the expiry. */
  return end - start >= SHORTEST && end - start <= LONGEST && end + 7 < length &&
         text[end] == '=' && sum_is_right (text + start, end - start) &&
         digit_at (text, length, end + 1) && digit_at (text, length, end + 4) &&
         digit_at (text, length, end + 7);
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

#if defined(__SSE2__)

static guint64
find_digits (const char *text)
{
  guint64 found = 0;

  for (guint i = 0; i < STEP; i += 16)
    {
      const __m128i v = _mm_loadu_si128 ((const __m128i_u *) (text + i));
      /* Moved so that 0 to 9 are the ten smallest of all signed bytes. */
      const __m128i moved = _mm_add_epi8 (v, _mm_set1_epi8 ((char) (0x80 - '0')));

      found |= (guint64) _mm_movemask_epi8 (_mm_cmpgt_epi8 (_mm_set1_epi8 (-128 + 10), moved)) << i;
    }
  return found;
}

#else

static guint64
find_digits (const char *text)
{
  guint64 found = 0;

  for (guint i = 0; i < STEP; i++)
    found |= (guint64) (text[i] >= '0' && text[i] <= '9') << i;
  return found;
}

#endif

static guint64
find_digits_at (const char *text, gsize length, gsize base)
{
  char rest[STEP] = { 0 };

  if (base + STEP <= length)
    return find_digits (text + base);
  if (base < length)
    memcpy (rest, text + base, length - base);
  return find_digits (rest);
}

/* Where @n digits stand in a row, @n between 8 and 16. */
static Places
find_rows (Places digit, guint n)
{
  const Places two = digit & digit >> 1;
  const Places four = two & two >> 2;
  const Places eight = four & four >> 4;

  return eight & eight >> (n - 8);
}

static gboolean
look_closer (const char *text, gsize length, gsize base, Places digit, guint64 before)
{
  const Places four = digit & digit >> 1 & digit >> 2 & digit >> 3;
  guint64 runs = (guint64) find_rows (digit, SHORTEST) & ~((guint64) digit << 1 | before >> 63);
  /* Four digits four times, and something else between. */
  guint64 groups = (guint64) (four & ~(digit >> 4) & four >> 5 & four >> 10 & four >> 15);

  for (; runs != 0; runs &= runs - 1)
    if (run_is_secret (text, length, base + (gsize) __builtin_ctzll (runs)))
      return TRUE;
  for (; groups != 0; groups &= groups - 1)
    if (groups_are_card (text, length, base + (gsize) __builtin_ctzll (groups)))
      return TRUE;
  return FALSE;
}

static gboolean
has_card (const char *text, gsize length)
{
  guint64 now = find_digits_at (text, length, 0);
  guint64 before = 0;

  for (gsize base = 0; base < length; base += STEP)
    {
      const guint64 next = find_digits_at (text, length, base + STEP);
      const guint64 two = now & (now >> 1 | next << 63);
      const guint64 two_next = next & next >> 1;
      const guint64 four = two & (two >> 2 | two_next << 62);
      const guint64 four_next = two_next & two_next >> 2;
      /* Four digits and again four, at once or behind one sign: any number of a card has them. */
      const guint64 again = four >> 4 | four_next << 60 | four >> 5 | four_next << 59;

      if ((four & again) != 0 &&
          look_closer (text, length, base, (Places) next << STEP | now, before))
        return TRUE;
      before = now;
      now = next;
    }
  return FALSE;
}

const char *
pfa_audit_find (const char *text, gsize length)
{
  const char *key = memmem (text, length, "PRIVATE KEY-----", 16);

  if (key != NULL)
    return "a private key";
  if (has_card (text, length))
    return "a card number";
  return NULL;
}
