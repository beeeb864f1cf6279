/* test-conformance.c - the engine agrees with the thirty worked cases, to 1e-9
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "pfa-diagnosis.h"
#include "pfa-json.h"

#define TOLERANCE 1e-9

static JsonNode *
load (const char *name)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("PFA_SOURCE_DIR"), "tests", "fixtures", "diagnosis", name, NULL);
  g_autoptr (GError) error = NULL;
  JsonNode *node = pfa_json_load (path, &error);

  g_assert_no_error (error);
  return node;
}

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) != G_TYPE_STRING;
}

static void compare (JsonNode *expected, JsonNode *found, const char *path);

static void
compare_objects (JsonObject *expected, JsonObject *found, const char *path)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  json_object_iter_init (&iter, expected);
  while (json_object_iter_next (&iter, &member, &node))
    {
      g_autofree char *inner = g_strdup_printf ("%s.%s", path, member);

      if (!json_object_has_member (found, member))
        g_error ("%s is missing", inner);
      compare (node, json_object_get_member (found, member), inner);
    }
  g_assert_cmpuint (json_object_get_size (expected), ==, json_object_get_size (found));
}

/* Reasons of no weight at all have no order. */
static JsonNode *
find_reason (JsonArray *reasons, JsonObject *wanted)
{
  for (guint i = 0; i < json_array_get_length (reasons); i++)
    {
      JsonObject *reason = json_array_get_object_element (reasons, i);

      if (g_strcmp0 (pfa_json_peek_string (reason, "evidence"),
                     pfa_json_peek_string (wanted, "evidence")) == 0 &&
          g_strcmp0 (pfa_json_peek_string (reason, "value"),
                     pfa_json_peek_string (wanted, "value")) == 0)
        return json_array_get_element (reasons, i);
    }
  return NULL;
}

static void
compare_arrays (JsonArray *expected, JsonArray *found, const char *path)
{
  g_assert_cmpuint (json_array_get_length (expected), ==, json_array_get_length (found));
  for (guint i = 0; i < json_array_get_length (expected); i++)
    {
      g_autofree char *inner = g_strdup_printf ("%s[%u]", path, i);
      JsonNode *node = json_array_get_element (expected, i);
      JsonNode *other = json_array_get_element (found, i);

      if (JSON_NODE_HOLDS_OBJECT (node) &&
          fabs (pfa_json_peek_double (json_node_get_object (node), "db", 1)) < TOLERANCE)
        other = find_reason (found, json_node_get_object (node));
      g_assert_nonnull (other);
      compare (node, other, inner);
    }
}

static void
compare (JsonNode *expected, JsonNode *found, const char *path)
{
  if (JSON_NODE_HOLDS_OBJECT (expected))
    compare_objects (json_node_get_object (expected), json_node_get_object (found), path);
  else if (JSON_NODE_HOLDS_ARRAY (expected))
    compare_arrays (json_node_get_array (expected), json_node_get_array (found), path);
  else if (is_number (expected))
    {
      double difference = json_node_get_double (expected) - json_node_get_double (found);

      if (!(fabs (difference) <= TOLERANCE))
        g_error ("%s: %.17g, not %.17g",
                 path,
                 json_node_get_double (found),
                 json_node_get_double (expected));
    }
  else if (g_strcmp0 (json_node_get_string (expected), json_node_get_string (found)) != 0)
    g_error ("%s: “%s”, not “%s”",
             path,
             json_node_get_string (found),
             json_node_get_string (expected));
}

static void
test_case (gconstpointer data)
{
  g_autoptr (JsonNode) expected = json_node_copy ((JsonNode *) data);
  g_autoptr (JsonNode) json = load ("example-model.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaModel) model = pfa_model_new_from_json (json, "example-model.json", &error);
  g_autoptr (PfaEvidence) evidence = NULL;
  g_autoptr (PfaDecision) decision = NULL;
  g_autoptr (JsonNode) found = json_node_new (JSON_NODE_OBJECT);

  g_assert_no_error (error);
  evidence =
      pfa_evidence_new_from_json (json_object_get_object_member (json_node_get_object (expected),
                                                                 "evidence"),
                                  "case",
                                  &error);
  g_assert_no_error (error);
  decision = pfa_diagnosis_decide (model, evidence, &error);
  g_assert_no_error (error);
  json_node_take_object (found, pfa_decision_to_json (decision, model));
  json_object_remove_member (json_node_get_object (expected), "evidence");
  compare (expected, found, "case");
}

int
main (int argc, char *argv[])
{
  g_autoptr (JsonNode) node = NULL;
  JsonArray *cases;

  g_test_init (&argc, &argv, NULL);
  node = load ("cases.json");
  cases = json_object_get_array_member (json_node_get_object (node), "cases");
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/diagnosis/conformance/case-%02u", i);

      g_test_add_data_func (path, json_array_get_element (cases, i), test_case);
    }
  return g_test_run ();
}
