/* pfa-redact-label.c - the name around a word, and the words that belong to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-text.h"

/* The full-width signs of Chinese text are no letters. */
static gboolean
ends_name (const PfaScan *scan, gsize p)
{
  return pfa_text_stands_at (scan, p, "：") || pfa_text_stands_at (scan, p, "＝") ||
         pfa_text_stands_at (scan, p, "是") || pfa_text_stands_at (scan, p, "为");
}

/* The whole name around @position; words of a label such as "card number" count as one name. */
PfaPlace
pfa_name_around (const PfaScan *scan, gsize position)
{
  PfaPlace name = { position, position };
  const gsize low = position - MIN (position, PFA_NAME_LIMIT);
  const gsize high = MIN (position + PFA_NAME_LIMIT, scan->length);

  while (name.start > low && pfa_text_is_name_byte (scan->text[name.start - 1]))
    name.start--;
  while (name.end < high && pfa_text_is_name_byte (scan->text[name.end]) &&
         !(scan->text[name.end] >= 0x80 && ends_name (scan, name.end)))
    name.end++;
  while (name.start < name.end && (scan->text[name.start] == '-' || scan->text[name.start] == '.'))
    name.start++;
  return name;
}

/* Labels of two or three words: "card number: …", "PIN block [8]: …", "SSID name = …". */
PfaPlace
pfa_name_label_around (const PfaScan *scan, PfaPlace name)
{
  for (guint words = 0; words < 2; words++)
    {
      gsize p = name.end;

      if (pfa_scan_at (scan, p) != ' ' || !pfa_is_alnum (pfa_scan_at (scan, p + 1)))
        break;
      /* A word, or the number of a field. */
      if (pfa_is_digit (pfa_scan_at (scan, p + 1)) &&
          pfa_scan_classify (scan, name.start, name.end) != PFA_KEY_NONE)
        break;
      if (pfa_is_digit (pfa_scan_at (scan, p + 1)))
        for (p++; p < scan->length && p - name.end < 5 && pfa_is_digit (scan->text[p]); p++)
          ;
      else
        for (p++; p < scan->length && p - name.end < 16 && pfa_is_alpha (scan->text[p]); p++)
          ;
      if (strchr (" [(", pfa_scan_at (scan, p)) != NULL && pfa_is_digit (scan->text[p - 1]))
        {
          name.end = p;
          break;
        }
      if (!pfa_text_assigns (pfa_scan_at (scan, p)))
        {
          if (pfa_scan_at (scan, p) != ' ' || words > 0)
            break;
          /* One more word may follow before the colon. */
          name.end = p;
          continue;
        }
      name.end = p;
      break;
    }
  return name;
}

static gsize
line_start (const PfaScan *scan, gsize position)
{
  const gsize low = position - MIN (position, 128);
  const guint8 *newline = memrchr (scan->text + low, '\n', position - low);

  return newline != NULL ? (gsize) (newline - scan->text) + 1 : low;
}

/* TRUE when the line is about Wi-Fi so far: "key" is that of the network then. */
gboolean
pfa_name_is_wireless (const PfaScan *scan, gsize position)
{
  const gsize first = line_start (scan, position);
  const guint8 *text = scan->text + first;
  const gsize length = position - first;

  for (gsize i = 0; i + 4 <= length; i++)
    {
      const guint8 *p = text + i;

      switch (p[0] | 0x20)
        {
        case 'w':
          if (g_ascii_strncasecmp ((const char *) p, "wlan", 4) == 0 ||
              g_ascii_strncasecmp ((const char *) p, "wifi", 4) == 0)
            return TRUE;
          break;
        case 's':
          if (g_ascii_strncasecmp ((const char *) p, "ssid", 4) == 0)
            return TRUE;
          break;
        case 'i':
          if (i + 8 <= length && g_ascii_strncasecmp ((const char *) p, "iwconfig", 8) == 0)
            return TRUE;
          break;
        default:
          break;
        }
    }
  return FALSE;
}

/* "master key", "public key", "option key". */
PfaKey
pfa_name_key_with_word_before (const PfaScan *scan, PfaPlace name)
{
  const gsize first = line_start (scan, name.start);
  gsize start = name.start;
  PfaKey key = PFA_KEY_NONE;

  if (start < 2 || scan->text[start - 1] != ' ' || !pfa_is_alnum (scan->text[start - 2]))
    return PFA_KEY_BARE;
  for (start--; start > first && pfa_text_is_name_byte (scan->text[start - 1]); start--)
    ;
  if (pfa_text_stands_at (scan, start, "option ") || pfa_text_stands_at (scan, start, "wep "))
    return PFA_KEY_PASSWORD;
  if (pfa_text_stands_at (scan, start, "primary ") ||
      pfa_text_stands_at (scan, start, "foreign ") || pfa_text_stands_at (scan, start, "cache ") ||
      pfa_text_stands_at (scan, start, "sort "))
    return PFA_KEY_NONE;
  key = pfa_scan_classify (scan, start, name.end);
  return key == PFA_KEY_SECRET || key == PFA_KEY_PASSWORD ||
                 pfa_text_stands_at (scan, start, "public ") ||
                 pfa_text_stands_at (scan, start, "host ")
             ? key
             : PFA_KEY_BARE;
}

/* A sum or a random number holds many short names. */
gboolean
pfa_name_is_digest (const PfaScan *scan, PfaPlace name)
{
  if (name.end - name.start < 32)
    return FALSE;
  for (gsize p = name.start; p < name.end; p++)
    if (!pfa_is_xdigit (scan->text[p]) || pfa_is_upper (scan->text[p]))
      return FALSE;
  return TRUE;
}
