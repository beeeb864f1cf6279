/* pfa-code.c - what one response code means, and what to do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-code.h"

#include <string.h>

#include "pfa-code-words.h"
#include "pfa-json.h"

/* Ratings: the code itself, words of the screen, the meaning. */
#define RATE_CODE         100
#define RATE_SCREEN_WORD  20
#define RATE_MEANING      30
#define RATE_SCATTERED    15
#define RATE_NEAR         5
#define RATE_OWN_LANGUAGE 2

#define MAX_DIGITS 8

static gboolean
read_text (JsonObject *object,
           const char *member,
           const char *where,
           gboolean is_needed,
           PfaText **text,
           GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.%s", where, member);
  JsonNode *node = json_object_get_member (object, member);

  if (!is_needed && (node == NULL || JSON_NODE_HOLDS_NULL (node)))
    return TRUE;
  *text = pfa_text_new_from_json (node, path, error);
  return *text != NULL;
}

PfaCode *
pfa_code_new_from_json (JsonObject *object, const char *where, GError **error)
{
  g_autoptr (PfaCode) self = g_new0 (PfaCode, 1);
  const char *code = pfa_json_require_string (object, "code", where, error);
  const char *layer = code != NULL ? pfa_json_require_string (object, "layer", where, error) : NULL;
  const char *retry =
      layer != NULL ? pfa_json_require_string (object, "retry", where, error) : NULL;

  if (retry == NULL)
    return NULL;
  self->code = g_ascii_strup (code, -1);
  self->layer = g_strdup (layer);
  self->retry = g_strdup (retry);
  self->unionpay_class = g_strdup (pfa_json_peek_string (object, "unionpay_class"));
  self->sources = pfa_json_dup_strings (object, "sources", where, error);
  if (self->sources == NULL || !read_text (object, "meaning", where, TRUE, &self->meaning, error) ||
      !read_text (object, "action", where, TRUE, &self->action, error) ||
      !read_text (object, "tell_customer", where, FALSE, &self->tell_customer, error) ||
      !read_text (object, "differs", where, FALSE, &self->differs, error))
    return NULL;
  self->screen_words = pfa_json_dup_strings (object, "screen_words", where, error);
  if (self->screen_words == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
pfa_code_is_plausible (const char *typed)
{
  guint length = 0;
  guint digits = 0;

  if (!g_utf8_validate (typed, -1, NULL))
    return FALSE;
  for (const char *p = typed; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (!g_unichar_isgraph (g_utf8_get_char (p)))
        return FALSE;
      length++;
      digits += g_unichar_isdigit (g_utf8_get_char (p));
    }
  return length > 0 && length <= PFA_CODE_MAX_LENGTH && digits <= MAX_DIGITS;
}

void
pfa_code_free (PfaCode *self)
{
  if (self == NULL)
    return;
  g_free (self->code);
  g_free (self->layer);
  g_free (self->retry);
  g_free (self->unionpay_class);
  g_strfreev (self->sources);
  g_strfreev (self->screen_words);
  g_clear_pointer (&self->meaning, pfa_text_unref);
  g_clear_pointer (&self->action, pfa_text_unref);
  g_clear_pointer (&self->tell_customer, pfa_text_unref);
  g_clear_pointer (&self->differs, pfa_text_unref);
  g_free (self);
}

/* How well @needle fits @text: 3 the same, 2 the whole inside, 1 the other way round, 0 not. */
static guint
rate (const char *needle, const char *text)
{
  g_autofree char *folded = pfa_code_words_fold (text);

  if (*folded == '\0')
    return 0;
  if (g_str_equal (folded, needle))
    return 3;
  if (strstr (folded, needle) != NULL)
    return 2;
  return strstr (needle, folded) != NULL && g_utf8_strlen (folded, -1) > 1 ? 1 : 0;
}

/* TRUE when all words of @needle stand in @text. */
static gboolean
holds_all_words (const char *needle, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (needle, " ,.;:!?", -1);
  g_autofree char *folded = pfa_code_words_fold (text);
  guint n_found = 0;

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      {
        if (strstr (folded, words[i]) == NULL)
          return FALSE;
        n_found++;
      }
  return n_found > 0;
}

static guint
rate_meaning (const PfaCode *self, const char *needle, const char *language)
{
  guint best = 0;

  for (guint i = 0; pfa_text_languages[i] != NULL; i++)
    {
      const char *meaning = pfa_text_get (self->meaning, pfa_text_languages[i]);
      guint bonus = g_strcmp0 (language, pfa_text_languages[i]) == 0 ? RATE_OWN_LANGUAGE : 0;

      if (rate (needle, meaning) >= 2)
        best = MAX (best, RATE_MEANING + bonus);
      else if (holds_all_words (needle, meaning))
        best = MAX (best, RATE_SCATTERED + bonus);
    }
  return best;
}

guint
pfa_code_rate (const PfaCode *self, const char *words, const char *language)
{
  g_autofree char *needle = pfa_code_words_fold (words);
  guint best = 0;

  if (*needle == '\0')
    return 0;
  if (g_ascii_strcasecmp (self->code, needle) == 0)
    return RATE_CODE;
  /* One letter stands in nearly every text. */
  if (needle[1] == '\0')
    return 0;
  for (guint i = 0; self->screen_words[i] != NULL; i++)
    {
      g_autofree char *seen = pfa_code_words_fold (self->screen_words[i]);
      guint found = rate (needle, seen) * RATE_SCREEN_WORD;

      /* "The card is expired" holds "expired card" in another order, a typo is nearly the word. */
      if (found == 0 && (pfa_code_words_are_near (needle, seen) ||
                         (strchr (seen, ' ') != NULL && pfa_code_words_are_near (seen, needle))))
        found = RATE_NEAR;
      best = MAX (best, found);
    }
  return MAX (best, rate_meaning (self, needle, language));
}
