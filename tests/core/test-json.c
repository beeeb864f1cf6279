/* test-json.c - the guarded reader refuses what json-glib would take, and the writer keeps numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"

typedef struct
{
  const char *name;
  const char *text;
  /* NULL: sound. Else a part of the message. */
  const char *fault;
} ReadCase;

static const ReadCase read_cases[] = {
  { "object", "{\"a\": [1, -2.5e3, true, null, \"\\u00e9\\uD83D\\uDE00\"]}", NULL },
  { "scalar", " 12 ", NULL },
  { "byte-order-mark", "\xEF\xBB\xBF{}", NULL },
  { "empty", "", "empty" },
  { "blank", " \n ", "breaks off" },
  { "truncated", "{\"a\": [1", "breaks off" },
  { "comment", "{/* a */}", "quotation marks" },
  { "trailing-comma", "[1,]", "not JSON" },
  { "trailing-comma-in-object", "{\"a\":1,}", "quotation marks" },
  { "duplicate-key", "{\"a\":1,\"b\":2,\"a\":3}", "stands twice" },
  { "duplicate-key-escaped", "{\"a\":1,\"\\u0061\":3}", "stands twice" },
  { "same-key-in-two-objects", "[{\"a\":1},{\"a\":1}]", NULL },
  { "leading-zero", "[01]", "leading zero" },
  { "infinite", "[1e999]", "too large" },
  { "nan", "[NaN]", "not JSON" },
  { "single-quotes", "['a']", "not JSON" },
  { "control-character", "[\"a\nb\"]", "control character" },
  { "half-surrogate", "[\"\\uD83D\"]", "surrogate" },
  { "nul-escape", "[\"\\u0000\"]", "NUL" },
  { "invalid-utf8", "[\"\xff\"]", "UTF-8" },
  { "two-values", "{} {}", "behind the end" },
  { "wrong-bracket", "[1}", "another kind" },
  { "second-line-is-named", "{\n \"a\": x }", "line 2" },
};

static void
test_read (gconstpointer data)
{
  const ReadCase *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = pfa_json_parse (c->text, -1, "case.json", &error);

  if (c->fault == NULL)
    {
      g_assert_no_error (error);
      g_assert_nonnull (node);
      return;
    }
  g_assert_null (node);
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_assert_true (g_str_has_prefix (error->message, "case.json: "));
  g_assert_nonnull (strstr (error->message, c->fault));
}

static void
test_deep_nesting (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = pfa_json_parse (deep, -1, "deep", &error);

  g_assert_null (node);
  g_assert_nonnull (strstr (error->message, "too deeply"));
}

static void
test_random_bytes (void)
{
  static const char alphabet[] = "{}[]\",:0123456789.eE+-truefalsnl\\u \n\xC3\xA9";

  for (int round = 0; round < 20000; round++)
    {
      char text[48];
      gsize length = (gsize) g_test_rand_int_range (0, sizeof text);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = NULL;

      for (gsize i = 0; i < length; i++)
        text[i] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
      node = pfa_json_parse (text, (gssize) length, "random", &error);
      g_assert_true ((node == NULL) == (error != NULL));
    }
}

static void
test_doubles_read_back (void)
{
  const double numbers[] = { 0.1,  1.0 / 3, 1e-300, 5e-324, 1.7976931348623157e308,
                             -0.0, 12,      0.005,  33.333 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      double back;

      pfa_json_append_double (text, numbers[i]);
      back = g_ascii_strtod (text->str, NULL);
      g_assert_cmpmem (&back, sizeof back, &numbers[i], sizeof numbers[i]);
    }
}

static void
test_shortest_decimals (void)
{
  g_autoptr (JsonNode) node = pfa_json_parse ("{\"b\":0.1,\"a\":[\"\\n\\\"\",7]}", -1, "x", NULL);
  g_autofree char *text = pfa_json_write (node, FALSE);

  g_assert_cmpstr (text, ==, "{\"b\":0.1,\"a\":[\"\\n\\\"\",7]}");
}

static void
test_typed_access (void)
{
  g_autoptr (JsonObject) object =
      pfa_json_parse_object ("{\"n\":1,\"l\":[\"a\"],\"z\":null}", -1, "x", NULL);
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) wrong = NULL;
  g_auto (GStrv) list = pfa_json_dup_strings (object, "l", "x", NULL);
  double value;

  g_assert_null (pfa_json_require_string (object, "z", "file.json: top", &missing));
  g_assert_cmpstr (missing->message, ==, "file.json: top: “z” is missing");
  g_assert_null (pfa_json_require_string (object, "n", "file.json", &wrong));
  g_assert_cmpstr (wrong->message, ==, "file.json: “n” is not a text");
  g_assert_true (pfa_json_require_double (object, "n", "x", &value, NULL));
  g_assert_cmpfloat (value, ==, 1);
  g_assert_cmpstr (list[0], ==, "a");
  g_assert_null (list[1]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (read_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/core/json/%s", read_cases[i].name);

      g_test_add_data_func (path, &read_cases[i], test_read);
    }
  g_test_add_func ("/core/json/deep-nesting-is-refused", test_deep_nesting);
  g_test_add_func ("/core/json/random-bytes-never-crash", test_random_bytes);
  g_test_add_func ("/core/json/doubles-read-back", test_doubles_read_back);
  g_test_add_func ("/core/json/shortest-decimals", test_shortest_decimals);
  g_test_add_func ("/core/json/typed-access-names-the-place", test_typed_access);
  return g_test_run ();
}
