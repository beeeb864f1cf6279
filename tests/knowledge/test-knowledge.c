/* test-knowledge.c - the built-in copy is sound; what a person adds takes its place or is left out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "model-tools.h"
#include "pfa-knowledge.h"

static char *
make_user_dir (void)
{
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("pfa-knowledge-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

static void
write_file (const char *dir, const char *folder, const char *name, const char *text)
{
  g_autofree char *inner = g_build_filename (dir, folder, NULL);
  g_autofree char *path = g_build_filename (inner, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (inner, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_dir (const char *dir)
{
  static const char *const files[] = { "providers/a.json",
                                       "providers/b.json",
                                       "providers/c.json",
                                       "knowledge/model.json",
                                       "providers",
                                       "knowledge",
                                       NULL };

  for (guint i = 0; files[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (dir, files[i], NULL);

      g_remove (path);
    }
  g_rmdir (dir);
}

static PfaKnowledge *
load (const char *dir, GStrv *problems)
{
  g_autoptr (GError) error = NULL;
  PfaKnowledge *knowledge = pfa_knowledge_new_for_user (dir, problems, &error);

  g_assert_no_error (error);
  return knowledge;
}

static void
test_built_in (void)
{
  g_autoptr (GError) error = NULL;
  PfaKnowledge *knowledge = pfa_knowledge_new (&error);
  g_auto (GStrv) lines = NULL;
  PfaModel *model;

  g_assert_no_error (error);
  model = pfa_knowledge_get_model (knowledge);
  lines = pfa_model_validate (model->json, "model");
  for (guint i = 0; lines[i] != NULL; i++)
    if (!g_str_has_prefix (lines[i], PFA_WARNING_PREFIX))
      g_error ("%s", lines[i]);
  g_assert_cmpstr (model->observations[0].id, ==, "connection");
  g_assert_cmpstr (model->observations[1].id, ==, "answer-from");
  g_assert_nonnull (pfa_knowledge_find_cause (knowledge, "no-fault-found"));
  g_assert_nonnull (pfa_knowledge_find_action (knowledge, "watch"));
  g_assert_null (pfa_knowledge_find_observation (knowledge, "ghost"));
  g_assert_cmpuint (pfa_knowledge_get_codes (knowledge)->len, >=, 142);
  g_assert_cmpstr (((PfaProvider *) pfa_knowledge_get_providers (knowledge)->pdata[0])->id,
                   ==,
                   "generic");
  g_assert_finalize_object (knowledge);
}

static const struct
{
  const char *words;
  const char *code;
} searches[] = {
  { "96", "96" },           { "系统异常", "96" },
  { "SYSTEM ERROR", "96" }, { "  System Malfunction ", "96" },
  { "通讯失败", "96" },
};

static void
test_search (void)
{
  PfaKnowledge *knowledge = load (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autoptr (GPtrArray) found =
          pfa_knowledge_search_codes (knowledge, searches[i].words, "zh_CN");
      gboolean is_among_first = FALSE;

      for (guint k = 0; k < MIN (found->len, 3); k++)
        is_among_first =
            is_among_first || g_str_equal (((PfaCode *) found->pdata[k])->code, searches[i].code);
      if (!is_among_first)
        g_error ("“%s” does not lead to %s", searches[i].words, searches[i].code);
    }
  {
    g_autoptr (GPtrArray) nothing = pfa_knowledge_search_codes (knowledge, "  ", "en");
    g_autoptr (GPtrArray) never = pfa_knowledge_search_codes (knowledge, "qwertyuiop", "en");

    g_assert_cmpuint (nothing->len, ==, 0);
    g_assert_cmpuint (never->len, ==, 0);
  }
  g_assert_finalize_object (knowledge);
}

#define PROFILE(id, name)                                                                          \
  "{\"format\": \"pos-first-aid-provider/1\", \"id\": \"" id "\", \"name\": {\"en\": \"" name "\"" \
                                                                                              "}}"

static void
test_own_providers (void)
{
  g_autofree char *dir = make_user_dir ();
  g_auto (GStrv) problems = NULL;
  PfaKnowledge *knowledge;

  write_file (dir, "providers", "a.json", PROFILE ("mine", "Mine"));
  write_file (dir, "providers", "b.json", PROFILE ("demo", "My demo"));
  write_file (dir, "providers", "c.json", "{\"format\": 1}");
  knowledge = load (dir, &problems);
  g_assert_nonnull (pfa_knowledge_find_provider (knowledge, "mine"));
  g_assert_cmpstr (pfa_text_get (pfa_knowledge_find_provider (knowledge, "demo")->name, NULL),
                   ==,
                   "My demo");
  g_assert_cmpuint (g_strv_length (problems), ==, 1);
  g_assert_nonnull (strstr (problems[0], "c.json"));
  g_assert_finalize_object (knowledge);
  remove_dir (dir);
}

static char *
print_own_model (void)
{
  g_autoptr (PfaKnowledge) knowledge = load (NULL, NULL);

  return pfa_json_write (pfa_knowledge_get_model (knowledge)->json, FALSE);
}

static void
try_model (const char *text, const char *version, gboolean is_taken)
{
  g_autofree char *dir = make_user_dir ();
  g_auto (GStrv) problems = NULL;
  PfaKnowledge *knowledge;

  write_file (dir, "knowledge", "model.json", text);
  knowledge = load (dir, &problems);
  g_assert_cmpint (g_strv_length (problems), ==, is_taken ? 0 : 1);
  if (is_taken)
    g_assert_cmpstr (pfa_knowledge_get_model (knowledge)->version, ==, version);
  else
    g_assert_cmpstr (pfa_knowledge_get_model (knowledge)->version, !=, version);
  g_assert_nonnull (pfa_knowledge_find_cause (knowledge, "no-fault-found"));
  g_assert_finalize_object (knowledge);
  remove_dir (dir);
}

/* A model that came later is used when it is sound, else the built-in one, with one sentence. */
static void
test_own_model (void)
{
  g_autofree char *own = print_own_model ();
  g_autoptr (GString) newer = g_string_new (own);
  g_autoptr (GString) broken = NULL;
  g_autoptr (GString) half = g_string_new_len (own, (gssize) strlen (own) / 2);

  g_assert_cmpuint (g_string_replace (newer, "\"version\":\"", "\"version\":\"9.9-", 1), ==, 1);
  broken = g_string_new (newer->str);
  g_assert_cmpuint (g_string_replace (broken, "\"prior_total\":1000", "\"prior_total\":999", 1),
                    ==,
                    1);
  {
    g_autoptr (JsonObject) object = pfa_json_parse_object (newer->str, -1, "m", NULL);
    g_autofree char *version = g_strdup (pfa_json_peek_string (object, "version"));

    try_model (newer->str, version, TRUE);
    try_model (broken->str, version, FALSE);
    try_model (half->str, version, FALSE);
    try_model ("[]", version, FALSE);
  }
}

static void
test_nothing_of_ones_own (void)
{
  g_auto (GStrv) problems = NULL;
  PfaKnowledge *knowledge = load ("/nonexistent/folder", &problems);

  g_assert_cmpuint (g_strv_length (problems), ==, 0);
  g_assert_finalize_object (knowledge);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/knowledge/knowledge/built-in-is-sound", test_built_in);
  g_test_add_func ("/knowledge/knowledge/search-by-screen-words", test_search);
  g_test_add_func ("/knowledge/knowledge/own-providers", test_own_providers);
  g_test_add_func ("/knowledge/knowledge/own-model", test_own_model);
  g_test_add_func ("/knowledge/knowledge/nothing-of-ones-own", test_nothing_of_ones_own);
  return g_test_run ();
}
