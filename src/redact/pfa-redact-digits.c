/* pfa-redact-digits.c - card numbers among runs of digits
 *
 * Runs with little between them form a chain; the chain is looked at when it ends and holds at
 * least as many digits as the shortest card number. A window of whole runs is a card number when
 * its digits say so and when its runs look like one number and not like a row of figures.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

#define SHORTEST 12
#define LONGEST  19
#define LONG_GAP 48

gboolean
pfa_scan_gap_joins (const PfaScan *scan, gsize start, gsize end)
{
  guint newlines = 0;

  if (end - start > LONG_GAP)
    return FALSE;
  for (gsize i = start; i < end; i++)
    if (scan->text[i] == '\n')
      newlines++;
    else if (scan->text[i] != '\r' && !pfa_block_is_joint (scan->text[i]) &&
             !(scan->text[i] == '=' && strchr ("\r\n", pfa_scan_at (scan, i + 1)) != NULL))
      return FALSE;
  return newlines == 1 || (newlines == 0 && end - start <= 3);
}

static gsize
group_end (const PfaDigits *group)
{
  return group->start + group->length;
}

static gboolean
same_gap (const PfaScan *scan, guint a, guint b)
{
  const gsize a_start = group_end (&scan->chain[a]);
  const gsize a_length = scan->chain[a + 1].start - a_start;
  const gsize b_start = group_end (&scan->chain[b]);

  return a_length == scan->chain[b + 1].start - b_start &&
         memcmp (scan->text + a_start, scan->text + b_start, a_length) == 0;
}

static gboolean
gap_has_newline (const PfaScan *scan, guint before)
{
  const gsize start = group_end (&scan->chain[before]);

  return memchr (scan->text + start, '\n', scan->chain[before + 1].start - start) != NULL;
}

/* The gap between two runs is a single sign that makes dates, times and fractions. */
static gboolean
is_tight (const PfaScan *scan, guint before)
{
  const gsize start = group_end (&scan->chain[before]);

  return scan->chain[before + 1].start - start == 1 &&
         (scan->text[start] == ':' || (scan->text[start] >= '-' && scan->text[start] <= '/'));
}

static gboolean
is_edge (const PfaScan *scan, guint first, guint last)
{
  const guint size = scan->chain[first].length;

  return (first == 0 || scan->chain[first - 1].length != size ||
          !same_gap (scan, first - 1, first)) &&
         (last + 1 == scan->n_chain || scan->chain[last + 1].length != size ||
          !same_gap (scan, last, last - 1));
}

/* 4-4-4-4, 4-4-4-4-3, 1-1-1…, 2-2-2…, 1-3-3-3-3-3 and the like. */
static gboolean
is_uniform (const PfaScan *scan, guint first, guint last)
{
  const guint size = scan->chain[first + 1].length;
  const guint head = scan->chain[first].length;
  guint odd_gaps = 0;

  if (size > 6 || head > size || scan->chain[last].length > size || (head < size && size != 3))
    return FALSE;
  for (guint i = first + 1; i < last; i++)
    {
      if (scan->chain[i].length != size)
        return FALSE;
      odd_gaps += same_gap (scan, i, i - 1) ? 0 : 1;
    }
  if (odd_gaps > 0 && size != 4)
    return FALSE;
  return size == 4 || size == 2 || is_edge (scan, first, last);
}

static gboolean
is_known_grouping (const PfaScan *scan, guint first, guint last)
{
  static const guint8 groupings[][5] = {
    { 4, 6, 5 }, { 4, 6, 4 }, { 6, 10 },   { 6, 13 },      { 6, 9 },          { 6, 8 },
    { 8, 8 },    { 4, 12 },   { 12, 4 },   { 8, 11 },      { 6, 6, 4 },       { 5, 5, 5 },
    { 6, 4, 6 }, { 6, 3, 6 }, { 6, 7 },    { 6, 2, 8 },    { 6, 2, 4, 4 },    { 4, 2, 6, 4 },
    { 4, 4, 8 }, { 8, 4, 4 }, { 4, 8, 4 }, { 6, 12 },      { 6, 11 },         { 4, 4, 4, 7 },
    { 10, 6 },   { 9, 7 },    { 7, 9 },    { 4, 4, 2, 6 }, { 4, 2, 2, 4, 4 }, { 3, 13 },
    { 15, 1 },
  };
  const guint n = last - first + 1;

  for (guint i = 0; i < G_N_ELEMENTS (groupings); i++)
    {
      guint j = 0;

      while (j < n && j < 5 && groupings[i][j] == scan->chain[first + j].length)
        j++;
      if (j == n && (j == 5 || groupings[i][j] == 0))
        return TRUE;
    }
  return FALSE;
}

/* A number broken by the end of a line: whole, and not the end of one line's figure and the next
 * line's time. */
static gboolean
is_broken_number (const PfaScan *scan, guint first, guint last)
{
  const PfaDigits *tail = &scan->chain[last];

  if (last - first != 1 || scan->chain[first].length < 4)
    return FALSE;
  if ((last + 1 < scan->n_chain && is_tight (scan, last)) ||
      (first > 0 && is_tight (scan, first - 1)))
    return FALSE;
  /* Seconds, ms or µs since 1970 open many logs' lines. */
  return !((tail->length == 10 || tail->length == 13 || tail->length == 16) &&
           scan->text[tail->start] == '1' && scan->text[tail->start + 1] >= '4');
}

static gboolean
window_has_newline (const PfaScan *scan, guint first, guint last)
{
  for (guint i = first; i < last; i++)
    if (gap_has_newline (scan, i))
      return TRUE;
  return FALSE;
}

static gboolean
looks_like_one_number (const PfaScan *scan, guint first, guint last)
{
  if (window_has_newline (scan, first, last))
    return is_broken_number (scan, first, last) ||
           (last - first > 1 && is_uniform (scan, first, last));
  if ((last - first > 1 && is_uniform (scan, first, last)) || is_known_grouping (scan, first, last))
    return TRUE;
  /* Any grouping will do when nothing else stands beside it. */
  return first == 0 && last + 1 == scan->n_chain && last - first < 6;
}

static void
hide_card (PfaScan *scan, gsize start, gsize end, const char *digits, guint length)
{
  if (!pfa_scan_tags (scan, start, end) && !pfa_scan_track (scan, start, end))
    pfa_scan_add (scan, start, end, PFA_SECRET_CARD, digits, length);
}

/* A declared number of its declared length is no card number, unless it is one in every respect
 * (reference/bundle.md 7.2): then it becomes a placeholder. */
static gboolean
is_declared (const PfaScan *scan, gsize start, const char *digits, guint length, gboolean luhn)
{
  const PfaKey key = pfa_scan_find_key (scan, start);

  if (key == PFA_KEY_ARTICLE && pfa_ean_is_right (digits, length))
    return TRUE;
  if (key == PFA_KEY_TIME || key == PFA_KEY_DIGEST)
    return TRUE;
  if (!pfa_key_declares (key, length))
    return FALSE;
  if (!luhn)
    return TRUE;
  /* A reference number begins with the year's last digit and the day: most of Maestro's range. */
  return length == 12 && !(digits[0] == '5' && (digits[1] == '0' || digits[1] > '5')) &&
         strncmp (digits, "67", 2) != 0 && strncmp (digits, "6304", 4) != 0 &&
         strncmp (digits, "6390", 4) != 0;
}

static gboolean
is_card (const PfaScan *scan, gsize start, const char *digits, guint length, gboolean single)
{
  const PfaPan pan = pfa_pan_classify (digits, length);
  gboolean luhn;

  if (pan == PFA_PAN_NO || !pfa_pan_is_varied (digits, length))
    return FALSE;
  luhn = pfa_pan_has_luhn (digits, length);
  if (!luhn &&
      (pan == PFA_PAN_WITH_LUHN || scan->strict || !pfa_pan_is_varied (digits + 6, length - 6)))
    return FALSE;
  if (!luhn && !single && !(digits[0] == '6' && digits[1] == '2' && length >= 16))
    return FALSE;
  if (scan->strict && !pfa_pan_is_common (digits, length))
    return FALSE;
  return !is_declared (scan, start, digits, length, luhn) && !pfa_scan_is_in_uuid (scan, start);
}

/* Two long runs of digits, such as of a receipt's barcode, hold a card number only by chance; where
 * one is found all the same it is not worth the risk. */
static void
find_in_long_run (PfaScan *scan, const PfaDigits *group)
{
  const char *digits = (const char *) scan->text + group->start;
  static const guint8 lengths[] = { 16, 15, 19, 14 };
  const PfaKey key = pfa_scan_find_key (scan, group->start);

  if (pfa_key_declares (key, group->length) || key == PFA_KEY_DIGEST ||
      pfa_scan_message (scan, group->start, group_end (group)) ||
      pfa_scan_tags (scan, group->start, group_end (group)))
    return;
  for (gsize i = 0; i + 14 <= group->length; i++)
    for (guint j = 0; j < G_N_ELEMENTS (lengths); j++)
      {
        const guint n = lengths[j];

        if (i + n > group->length || !pfa_pan_is_common (digits + i, n) ||
            !pfa_pan_has_luhn (digits + i, n) || !pfa_pan_is_varied (digits + i, n))
          continue;
        if (group->length <= 64)
          hide_card (scan, group->start, group_end (group), digits + i, n);
        else
          pfa_scan_add (scan,
                        group->start + i,
                        group->start + i + n,
                        PFA_SECRET_CARD,
                        digits + i,
                        n);
        if (group->length <= 64)
          return;
        i += n - 1;
        break;
      }
}

/* 13.1234567890123456: the digits behind the point of a measured figure. */
static gboolean
is_fraction (const PfaScan *scan, const PfaDigits *group)
{
  gsize start = group->start;
  guint n = 0;
  guint zeros = 0;

  /* 0.00054586948930732734: the zeros before the first figure do not count. */
  while (zeros < 8 && zeros < group->length && scan->text[start + zeros] == '0')
    zeros++;
  if (start < 2 || scan->text[start - 1] != '.' || group->length < 12 || group->length > 18 + zeros)
    return FALSE;
  for (start--; start > 0 && n < 4 && pfa_is_digit (scan->text[start - 1]); start--)
    n++;
  return n >= 1 && n <= 3 && (start == 0 || strchr (":, [=-\n", scan->text[start - 1]) != NULL);
}

/* FALSE for most numbers, before their name is looked for. */
static gboolean
may_be_secret (const PfaScan *scan, const PfaDigits *group)
{
  const guint8 *digits = scan->text + group->start;
  const guint8 sign = pfa_scan_at (scan, group_end (group));

  return digits[0] == '0' ||
         pfa_pan_classify ((const char *) digits, group->length) != PFA_PAN_NO ||
         (group->length == 18 && digits[0] == '1' && digits[1] == '6') || sign == '^' ||
         sign == '=' || sign == 'D' || sign == 'd' || sign == '?' ||
         pfa_scan_has_tags (scan, group->start, group_end (group));
}

static void
find_in_run (PfaScan *scan, const PfaDigits *group)
{
  const char *digits = (const char *) scan->text + group->start;
  guint length = group->length;
  gsize start = group->start;

  if (length > LONGEST)
    {
      if (!is_fraction (scan, group))
        find_in_long_run (scan, group);
      return;
    }
  if (!may_be_secret (scan, group))
    return;
  if (is_fraction (scan, group) || pfa_scan_find_key (scan, start) == PFA_KEY_DIGEST)
    return;
  if (is_card (scan, start, digits, length, TRUE))
    {
      hide_card (scan, start, start + length, digits, length);
      return;
    }
  if (pfa_scan_tags (scan, start, group_end (group)) ||
      pfa_scan_track (scan, start, group_end (group)))
    return;
  /* Padded with zeros to nineteen, or a field's length before it. */
  while (length > SHORTEST && *digits == '0')
    digits++, length--, start++;
  if (length < group->length && length >= 13 &&
      is_card (scan, group->start, digits, length, TRUE) && pfa_pan_has_luhn (digits, length))
    hide_card (scan, start, start + length, digits, length);
  else if (group->length == 18 && pfa_pan_is_common (digits + 2, 16) && length == 18 &&
           strncmp (digits, "16", 2) == 0 && pfa_pan_has_luhn (digits + 2, 16))
    hide_card (scan, start + 2, start + 18, digits + 2, 16);
}

/* 97.38632289548943: one to three digits, a point, and six or more: a measured figure, not a card
 * number, which nobody breaks like that. */
static gboolean
is_figure (const PfaScan *scan, guint first, guint last)
{
  const PfaDigits *whole = &scan->chain[first];

  return last == first + 1 && whole->length <= 3 && scan->chain[last].length >= 6 &&
         scan->chain[last].start == group_end (whole) + 1 && scan->text[group_end (whole)] == '.' &&
         (first == 0 || !is_tight (scan, first - 1));
}

static void
find_in_windows (PfaScan *scan, guint first)
{
  char digits[LONGEST + 1];
  guint length = 0;
  gboolean found = FALSE;
  guint found_last = 0;
  guint found_length = 0;

  if (!pfa_pan_may_begin (scan->text[scan->chain[first].start]))
    return;
  for (guint last = first; last < scan->n_chain; last++)
    {
      const PfaDigits *group = &scan->chain[last];

      if (length + group->length > LONGEST)
        break;
      memcpy (digits + length, scan->text + group->start, group->length);
      length += group->length;
      if (last == first || length < SHORTEST || pfa_pan_classify (digits, length) == PFA_PAN_NO ||
          is_figure (scan, first, last) || !looks_like_one_number (scan, first, last) ||
          !is_card (scan, scan->chain[first].start, digits, length, FALSE))
        continue;
      found = TRUE;
      found_last = last;
      found_length = length;
    }
  if (found)
    hide_card (scan,
               scan->chain[first].start,
               group_end (&scan->chain[found_last]),
               digits,
               found_length);
}

/* [52, 49, 49 …] and 34 31 31 …: the codes of digits instead of the digits. */
static void
find_in_codes (PfaScan *scan)
{
  char digits[PFA_CHAIN_MAX + 1];

  if (scan->n_chain < SHORTEST || scan->n_chain > PFA_CHAIN_MAX)
    return;
  for (guint base = 30; base <= 48; base += 18)
    {
      guint n = 0;

      for (guint i = 0; i <= scan->n_chain; i++)
        {
          const guint8 *p = scan->text + scan->chain[MIN (i, scan->n_chain - 1)].start;
          const gboolean pair = i < scan->n_chain && scan->chain[i].length == 2;
          const guint value = pair ? (guint) (p[0] - '0') * 10 + (guint) (p[1] - '0') : 0;

          if (pair && value >= base && value < base + 10)
            {
              digits[n++] = (char) ('0' + value - base);
              continue;
            }
          if (n >= SHORTEST && pfa_scan_is_secret (scan, (const guint8 *) digits, n, FALSE))
            pfa_scan_add (scan,
                          scan->chain[i - n].start,
                          group_end (&scan->chain[i - 1]),
                          PFA_SECRET_CARD,
                          digits,
                          n);
          n = 0;
        }
    }
}

static void
evaluate_chain (PfaScan *scan)
{
  guint dates = 0;

  if (!scan->strict && scan->chain_digits >= 4)
    pfa_chain_find_numbers (scan);
  if (scan->chain_digits < SHORTEST)
    return;
  for (guint i = 0; i < scan->n_chain; i++)
    {
      guint n_date = 0;

      if (scan->chain[i].length >= SHORTEST)
        find_in_run (scan, &scan->chain[i]);
      if (i < dates)
        continue;
      if (pfa_chain_is_date (scan, i, &n_date))
        dates = i + n_date;
      else
        find_in_windows (scan, i);
    }
  if (scan->n_chain >= SHORTEST)
    find_in_codes (scan);
}

/* 41111111****1111 shows too much: at most ten digits of a masked number may stay. */
void
pfa_scan_mask (PfaScan *scan, gsize position)
{
  const guint8 sign = pfa_scan_at (scan, position);
  gsize before = position;
  gsize start = position;
  gsize end;
  gsize shown, whole;

  if (sign != '*' && sign != 'x' && sign != 'X' && sign != '#' && sign != '.')
    return;
  while (start - position < 9 && pfa_scan_at (scan, start) == sign)
    start++;
  for (end = start; end - start < LONGEST && pfa_is_digit (pfa_scan_at (scan, end));)
    end++;
  while (before > 0 && position - before < LONGEST && pfa_is_digit (scan->text[before - 1]))
    before--;
  shown = (position - before) + (end - start);
  whole = end - before;
  if (start - position >= 2 && start - position <= 8 && end - start >= 4 && shown > 10 &&
      whole >= 13 && whole <= LONGEST)
    pfa_scan_add (scan, before, end, PFA_SECRET_CARD, (const char *) scan->text + before, whole);
}

/* The runs of [start, end), which have been found to belong together. */
void
pfa_scan_chain (PfaScan *scan, gsize start, gsize end)
{
  scan->n_chain = 0;
  scan->chain_digits = 0;
  for (gsize p = start; p < end;)
    {
      const gsize run = p;

      while (p < end && pfa_is_digit (scan->text[p]))
        p++;
      if (scan->n_chain == PFA_CHAIN_MAX)
        {
          /* A row without end: go on with the part that a window can still reach. */
          evaluate_chain (scan);
          memmove (scan->chain,
                   scan->chain + PFA_CHAIN_MAX - LONGEST,
                   LONGEST * sizeof *scan->chain);
          scan->n_chain = LONGEST;
          scan->chain_digits = LONGEST;
        }
      scan->chain[scan->n_chain++] = (PfaDigits){ run, (guint) MIN (p - run, G_MAXUINT / 4) };
      scan->chain_digits += (guint) MIN (p - run, 1000);
      while (p < end && !pfa_is_digit (scan->text[p]))
        p++;
    }
  evaluate_chain (scan);
}
