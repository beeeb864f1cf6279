/* pfa-redact-key.c - what the name of a value says about the value
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

#define NAME_MAX_LENGTH 64

typedef struct
{
  char text[NAME_MAX_LENGTH * 2 + 4];
  guint length;
} Normal;

static void
push (Normal *normal, char c)
{
  if (c == '_' && normal->length > 0 && normal->text[normal->length - 1] == '_')
    return;
  if (normal->length + 1 < sizeof normal->text)
    normal->text[normal->length++] = c;
}

/* cardNumber, CARD-NUMBER and "card number" become _card_number_. */
static void
normalise (const char *name, gsize length, Normal *normal)
{
  normal->length = 0;
  push (normal, '_');
  for (gsize i = 0; i < length; i++)
    {
      const guint8 c = (guint8) name[i];
      const gboolean upper = pfa_is_upper (c);

      if (!pfa_is_alnum (c) && c < 0x80)
        {
          push (normal, '_');
          continue;
        }
      if (upper && i > 0 &&
          (pfa_is_lower (name[i - 1]) || pfa_is_digit (name[i - 1]) ||
           (pfa_is_upper (name[i - 1]) && i + 1 < length && pfa_is_lower (name[i + 1]))))
        push (normal, '_');
      push (normal, (char) (upper ? g_ascii_tolower ((char) c) : (char) c));
    }
  push (normal, '_');
  normal->text[normal->length] = '\0';
}

/* One bit for each letter; several letters share one. */
static guint64
mark_of (const char *text)
{
  guint64 mark = 0;

  for (; *text != '\0'; text++)
    mark |= (guint64) 1 << ((guint8) *text & 63);
  return mark;
}

/* The marks of the rules, then those of the harmless ends. */
guint64 *
pfa_key_marks_new (void)
{
  guint n_rules, n_ends;
  const PfaNameRule *rules = pfa_name_rules_get (&n_rules);
  const char *const *ends = pfa_name_rules_get_harmless_ends (&n_ends);
  guint64 *marks = g_new (guint64, n_rules + n_ends);

  for (guint i = 0; i < n_rules; i++)
    marks[i] = mark_of (rules[i].pattern + (rules[i].pattern[0] == '=' ? 1 : 0));
  for (guint i = 0; i < n_ends; i++)
    marks[n_rules + i] = mark_of (ends[i]);
  return marks;
}

/* A name that only tells about a secret. */
static gboolean
is_harmless (const guint64 *end_marks, const Normal *normal, guint64 missing)
{
  static const char *const questions[] = { "_is_",  "_has_",  "_no_",    "_needs_",
                                           "_use_", "_with_", "_enable_" };
  guint n_ends;
  const char *const *ends = pfa_name_rules_get_harmless_ends (&n_ends);

  for (guint i = 0; i < n_ends; i++)
    if ((end_marks[i] & missing) == 0 && g_str_has_suffix (normal->text, ends[i]) &&
        strlen (ends[i]) < normal->length)
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    if (g_str_has_prefix (normal->text, questions[i]) && strlen (questions[i]) < normal->length)
      return TRUE;
  return FALSE;
}

static PfaKey
apply_rules (const guint64 *marks, const Normal *normal)
{
  const guint64 missing = ~mark_of (normal->text);
  guint n_rules;
  const PfaNameRule *rules = pfa_name_rules_get (&n_rules);

  if (is_harmless (marks + n_rules, normal, missing))
    return PFA_KEY_NONE;
  for (guint i = 0; i < n_rules; i++)
    if ((marks[i] & missing) == 0 &&
        (rules[i].pattern[0] == '=' ? g_str_equal (normal->text, rules[i].pattern + 1)
                                    : strstr (normal->text, rules[i].pattern) != NULL))
      return rules[i].key;
  return PFA_KEY_NONE;
}

PfaKey
pfa_key_classify (const guint64 *marks, const char *name, gsize length)
{
  Normal normal;
  PfaKey key;

  if (length > NAME_MAX_LENGTH)
    {
      name += length - NAME_MAX_LENGTH;
      length = NAME_MAX_LENGTH;
    }
  normalise (name, length, &normal);
  if (normal.length < 4)
    return PFA_KEY_NONE;
  key = apply_rules (marks, &normal);
  /* A version of anything is a version, not a serial number or a key. */
  if (g_str_has_suffix (normal.text, "_version_"))
    key = PFA_KEY_VERSION;
  return key;
}

/* From the first and the last bytes of a name. */
static guint
slot_of (const char *name, gsize length)
{
  guint64 first = 0;
  guint64 last = 0;

  if (length >= 8)
    {
      memcpy (&first, name, 8);
      memcpy (&last, name + length - 8, 8);
    }
  else
    for (gsize i = 0; i < length; i++)
      first = first << 8 | (guint8) name[i];
  first = (first ^ length) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) ^
          last * G_GUINT64_CONSTANT (0xc2b2ae3d27d4eb4f);
  return (guint) (first >> 40) % (PFA_KEY_CACHE_LENGTH / 2) * 2;
}

PfaKey
pfa_scan_classify (const PfaScan *scan, gsize start, gsize end)
{
  const char *name = (const char *) scan->text + start;
  const gsize length = end - start;
  PfaKeyCacheEntry *entry;

  if (length > sizeof entry->name)
    return pfa_key_classify (scan->rules->key_marks, name, length);
  entry = &scan->rules->names[slot_of (name, length)];
  /* Two places for names that fall together, the older one second. */
  if (entry[1].length == length && memcmp (entry[1].name, name, length) == 0)
    return entry[1].key;
  if (entry->length != length || memcmp (entry->name, name, length) != 0)
    {
      entry[1] = entry[0];
      entry->key = pfa_key_classify (scan->rules->key_marks, name, length);
      entry->length = (guint8) length;
      memcpy (entry->name, name, length);
    }
  return entry->key;
}

gboolean
pfa_key_declares (PfaKey key, guint length)
{
  switch ((int) key)
    {
    case PFA_KEY_REFERENCE:
      return length == 12;
    case PFA_KEY_TRACE:
      return length <= 12;
    case PFA_KEY_TERMINAL:
      return length == 8;
    case PFA_KEY_MERCHANT:
      return length == 15;
    case PFA_KEY_ORDER:
      /* Wallets: date and time, then the payer's number. */
      return length == 28 || length == 32;
    case PFA_KEY_TIME:
      return length == 10 || length == 13 || length == 16 || length == 19;
    default:
      return FALSE;
    }
}

static gboolean
is_name_byte (guint8 c)
{
  return pfa_is_alnum (c) || c == '_' || c == '-' || c == '.' || c >= 0x80;
}

/* Digits in the middle of a digest: its key stands before the whole of it. */
static gsize
token_start (const PfaScan *scan, gsize position)
{
  gsize start = position;
  gsize end = position;

  while (start > 0 && position - start < 129 && pfa_is_xdigit (scan->text[start - 1]))
    start--;
  if (start == position)
    return position;
  while (end < scan->length && end - start < 129 && pfa_is_xdigit (scan->text[end]))
    end++;
  return end - start == 32 || end - start == 40 || end - start == 64 || end - start == 128
             ? start
             : position;
}

static gboolean
stands_before_value (guint8 c)
{
  switch (c)
    {
    case '"':
    case '\'':
    case '`':
    case '\\':
    case ' ':
    case ':':
    case '=':
    case '>':
    case '(':
    case '[':
    case '#':
      return TRUE;
    default:
      return FALSE;
    }
}

PfaKey
pfa_scan_find_key (const PfaScan *scan, gsize position)
{
  const gsize before = token_start (scan, position);
  gsize end = before;
  gsize start;
  gboolean assigned = FALSE;

  while (end > 0 && before - end < 12 && stands_before_value (scan->text[end - 1]))
    {
      const guint8 sign = scan->text[--end];

      assigned |= sign == ':' || sign == '=' || sign == '>' || sign == '(';
    }
  /* The full-width colon of Chinese text. */
  if (end >= 3 && memcmp (scan->text + end - 3, "：", 3) == 0)
    {
      end -= 3;
      assigned = TRUE;
    }
  start = end;
  while (start > 0 && end - start < NAME_MAX_LENGTH && is_name_byte (scan->text[start - 1]))
    start--;
  if (start == end || end == before)
    return PFA_KEY_NONE;
  /* "tid 12345678" names it as well, a word of a sentence does not. */
  if (!assigned && end - start > 24)
    return PFA_KEY_NONE;
  return pfa_scan_classify (scan, start, end);
}
