/* pfa-code-words.c - what a person typed from a screen or a slip, compared with what is known
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-code-words.h"

#include <string.h>

#define SEPARATORS " ,.;:!?\t\n-/()\"'"

/* Longer words are not compared letter by letter: nobody types them. */
#define LONGEST_WORD 40
/* From these lengths on, one letter and two letters may be wrong. */
#define ONE_WRONG_FROM 4
#define TWO_WRONG_FROM 9

/* What stands before or behind the code on screens and slips, folded; longer ones first. */
static const char *const around[] = { "responsecode", "antwortcode", "fehlercode", "fehlernummer",
                                      "errorcode",    "error",       "fehler",     "code",
                                      "错误代码",     "返回代码",    "错误码",     "应答码",
                                      "返回码",       "代码",        "错误",       "err",
                                      "rc",           NULL };

char *
pfa_code_words_fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);

  g_autofree char *folded = g_utf8_casefold (normal != NULL ? normal : text, -1);
  g_auto (GStrv) around_apostrophes = g_strsplit (folded, "’", -1);

  /* Keyboards have the straight one. */
  return g_strstrip (g_strjoinv ("'", around_apostrophes));
}

char *
pfa_code_words_read_code (const char *typed)
{
  g_autofree char *folded = pfa_code_words_fold (typed);
  g_autoptr (GString) code = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)))
      g_string_append_unichar (code, g_utf8_get_char (p));
  for (guint i = 0; around[i] != NULL; i++)
    {
      gsize length = strlen (around[i]);

      if (g_str_has_prefix (code->str, around[i]))
        g_string_erase (code, 0, (gssize) length);
      else if (g_str_has_suffix (code->str, around[i]))
        g_string_truncate (code, code->len - length);
    }
  return g_utf8_strup (code->str, -1);
}

char *
pfa_code_words_mend_code (const char *code)
{
  g_autofree char *digits = g_strdelimit (g_strdelimit (g_strdup (code), "Oo", '0'), "Il", '1');

  return strlen (digits) == 1 ? g_strconcat ("0", digits, NULL) : g_steal_pointer (&digits);
}

/* Letters to change, add, leave out or swap with the next one. */
static guint
count_wrong (const gunichar *a, glong a_length, const gunichar *b, glong b_length)
{
  guint rows[3][LONGEST_WORD + 1];

  for (glong j = 0; j <= b_length; j++)
    rows[0][j] = (guint) j;
  for (glong i = 1; i <= a_length; i++)
    {
      guint *row = rows[i % 3];
      const guint *above = rows[(i - 1) % 3];

      row[0] = (guint) i;
      for (glong j = 1; j <= b_length; j++)
        {
          row[j] = MIN (MIN (above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            row[j] = MIN (row[j], rows[(i - 2) % 3][j - 2] + 1);
        }
    }
  return rows[a_length % 3][b_length];
}

static gboolean
is_near (const char *word, const char *other)
{
  g_autofree gunichar *a = NULL;
  g_autofree gunichar *b = NULL;
  glong a_length;
  glong b_length;

  if (g_str_equal (word, other))
    return TRUE;
  a = g_utf8_to_ucs4_fast (word, -1, &a_length);
  b = g_utf8_to_ucs4_fast (other, -1, &b_length);
  if (a_length < ONE_WRONG_FROM || b_length < ONE_WRONG_FROM ||
      MAX (a_length, b_length) > LONGEST_WORD)
    return FALSE;
  return count_wrong (a, a_length, b, b_length) <= (a_length >= TWO_WRONG_FROM ? 2 : 1);
}

gboolean
pfa_code_words_are_near (const char *needle, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (needle, SEPARATORS, -1);
  g_auto (GStrv) others = g_strsplit_set (text, SEPARATORS, -1);
  guint n_found = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean found = *words[i] == '\0';

      for (guint k = 0; !found && others[k] != NULL; k++)
        found = is_near (words[i], others[k]);
      if (!found)
        return FALSE;
      n_found += *words[i] != '\0';
    }
  return n_found > 0;
}
