/* pfa-redact-track.c - magnetic stripe, chip tags and raw messages around a card number
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

#define TRACK_MAX 120

static gsize
skip_digits (const PfaScan *scan, gsize position, guint at_most)
{
  const gsize end = MIN (position + at_most, scan->length);

  while (position < end && pfa_is_digit (scan->text[position]))
    position++;
  return position;
}

/* Track 1 from % to ?: number, name and all that follows. */
static gboolean
hide_track_1 (PfaScan *scan, gsize start, gsize end)
{
  gsize last = end;

  while (last < scan->length && last - end < TRACK_MAX && scan->text[last] != '?' &&
         scan->text[last] != '\n' && scan->text[last] != '\r' && scan->text[last] != '"')
    last++;
  if (pfa_scan_at (scan, last) == '?')
    last++;
  if (start > 0 && g_ascii_toupper ((char) scan->text[start - 1]) == 'B')
    start--;
  if (start > 0 && scan->text[start - 1] == '%')
    start--;
  pfa_scan_add (scan, start, last, PFA_SECRET_TRACK, NULL, 0);
  return TRUE;
}

/* Track 2: number, = or D, expiry and service code, discretionary data, F or ?. */
static gboolean
hide_track_2 (PfaScan *scan, gsize start, gsize end)
{
  gsize last = end + 1;

  /* The separator may itself be written as an escape or with blanks around it. */
  last = skip_digits (scan, last, 40);
  if (last - end < 5)
    return FALSE;
  while (last < scan->length && last - end < TRACK_MAX &&
         (pfa_is_digit (scan->text[last]) || scan->text[last] == '='))
    last++;
  if (pfa_scan_at (scan, last) == '?' || g_ascii_toupper ((char) pfa_scan_at (scan, last)) == 'F')
    last++;
  if (start > 0 && scan->text[start - 1] == ';')
    start--;
  pfa_scan_add (scan, start, last, PFA_SECRET_TRACK, NULL, 0);
  return TRUE;
}

gboolean
pfa_scan_track (PfaScan *scan, gsize start, gsize end)
{
  const guint8 sign = pfa_scan_at (scan, end);
  gsize number = end;

  if (end - start < 12 || end - start > 24)
    return FALSE;
  if (sign == '^')
    return hide_track_1 (scan, start, end);
  if (sign == '=' || sign == 'D' || sign == 'd')
    return hide_track_2 (scan, start, end);
  /* A number right behind the sentinel whose separator was cut off. */
  if (start > 0 && scan->text[start - 1] == ';' && number - start <= 19 && sign == '?')
    {
      pfa_scan_add (scan, start - 1, end + 1, PFA_SECRET_TRACK, NULL, 0);
      return TRUE;
    }
  return FALSE;
}

static int
hex_value (guint8 c)
{
  return g_ascii_xdigit_value ((char) c);
}

static int
hex_byte (const PfaScan *scan, gsize position)
{
  const int high = hex_value (pfa_scan_at (scan, position));
  const int low = hex_value (pfa_scan_at (scan, position + 1));

  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

typedef struct
{
  const char *tag;
  gboolean number; /* its value begins with a card number */
} Tag;

static const Tag tags[] = {
  { "57", TRUE },    { "5A", TRUE },    { "9F6B", TRUE },  { "56", FALSE },   { "5F20", FALSE },
  { "9F20", FALSE }, { "9F1F", FALSE }, { "9F0B", FALSE }, { "5F24", FALSE }, { "99", FALSE },
};

/* 57 and 9F6B: number, D, the rest. 5A: the number alone, padded with F. */
static gboolean
starts_with_number (const PfaScan *scan, gsize value, gsize end, gboolean alone)
{
  gsize last = skip_digits (scan, value, 20);

  if (last - value < 12 || last - value > 19 || last > end)
    return last >= end && alone && end - value >= 12 &&
           pfa_pan_has_luhn ((const char *) scan->text + value, (guint) (end - value));
  if (!alone)
    return g_ascii_toupper ((char) pfa_scan_at (scan, last)) == 'D';
  if (!pfa_pan_has_luhn ((const char *) scan->text + value, (guint) (last - value)))
    return FALSE;
  while (last < end && g_ascii_toupper ((char) scan->text[last]) == 'F')
    last++;
  return last == end;
}

/* The tag at @position, with its whole value inside the hexadecimal text; 0 when there is none. */
static gsize
tag_end (const PfaScan *scan, gsize position, const Tag *tag)
{
  const gsize value = position + strlen (tag->tag) + 2;
  const int length = hex_byte (scan, value - 2);
  gsize end;

  if (length < 1 || length > 127 || (tag->number && (length < 6 || length > 24)))
    return 0;
  end = value + (gsize) length * 2;
  if (end > scan->length)
    return 0;
  for (gsize i = value; i < end; i++)
    if (hex_value (scan->text[i]) < 0)
      return 0;
  return !tag->number || starts_with_number (scan, value, end, g_str_equal (tag->tag, "5A")) ? end
                                                                                             : 0;
}

/* ZVT's field 22: two decimal digits of length as F0 F8, or the last of them alone; the number,
 * padded with F. Returns where the value begins, or 0. */
static gsize
zvt_value (const PfaScan *scan, gsize position, gsize *end)
{
  const int first = hex_byte (scan, position + 2);
  const int second = hex_byte (scan, position + 4);
  const gboolean both = first >= 0xf0 && first <= 0xf9 && second >= 0xf0 && second <= 0xf9;
  const int length = both ? (first - 0xf0) * 10 + second - 0xf0 : first - 0xf0;
  const gsize value = position + (both ? 6 : 4);

  *end = value + (gsize) MAX (length, 0) * 2;
  return length >= 6 && length <= 10 && *end <= scan->length &&
                 starts_with_number (scan, value, *end, TRUE)
             ? value
             : 0;
}

/* 57, 5A, 9F, 22: nearly every place of nearly every number is none of them. */
static gboolean
may_be_tag (const guint8 *text)
{
  return text[0] == '5'   ? text[1] == '7' || text[1] == 'A' || text[1] == 'a'
         : text[0] == '9' ? text[1] == 'F' || text[1] == 'f'
                          : text[0] == '2' && text[1] == '2' && (text[2] == 'F' || text[2] == 'f');
}

gboolean
pfa_scan_has_tags (const PfaScan *scan, gsize start, gsize end)
{
  for (gsize i = start > 6 ? start - 6 : 0; i + 4 < end; i++)
    if (may_be_tag (scan->text + i))
      return TRUE;
  return FALSE;
}

gboolean
pfa_scan_tags (PfaScan *scan, gsize start, gsize end)
{
  /* The digits of a run may begin with the tag and the length, or stand behind them. */
  const gsize first = start > 6 ? start - 6 : 0;

  for (gsize i = first; i + 4 < end; i++)
    for (guint j = 0; j < G_N_ELEMENTS (tags) && may_be_tag (scan->text + i); j++)
      {
        gsize last;
        gsize value;

        if (scan->text[i] == '2')
          {
            value = zvt_value (scan, i, &last);
            if (value == 0 || last <= start)
              break;
            pfa_scan_add (scan, value, last, PFA_SECRET_CARD, NULL, 0);
            return TRUE;
          }
        if (!tags[j].number || g_ascii_strncasecmp ((const char *) scan->text + i,
                                                    tags[j].tag,
                                                    strlen (tags[j].tag)) != 0)
          continue;
        last = tag_end (scan, i, &tags[j]);
        if (last == 0 || last <= start || i + strlen (tags[j].tag) + 2 > end)
          continue;
        pfa_scan_add (scan, i + strlen (tags[j].tag) + 2, last, PFA_SECRET_TRACK, NULL, 0);
        return TRUE;
      }
  return FALSE;
}

void
pfa_scan_text_tag (PfaScan *scan, gsize position)
{
  const int length = hex_byte (scan, position + 4);
  const gsize value = position + 6;

  if (length < 2 || length > 40 || value + (gsize) length * 2 > scan->length)
    return;
  /* Letters, digits and signs: else these four digits are part of something else. */
  for (gsize i = value; i < value + (gsize) length * 2; i += 2)
    if (hex_byte (scan, i) < 0x20 || hex_byte (scan, i) > 0x7e)
      return;
  pfa_scan_add (scan, value, value + (gsize) length * 2, PFA_SECRET_TRACK, NULL, 0);
}

static guint64
read_bitmap (const PfaScan *scan, gsize position)
{
  guint64 bitmap = 0;

  for (guint i = 0; i < 16; i++)
    bitmap = bitmap << 4 | (guint64) (hex_value (pfa_scan_at (scan, position + i)) & 15);
  return bitmap;
}

gboolean
pfa_scan_message (PfaScan *scan, gsize start, gsize end)
{
  const guint8 *text = scan->text + start;
  const guint64 secret = (guint64) 1 << 62 | (guint64) 1 << 50 | (guint64) 1 << 29 |
                         (guint64) 1 << 19 | (guint64) 1 << 12 | (guint64) 1 << 9;

  if (end - start < 20 || scan->length - start < 36 || text[0] != '0' || text[1] < '1' ||
      text[1] > '8' || text[2] > '9' || text[3] > '5')
    return FALSE;
  for (guint i = 4; i < 20; i++)
    if (hex_value (text[i]) < 0)
      return FALSE;
  if ((read_bitmap (scan, start + 4) & secret) == 0)
    return FALSE;
  while (end < scan->length && end - start < PFA_VALUE_MAX &&
         (pfa_is_alnum (scan->text[end]) || strchr ("=+-*", scan->text[end]) != NULL))
    end++;
  pfa_scan_add (scan, start + 20, end, PFA_SECRET_TRACK, NULL, 0);
  return TRUE;
}
