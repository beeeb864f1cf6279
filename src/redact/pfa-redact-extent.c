/* pfa-redact-extent.c - from where a value begins to where it ends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-text.h"

#define NUMBER_LIMIT 256

/* To the same quotation mark, however often it is escaped itself. */
static PfaPlace
quoted_value (const PfaScan *scan, gsize p)
{
  gsize mark = p;
  PfaPlace value;
  guint8 quote;
  gsize slashes;

  while (pfa_scan_at (scan, mark) == '\\')
    mark++;
  slashes = mark - p;
  quote = scan->text[mark];
  value.start = mark + 1;
  /* '''…''' and """…""" */
  if (pfa_scan_at (scan, value.start) == quote && pfa_scan_at (scan, value.start + 1) == quote)
    value.start += 2;
  for (value.end = value.start; value.end < scan->length && value.end - value.start < PFA_VALUE_MAX;
       value.end++)
    {
      gsize back = 0;

      if (scan->text[value.end] != quote)
        continue;
      while (back <= value.end - value.start && back < 64 &&
             scan->text[value.end - 1 - back] == '\\')
        back++;
      if (back == slashes || (slashes == 0 && back % 2 == 0) || back < slashes)
        {
          value.end -= MIN (back, value.end - value.start);
          return value;
        }
    }
  /* No end: the rest of the line. */
  for (value.end = value.start; value.end < scan->length &&
                                value.end - value.start < PFA_VALUE_MAX &&
                                scan->text[value.end] != '\n' && scan->text[value.end] != '\r';)
    value.end++;
  return value;
}

static gboolean
ends_bare (const PfaScan *scan, gsize p, PfaKey key)
{
  const guint8 c = scan->text[p];
  const guint8 next = pfa_scan_at (scan, p + 1);

  if (c == '\n' || c == '\r' || c == '"' || c == '<' || c == 0)
    return TRUE;
  if (c == ',' || c == ';')
    return next == ' ' || next == '\n' || next == '"' || next == '\'' || next == 0 ||
           pfa_text_begins_pair (scan, p + 1) || key != PFA_KEY_PASSWORD;
  if (c == '&')
    return pfa_text_begins_pair (scan, p + 1) || key != PFA_KEY_PASSWORD;
  if (c == '}' || c == ')' || c == ']' || c == '\'' || c == '|')
    return next == 0 || !pfa_is_alnum (next) || key != PFA_KEY_PASSWORD;
  if (pfa_text_is_space (c))
    return key != PFA_KEY_PASSWORD && key != PFA_KEY_WIFI && key != PFA_KEY_PERSON &&
           key != PFA_KEY_PLACE && key != PFA_KEY_COOKIE && key != PFA_KEY_AUTH &&
           key != PFA_KEY_PHONE && key != PFA_KEY_CARD && key != PFA_KEY_IBAN &&
           key != PFA_KEY_TRACK && key != PFA_KEY_COORDINATE;
  return FALSE;
}

/* A key in groups: 0123456789ABCDEF FEDCBA9876543210. */
static gboolean
goes_on_in_hex (const PfaScan *scan, PfaPlace value, PfaKey key)
{
  guint before = 0;
  guint after = 0;

  if ((key != PFA_KEY_SECRET && key != PFA_KEY_PIN_BLOCK) || scan->text[value.end] != ' ')
    return FALSE;
  while (before < 16 && value.end - before > value.start &&
         pfa_is_xdigit (scan->text[value.end - before - 1]))
    before++;
  while (after < 16 && pfa_is_xdigit (pfa_scan_at (scan, value.end + 1 + after)))
    after++;
  return before >= 2 && after >= 2 && !pfa_is_alnum (pfa_scan_at (scan, value.end + 1 + after)) &&
         (before == after || (before >= 8 && after >= 4));
}

/* Digest username="shop", response="…": behind the mark that closes, and the comma. */
static gsize
skip_parameter (const PfaScan *scan, gsize p)
{
  const guint8 *end = memchr (scan->text + p + 1, '"', MIN (256, scan->length - p - 1));

  if (end == NULL || memchr (scan->text + p, '\n', (gsize) (end - scan->text) - p) != NULL)
    return p;
  p = (gsize) (end - scan->text) + 1;
  if (pfa_scan_at (scan, p) == ',' &&
      pfa_text_begins_pair (scan, pfa_text_skip_spaces (scan, p + 1)))
    p = pfa_text_skip_spaces (scan, p + 1);
  return p;
}

static PfaPlace
bare_value (const PfaScan *scan, gsize p, PfaKey key)
{
  PfaPlace value = { p, p };
  /* Blanks do not end a number, but nobody writes one so long. */
  const gsize limit = key == PFA_KEY_CARD || key == PFA_KEY_PHONE || key == PFA_KEY_COORDINATE
                          ? NUMBER_LIMIT
                          : PFA_VALUE_MAX;

  if (key == PFA_KEY_AUTH && pfa_text_stands_at (scan, p, "digest "))
    {
      const guint8 *quote;

      while (value.end - p < PFA_VALUE_MAX / 4 &&
             (quote = memchr (scan->text + value.end,
                              '"',
                              MIN (64, scan->length - MIN (value.end, scan->length)))) != NULL &&
             quote[-1] == '=')
        {
          const gsize next = skip_parameter (scan, (gsize) (quote - scan->text));

          if (next == (gsize) (quote - scan->text))
            break;
          value.end = next;
        }
      if (value.end > p)
        return value;
    }

  while (value.end < scan->length && value.end - p < limit &&
         (!ends_bare (scan, value.end, key) || goes_on_in_hex (scan, value, key)))
    {
      if (pfa_text_is_space (scan->text[value.end]) && key != PFA_KEY_SECRET &&
          key != PFA_KEY_PIN_BLOCK &&
          (pfa_text_begins_pair (scan, value.end + 1) ||
           pfa_text_stands_at (scan, value.end, "  ")))
        break;
      value.end++;
    }
  while (value.end > value.start && pfa_text_is_space (scan->text[value.end - 1]))
    value.end--;
  return value;
}

/* password: | and password: with the value on the next line, further in. */
static gsize
skip_to_next_line (const PfaScan *scan, gsize p)
{
  gsize q = p;

  while (strchr ("|>-+ \t\\", pfa_scan_at (scan, q)) != NULL && pfa_scan_at (scan, q) != 0 &&
         q - p < 8)
    q++;
  if (pfa_scan_at (scan, q) == '\r')
    q++;
  if (pfa_scan_at (scan, q) != '\n' || !pfa_text_is_space (pfa_scan_at (scan, q + 1)))
    return p;
  q = pfa_text_skip_spaces (scan, q + 1);
  return pfa_text_begins_pair (scan, q) ? p : q;
}

PfaPlace
pfa_value_at (const PfaScan *scan, gsize p, PfaKey key)
{
  gsize q;

  p = pfa_text_skip_spaces (scan, p);
  if (key != PFA_KEY_NONE)
    p = skip_to_next_line (scan, p);
  q = p;
  /* [PASSWORD:…] has been hidden before. */
  if (pfa_scan_at (scan, p) == '[' && pfa_is_upper (pfa_scan_at (scan, p + 1)) &&
      pfa_is_upper (pfa_scan_at (scan, p + 2)))
    return (PfaPlace){ p, p };
  if (pfa_text_stands_at (scan, q, "<![CDATA["))
    return bare_value (scan, q + 9, key);
  /* Prefixes of strings in programs. */
  if (strchr ("bBuUrRlL@", pfa_scan_at (scan, q)) != NULL && pfa_scan_at (scan, q) != 0 &&
      strchr ("\"'", pfa_scan_at (scan, q + 1)) != NULL && pfa_scan_at (scan, q + 1) != 0)
    q++;
  while (strchr ("[({", pfa_scan_at (scan, q)) != NULL && pfa_scan_at (scan, q) != 0 && q - p < 4)
    q = pfa_text_skip_spaces (scan, q + 1);
  p = q;
  while (pfa_scan_at (scan, q) == '\\' && q - p < 16)
    q++;
  if (strchr ("\"'`", pfa_scan_at (scan, q)) != NULL && pfa_scan_at (scan, q) != 0)
    return quoted_value (scan, p);
  if (pfa_text_stands_at (scan, p, "“"))
    {
      PfaPlace value = bare_value (scan, p + 3, PFA_KEY_PASSWORD);
      const guint8 *end = memmem (scan->text + p + 3, value.end - value.start, "”", 3);

      if (end != NULL)
        value.end = (gsize) (end - scan->text);
      return value;
    }
  return bare_value (scan, p, key);
}
