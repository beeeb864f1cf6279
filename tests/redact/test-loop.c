/* test-loop.c - the look for processors with AVX2 and the one for all others find the same
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-redact-scan.h"

typedef struct
{
  const char *name;
  const char *text;
  const char *gone;
  const char *kept;
} Case;

static const Case cases[] = {
#include "redactor-cases.h"
};

static void
rules_init (PfaScanRules *rules, PfaReader reader)
{
  memset (rules, 0, sizeof *rules);
  rules->names = g_new0 (PfaKeyCacheEntry, PFA_KEY_CACHE_LENGTH);
  rules->words = pfa_word_table_new (reader);
  rules->block_words = pfa_word_table_get_block (rules->words);
  rules->own_words = pfa_word_table_get_starts (rules->words, TRUE);
  rules->words_anywhere = pfa_word_table_get_starts (rules->words, FALSE);
  rules->key_marks = pfa_key_marks_new ();
  rules->reader = reader;
}

static void
rules_clear (PfaScanRules *rules)
{
  g_free (rules->names);
  g_free (rules->key_marks);
  pfa_word_table_free (rules->words);
}

static GArray *
find (PfaScanRules *rules, PfaScanLoop loop, const GString *text)
{
  GArray *spans = g_array_new (FALSE, TRUE, sizeof (PfaSpan));

  rules->loop = loop;
  pfa_scan_text (rules, (const guint8 *) text->str, text->len, 0, FALSE, spans);
  pfa_spans_merge (spans);
  return spans;
}

/* Pieces of all cases, with digits changed, so that every pattern meets every edge of a block. */
static void
append_piece (GString *text, GRand *rand)
{
  const char *piece = cases[g_rand_int_range (rand, 0, G_N_ELEMENTS (cases))].text;
  const gsize start = text->len;

  g_string_append (text, piece);
  for (gsize i = start; i < text->len; i++)
    if (g_ascii_isdigit (text->str[i]) && g_rand_int_range (rand, 0, 16) == 0)
      text->str[i] = (char) g_rand_int_range (rand, '0', '9' + 1);
  g_string_append_c (text, "\n\n ,;=-x7\t"[g_rand_int_range (rand, 0, 10)]);
}

static void
test_loops_agree (gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  PfaScanRules rules;

  rules_init (&rules, (PfaReader) GPOINTER_TO_UINT (data));
  for (guint round = 0; round < 1500; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GArray) plain = NULL;
      g_autoptr (GArray) fast = NULL;

      for (int i = g_rand_int_range (rand, 1, 12); i > 0; i--)
        append_piece (text, rand);
      plain = find (&rules, pfa_scan_loop, text);
      fast = find (&rules, pfa_scan_get_loop (), text);
      g_assert_cmpuint (plain->len, ==, fast->len);
      for (guint i = 0; i < plain->len; i++)
        {
          const PfaSpan *one = &g_array_index (plain, PfaSpan, i);
          const PfaSpan *other = &g_array_index (fast, PfaSpan, i);

          g_assert_cmpuint (one->start, ==, other->start);
          g_assert_cmpuint (one->end, ==, other->end);
          g_assert_cmpint (one->secret, ==, other->secret);
          g_assert_cmpstr (one->text, ==, other->text);
        }
    }
  rules_clear (&rules);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/redact/loop/both-agree-for-provider",
                        GUINT_TO_POINTER (PFA_READER_PROVIDER),
                        test_loops_agree);
  g_test_add_data_func ("/redact/loop/both-agree-for-anyone",
                        GUINT_TO_POINTER (PFA_READER_ANYONE),
                        test_loops_agree);
  return g_test_run ();
}
