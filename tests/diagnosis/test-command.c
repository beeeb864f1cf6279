/* test-command.c - `pos-first-aid diagnose` says what the engine says, and only that
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "model-tools.h"

typedef struct
{
  int status;
  char *out;
  char *err;
} Run;

static void
run_clear (Run *run)
{
  g_free (run->out);
  g_free (run->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static Run
run (const char *input, ...)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("PFA_BUILD_DIR"), "src", "cli", "pos-first-aid", NULL);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  va_list list;
  const char *argument;
  Run result = { 0 };

  g_ptr_array_add (arguments, program);
  va_start (list, input);
  while ((argument = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (arguments, (gpointer) argument);
  va_end (list);
  g_ptr_array_add (arguments, NULL);
  process = g_subprocess_newv ((const char *const *) arguments->pdata,
                               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                   G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               &error);
  g_assert_no_error (error);
  g_assert_true (
      g_subprocess_communicate_utf8 (process, input, NULL, &result.out, &result.err, &error));
  g_assert_no_error (error);
  result.status = g_subprocess_get_exit_status (process);
  return result;
}

static char *
dup_fixture (const char *name)
{
  return g_build_filename (g_getenv ("PFA_SOURCE_DIR"),
                           "tests",
                           "fixtures",
                           "diagnosis",
                           name,
                           NULL);
}

static void
test_conformance (void)
{
  g_autoptr (JsonNode) cases = tools_load ("tests/fixtures/diagnosis/cases.json");
  JsonArray *array = json_object_get_array_member (json_node_get_object (cases), "cases");
  g_autofree char *model = dup_fixture ("example-model.json");

  for (guint i = 0; i < json_array_get_length (array); i += 3)
    {
      JsonObject *expected = json_array_get_object_element (array, i);
      g_autofree char *evidence =
          pfa_json_write_object (json_object_get_object_member (expected, "evidence"), FALSE);
      g_auto (Run) result =
          run (evidence, "diagnose", "--model", model, "--evidence", "-", "--json", NULL);
      g_autoptr (JsonObject) found = pfa_json_parse_object (result.out, -1, "out", NULL);
      JsonObject *posterior = json_object_get_object_member (expected, "posterior");
      g_autoptr (GList) causes = json_object_get_members (posterior);

      g_assert_cmpint (result.status, ==, 0);
      g_assert_cmpstr (result.err, ==, "");
      g_assert_nonnull (found);
      g_assert_cmpuint (json_object_get_size (found), ==, json_object_get_size (expected) - 1);
      for (GList *cause = causes; cause != NULL; cause = cause->next)
        g_assert_cmpfloat_with_epsilon (
            json_object_get_double_member (json_object_get_object_member (found, "posterior"),
                                           cause->data),
            json_object_get_double_member (posterior, cause->data),
            1e-9);
      g_assert_cmpstr (
          json_object_get_string_member (json_object_get_object_member (found, "next"), "id"),
          ==,
          json_object_get_string_member (json_object_get_object_member (expected, "next"), "id"));
    }
}

static void
test_own_model_round_trip (void)
{
  g_auto (Run) printed = run (NULL, "model", NULL);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "printed-model.json", NULL);
  g_auto (Run) own = run (NULL, "diagnose", "--json", NULL);
  g_auto (Run) again = { 0 };
  g_auto (Run) validated = { 0 };

  g_assert_cmpint (printed.status, ==, 0);
  g_assert_true (g_file_set_contents (path, printed.out, -1, NULL));
  again = run (NULL, "diagnose", "--model", path, "--json", NULL);
  g_assert_cmpstr (own.out, ==, again.out);
  validated = run (NULL, "validate", path, NULL);
  g_assert_cmpint (validated.status, ==, 0);
  g_remove (path);
}

static const struct
{
  const char *name;
  const char *evidence;
} refused[] = {
  { "no-json", "{" },
  { "not-an-object", "[]" },
  { "duplicate-evidence", "{\"observations\": {\"dns\": \"ok\", \"dns\": \"ok\"}}" },
  { "duplicate-failed", "{\"failed\": [\"wait_10\", \"wait_10\"]}" },
  { "unknown-observation", "{\"observations\": {\"ghost\": \"ok\"}}" },
  { "unknown-value", "{\"observations\": {\"dns\": \"ghost\"}}" },
  { "unknown-action", "{\"failed\": [\"ghost\"]}" },
  { "value-is-a-number", "{\"observations\": {\"dns\": 1}}" },
};

static void
test_refused (gconstpointer data)
{
  g_autofree char *model = dup_fixture ("example-model.json");
  g_auto (Run) result = run (data, "diagnose", "--model", model, "--evidence", "-", "--json", NULL);

  g_assert_cmpint (result.status, ==, 2);
  g_assert_cmpstr (result.out, ==, "");
  g_assert_true (g_str_has_prefix (result.err, "pos-first-aid: "));
  g_assert_cmpuint (strcspn (result.err, "\n") + 1, ==, strlen (result.err));
}

static void
test_for_people (void)
{
  g_auto (Run) result =
      run ("{\"observations\": {\"answer-from\": \"host\"}}", "diagnose", "--evidence", "-", NULL);

  g_assert_cmpint (result.status, ==, 0);
  g_assert_nonnull (strstr (result.out, "Next:"));
  g_assert_null (strstr (result.out, "{"));
}

static void
test_explain (void)
{
  g_auto (Run) known = run (NULL, "explain", "96", "--language", "en", "--json", NULL);
  g_auto (Run) unknown = run (NULL, "explain", "QZ9", NULL);
  g_auto (Run) chinese = run (NULL, "explain", "96", "--language", "zh_CN", NULL);
  g_auto (Run) demo = run (NULL, "explain", "96", "--provider", "demo", "--json", NULL);
  g_auto (Run) no_profile = run (NULL, "explain", "96", "--provider", "/nonexistent.json", NULL);
  g_auto (Run) no_code = run (NULL, "explain", NULL);
  g_auto (Run) no_language = run (NULL, "explain", "96", "--language", "xx", NULL);
  g_autoptr (JsonObject) object = pfa_json_parse_object (known.out, -1, "out", NULL);
  g_autoptr (JsonObject) of_demo = pfa_json_parse_object (demo.out, -1, "out", NULL);

  g_assert_cmpint (known.status, ==, 0);
  g_assert_true (json_object_get_boolean_member (object, "known"));
  g_assert_false (json_object_get_null_member (object, "warning"));
  g_assert_cmpint (unknown.status, ==, 1);
  g_assert_cmpstr (unknown.out, !=, "");
  g_assert_cmpint (chinese.status, ==, 0);
  g_assert_cmpint (demo.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (of_demo, "meaning"),
                   ==,
                   json_object_get_string_member (of_demo, "provider_meaning"));
  g_assert_true (json_object_get_null_member (of_demo, "warning"));
  g_assert_cmpint (no_profile.status, ==, 2);
  g_assert_cmpstr (no_profile.out, ==, "");
  g_assert_cmpint (no_code.status, ==, 2);
  g_assert_cmpint (no_language.status, ==, 2);
}

static void
test_validate (void)
{
  g_autofree char *sound = dup_fixture ("example-model.json");
  g_autofree char *cases = dup_fixture ("cases.json");
  g_auto (Run) good = run (NULL, "validate", sound, NULL);
  g_auto (Run) other = run (NULL, "validate", sound, cases, NULL);
  g_auto (Run) missing = run (NULL, "validate", "/nonexistent", NULL);
  g_auto (Run) nothing = run (NULL, "validate", NULL);

  g_assert_cmpint (good.status, ==, 0);
  g_assert_cmpint (other.status, ==, 1);
  g_assert_cmpint (missing.status, ==, 2);
  g_assert_cmpstr (missing.out, ==, "");
  g_assert_cmpint (nothing.status, ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/diagnosis/command/conformance", test_conformance);
  g_test_add_func ("/diagnosis/command/own-model-round-trip", test_own_model_round_trip);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/diagnosis/command/refused/%s", refused[i].name);

      g_test_add_data_func (path, refused[i].evidence, test_refused);
    }
  g_test_add_func ("/diagnosis/command/for-people", test_for_people);
  g_test_add_func ("/diagnosis/command/explain", test_explain);
  g_test_add_func ("/diagnosis/command/validate", test_validate);
  return g_test_run ();
}
