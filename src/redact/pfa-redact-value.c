/* pfa-redact-value.c - from the name of a secret to the secret itself
 *
 * password=x, "password": "x", <password>x</password>, --password x, password is x,
 * {"name": "password", "value": "x"}, .password = "x", password: | and the line below …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

#define NAME_LIMIT 64
#define GAP_LIMIT  24
#define PAIR_LIMIT 96

typedef struct
{
  gsize start;
  gsize end;
} Range;

static inline gboolean
is_name_byte (guint8 c)
{
  static const gboolean name_bytes[256] = {
    ['-' ... '9'] = TRUE, ['A' ... 'Z'] = TRUE,   ['_'] = TRUE,
    ['a' ... 'z'] = TRUE, [0x80 ... 0xff] = TRUE,
  };

  return name_bytes[c];
}

static gboolean
assigns (guint8 c)
{
  return c == ':' || c == '=';
}

static gboolean
is_space (guint8 c)
{
  return c == ' ' || c == '\t';
}

static gsize
skip_spaces (const PfaScan *scan, gsize p)
{
  const gsize limit = p + GAP_LIMIT;

  while (p < limit && is_space (pfa_scan_at (scan, p)))
    p++;
  return p;
}

static gboolean
stands_at (const PfaScan *scan, gsize p, const char *text)
{
  gsize n;

  /* Nearly always the first byte decides. */
  if (p >= scan->length || ((scan->text[p] ^ (guint8) text[0]) & 0xdf) != 0)
    return FALSE;
  n = strlen (text);
  return p + n <= scan->length && g_ascii_strncasecmp ((const char *) scan->text + p, text, n) == 0;
}

/* The full-width signs of Chinese text are no letters. */
static gboolean
ends_name (const PfaScan *scan, gsize p)
{
  return stands_at (scan, p, "：") || stands_at (scan, p, "＝") || stands_at (scan, p, "是") ||
         stands_at (scan, p, "为");
}

/* The whole name around @position; words of a label such as "card number" count as one name. */
static Range
name_around (const PfaScan *scan, gsize position)
{
  Range name = { position, position };
  const gsize low = position - MIN (position, NAME_LIMIT);
  const gsize high = MIN (position + NAME_LIMIT, scan->length);

  while (name.start > low && is_name_byte (scan->text[name.start - 1]))
    name.start--;
  while (name.end < high && is_name_byte (scan->text[name.end]) &&
         !(scan->text[name.end] >= 0x80 && ends_name (scan, name.end)))
    name.end++;
  while (name.start < name.end && (scan->text[name.start] == '-' || scan->text[name.start] == '.'))
    name.start++;
  return name;
}

/* Labels of two or three words: "card number: …", "PIN block [8]: …", "SSID name = …". */
static Range
label_around (const PfaScan *scan, Range name)
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
      if (!assigns (pfa_scan_at (scan, p)))
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

static gboolean
closes (guint8 c)
{
  switch (c)
    {
    case '\\':
    case '"':
    case '\'':
    case '`':
    case ']':
    case ')':
    case '*':
      return TRUE;
    default:
      return FALSE;
    }
}

static gsize
skip_closing (const PfaScan *scan, gsize p)
{
  const gsize limit = p + 8;

  while (p < limit && closes (pfa_scan_at (scan, p)))
    p++;
  return p;
}

/* :, =, =>, :=, ->, ：and "is"; 0 when nothing of the kind stands at @p. */
static gsize
skip_assignment (const PfaScan *scan, gsize p, gboolean prose)
{
  static const char *const words[] = { " is ", " was ", " ist ", " lautet ", " lautet: ",
                                       "是",   "为",    "：",    "＝" };
  const gsize from = p;

  const guint8 first = pfa_scan_at (scan, p);

  if (prose && (first == ' ' || first >= 0x80) && !stands_at (scan, p - MIN (p, 5), " pass"))
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
      if (stands_at (scan, p, words[i]))
        return p + strlen (words[i]);
  p = skip_spaces (scan, p);
  /* A length or a unit in brackets stands between many labels and their colon. */
  if (pfa_scan_at (scan, p) == '[' || pfa_scan_at (scan, p) == '(')
    {
      gsize q = p + 1;

      while (q - p < 16 &&
             (pfa_is_alnum (pfa_scan_at (scan, q)) ||
              strchr (" .,#", pfa_scan_at (scan, q)) != NULL) &&
             pfa_scan_at (scan, q) != 0)
        q++;
      if (pfa_scan_at (scan, q) == ']' || pfa_scan_at (scan, q) == ')')
        p = skip_spaces (scan, q + 1);
      else if (pfa_scan_at (scan, p) == '(' && p == from)
        return p + 1;
      if (q > p && (pfa_scan_at (scan, q) == ']') && !stands_at (scan, p, ":") &&
          !stands_at (scan, p, "="))
        return p;
    }
  for (guint i = 0; i < G_N_ELEMENTS (words) && pfa_scan_at (scan, p) >= 0x80; i++)
    if ((guchar) words[i][0] >= 0x80 && stands_at (scan, p, words[i]))
      return p + strlen (words[i]);
  if (assigns (pfa_scan_at (scan, p)))
    {
      while (assigns (pfa_scan_at (scan, p)) || pfa_scan_at (scan, p) == '>' ||
             pfa_scan_at (scan, p) == '~')
        p++;
      return p;
    }
  return stands_at (scan, p, "->") ? p + 2 : 0;
}

/* "value", and in quotation marks some other names for it. */
static gsize
end_of_value_name (const PfaScan *scan, gsize p)
{
  static const char *const names[] = { "\"data\"", "\"content\"", "\"val\"", "\"v\"", "\"text\"" };

  if (stands_at (scan, p, "value"))
    return p + 5;
  for (guint i = 0; i < G_N_ELEMENTS (names) && scan->text[p] == '"'; i++)
    if (stands_at (scan, p, names[i]))
      return p + strlen (names[i]) - 1;
  return 0;
}

/* {"name": "password", "value": "x"}, name="password" value="x", <key>password</key><value>x. */
static gsize
find_pair_value (const PfaScan *scan, gsize p)
{
  const gsize limit = MIN (p + PAIR_LIMIT, scan->length);

  for (; p + 5 < limit; p++)
    {
      gsize q;

      if (scan->text[p] == '}' || scan->text[p] == ']')
        return 0;
      if (stands_at (scan, p, "<string>"))
        return p + 8;
      q = end_of_value_name (scan, p);
      if (q == 0)
        continue;
      q = skip_closing (scan, q);
      if (pfa_scan_at (scan, q) == '>')
        return q + 1;
      return skip_assignment (scan, q, FALSE);
    }
  return 0;
}

/* <th>password</th><td>x, <key>password</key><string>x, <b>password</b>: x */
static gsize
find_behind_tags (const PfaScan *scan, gsize p)
{
  const gsize limit = MIN (p + PAIR_LIMIT, scan->length);

  while (p < limit)
    {
      const guint8 *end;

      if (scan->text[p] == '<')
        {
          end = memchr (scan->text + p, '>', limit - p);
          if (end == NULL)
            return 0;
          p = (gsize) (end - scan->text) + 1;
        }
      else if (strchr (" \t\r\n:=", scan->text[p]) != NULL && scan->text[p] != 0)
        p++;
      else
        return p;
    }
  return 0;
}

/* "name": "password": the value of another member, and no name of its own. */
static gboolean
names_member (const PfaScan *scan, Range name)
{
  gsize p = name.start;

  while (p > 0 && name.start - p < 4 && strchr ("\\\"' ", scan->text[p - 1]) != NULL)
    p--;
  return p > 0 && scan->text[p - 1] == ':';
}

static gboolean
allows_prose (PfaKey key)
{
  return key == PFA_KEY_PASSWORD || key == PFA_KEY_PIN || key == PFA_KEY_CODE ||
         key == PFA_KEY_CARD || key == PFA_KEY_SECRET || key == PFA_KEY_VERIFICATION;
}

static gboolean
is_strong (PfaKey key)
{
  return key == PFA_KEY_PASSWORD || key == PFA_KEY_SECRET || key == PFA_KEY_TOKEN ||
         key == PFA_KEY_AUTH;
}

/* Where the value begins, before its quotation marks; 0 when none follows. */
static gsize
find_value (const PfaScan *scan, Range name, PfaKey key)
{
  const guint8 before = name.start > 0 ? scan->text[name.start - 1] : 0;
  const gsize closed = skip_closing (scan, name.end);
  gsize p;

  /* <password>x, <entry key="password">x */
  if (pfa_scan_at (scan, closed) == '>' && pfa_scan_at (scan, closed + 1) != '>')
    return closed + 1;
  /* <password type="string">x */
  if (before == '<' && pfa_scan_at (scan, closed) == ' ')
    {
      const guint8 *end = memchr (scan->text + closed, '>', MIN (128, scan->length - closed));

      if (end != NULL)
        return (gsize) (end - scan->text) + 1;
    }
  if (stands_at (scan, closed, "</"))
    return find_behind_tags (scan, closed);
  p = skip_assignment (scan, closed, allows_prose (key));
  if (p != 0)
    return p;
  if (closed > name.end && (before == '"' || before == '\'' || before == '\\'))
    {
      const gsize comma = skip_spaces (scan, closed);
      const gsize pair = find_pair_value (scan, closed);

      if (pair != 0 || names_member (scan, name))
        return pair;
      /* ("password", "x") */
      if (pfa_scan_at (scan, comma) == ',' && is_strong (key))
        {
          const gsize next = skip_spaces (scan, comma + 1);

          if (strchr ("\\\"'", pfa_scan_at (scan, next)) != NULL && pfa_scan_at (scan, next) != 0)
            return next;
        }
      return 0;
    }
  /* --password x, -storepass x, and FTP's PASS x */
  if ((name.start >= 2 && before == '-' &&
       (scan->text[name.start - 2] == '-' ||
        (scan->text[name.start - 2] == ' ' && key == PFA_KEY_PASSWORD &&
         name.end - name.start >= 6)) &&
       closed == name.end) ||
      (stands_at (scan, name.start, "PASS ") && scan->text[name.start] == 'P'))
    return pfa_scan_at (scan, closed) == ' ' ? closed + 1 : 0;
  if (stands_at (scan, closed, " by '") || stands_at (scan, closed, " by \""))
    return closed + 4;
  /* A label and its value in columns: "SSID            Shop", "Serial no.   1234". */
  if (stands_at (scan, closed, "  ") || pfa_scan_at (scan, closed) == '\t')
    return closed + 1;
  /* What follows a short name directly: "PIN 1234", "CVV 123", "SN 12345678". */
  if (pfa_scan_at (scan, closed) == ' ' &&
      (allows_prose (key) || key == PFA_KEY_PIN_BLOCK || key == PFA_KEY_SERIAL ||
       key == PFA_KEY_PHONE || key == PFA_KEY_EXPIRY || key == PFA_KEY_IDENTITY) &&
      key != PFA_KEY_PASSWORD && key != PFA_KEY_SECRET)
    return closed + 1;
  return 0;
}

/* To the same quotation mark, however often it is escaped itself. */
static Range
quoted_value (const PfaScan *scan, gsize p)
{
  gsize mark = p;
  Range value;
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

/* TRUE at " word=", " word:" and " --word": the next pair of the line. */
static gboolean
begins_pair (const PfaScan *scan, gsize p)
{
  gsize q = p;

  if (stands_at (scan, p, "--"))
    return TRUE;
  while (q - p < 32 &&
         (pfa_is_alnum (pfa_scan_at (scan, q)) || strchr ("_-.", pfa_scan_at (scan, q)) != NULL) &&
         pfa_scan_at (scan, q) != 0)
    q++;
  return q > p && (pfa_scan_at (scan, q) == '=' ||
                   (pfa_scan_at (scan, q) == ':' && (pfa_scan_at (scan, q + 1) == ' ' ||
                                                     pfa_is_alnum (pfa_scan_at (scan, q + 1)))));
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
           begins_pair (scan, p + 1) || key != PFA_KEY_PASSWORD;
  if (c == '&')
    return begins_pair (scan, p + 1) || key != PFA_KEY_PASSWORD;
  if (c == '}' || c == ')' || c == ']' || c == '\'' || c == '|')
    return next == 0 || !pfa_is_alnum (next) || key != PFA_KEY_PASSWORD;
  if (is_space (c))
    return key != PFA_KEY_PASSWORD && key != PFA_KEY_WIFI && key != PFA_KEY_PERSON &&
           key != PFA_KEY_PLACE && key != PFA_KEY_COOKIE && key != PFA_KEY_AUTH &&
           key != PFA_KEY_PHONE && key != PFA_KEY_CARD && key != PFA_KEY_IBAN &&
           key != PFA_KEY_TRACK && key != PFA_KEY_COORDINATE;
  return FALSE;
}

/* A key in groups: 0123456789ABCDEF FEDCBA9876543210. */
static gboolean
goes_on_in_hex (const PfaScan *scan, Range value, PfaKey key)
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
  if (pfa_scan_at (scan, p) == ',' && begins_pair (scan, skip_spaces (scan, p + 1)))
    p = skip_spaces (scan, p + 1);
  return p;
}

static Range
bare_value (const PfaScan *scan, gsize p, PfaKey key)
{
  Range value = { p, p };

  if (key == PFA_KEY_AUTH && stands_at (scan, p, "digest "))
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

  while (value.end < scan->length && value.end - p < PFA_VALUE_MAX &&
         (!ends_bare (scan, value.end, key) || goes_on_in_hex (scan, value, key)))
    {
      if (is_space (scan->text[value.end]) && key != PFA_KEY_SECRET && key != PFA_KEY_PIN_BLOCK &&
          (begins_pair (scan, value.end + 1) || stands_at (scan, value.end, "  ")))
        break;
      value.end++;
    }
  while (value.end > value.start && is_space (scan->text[value.end - 1]))
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
  if (pfa_scan_at (scan, q) != '\n' || !is_space (pfa_scan_at (scan, q + 1)))
    return p;
  q = skip_spaces (scan, q + 1);
  return begins_pair (scan, q) ? p : q;
}

static Range
value_at (const PfaScan *scan, gsize p, PfaKey key)
{
  gsize q;

  p = skip_spaces (scan, p);
  if (key != PFA_KEY_NONE)
    p = skip_to_next_line (scan, p);
  q = p;
  /* [PASSWORD:…] has been hidden before. */
  if (pfa_scan_at (scan, p) == '[' && pfa_is_upper (pfa_scan_at (scan, p + 1)) &&
      pfa_is_upper (pfa_scan_at (scan, p + 2)))
    return (Range){ p, p };
  if (stands_at (scan, q, "<![CDATA["))
    return bare_value (scan, q + 9, key);
  /* Prefixes of strings in programs. */
  if (strchr ("bBuUrRlL@", pfa_scan_at (scan, q)) != NULL && pfa_scan_at (scan, q) != 0 &&
      strchr ("\"'", pfa_scan_at (scan, q + 1)) != NULL && pfa_scan_at (scan, q + 1) != 0)
    q++;
  while (strchr ("[({", pfa_scan_at (scan, q)) != NULL && pfa_scan_at (scan, q) != 0 && q - p < 4)
    q = skip_spaces (scan, q + 1);
  p = q;
  while (pfa_scan_at (scan, q) == '\\' && q - p < 16)
    q++;
  if (strchr ("\"'`", pfa_scan_at (scan, q)) != NULL && pfa_scan_at (scan, q) != 0)
    return quoted_value (scan, p);
  if (stands_at (scan, p, "“"))
    {
      Range value = bare_value (scan, p + 3, PFA_KEY_PASSWORD);
      const guint8 *end = memmem (scan->text + p + 3, value.end - value.start, "”", 3);

      if (end != NULL)
        value.end = (gsize) (end - scan->text);
      return value;
    }
  return bare_value (scan, p, key);
}

/* name: password, value: x, without any quotation marks. */
static gsize
find_bare_pair (const PfaScan *scan, Range name)
{
  gsize p = name.start;

  while (p > 0 && name.start - p < 4 && strchr (" \"'", scan->text[p - 1]) != NULL)
    p--;
  return p > 0 && (scan->text[p - 1] == ':' || scan->text[p - 1] == '=')
             ? find_pair_value (scan, name.end)
             : 0;
}

static gsize
line_start (const PfaScan *scan, gsize position)
{
  const gsize low = position - MIN (position, 128);
  const guint8 *newline = memrchr (scan->text + low, '\n', position - low);

  return newline != NULL ? (gsize) (newline - scan->text) + 1 : low;
}

/* TRUE when the line is about Wi-Fi so far: "key" is that of the network then. */
static gboolean
is_wireless (const PfaScan *scan, gsize position)
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
static PfaKey
key_with_word_before (const PfaScan *scan, Range name)
{
  const gsize first = line_start (scan, name.start);
  gsize start = name.start;
  PfaKey key = PFA_KEY_NONE;

  if (start < 2 || scan->text[start - 1] != ' ' || !pfa_is_alnum (scan->text[start - 2]))
    return PFA_KEY_BARE;
  for (start--; start > first && is_name_byte (scan->text[start - 1]); start--)
    ;
  if (stands_at (scan, start, "option ") || stands_at (scan, start, "wep "))
    return PFA_KEY_PASSWORD;
  if (stands_at (scan, start, "primary ") || stands_at (scan, start, "foreign ") ||
      stands_at (scan, start, "cache ") || stands_at (scan, start, "sort "))
    return PFA_KEY_NONE;
  key = pfa_scan_classify (scan, start, name.end);
  return key == PFA_KEY_SECRET || key == PFA_KEY_PASSWORD || stands_at (scan, start, "public ") ||
                 stands_at (scan, start, "host ")
             ? key
             : PFA_KEY_BARE;
}

/* <SSID><hex>…</hex><name>…</name></SSID>: all texts up to where two elements end. */
static void
hide_nested (PfaScan *scan, gsize p, PfaKey key)
{
  const gsize limit = MIN (p + 2 * PAIR_LIMIT, scan->length);

  while (p < limit && scan->text[p] == '<')
    {
      const guint8 *close = memchr (scan->text + p, '>', limit - p);
      const guint8 *open;

      if (close == NULL)
        return;
      p = (gsize) (close - scan->text) + 1;
      open = p < limit ? memchr (scan->text + p, '<', limit - p) : NULL;
      if (open == NULL)
        return;
      if (open > scan->text + p)
        (void) pfa_scan_value (scan, key, p, (gsize) (open - scan->text));
      p = (gsize) (open - scan->text);
      if (open == scan->text + p && stands_at (scan, p, "</") && close[-1] != '/' &&
          close + 1 == open)
        return;
    }
}

/* A sum or a random number holds many short names. */
static gboolean
is_digest (const PfaScan *scan, Range name)
{
  if (name.end - name.start < 32)
    return FALSE;
  for (gsize p = name.start; p < name.end; p++)
    if (!pfa_is_xdigit (scan->text[p]) || pfa_is_upper (scan->text[p]))
      return FALSE;
  return TRUE;
}

void
pfa_scan_key (PfaScan *scan, gsize position)
{
  const Range name = name_around (scan, position);
  Range label, value;
  gsize at;
  PfaKey key;

  if (is_digest (scan, name))
    return;
  key = pfa_scan_classify (scan, name.start, name.end);
  label = label_around (scan, name);

  if (label.end > name.end)
    {
      const PfaKey longer = pfa_scan_classify (scan, label.start, label.end);

      if (longer != key && (longer != PFA_KEY_NONE || find_value (scan, name, key) == 0))
        key = longer;
      else if (longer == PFA_KEY_NONE)
        label = name;
    }
  if (key == PFA_KEY_BARE)
    key = key_with_word_before (scan, name);
  /* The name is that of a placeholder. */
  if (key == PFA_KEY_NONE ||
      (name.start > 0 && scan->text[name.start - 1] == '[' && pfa_scan_at (scan, name.end) == ':' &&
       pfa_scan_at (scan, name.end + 11) == ']'))
    return;
  at = find_value (scan, label, key);
  if (at == 0 && label.end > name.end)
    at = find_value (scan, name, key);
  if (at == 0)
    at = find_bare_pair (scan, name);
  if (at == 0)
    {
      if (key == PFA_KEY_BARE && pfa_scan_at (scan, name.end) == ' ' &&
          pfa_is_alnum (pfa_scan_at (scan, name.end + 8)) && is_wireless (scan, name.start))
        key = PFA_KEY_PASSWORD;
      pfa_scan_table (scan, name.start, name.end);
      pfa_scan_prose (scan, name.start, name.end, key);
      return;
    }
  value = value_at (scan, at, key);
  if (key == PFA_KEY_BARE && value.end - value.start >= 5 && is_wireless (scan, name.start))
    key = PFA_KEY_PASSWORD;
  if (value.end == value.start && pfa_scan_at (scan, at) == '<')
    hide_nested (scan, at, key);
  /* "PIN entered, block A1B2…" */
  else if (value.end > value.start && !pfa_scan_value (scan, key, value.start, value.end) &&
           key == PFA_KEY_PIN)
    pfa_scan_prose (scan, name.start, name.end, key);
}
