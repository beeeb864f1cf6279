/* pfa-redact-shape.c - secrets that show by their own shape: keys, tokens, addresses, names
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

#define PEM_LIMIT (16 * 1024)
#define JWT_LIMIT (16 * 1024)

static gboolean
is_base64 (guint8 c)
{
  return pfa_is_alnum (c) || (c != 0 && strchr ("+/=_-", c) != NULL);
}

static gboolean
is_host_byte (guint8 c)
{
  return pfa_is_alnum (c) || c == '-' || c == '_' || c == '.';
}

static gsize
line_end (const PfaScan *scan, gsize p)
{
  const guint8 *end = memchr (scan->text + p, '\n', scan->length - p);

  return end != NULL ? (gsize) (end - scan->text) : scan->length;
}

/* From BEGIN to END; without END as long as lines look like its body. */
static void
hide_pem (PfaScan *scan, gsize start)
{
  const gsize limit = MIN (start + PEM_LIMIT, scan->length);
  const gsize head = MIN (start + 80, limit);
  const guint8 *label = memmem (scan->text + start, head - start, "KEY", 3);
  const guint8 *footer;
  gsize p = start;
  gsize end;

  if (label == NULL ||
      memmem (scan->text + start, (gsize) (label - scan->text) - start, "PUBLIC", 6) != NULL)
    return;
  footer = memmem (label, limit - (gsize) (label - scan->text), "-----END", 8);
  if (footer != NULL)
    {
      const guint8 *close =
          memmem (footer + 8, MIN (64, limit - (gsize) (footer + 8 - scan->text)), "-----", 5);

      end = close != NULL ? (gsize) (close - scan->text) + 5
                          : line_end (scan, (gsize) (footer - scan->text));
    }
  else
    for (end = line_end (scan, p); end < limit; end = line_end (scan, end + 1))
      {
        gsize good = 0;

        for (p = end + 1; p < limit && scan->text[p] != '\n' && scan->text[p] != '\r'; p++)
          {
            if (!is_base64 (scan->text[p]) && strchr (" \t\"'\\,>|:", scan->text[p]) == NULL)
              break;
            good++;
          }
        if (good < 8 || (p < limit && scan->text[p] != '\n' && scan->text[p] != '\r'))
          break;
      }
  pfa_scan_add (scan, start, MIN (end, limit), PFA_SECRET_PRIVATE_KEY, NULL, 0);
}

static void
hide_jwt (PfaScan *scan, gsize start)
{
  gsize end = start;
  guint dots = 0;

  if (start > 0 && is_base64 (scan->text[start - 1]) && scan->text[start - 1] != '=')
    return;
  while (end < scan->length && end - start < JWT_LIMIT &&
         (is_base64 (scan->text[end]) || scan->text[end] == '.'))
    dots += scan->text[end++] == '.' ? 1 : 0;
  if (dots >= 1 && end - start >= 20)
    pfa_scan_add (scan,
                  start,
                  end,
                  PFA_SECRET_TOKEN,
                  (const char *) scan->text + start,
                  end - start);
}

static void
hide_vendor_key (PfaScan *scan, gsize start, guint prefix)
{
  gsize end = start + prefix;

  if (start > 0 && pfa_is_alnum (scan->text[start - 1]))
    return;
  while (end < scan->length && end - start < 256 && is_base64 (scan->text[end]) &&
         scan->text[end] != '=')
    end++;
  if (end - start >= prefix + 10)
    pfa_scan_add (scan, start, end, PFA_SECRET_KEY, (const char *) scan->text + start, end - start);
}

/* scheme://user:password@host: both go. */
static void
hide_url_user (PfaScan *scan, gsize separator)
{
  const gsize start = separator + 3;
  gsize end = start;
  gsize at = 0;

  while (end < scan->length && end - start < 512 && scan->text[end] > ' ' &&
         scan->text[end] != '"' && scan->text[end] != '<' && scan->text[end] != '>')
    {
      /* A password may hold / and @; the last @ before the path's end counts, if a colon came
       * first. */
      if (scan->text[end] == '@')
        at = end;
      if (scan->text[end] == '/' &&
          (at != 0 || memchr (scan->text + start, ':', end - start) == NULL))
        break;
      if (scan->text[end] == '?' && at != 0)
        break;
      end++;
    }
  if (at > start)
    pfa_scan_add (scan,
                  start,
                  at,
                  PFA_SECRET_PASSWORD,
                  (const char *) scan->text + start,
                  at - start);
}

static void
hide_scheme_value (PfaScan *scan, gsize start, guint length)
{
  gsize value = start + length;
  gsize end;

  while (pfa_scan_at (scan, value) == ' ' || pfa_scan_at (scan, value) == '"')
    value++;
  end = value;
  while (end < scan->length && end - value < PFA_VALUE_MAX &&
         (is_base64 (scan->text[end]) || strchr (".~:", scan->text[end]) != NULL))
    end++;
  if (end - value < 8)
    return;
  for (gsize i = value; i < end; i++)
    if (pfa_is_digit (scan->text[i]) || pfa_is_upper (scan->text[i]) || end - value >= 24 ||
        scan->text[i] == '=')
      {
        pfa_scan_add (scan,
                      value,
                      end,
                      PFA_SECRET_TOKEN,
                      (const char *) scan->text + value,
                      end - value);
        return;
      }
}

static gboolean
looks_like_host (const PfaScan *scan, gsize start, gsize end)
{
  gboolean letter = FALSE;

  for (gsize i = start; i < end; i++)
    {
      if (!is_host_byte (scan->text[i]))
        return FALSE;
      letter |= pfa_is_alpha (scan->text[i]);
    }
  return letter && end - start >= 2 && end - start <= 64 &&
         !(end - start == 9 &&
           g_ascii_strncasecmp ((const char *) scan->text + start, "localhost", 9) == 0);
}

static void
hide_host (PfaScan *scan, gsize start, gsize end)
{
  pfa_scan_add (scan, start, end, PFA_SECRET_HOST, (const char *) scan->text + start, end - start);
}

/* "Mar  4 05:06:07 HOST prog…" as syslog writes it. */
static void
hide_syslog_host (PfaScan *scan, gsize month)
{
  gsize p = month + 4;
  gsize end;

  if (month > 0 && scan->text[month - 1] != '\n' && scan->text[month - 1] != '>')
    return;
  if (pfa_scan_at (scan, p) == ' ')
    p++;
  while (pfa_is_digit (pfa_scan_at (scan, p)))
    p++;
  if (pfa_scan_at (scan, p) != ' ' || pfa_scan_at (scan, p + 3) != ':' ||
      pfa_scan_at (scan, p + 6) != ':' || pfa_scan_at (scan, p + 9) != ' ')
    return;
  p += 10;
  for (end = p; end < scan->length && is_host_byte (scan->text[end]); end++)
    ;
  if (pfa_scan_at (scan, end) == ' ' && looks_like_host (scan, p, end))
    hide_host (scan, p, end);
}

/* "2026-03-04T05:06:07+01:00 HOST prog[123]: " */
static void
hide_process_host (PfaScan *scan, gsize bracket)
{
  gsize p = bracket;
  gsize end, start;

  while (p > 0 && bracket - p < 10 && pfa_is_digit (scan->text[p - 1]))
    p--;
  if (p == bracket || p == 0 || scan->text[p - 1] != '[')
    return;
  for (p--;
       p > 0 && bracket - p < 64 && (is_host_byte (scan->text[p - 1]) || scan->text[p - 1] == '/');
       p--)
    ;
  if (p == 0 || scan->text[p - 1] != ' ')
    return;
  end = p - 1;
  for (start = end; start > 0 && is_host_byte (scan->text[start - 1]); start--)
    ;
  if (start < 9 || scan->text[start - 1] != ' ' || !looks_like_host (scan, start, end))
    return;
  /* Before the host stands a time, at the beginning of the line. */
  if ((pfa_is_digit (scan->text[start - 2]) || scan->text[start - 2] == 'Z') &&
      memchr (scan->text + start - 9, ':', 8) != NULL)
    hide_host (scan, start, end);
}

static void
hide_local_name (PfaScan *scan, gsize dot, guint length)
{
  gsize start = dot;

  if (is_host_byte (pfa_scan_at (scan, dot + length)) && pfa_scan_at (scan, dot + length) != '.')
    return;
  while (start > 0 && dot - start < 64 && is_host_byte (scan->text[start - 1]))
    start--;
  /* A file of that name, a path or a suffix alone is no host. */
  if (start == dot || (start > 0 && strchr ("/\\", scan->text[start - 1]) != NULL &&
                       !(start > 1 && scan->text[start - 2] == '/')))
    return;
  hide_host (scan, start, dot + length);
}

static void
hide_device (PfaScan *scan, gsize start, guint length)
{
  gsize end = start + length;

  while (end < scan->length && is_host_byte (scan->text[end]) && scan->text[end] != '.')
    end++;
  if (end - start >= length + 4)
    hide_host (scan, start, end);
}

/* curl -u name:password, sshpass -p password */
static void
hide_option (PfaScan *scan, gsize start, gboolean alone)
{
  gsize end = start;

  while (end < scan->length && end - start < 256 && scan->text[end] > ' ')
    end++;
  if (end - start >= 4 && (alone || memchr (scan->text + start, ':', end - start) != NULL))
    pfa_scan_add (scan,
                  start,
                  end,
                  PFA_SECRET_PASSWORD,
                  (const char *) scan->text + start,
                  end - start);
}

/* /home/name/, C:\Users\first last\: the folder is called like its person. */
static void
hide_home (PfaScan *scan, gsize start)
{
  const gboolean windows = scan->text[start - 1] == '\\';
  const guint8 *name;
  gsize end;

  while (pfa_scan_at (scan, start) == '\\' || pfa_scan_at (scan, start) == '/')
    start++;
  name = scan->text + start;
  for (end = start; end < scan->length && end - start < 64; end++)
    if (scan->text[end] < ' ' || strchr ("/\\\"'<>|:*?,;)]}", scan->text[end]) != NULL)
      break;
  /* A blank belongs to the name only when the path goes on behind it. */
  if (!windows || pfa_scan_at (scan, end) != '\\')
    for (gsize p = start; p < end; p++)
      if (scan->text[p] == ' ')
        end = p;
  if (end - start >= 2 &&
      !(end - start == 6 && g_ascii_strncasecmp ((const char *) name, "public", 6) == 0))
    pfa_scan_add (scan, start, end, PFA_SECRET_PERSON, (const char *) name, end - start);
}

static gboolean
begins_word (const PfaScan *scan, gsize position)
{
  guint8 before;

  if (position == 0)
    return TRUE;
  before = scan->text[position - 1];
  if (!pfa_is_alpha (before))
    return TRUE;
  return pfa_is_lower (before) && pfa_is_upper (scan->text[position]);
}

/* One number in hexadecimal is none; a row of digits' codes is. */
static void
look_at_codes (PfaScan *scan, const PfaWord *word, gsize position)
{
  const gsize next = MIN (position + 4, scan->length);

  if (word->text[0] == '0' && !begins_word (scan, position))
    return;
  if (word->text[0] == '=' ||
      (pfa_is_digit (pfa_scan_at (scan, position + 3)) &&
       memmem (scan->text + next, MIN (8, scan->length - next), "0x3", 3) != NULL))
    pfa_scan_view (scan, position);
}

static void
act (PfaScan *scan, const PfaWord *word, gsize position)
{
  switch (word->kind)
    {
    case PFA_WORD_NAME:
      pfa_scan_key (scan,
                    pfa_is_alnum (word->text[0]) || (guchar) word->text[0] >= 0x80 ? position
                                                                                   : position + 1);
      break;
    case PFA_WORD_URL:
      hide_url_user (scan, position);
      break;
    case PFA_WORD_BASIC:
      hide_scheme_value (scan, position, word->length);
      break;
    case PFA_WORD_PEM:
      hide_pem (scan, position);
      break;
    case PFA_WORD_JWT:
      if (memcmp (scan->text + position, word->text, word->length) == 0)
        hide_jwt (scan, position);
      break;
    case PFA_WORD_VENDOR:
      if (memcmp (scan->text + position, word->text, word->length) == 0)
        hide_vendor_key (scan, position, word->length);
      break;
    case PFA_WORD_PROCESS:
      hide_process_host (scan, position);
      break;
    case PFA_WORD_MONTH:
      hide_syslog_host (scan, position);
      break;
    case PFA_WORD_DOMAIN:
      hide_local_name (scan, position, word->length);
      break;
    case PFA_WORD_DEVICE:
      hide_device (scan, position, word->length);
      break;
    case PFA_WORD_PRINTABLE:
      look_at_codes (scan, word, position);
      break;
    case PFA_WORD_LITERAL:
      if (!pfa_is_alnum (pfa_scan_at (scan, position + word->length)))
        pfa_scan_add (scan,
                      position,
                      position + word->length,
                      word->secret,
                      word->text,
                      word->length);
      break;
    case PFA_WORD_TAG:
      pfa_scan_text_tag (scan, position);
      break;
    case PFA_WORD_OPTION:
      hide_option (scan, position + word->length, word->text[0] == 's');
      break;
    case PFA_WORD_COMMAND:
      pfa_scan_command (scan, position, word->text);
      break;
    case PFA_WORD_HOME:
      hide_home (scan, position + word->length);
      break;
    default:
      break;
    }
}

void
pfa_scan_word (PfaScan *scan, gsize position, gboolean own)
{
  const PfaWord *word = NULL;
  const gsize place = position - scan->named_from;
  const guint64 bit = place < 64 ? (guint64) 1 << place : 0;
  gboolean named = own && (scan->named & bit) != 0;

  while ((word = pfa_word_table_find (scan->rules->words,
                                      scan->text + position,
                                      scan->length - position,
                                      word)) != NULL)
    {
      if (word->own != own)
        continue;
      /* Several beginnings of one name lead to the same value. */
      if (word->kind == PFA_WORD_NAME && named)
        continue;
      named |= word->kind == PFA_WORD_NAME;
      if (scan->strict && word->kind != PFA_WORD_PEM)
        continue;
      if (word->kind == PFA_WORD_NAME && pfa_is_alpha ((guint8) word->text[0]))
        scan->named |= bit;
      act (scan, word, position);
    }
}

static gboolean
is_local_part (guint8 c)
{
  return pfa_is_alnum (c) || (c != 0 && strchr (".!#$%&'*+/=?^_`{|}~-", c) != NULL) || c >= 0x80;
}

void
pfa_scan_email (PfaScan *scan, gsize at)
{
  gsize start = at;
  gsize end = at + 1;
  gsize dot = 0;

  while (start > 0 && at - start < 64 && is_local_part (scan->text[start - 1]) &&
         strchr ("=&?/|`", scan->text[start - 1]) == NULL)
    start--;
  while (end < scan->length && end - at < 255 &&
         (is_host_byte (scan->text[end]) || scan->text[end] >= 0x80))
    {
      if (scan->text[end] == '.')
        dot = end;
      end++;
    }
  while (start < at && strchr ("'.*-", scan->text[start]) != NULL)
    start++;
  if (start == at || dot <= at + 1 || dot + 2 >= end || !pfa_is_alpha (scan->text[dot + 1]))
    return;
  pfa_scan_add (scan, start, at, PFA_SECRET_EMAIL, (const char *) scan->text + start, end - start);
}

/* The maker's three bytes stay. */
void
pfa_scan_mac (PfaScan *scan, gsize position)
{
  const guint8 sign = pfa_scan_at (scan, position + 2);
  char text[PFA_SPAN_TEXT_LENGTH];
  const gsize end = position + 17;

  if ((sign != ':' && sign != '-') || end > scan->length ||
      pfa_is_alnum (pfa_scan_at (scan, end)) ||
      (pfa_scan_at (scan, end) == sign && pfa_is_xdigit (pfa_scan_at (scan, end + 1))))
    return;
  if (position > 0 && (scan->text[position - 1] == sign || pfa_is_alnum (scan->text[position - 1])))
    return;
  for (guint i = 0; i < 17; i++)
    if (i % 3 == 2 ? scan->text[position + i] != sign : !pfa_is_xdigit (scan->text[position + i]))
      return;
  g_snprintf (text, sizeof text, "%.8s%c••%c••%c••", scan->text + position, sign, sign, sign);
  pfa_scan_add_text (scan, position, end, PFA_SECRET_MAC, text);
}

/* a45e.60aa.bbcc, as switches write it. */
void
pfa_scan_dotted_mac (PfaScan *scan, gsize position)
{
  char text[PFA_SPAN_TEXT_LENGTH];
  const gsize end = position + 14;
  gboolean letter = FALSE;

  if (end > scan->length || scan->text[position + 4] != '.' || scan->text[position + 9] != '.' ||
      pfa_scan_at (scan, end) == '.' || (position > 0 && scan->text[position - 1] == '.'))
    return;
  for (gsize p = position; p < end; p++)
    letter |= pfa_is_alpha (scan->text[p]);
  if (!letter)
    return;
  g_snprintf (text, sizeof text, "%.7s••.••••", scan->text + position);
  pfa_scan_add_text (scan, position, end, PFA_SECRET_MAC, text);
}

static guint
read_groups (const PfaScan *scan, gsize start, gsize end, guint *shortened)
{
  guint groups = 0;
  gsize p = start;

  *shortened = 0;
  while (p < end)
    {
      gsize q = p;

      while (q < end && pfa_is_xdigit (scan->text[q]))
        q++;
      if (q - p > 4)
        return 0;
      groups += q > p ? 1 : 0;
      if (q < end && pfa_scan_at (scan, q + 1) == ':' && q + 1 < end)
        *shortened += 1;
      p = q + 1;
    }
  return groups;
}

/* IPv6: a public address keeps its first three groups, a link-local one made from a MAC its prefix.
 */
void
pfa_scan_colons (PfaScan *scan, gsize colon)
{
  gsize start = colon;
  gsize end = colon;
  char text[PFA_SPAN_TEXT_LENGTH];
  guint groups, shortened;
  gboolean made_from_mac;
  gsize kept;
  guint colons = 0;

  while (start > 0 && colon - start < 40 &&
         (pfa_is_xdigit (scan->text[start - 1]) || scan->text[start - 1] == ':'))
    start--;
  while (end < scan->length && end - start < 48 &&
         (pfa_is_xdigit (scan->text[end]) || scan->text[end] == ':'))
    end++;
  while (end > start && scan->text[end - 1] == ':' &&
         !(end - start > 2 && scan->text[end - 2] == ':'))
    end--;
  groups = read_groups (scan, start, end, &shortened);
  if (groups < 2 || groups > 8 || shortened > 1 || (shortened == 0 && groups != 8) ||
      (start > 0 && (pfa_is_alnum (scan->text[start - 1]) || scan->text[start - 1] == '.')) ||
      pfa_is_alpha (pfa_scan_at (scan, end)))
    return;
  made_from_mac = memmem (scan->text + start, end - start, "ff:fe", 5) != NULL ||
                  memmem (scan->text + start, end - start, "FF:FE", 5) != NULL;
  if (scan->text[start] != '2' && scan->text[start] != '3' && !made_from_mac)
    return;
  for (kept = start; kept < end; kept++)
    if (scan->text[kept] == ':' &&
        (++colons == (made_from_mac && scan->text[start] != '2' ? 1u : 3u) ||
         pfa_scan_at (scan, kept + 1) == ':'))
      break;
  g_snprintf (text, sizeof text, "%.*s::x", (int) MIN (kept - start, 24), scan->text + start);
  pfa_scan_add_text (scan, start, end, PFA_SECRET_ADDRESS, text);
}

static guint
iban_length (const guint8 *country)
{
  /* Country and length; others are between 15 and 34. */
  static const char *const lengths =
      "DE22AT20CH21LI21NL18BE16FR27IT27ES24PT25GB22IE22LU20DK18NO15SE24FI18"
      "PL28CZ24SK24HU28SI19HR21RO24BG22GR27CY28MT31EE20LV21LT20TR26SA24AE23IL23";

  for (const char *p = lengths; *p != '\0'; p += 4)
    if (p[0] == g_ascii_toupper ((char) country[0]) && p[1] == g_ascii_toupper ((char) country[1]))
      return (guint) ((p[2] - '0') * 10 + p[3] - '0');
  return 0;
}

/* ISO 13616: country, two check digits, up to thirty letters and digits; the whole modulo 97 is 1.
 */
void
pfa_scan_iban (PfaScan *scan, gsize digits)
{
  const gsize start = digits - 2;
  char plain[36];
  guint n = 0;
  gsize end = start;
  guint remainder = 0;
  const guint wanted = iban_length (scan->text + start);

  while (end < scan->length && n < MIN (34, wanted == 0 ? 34 : wanted))
    {
      const char c = (char) scan->text[end];

      if (pfa_is_alnum (c))
        plain[n++] = g_ascii_toupper (c);
      else if ((c != ' ' && c != '-') || !pfa_is_alnum (pfa_scan_at (scan, end + 1)))
        break;
      end++;
    }
  if (wanted == 0 || n < wanted || pfa_is_alnum (pfa_scan_at (scan, end)))
    return;
  for (guint i = 0; i < n; i++)
    {
      const char c = plain[(i + 4) % n];

      if (pfa_is_digit (c))
        remainder = (remainder * 10 + (guint) (c - '0')) % 97;
      else
        remainder = (remainder * 100 + (guint) (c - 'A') + 10) % 97;
    }
  if (remainder == 1)
    pfa_scan_add (scan, start, end, PFA_SECRET_IBAN, plain, n);
}
