/* pfa-redact-prose.c - a secret behind its name without any sign between
 *
 * "password hunter2", "master key 1122…", "GPS 52.520008, 13.404954". No sign says where the value
 * is, so it has to look like one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-scan.h"

#define WORDS_REACH 72

static gboolean
ends_mixed_word (guint8 c)
{
  switch (c)
    {
    case ' ':
    case ',':
    case '|':
    case '[':
    case ']':
    case '(':
    case ')':
    case '{':
    case '}':
    case '<':
    case '>':
    case '\'':
    case '"':
    case '\t':
    case '\r':
    case '\n':
    case ';':
      return TRUE;
    default:
      return FALSE;
    }
}

/* "password hunter2", "set password to hunter2", "| password | hunter2 |": a word with both letters
 * and digits, soon after. */
static void
hide_mixed_word (PfaScan *scan, gsize p)
{
  const gsize limit = MIN (p + 48, scan->length);

  for (guint words = 0; p < limit && words < 5; words++)
    {
      gsize start;
      gboolean letter = FALSE, digit = FALSE, odd = FALSE;

      while (p < limit && scan->text[p] != '\n' && ends_mixed_word (scan->text[p]))
        p++;
      for (start = p; p < scan->length && p - start < 64 && scan->text[p] != 0 &&
                      !ends_mixed_word (scan->text[p]);
           p++)
        {
          const guint8 c = scan->text[p];

          letter |= pfa_is_alpha (c);
          digit |= pfa_is_digit (c);
          odd |= c == ':' || c == '=' || c == '/' || c == '.' || c >= 0x80;
        }
      if (p == start || odd)
        return;
      if (letter && digit && p - start >= 6)
        {
          (void) pfa_scan_value (scan, PFA_KEY_PASSWORD, start, p);
          return;
        }
    }
}

static gboolean
is_blank (guint8 c)
{
  return c == ' ' || c == '\t';
}

/* Of the lengths that keys and PIN blocks have in hexadecimal. */
static gboolean
is_key_in_hex (const PfaScan *scan, gsize start, gsize end)
{
  const gsize length = end - start;
  guint digits = 0;

  if (length != 16 && length != 32 && length != 48 && length != 64)
    return FALSE;
  for (gsize i = start; i < end; i++)
    {
      if (!pfa_is_xdigit (scan->text[i]))
        return FALSE;
      digits += pfa_is_digit (scan->text[i]) ? 1 : 0;
    }
  return digits >= 4 && (length > 16 || digits < length);
}

/* "master key 1122…", "ZMK component 1 1122… 3344…", "PIN entered, block A1B2…": within a few plain
 * words. */
static void
hide_hex_words (PfaScan *scan, gsize p, PfaKey key)
{
  const gsize limit = MIN (p + WORDS_REACH, scan->length);

  for (guint words = 0; p < limit && words < 5; words++)
    {
      gsize start;

      while (p < limit && (is_blank (scan->text[p]) || scan->text[p] == ','))
        p++;
      for (start = p; p < scan->length && p - start <= 64 && pfa_is_alnum (scan->text[p]); p++)
        ;
      if (p == start)
        return;
      if (is_key_in_hex (scan, start, p))
        (void) pfa_scan_value (scan, key, start, p);
      else if (p - start > 14)
        return;
    }
}

/* ABCDE-12345-FGHIJ: capital letters and digits in groups. */
static void
hide_product_key (PfaScan *scan, gsize start)
{
  gsize end = start;
  guint groups = 1;
  guint digits = 0;
  gsize group = start;

  for (; end < scan->length && end - start < 64; end++)
    {
      const guint8 c = scan->text[end];

      if (c == '-' && end - group >= 4 && end - group <= 6)
        {
          groups++;
          group = end + 1;
        }
      else if (!pfa_is_digit (c) && !pfa_is_upper (c))
        break;
      digits += pfa_is_digit (c) ? 1 : 0;
    }
  if (groups >= 3 && end - group >= 4 && digits >= 2 && !pfa_is_alnum (pfa_scan_at (scan, end)))
    (void) pfa_scan_value (scan, PFA_KEY_SECRET, start, end);
}

/* The name of an algorithm is no key: aes256gcm, rsa2048. */
static gboolean
is_algorithm (const PfaScan *scan, gsize p)
{
  static const char *const names[] = { "aes", "rsa",  "des", "tdes", "3des", "sha",
                                       "md5", "hmac", "ec",  "ed25", "slot", "version" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (p + strlen (names[i]) <= scan->length &&
        g_ascii_strncasecmp ((const char *) scan->text + p, names[i], strlen (names[i])) == 0)
      return TRUE;
  return FALSE;
}

/* A word of eight or more with letters and digits, directly behind the name. */
static void
hide_next_mixed_word (PfaScan *scan, gsize start)
{
  gsize end = start;
  gboolean letter = FALSE, digit = FALSE;

  for (; end < scan->length && end - start < 64 && pfa_is_alnum (scan->text[end]); end++)
    {
      letter |= pfa_is_alpha (scan->text[end]);
      digit |= pfa_is_digit (scan->text[end]);
    }
  if (letter && digit && end - start >= 8 && !is_algorithm (scan, start) &&
      strchr (" \t\r\n,;'\"", pfa_scan_at (scan, end)) != NULL)
    (void) pfa_scan_value (scan, PFA_KEY_SECRET, start, end);
}

static gsize
skip_decimal (const PfaScan *scan, gsize p)
{
  gsize point;

  if (pfa_scan_at (scan, p) == '-')
    p++;
  for (point = p; point - p < 4 && pfa_is_digit (pfa_scan_at (scan, point)); point++)
    ;
  if (point == p || pfa_scan_at (scan, point) != '.')
    return 0;
  for (p = point + 1; p - point < 18 && pfa_is_digit (pfa_scan_at (scan, p)); p++)
    ;
  return p - point > 4 ? p : 0;
}

/* GPS 52.520008, 13.404954 */
static void
hide_coordinates (PfaScan *scan, gsize start)
{
  const gsize first = skip_decimal (scan, start);
  gsize second = first;

  if (first == 0)
    return;
  while (second - first < 3 && strchr (" ,;/", pfa_scan_at (scan, second)) != NULL &&
         pfa_scan_at (scan, second) != 0)
    second++;
  second = skip_decimal (scan, second);
  pfa_scan_add (scan, start, second != 0 ? second : first, PFA_SECRET_PLACE, NULL, 0);
}

/* Passwort "Sommer 2026" */
static gboolean
hide_quoted (PfaScan *scan, gsize p, PfaKey key)
{
  const guint8 quote = pfa_scan_at (scan, p);
  const guint8 *end;

  if (quote != '"' && quote != '\'')
    return FALSE;
  p++;
  end = memchr (scan->text + p, quote, MIN (64, scan->length - MIN (p, scan->length)));
  return end != NULL && memchr (scan->text + p, '\n', (gsize) (end - scan->text) - p) == NULL &&
         pfa_scan_value (scan, key, p, (gsize) (end - scan->text));
}

void
pfa_scan_prose (PfaScan *scan, gsize start, gsize end, PfaKey key)
{
  const gsize p = end + 1;

  if ((key == PFA_KEY_PASSWORD || key == PFA_KEY_SECRET) && !hide_quoted (scan, p, key) &&
      key == PFA_KEY_PASSWORD)
    hide_mixed_word (scan, end);
  if (!is_blank (pfa_scan_at (scan, end)))
    return;
  switch ((guint) key)
    {
    case PFA_KEY_MAC:
      (void) pfa_scan_value (scan, key, p, MIN (p + 14, scan->length));
      break;
    case PFA_KEY_SECRET:
      hide_hex_words (scan, p, key);
      hide_product_key (scan, p);
      hide_next_mixed_word (scan, p);
      break;
    case PFA_KEY_BARE:
      hide_hex_words (scan, p, PFA_KEY_SECRET);
      break;
    case PFA_KEY_PIN:
      hide_hex_words (scan, p, PFA_KEY_PIN_BLOCK);
      break;
    case PFA_KEY_COORDINATE:
      hide_coordinates (scan, p);
      break;
    case PFA_KEY_WIFI:
      {
        gsize last = p;

        while (
            last < scan->length && last - p < 64 &&
            (pfa_is_alnum (scan->text[last]) || scan->text[last] == '-' || scan->text[last] == '_'))
          last++;
        if (last - p >= 3 && (pfa_is_upper (scan->text[p]) || pfa_is_digit (scan->text[p])))
          (void) pfa_scan_value (scan, key, p, last);
        break;
      }
    default:
      break;
    }
}
