/* pfa-redact-verdict.c - what becomes of a value under its key
 *
 * The name alone does not decide: "pin=ok" and "token: expired" hide nothing. The value has to look
 * like what the name says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

typedef struct
{
  guint digits;
  guint letters;
  guint hex;
  guint others;
  guint blanks;
  gsize length;
} Shape;

static Shape
shape_of (const char *value, gsize length)
{
  Shape shape = { .length = length };

  for (gsize i = 0; i < length; i++)
    {
      const char c = value[i];

      shape.hex += pfa_is_xdigit (c) ? 1 : 0;
      if (pfa_is_digit (c))
        shape.digits++;
      else if (pfa_is_alpha (c) || (guchar) c >= 0x80)
        shape.letters++;
      else if (c == ' ' || c == '\t')
        shape.blanks++;
      else
        shape.others++;
    }
  return shape;
}

static gboolean
hides (guint8 c)
{
  switch (c)
    {
    case 0:
    case '*':
    case 'x':
    case 'X':
    case '.':
    case '#':
    case '-':
    case '_':
    case ' ':
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
ends_sentence (guint8 c)
{
  switch (c)
    {
    case 0:
    case '.':
    case ',':
    case ';':
    case ':':
    case '!':
    case ')':
    case ']':
    case '}':
    case '>':
      return TRUE;
    default:
      return FALSE;
    }
}

/* [CARD:abcdefghij], ••••1234, ****: what has been hidden already. */
static gboolean
is_hidden (const char *value, gsize length)
{
  if (value[0] == '[' && length > 3 && pfa_is_upper (value[1]))
    return memchr (value, ']', length) != NULL || memchr (value, ':', MIN (length, 24)) != NULL;
  if (length >= 3 && memcmp (value, "•", 3) == 0)
    return TRUE;
  for (gsize i = 0; i < length; i++)
    if (!hides ((guint8) value[i]))
      return FALSE;
  return TRUE;
}

gboolean
pfa_value_is_harmless (const char *value, gsize length)
{
  static const char *const words[] = {
    "null",     "none",     "nil",      "true",       "false",     "yes",       "no",
    "ok",       "on",       "off",      "empty",      "set",       "unset",     "not set",
    "expired",  "valid",    "invalid",  "missing",    "required",  "changed",   "failed",
    "accepted", "rejected", "hidden",   "redacted",   "masked",    "removed",   "undefined",
    "n/a",      "na",       "unknown",  "auto",       "default",   "incorrect", "wrong",
    "correct",  "entered",  "verified", "bypassed",   "present",   "absent",    "enabled",
    "disabled", "string",   "(null)",   "<nil>",      "wpa-psk",   "wpa2-psk",  "wpa",
    "wpa2",     "wpa3",     "loaded",   "not loaded", "refreshed", "renewed",   "revoked",
    "ein",      "aus",      "ja",       "nein",       "falsch",    "richtig",   "error",
    "success",  "timeout",  "ready",    "prompt",     "hide",      "secret",    "password",
    "sae",      "已设置",   "未设置",   "错误",       "正确",      "无",        "有",
    "是",       "否",       "空",       "为空",
  };

  /* The longest of them; letters that begin one, capital or small. */
  static const guint8 longest = 10;
  static const gboolean begins[32] = {
    ['a' & 31] = TRUE, ['b' & 31] = TRUE, ['c' & 31] = TRUE, ['d' & 31] = TRUE, ['e' & 31] = TRUE,
    ['f' & 31] = TRUE, ['h' & 31] = TRUE, ['i' & 31] = TRUE, ['j' & 31] = TRUE, ['l' & 31] = TRUE,
    ['m' & 31] = TRUE, ['n' & 31] = TRUE, ['o' & 31] = TRUE, ['p' & 31] = TRUE, ['r' & 31] = TRUE,
    ['s' & 31] = TRUE, ['t' & 31] = TRUE, ['u' & 31] = TRUE, ['v' & 31] = TRUE, ['w' & 31] = TRUE,
    ['y' & 31] = TRUE,
  };

  while (length > 0 && ends_sentence ((guint8) value[length - 1]))
    length--;
  if (length == 0 || is_hidden (value, length))
    return TRUE;
  if (length > longest || (pfa_is_alpha (value[0]) && !begins[value[0] & 31]))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (((words[i][0] ^ value[0]) & 0xdf) == 0 && strlen (words[i]) == length &&
        g_ascii_strncasecmp (value, words[i], length) == 0)
      return TRUE;
  return FALSE;
}

static guint
collect_digits (const char *value, gsize length, char *digits, guint size)
{
  guint n = 0;

  for (gsize i = 0; i < length && n + 1 < size; i++)
    if (pfa_is_digit (value[i]))
      digits[n++] = value[i];
  digits[n] = '\0';
  return n;
}

/* "key says card": hidden whatever the check digit says. Groups of digits are taken as long as they
 * can be one number; one that is whole by itself ends it. */
static gboolean
hide_card (PfaScan *scan, gsize start, gsize end)
{
  char digits[32];
  gsize p = start;
  gsize last = start;
  guint n = 0;

  while (p < end)
    {
      gsize group = p;

      while (group < end && pfa_is_digit (scan->text[group]))
        group++;
      if (group == p || (n >= 12 && n + (group - p) > 19))
        break;
      n += (guint) MIN (group - p, 1000);
      last = p = group;
      if (n >= 13 && group - start == n)
        break;
      while (p < end && p - last < 2 && strchr (" -.\t/_", scan->text[p]) != NULL)
        p++;
    }
  if (n < 12 || pfa_scan_is_in_uuid (scan, start))
    return FALSE;
  if (pfa_scan_tags (scan, start, last) || pfa_scan_track (scan, start, last))
    return TRUE;
  n = collect_digits ((const char *) scan->text + start, last - start, digits, sizeof digits);
  pfa_scan_add (scan, start, last, PFA_SECRET_CARD, digits, n);
  return TRUE;
}

static gboolean
hide_all (PfaScan *scan, gsize start, gsize end, PfaSecret secret)
{
  pfa_scan_add (scan, start, end, secret, (const char *) scan->text + start, end - start);
  return TRUE;
}

/* Nothing that could be compared or guessed stays. */
static gboolean
hide_bare (PfaScan *scan, gsize start, gsize end, PfaSecret secret)
{
  pfa_scan_add (scan, start, end, secret, NULL, 0);
  return TRUE;
}

static gboolean
hide_last_four (PfaScan *scan, gsize start, gsize end, PfaSecret secret)
{
  pfa_scan_add_last_four (scan, start, end, secret);
  return TRUE;
}

/* A host of the shop has no dot, or a name that only the shop's network knows. */
static gboolean
is_shop_host (const char *value, gsize length)
{
  static const char *const ends[] = { ".local",    ".lan",      ".home",        ".box",
                                      ".internal", ".intranet", ".localdomain", ".workgroup",
                                      ".arpa",     ".corp",     ".shop" };

  if (length < 2 || (length == 9 && g_ascii_strncasecmp (value, "localhost", 9) == 0))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (length > strlen (ends[i]) &&
        g_ascii_strncasecmp (value + length - strlen (ends[i]), ends[i], strlen (ends[i])) == 0)
      return TRUE;
  return memchr (value, '.', length) == NULL && memchr (value, ':', length) == NULL;
}

static gsize
first_word (const PfaScan *scan, gsize start, gsize end)
{
  gsize p = start;

  while (p < end && scan->text[p] != ' ' && scan->text[p] != '\t' && scan->text[p] != ',')
    p++;
  return p;
}

static gboolean
judge_code (PfaScan *scan, PfaKey key, gsize start, gsize end)
{
  const gsize word = first_word (scan, start, end);
  const Shape shape = shape_of ((const char *) scan->text + start, word - start);
  const gboolean digits = shape.digits == shape.length;

  switch ((guint) key)
    {
    case PFA_KEY_PIN:
      if (digits && shape.length >= 4 && shape.length <= 12)
        return hide_bare (scan, start, word, PFA_SECRET_PIN);
      return shape.hex == shape.length && shape.length >= 16 &&
             hide_bare (scan, start, word, PFA_SECRET_PIN);
    case PFA_KEY_PIN_BLOCK:
      {
        const Shape whole = shape_of ((const char *) scan->text + start, end - start);

        if (whole.hex >= 14 && whole.hex + whole.blanks + whole.others == whole.length)
          return hide_bare (scan, start, end, PFA_SECRET_PIN);
        return shape.length >= 8 && shape.letters + shape.digits + shape.others == shape.length &&
               shape.digits > 0 && hide_bare (scan, start, word, PFA_SECRET_PIN);
      }
    case PFA_KEY_VERIFICATION:
      return digits && (shape.length == 3 || shape.length == 4) &&
             hide_bare (scan, start, word, PFA_SECRET_VERIFICATION_CODE);
    case PFA_KEY_EXPIRY:
      return ((digits && (shape.length == 4 || shape.length == 6)) ||
              (shape.digits >= 4 && shape.digits <= 6 && shape.others == 1 && shape.length <= 7)) &&
             hide_bare (scan, start, word, PFA_SECRET_CARD);
    case PFA_KEY_CODE:
      return shape.digits >= 4 && shape.length <= 12 &&
             shape.digits + shape.letters == shape.length &&
             hide_bare (scan, start, word, PFA_SECRET_TOKEN);
    default:
      return FALSE;
    }
}

static gboolean
judge_key (PfaScan *scan, PfaKey key, gsize start, gsize end)
{
  const char *value = (const char *) scan->text + start;
  const Shape shape = shape_of (value, end - start);

  switch ((guint) key)
    {
    case PFA_KEY_PASSWORD:
      return hide_all (scan, start, end, PFA_SECRET_PASSWORD);
    case PFA_KEY_SECRET:
      return shape.length >= 4 && hide_all (scan, start, end, PFA_SECRET_KEY);
    case PFA_KEY_BARE:
      return shape.length >= 16 && shape.blanks == 0 && shape.digits >= 2 &&
             shape.digits + shape.letters + 3 >= shape.length && memchr (value, '/', 4) == NULL &&
             hide_all (scan, start, end, PFA_SECRET_KEY);
    case PFA_KEY_TOKEN:
      return shape.length >= 8 && (shape.digits > 0 || shape.length >= 16) &&
             (shape.letters > 0 || shape.others != 1 || shape.length > 24) &&
             memcmp (value, "://", 3) != 0 && hide_all (scan, start, end, PFA_SECRET_TOKEN);
    case PFA_KEY_COOKIE:
      return hide_all (scan, start, end, PFA_SECRET_TOKEN);
    case PFA_KEY_AUTH:
      {
        gsize secret = start;
        const gsize word = first_word (scan, start, end);

        /* Basic, Bearer, Digest …: the name of the scheme may stay. */
        if (word < end && shape_of (value, word - start).letters == word - start)
          secret = word + 1;
        return end - secret >= 6 && hide_all (scan, secret, end, PFA_SECRET_TOKEN);
      }
    default:
      return FALSE;
    }
}

/* The number alone; words may follow it. */
static gboolean
hide_phone (PfaScan *scan, gsize start, gsize end)
{
  gsize p = start;
  gsize last = start;
  guint digits = 0;

  for (; p < end && scan->text[p] < 0x80 &&
         (pfa_is_digit (scan->text[p]) || strchr (" +-/().", scan->text[p]) != NULL);
       p++)
    if (pfa_is_digit (scan->text[p]))
      {
        digits++;
        last = p + 1;
      }
  return digits >= 6 && digits <= 18 && hide_all (scan, start, last, PFA_SECRET_PHONE);
}

static gboolean
judge_thing (PfaScan *scan, PfaKey key, gsize start, gsize end)
{
  const gsize word = first_word (scan, start, end);
  const char *value = (const char *) scan->text + start;
  const Shape shape = shape_of (value, word - start);
  const Shape whole = shape_of (value, end - start);

  switch ((guint) key)
    {
    case PFA_KEY_IDENTITY:
      return shape.digits >= 6 && hide_bare (scan, start, word, PFA_SECRET_IDENTITY);
    case PFA_KEY_IBAN:
      return whole.digits >= 8 && hide_all (scan, start, end, PFA_SECRET_IBAN);
    case PFA_KEY_PHONE:
      return hide_phone (scan, start, end);
    case PFA_KEY_WIFI:
      return hide_all (scan, start, end, PFA_SECRET_WIFI);
    case PFA_KEY_MAC:
      return shape.hex == 12 && (shape.length == 12 || (shape.length == 14 && shape.others == 2)) &&
             hide_all (scan, start, word, PFA_SECRET_MAC);
    case PFA_KEY_SERIAL:
      return shape.digits >= 3 && shape.length >= 5 && shape.length <= 40 &&
             hide_last_four (scan, start, word, PFA_SECRET_SERIAL);
    case PFA_KEY_HOST:
      return shape.letters > 0 && (shape.digits > 0 || shape.others > 0 || word - start >= 12) &&
             is_shop_host (value, word - start) && hide_all (scan, start, word, PFA_SECRET_HOST);
    case PFA_KEY_PERSON:
      return whole.letters + whole.digits >= 2 && hide_all (scan, start, end, PFA_SECRET_PERSON);
    case PFA_KEY_PLACE:
      return whole.letters >= 3 && (whole.blanks > 0 || (guchar) value[0] >= 0x80) &&
             memchr (value, ':', end - start) == NULL &&
             hide_all (scan, start, end, PFA_SECRET_PLACE);
    case PFA_KEY_COORDINATE:
      return shape.digits >= 3 && memchr (value, '.', end - start) != NULL &&
             hide_bare (scan, start, end, PFA_SECRET_PLACE);
    default:
      return FALSE;
    }
}

/* What the provider needs stays for the provider. */
static gboolean
judge_number (PfaScan *scan, gsize start, gsize end)
{
  const gsize word = first_word (scan, start, end);
  const Shape shape = shape_of ((const char *) scan->text + start, word - start);

  return scan->rules->reader == PFA_READER_ANYONE && shape.digits >= 4 && shape.length >= 5 &&
         shape.length <= 40 && hide_last_four (scan, start, word, PFA_SECRET_NUMBER);
}

static gboolean
judge_track (PfaScan *scan, PfaKey key, gsize start, gsize end)
{
  const Shape shape = shape_of ((const char *) scan->text + start, end - start);

  /* Chip data keeps what is no secret: only tags with a number are taken out of it. */
  if (key == PFA_KEY_ICC)
    return pfa_scan_tags (scan, start, end);
  return shape.digits >= 10 && hide_bare (scan, start, end, PFA_SECRET_TRACK);
}

gboolean
pfa_scan_value (PfaScan *scan, PfaKey key, gsize start, gsize end)
{
  const char *value = (const char *) scan->text + start;

  if (end <= start || pfa_value_is_harmless (value, end - start) || is_hidden (value, end - start))
    return FALSE;
  switch (key)
    {
    case PFA_KEY_CARD:
      return hide_card (scan, start, end);
    case PFA_KEY_TRACK:
    case PFA_KEY_ICC:
      return judge_track (scan, key, start, end);
    case PFA_KEY_PIN:
    case PFA_KEY_PIN_BLOCK:
    case PFA_KEY_VERIFICATION:
    case PFA_KEY_EXPIRY:
    case PFA_KEY_CODE:
      return judge_code (scan, key, start, end);
    case PFA_KEY_PASSWORD:
    case PFA_KEY_SECRET:
    case PFA_KEY_BARE:
    case PFA_KEY_TOKEN:
    case PFA_KEY_AUTH:
    case PFA_KEY_COOKIE:
      return judge_key (scan, key, start, end);
    case PFA_KEY_REFERENCE:
    case PFA_KEY_TRACE:
    case PFA_KEY_TERMINAL:
    case PFA_KEY_MERCHANT:
    case PFA_KEY_ORDER:
      return judge_number (scan, start, end);
    case PFA_KEY_NONE:
    case PFA_KEY_ARTICLE:
    case PFA_KEY_TIME:
    case PFA_KEY_VERSION:
    case PFA_KEY_DIGEST:
      return FALSE;
    case PFA_KEY_IDENTITY:
    case PFA_KEY_IBAN:
    case PFA_KEY_PHONE:
    case PFA_KEY_WIFI:
    case PFA_KEY_MAC:
    case PFA_KEY_SERIAL:
    case PFA_KEY_HOST:
    case PFA_KEY_PERSON:
    case PFA_KEY_PLACE:
    case PFA_KEY_COORDINATE:
    default:
      return judge_thing (scan, key, start, end);
    }
}
