/* pfa-json-guard.c - is a text strict JSON, shallow and without duplicate keys?
 *
 * One pass with an explicit stack. What is expected next is a small state; each open object keeps
 * the set of its keys, compared after unescaping ("a" and "\u0061" are the same key).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-json-guard.h"

#include <math.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"

typedef enum
{
  EXPECT_VALUE,
  EXPECT_VALUE_OR_END,
  EXPECT_KEY,
  EXPECT_KEY_OR_END,
  EXPECT_COLON,
  EXPECT_COMMA_OR_END,
  EXPECT_NOTHING,
} Expectation;

typedef struct
{
  const char *name;
  const char *start;
  const char *at;
  const char *end;
  Expectation expectation;
  guint depth;
  /* The keys seen in each open object; NULL for an open array. */
  GHashTable *keys[PFA_JSON_MAX_DEPTH];
} Guard;

static gboolean
fail (Guard *guard, GError **error, const char *message)
{
  guint line = 1;

  for (const char *p = guard->start; p < guard->at; p++)
    line += *p == '\n';

  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_BAD_INPUT,
               "%s: line %u: %s",
               guard->name,
               line,
               message);
  return FALSE;
}

static gboolean
read_hex4 (const char *p, const char *end, gunichar *value)
{
  *value = 0;
  if (end - p < 4)
    return FALSE;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return FALSE;
      *value = *value * 16 + (gunichar) digit;
    }
  return TRUE;
}

/* Reads one \u escape, with its low surrogate where one is due. @guard->at is behind the "u". */
static gboolean
read_unicode_escape (Guard *guard, GString *text, GError **error)
{
  gunichar unit;
  gunichar low;

  if (!read_hex4 (guard->at, guard->end, &unit))
    return fail (guard, error, "a broken \\u escape");
  guard->at += 4;

  if (unit >= 0xD800 && unit < 0xDC00)
    {
      if (guard->end - guard->at < 6 || guard->at[0] != '\\' || guard->at[1] != 'u' ||
          !read_hex4 (guard->at + 2, guard->end, &low) || low < 0xDC00 || low > 0xDFFF)
        return fail (guard, error, "half a surrogate pair");
      guard->at += 6;
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
  else if (unit >= 0xDC00 && unit <= 0xDFFF)
    return fail (guard, error, "half a surrogate pair");
  else if (unit == 0)
    return fail (guard, error, "a NUL character in a string");

  g_string_append_unichar (text, unit);
  return TRUE;
}

/* Reads a string whose opening quotation mark is at @guard->at. */
static gboolean
read_string (Guard *guard, GString *text, GError **error)
{
  static const char escapes[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";

  guard->at++;
  while (guard->at < guard->end)
    {
      const char *run = guard->at;
      const char *known;

      while (guard->at < guard->end && *guard->at != '"' && *guard->at != '\\' &&
             (guchar) *guard->at >= 0x20)
        guard->at++;
      g_string_append_len (text, run, guard->at - run);
      if (guard->at >= guard->end)
        break;

      if (*guard->at == '"')
        {
          guard->at++;
          return TRUE;
        }
      if (*guard->at != '\\')
        return fail (guard, error, "a control character in a string");
      if (++guard->at >= guard->end)
        break;
      if (*guard->at == 'u')
        {
          guard->at++;
          if (!read_unicode_escape (guard, text, error))
            return FALSE;
          continue;
        }
      known = *guard->at == '\0' ? NULL : strchr (escapes, *guard->at);
      if (known == NULL)
        return fail (guard, error, "an unknown escape in a string");
      g_string_append_c (text, meanings[known - escapes]);
      guard->at++;
    }

  return fail (guard, error, "a string without an end");
}

static gsize
skip_digits (Guard *guard)
{
  const char *first = guard->at;

  while (guard->at < guard->end && g_ascii_isdigit (*guard->at))
    guard->at++;
  return (gsize) (guard->at - first);
}

static gboolean
read_number (Guard *guard, GError **error)
{
  const char *first = guard->at;
  g_autofree char *text = NULL;

  if (*guard->at == '-')
    guard->at++;
  if (guard->at < guard->end && *guard->at == '0')
    {
      guard->at++;
      if (guard->at < guard->end && g_ascii_isdigit (*guard->at))
        return fail (guard, error, "a number with a leading zero");
    }
  else if (skip_digits (guard) == 0)
    return fail (guard, error, "a number without digits");

  if (guard->at < guard->end && *guard->at == '.')
    {
      guard->at++;
      if (skip_digits (guard) == 0)
        return fail (guard, error, "a number that ends in its decimal point");
    }
  if (guard->at < guard->end && (*guard->at == 'e' || *guard->at == 'E'))
    {
      guard->at++;
      if (guard->at < guard->end && (*guard->at == '+' || *guard->at == '-'))
        guard->at++;
      if (skip_digits (guard) == 0)
        return fail (guard, error, "a number without its exponent");
    }

  text = g_strndup (first, (gsize) (guard->at - first));
  if (!isfinite (g_ascii_strtod (text, NULL)))
    return fail (guard, error, "a number that is too large");
  return TRUE;
}

static void
value_ended (Guard *guard)
{
  guard->expectation = guard->depth == 0 ? EXPECT_NOTHING : EXPECT_COMMA_OR_END;
}

static gboolean
open_container (Guard *guard, GError **error)
{
  gboolean is_object = *guard->at == '{';

  if (guard->depth == PFA_JSON_MAX_DEPTH)
    return fail (guard, error, "nested too deeply");

  guard->keys[guard->depth++] =
      is_object ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL;
  guard->expectation = is_object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
  guard->at++;
  return TRUE;
}

static gboolean
close_container (Guard *guard, GError **error)
{
  gboolean is_object = guard->keys[guard->depth - 1] != NULL;

  if (is_object != (*guard->at == '}'))
    return fail (guard, error, "a bracket closed by another kind");

  g_clear_pointer (&guard->keys[--guard->depth], g_hash_table_unref);
  guard->at++;
  value_ended (guard);
  return TRUE;
}

static gboolean
read_key (Guard *guard, GError **error)
{
  g_autoptr (GString) key = g_string_new (NULL);
  g_autofree char *message = NULL;

  if (*guard->at != '"')
    return fail (guard, error, "a name in quotation marks is expected here");
  if (!read_string (guard, key, error))
    return FALSE;

  message = g_strdup_printf ("“%s” stands twice in one object", key->str);
  if (!g_hash_table_add (guard->keys[guard->depth - 1],
                         g_string_free (g_steal_pointer (&key), FALSE)))
    return fail (guard, error, message);

  guard->expectation = EXPECT_COLON;
  return TRUE;
}

static gboolean
read_word (Guard *guard, GError **error)
{
  static const char *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]);

      if ((gsize) (guard->end - guard->at) >= length && memcmp (guard->at, words[i], length) == 0)
        {
          guard->at += length;
          return TRUE;
        }
    }
  return fail (guard, error, "this is not JSON");
}

static gboolean
read_value (Guard *guard, GError **error)
{
  g_autoptr (GString) text = NULL;
  char c = *guard->at;

  if (c == '{' || c == '[')
    return open_container (guard, error);

  if (c == '"')
    {
      text = g_string_new (NULL);
      if (!read_string (guard, text, error))
        return FALSE;
    }
  else if (c == '-' || g_ascii_isdigit (c))
    {
      if (!read_number (guard, error))
        return FALSE;
    }
  else if (!read_word (guard, error))
    return FALSE;

  value_ended (guard);
  return TRUE;
}

static gboolean
read_comma (Guard *guard, GError **error)
{
  if (*guard->at != ',')
    return fail (guard, error, "a comma or a closing bracket is expected here");
  guard->at++;
  guard->expectation = guard->keys[guard->depth - 1] != NULL ? EXPECT_KEY : EXPECT_VALUE;
  return TRUE;
}

static gboolean
read_token (Guard *guard, GError **error)
{
  gboolean closing = *guard->at == '}' || *guard->at == ']';

  switch (guard->expectation)
    {
    case EXPECT_VALUE_OR_END:
      return closing ? close_container (guard, error) : read_value (guard, error);
    case EXPECT_VALUE:
      return read_value (guard, error);
    case EXPECT_KEY_OR_END:
      return closing ? close_container (guard, error) : read_key (guard, error);
    case EXPECT_KEY:
      return read_key (guard, error);
    case EXPECT_COLON:
      if (*guard->at != ':')
        return fail (guard, error, "a colon is expected here");
      guard->at++;
      guard->expectation = EXPECT_VALUE;
      return TRUE;
    case EXPECT_COMMA_OR_END:
      return closing ? close_container (guard, error) : read_comma (guard, error);
    case EXPECT_NOTHING:
    default:
      return fail (guard, error, "text behind the end");
    }
}

gboolean
pfa_json_guard_check (const char *text, gsize length, const char *name, GError **error)
{
  Guard guard = { .name = name, .start = text, .at = text, .end = text + length };
  gboolean ok = TRUE;

  if (length > PFA_JSON_MAX_BYTES)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "%s: larger than %d MiB",
                   name,
                   PFA_JSON_MAX_BYTES / 1024 / 1024);
      return FALSE;
    }
  if (!g_utf8_validate_len (text, length, &guard.at))
    return fail (&guard, error, "not UTF-8 text");

  guard.at = text;
  while (ok)
    {
      while (guard.at < guard.end && *guard.at != '\0' && strchr (" \t\r\n", *guard.at) != NULL)
        guard.at++;
      if (guard.at >= guard.end)
        break;
      ok = read_token (&guard, error);
    }

  if (ok && guard.expectation != EXPECT_NOTHING)
    ok = fail (&guard, error, length == 0 ? "the file is empty" : "the text breaks off");
  while (guard.depth > 0)
    g_clear_pointer (&guard.keys[--guard.depth], g_hash_table_unref);
  return ok;
}
