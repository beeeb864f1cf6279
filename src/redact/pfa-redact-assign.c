/* pfa-redact-assign.c - from a name over the signs behind it to where its value begins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-text.h"

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

  if (prose && (first == ' ' || first >= 0x80) &&
      !pfa_text_stands_at (scan, p - MIN (p, 5), " pass"))
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
      if (pfa_text_stands_at (scan, p, words[i]))
        return p + strlen (words[i]);
  p = pfa_text_skip_spaces (scan, p);
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
        p = pfa_text_skip_spaces (scan, q + 1);
      else if (pfa_scan_at (scan, p) == '(' && p == from)
        return p + 1;
      if (q > p && (pfa_scan_at (scan, q) == ']') && !pfa_text_stands_at (scan, p, ":") &&
          !pfa_text_stands_at (scan, p, "="))
        return p;
    }
  for (guint i = 0; i < G_N_ELEMENTS (words) && pfa_scan_at (scan, p) >= 0x80; i++)
    if ((guchar) words[i][0] >= 0x80 && pfa_text_stands_at (scan, p, words[i]))
      return p + strlen (words[i]);
  if (pfa_text_assigns (pfa_scan_at (scan, p)))
    {
      while (pfa_text_assigns (pfa_scan_at (scan, p)) || pfa_scan_at (scan, p) == '>' ||
             pfa_scan_at (scan, p) == '~')
        p++;
      return p;
    }
  return pfa_text_stands_at (scan, p, "->") ? p + 2 : 0;
}

/* "value", and in quotation marks some other names for it. */
static gsize
end_of_value_name (const PfaScan *scan, gsize p)
{
  static const char *const names[] = { "\"data\"", "\"content\"", "\"val\"", "\"v\"", "\"text\"" };

  if (pfa_text_stands_at (scan, p, "value"))
    return p + 5;
  for (guint i = 0; i < G_N_ELEMENTS (names) && scan->text[p] == '"'; i++)
    if (pfa_text_stands_at (scan, p, names[i]))
      return p + strlen (names[i]) - 1;
  return 0;
}

/* {"name": "password", "value": "x"}, name="password" value="x", <key>password</key><value>x. */
static gsize
find_pair_value (const PfaScan *scan, gsize p)
{
  const gsize limit = MIN (p + PFA_PAIR_LIMIT, scan->length);

  for (; p + 5 < limit; p++)
    {
      gsize q;

      if (scan->text[p] == '}' || scan->text[p] == ']')
        return 0;
      if (pfa_text_stands_at (scan, p, "<string>"))
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
  const gsize limit = MIN (p + PFA_PAIR_LIMIT, scan->length);

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
names_member (const PfaScan *scan, PfaPlace name)
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

/* Chinese text has no blanks: what goes on behind the name of a secret is no name. */
static gboolean
is_sentence (const PfaScan *scan, PfaPlace name)
{
  static const char *const ends[] = { "密码", "密碼", "口令", "密钥", "令牌", "码", "钥" };

  if (scan->text[name.start] < 0x80)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (name.end - name.start >= strlen (ends[i]) &&
        memcmp (scan->text + name.end - strlen (ends[i]), ends[i], strlen (ends[i])) == 0)
      return FALSE;
  return TRUE;
}

/* Where the value begins, before its quotation marks; 0 when none follows. */
gsize
pfa_value_find (const PfaScan *scan, PfaPlace name, PfaKey key)
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
  if (pfa_text_stands_at (scan, closed, "</"))
    return find_behind_tags (scan, closed);
  p = skip_assignment (scan, closed, allows_prose (key));
  if (p != 0)
    return p;
  if (closed > name.end && (before == '"' || before == '\'' || before == '\\'))
    {
      const gsize comma = pfa_text_skip_spaces (scan, closed);
      const gsize pair = find_pair_value (scan, closed);

      if (pair != 0 || names_member (scan, name))
        return pair;
      /* ("password", "x") */
      if (pfa_scan_at (scan, comma) == ',' && is_strong (key) && !is_sentence (scan, name))
        {
          const gsize next = pfa_text_skip_spaces (scan, comma + 1);

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
      (pfa_text_stands_at (scan, name.start, "PASS ") && scan->text[name.start] == 'P'))
    return pfa_scan_at (scan, closed) == ' ' ? closed + 1 : 0;
  if (pfa_text_stands_at (scan, closed, " by '") || pfa_text_stands_at (scan, closed, " by \""))
    return closed + 4;
  /* A label and its value in columns: "SSID            Shop", "Serial no.   1234". */
  if (pfa_text_stands_at (scan, closed, "  ") || pfa_scan_at (scan, closed) == '\t')
    return closed + 1;
  /* What follows a short name directly: "PIN 1234", "CVV 123", "SN 12345678". */
  if (pfa_scan_at (scan, closed) == ' ' &&
      (allows_prose (key) || key == PFA_KEY_PIN_BLOCK || key == PFA_KEY_SERIAL ||
       key == PFA_KEY_PHONE || key == PFA_KEY_EXPIRY || key == PFA_KEY_IDENTITY) &&
      key != PFA_KEY_PASSWORD && key != PFA_KEY_SECRET)
    return closed + 1;
  return 0;
}

/* name: password, value: x, without any quotation marks. */
gsize
pfa_value_find_member (const PfaScan *scan, gsize p)
{
  const gsize inside = pfa_text_skip_spaces (scan, p) + 1;
  gsize q = inside;

  if (pfa_scan_at (scan, inside - 1) != '{')
    return p;
  while (pfa_text_is_space (pfa_scan_at (scan, q)) || pfa_scan_at (scan, q) == '\n' ||
         pfa_scan_at (scan, q) == '\r')
    q++;
  if (pfa_scan_at (scan, q) != '"')
    return p;
  for (q++; q - inside < PFA_NAME_LIMIT && pfa_text_is_name_byte (pfa_scan_at (scan, q)); q++)
    ;
  return pfa_scan_at (scan, q) == '"' && pfa_scan_at (scan, q + 1) == ':'
             ? find_pair_value (scan, inside)
             : p;
}

gsize
pfa_value_find_bare_pair (const PfaScan *scan, PfaPlace name)
{
  gsize p = name.start;

  while (p > 0 && name.start - p < 4 && strchr (" \"'", scan->text[p - 1]) != NULL)
    p--;
  return p > 0 && (scan->text[p - 1] == ':' || scan->text[p - 1] == '=')
             ? find_pair_value (scan, name.end)
             : 0;
}
