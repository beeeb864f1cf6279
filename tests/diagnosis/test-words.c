/* test-words.c - three for, one against, and never more sure than eight or nine in ten
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "model-tools.h"
#include "pfa-knowledge.h"
#include "pfa-words.h"

static PfaWords *
load (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (&error);
  PfaWords *words;

  g_assert_no_error (error);
  words = pfa_words_new (pfa_knowledge_get_words (knowledge), &error);
  g_assert_no_error (error);
  return words;
}

static void
assert_text (PfaText *text, const char *language, const char *expected)
{
  if (expected == NULL)
    g_assert_null (text);
  else
    g_assert_cmpstr (pfa_text_get (text, language), ==, expected);
}

static void
test_strength (void)
{
  g_autoptr (PfaWords) words = load ();

  assert_text (pfa_words_get_strength (words, 0), "en", NULL);
  assert_text (pfa_words_get_strength (words, 2.999), "en", NULL);
  assert_text (pfa_words_get_strength (words, 3), "en", "points to");
  assert_text (pfa_words_get_strength (words, -6), "en", "clearly points to");
  assert_text (pfa_words_get_strength (words, 9.999), "zh_CN", "明显指向");
  assert_text (pfa_words_get_strength (words, 10), "zh_CN", "强烈指向");
  assert_text (pfa_words_get_strength (words, 3082), "en", "strongly points to");
}

static void
test_confidence (void)
{
  g_autoptr (PfaWords) words = load ();

  assert_text (pfa_words_get_confidence (words, 1), "en", "very likely (about 8 or 9 in 10)");
  assert_text (pfa_words_get_confidence (words, 0.8), "en", "very likely (about 8 or 9 in 10)");
  assert_text (pfa_words_get_confidence (words, 0.79), "en", "likely (about 7 in 10)");
  assert_text (pfa_words_get_confidence (words, 0.3), "en", "possible (about 4 in 10)");
  assert_text (pfa_words_get_confidence (words, 0.29), "zh_CN", "还不清楚");
  assert_text (pfa_words_get_confidence (words, 0), "en", "not clear yet");
}

/* No phrase of any language says "certain". */
static void
test_never_certain (void)
{
  static const char *const forbidden[] = { "certain", "definite", "guarantee", "100 %",     "一定",
                                           "肯定",    "确定是",   "sicher ",   "garantiert" };
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (NULL);
  g_autofree char *text = pfa_json_write_object (pfa_knowledge_get_words (knowledge), FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++)
    if (strstr (text, forbidden[i]) != NULL)
      g_error ("the words say “%s”", forbidden[i]);
}

static void
test_selection (void)
{
  static const double weights[] = { 14, -12, 9, 7, -6.5, 5, 4, -3.2, 2.9, 0 };
  g_autoptr (PfaWords) words = load ();
  g_autoptr (GArray) reasons = g_array_new (FALSE, FALSE, sizeof (PfaReason));
  g_autoptr (GArray) chosen = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (weights); i++)
    {
      PfaReason reason = { (int) i, 0, -1, weights[i], 0 };

      g_array_append_val (reasons, reason);
    }
  chosen = pfa_words_select_reasons (words, reasons);
  g_assert_cmpuint (chosen->len, ==, 4);
  g_assert_cmpint (g_array_index (chosen, PfaReason, 0).observation, ==, 0);
  g_assert_cmpint (g_array_index (chosen, PfaReason, 2).observation, ==, 3);
  g_assert_cmpint (g_array_index (chosen, PfaReason, 3).observation, ==, 1);
}

static void
test_sentences (void)
{
  g_autoptr (PfaWords) words = load ();
  g_autoptr (JsonNode) json = tools_load_example ();
  g_autoptr (PfaModel) model = tools_build (json);
  int router = pfa_model_find_observation (model, "router_answer");
  PfaReason seen = { router,
                     (guint) pfa_observation_kind_find_value (&model->observations[router], "none"),
                     -1,
                     12,
                     0 };
  PfaReason against = { router, 0, -1, -12, 0 };
  PfaReason failed = { -1, 0, pfa_model_find_action (model, "wait_10"), 4, 0 };
  PfaText *title = model->causes[pfa_model_find_cause (model, "router_hung")].title;

  for (guint i = 0; pfa_text_languages[i] != NULL; i++)
    {
      const char *language = pfa_text_languages[i];
      g_autofree char *one = pfa_words_build_reason (words, model, &seen, title, language);
      g_autofree char *two = pfa_words_build_reason (words, model, &against, title, language);
      g_autofree char *three = pfa_words_build_reason (words, model, &failed, title, language);

      g_assert_null (strchr (one, '{'));
      g_assert_null (strchr (two, '{'));
      g_assert_null (strchr (three, '{'));
      g_assert_nonnull (strstr (one, pfa_text_get (title, language)));
    }
  {
    g_autofree char *english = pfa_words_build_reason (words, model, &seen, title, "en");

    g_assert_true (g_str_has_prefix (english, "The router does not answer"));
    g_assert_nonnull (strstr (english, "strongly points to"));
  }
}

static void
test_places (void)
{
  static const char *const places[] = { "provider", "card", "registration", "session",
                                        "terminal", "shop", "computer",     "internet",
                                        "fraud",    "none", "unknown" };
  g_autoptr (PfaWords) words = load ();

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    for (guint l = 0; pfa_text_languages[l] != NULL; l++)
      {
        g_assert_true (
            pfa_text_has (pfa_words_get_place_name (words, places[i]), pfa_text_languages[l]));
        g_assert_true (
            pfa_text_has (pfa_words_get_place_headline (words, places[i]), pfa_text_languages[l]));
      }
  g_assert_null (pfa_words_get_place_name (words, "ghost"));
}

/* While no place is likelier than all others together, none is stated. */
static void
test_headline (void)
{
  g_autoptr (PfaWords) words = load ();

  g_assert_true (pfa_words_get_headline (words, "shop", 0.51) ==
                 pfa_words_get_place_headline (words, "shop"));
  g_assert_true (pfa_words_get_headline (words, "shop", 0.49) ==
                 pfa_words_get_place_headline (words, "unknown"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/words/strength", test_strength);
  g_test_add_func ("/diagnosis/words/confidence", test_confidence);
  g_test_add_func ("/diagnosis/words/never-certain", test_never_certain);
  g_test_add_func ("/diagnosis/words/three-for-one-against", test_selection);
  g_test_add_func ("/diagnosis/words/sentences", test_sentences);
  g_test_add_func ("/diagnosis/words/places", test_places);
  g_test_add_func ("/diagnosis/words/headline", test_headline);
  return g_test_run ();
}
