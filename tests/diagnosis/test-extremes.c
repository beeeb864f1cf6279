/* test-extremes.c - no number that is none, at the ends of what a model may say (A.11.3)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "model-tools.h"
#include "pfa-diagnosis.h"

typedef struct
{
  const char *name;
  guint n_causes;
  guint n_observations;
  guint n_actions;
  double rarest;  /* per_1000 of all but one cause; 0: all the same */
  double service; /* minutes */
} Extreme;

static const Extreme extremes[] = {
  { "sixty-observations-at-the-floor", 30, 60, 30, 0, 45 },
  { "rare-causes", 30, 60, 30, 0.01, 45 },
  { "call-costs-nothing", 30, 20, 30, 0, 1e-3 },
  { "call-costs-the-world", 30, 20, 30, 0.01, 1e6 },
  { "one-cause", 1, 5, 3, 0, 45 },
  { "one-cause-and-nothing-else", 1, 0, 0, 0, 45 },
  { "one-action", 10, 10, 1, 0, 45 },
  { "no-action", 10, 10, 0, 0, 45 },
  { "three-hundred-observations", 20, 300, 20, 0.01, 45 },
};

static JsonObject *
make_row (double first)
{
  JsonObject *row = json_object_new ();

  json_object_set_double_member (row, "a", first);
  json_object_set_double_member (row, "b", 1 - first);
  return row;
}

static JsonObject *
make_cause (const Extreme *extreme, guint i)
{
  JsonObject *cause = json_object_new ();
  g_autofree char *id = g_strdup_printf ("c%u", i);
  double prior = 1000.0 / extreme->n_causes;

  if (extreme->rarest > 0)
    prior = i == 0 ? 1000 - extreme->rarest * (extreme->n_causes - 1) : extreme->rarest;
  json_object_set_string_member (cause, "id", i == 0 ? "unknown" : id);
  json_object_set_string_member (cause, "where", i % 3 == 0 ? "x" : "y");
  json_object_set_double_member (cause, "per_1000", prior);
  return cause;
}

static JsonObject *
make_observation (const Extreme *extreme, guint i)
{
  JsonObject *object = json_object_new ();
  JsonObject *given = json_object_new ();
  JsonArray *values = json_array_new ();
  g_autofree char *id = g_strdup_printf ("o%u", i);

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "kind", i % 4 == 0 ? "question" : "check");
  json_object_set_double_member (object, "minutes", 1e-3);
  for (guint v = 0; v < 2; v++)
    {
      JsonObject *value = json_object_new ();

      json_object_set_string_member (value, "id", v == 0 ? "a" : "b");
      json_array_add_object_element (values, value);
    }
  json_object_set_array_member (object, "values", values);
  json_object_set_object_member (object, "default", make_row (0.005));
  for (guint c = 1; c < extreme->n_causes; c += 2)
    {
      g_autofree char *cause = g_strdup_printf ("c%u", c);

      json_object_set_object_member (given, cause, make_row (0.995));
    }
  json_object_set_object_member (object, "given", given);
  return object;
}

static JsonObject *
make_action (const Extreme *extreme, guint i)
{
  JsonObject *object = json_object_new ();
  JsonObject *fixes = json_object_new ();
  g_autofree char *id = g_strdup_printf ("a%u", i);
  g_autofree char *cause = g_strdup_printf ("c%u", i % extreme->n_causes);

  json_object_set_string_member (object, "id", id);
  json_object_set_double_member (object, "minutes", i % 2 == 0 ? 1e-3 : 1e4);
  json_object_set_double_member (fixes,
                                 i % extreme->n_causes == 0 ? "unknown" : cause,
                                 i % 2 == 0 ? 0.995 : 0.005);
  json_object_set_object_member (object, "fixes", fixes);
  return object;
}

static PfaModel *
make_model (const Extreme *extreme)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *model = json_object_new ();
  JsonObject *service = json_object_new ();
  JsonArray *causes = json_array_new ();
  JsonArray *observations = json_array_new ();
  JsonArray *actions = json_array_new ();

  json_node_take_object (node, model);
  json_object_set_string_member (model, "format", "pos96-model/1");
  for (guint i = 0; i < extreme->n_causes; i++)
    json_array_add_object_element (causes, make_cause (extreme, i));
  for (guint i = 0; i < extreme->n_observations; i++)
    json_array_add_object_element (observations, make_observation (extreme, i));
  for (guint i = 0; i < extreme->n_actions; i++)
    json_array_add_object_element (actions, make_action (extreme, i));
  json_object_set_array_member (model, "causes", causes);
  json_object_set_array_member (model, "observations", observations);
  json_object_set_array_member (model, "actions", actions);
  json_object_set_string_member (service, "id", "call");
  json_object_set_double_member (service, "minutes", extreme->service);
  json_object_set_object_member (model, "service", service);
  return tools_build (node);
}

static void
assert_numbers (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr (GList) values = json_object_get_values (json_node_get_object (node));

      for (GList *value = values; value != NULL; value = value->next)
        assert_numbers (value->data);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      assert_numbers (json_array_get_element (json_node_get_array (node), i));
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    g_assert_true (isfinite (json_node_get_double (node)));
}

static void
try_evidence (const PfaModel *model, const PfaEvidence *evidence)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDecision) decision = pfa_diagnosis_decide (model, evidence, &error);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  double sum = 0;
  double places = 0;

  g_assert_no_error (error);
  for (guint c = 0; c < model->n_causes; c++)
    {
      g_assert_true (decision->posterior[c] >= 0 && decision->posterior[c] <= 1);
      sum += decision->posterior[c];
    }
  for (guint i = 0; i < decision->places->len; i++)
    places += g_array_index (decision->places, PfaPlaceShare, i).probability;
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (places, 1, 1e-12);
  g_assert_cmpfloat (decision->ecr, <=, model->service_minutes * (1 + 1e-12));
  json_node_take_object (node, pfa_decision_to_json (decision, model));
  assert_numbers (node);
}

static void
test_extreme (gconstpointer data)
{
  const Extreme *extreme = data;
  g_autoptr (PfaModel) model = make_model (extreme);
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  for (int percent = 0; percent <= 100; percent += 25)
    {
      g_autoptr (PfaEvidence) evidence = tools_make_evidence (model, random, percent, 5);
      g_autoptr (PfaEvidence) alike = pfa_evidence_new ();

      try_evidence (model, evidence);
      for (guint o = 0; o < model->n_observations * (guint) percent / 100; o++)
        pfa_evidence_take (alike,
                           pfa_observation_new (model->observations[o].id, "a", PFA_FROM_CHECK));
      for (guint a = 0; a < model->n_actions; a++)
        pfa_evidence_add_failed (alike, model->actions[a].id);
      try_evidence (model, alike);
    }
}

static void
test_unknown_words (void)
{
  static const char *const texts[] = { "{\"observations\": {\"ghost\": \"a\"}}",
                                       "{\"observations\": {\"o0\": \"ghost\"}}",
                                       "{\"failed\": [\"ghost\"]}",
                                       "{\"skipped\": [\"ghost\"]}",
                                       "{\"failed\": [\"o0\"]}" };
  g_autoptr (PfaModel) model = make_model (&extremes[0]);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonObject) object = pfa_json_parse_object (texts[i], -1, "e", NULL);
      g_autoptr (PfaEvidence) evidence = pfa_evidence_new_from_json (object, "e", NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (pfa_diagnosis_decide (model, evidence, &error));
      g_assert_nonnull (error);
    }
}

/* "I don't know" is no evidence, and the question is not asked again. */
static void
test_not_known (void)
{
  g_autoptr (PfaModel) model = make_model (&extremes[0]);
  g_autoptr (PfaEvidence) evidence = pfa_evidence_new ();
  g_autoptr (PfaDecision) before = pfa_diagnosis_decide (model, evidence, NULL);
  g_autoptr (PfaDecision) after = NULL;

  pfa_evidence_take (evidence, pfa_observation_new ("o0", PFA_VALUE_UNKNOWN, PFA_FROM_PERSON));
  pfa_evidence_take (evidence, pfa_observation_new_cannot_check ("o1", PFA_FROM_CHECK, "no modem"));
  after = pfa_diagnosis_decide (model, evidence, NULL);
  g_assert_cmpmem (before->posterior,
                   sizeof (double) * model->n_causes,
                   after->posterior,
                   sizeof (double) * model->n_causes);
  g_assert_cmpuint (after->questions->len, ==, before->questions->len - 1);
  g_assert_cmpuint (after->cause.reasons->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (extremes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/diagnosis/extremes/%s", extremes[i].name);

      g_test_add_data_func (path, &extremes[i], test_extreme);
    }
  g_test_add_func ("/diagnosis/extremes/unknown-words-are-refused", test_unknown_words);
  g_test_add_func ("/diagnosis/extremes/not-known-is-no-evidence", test_not_known);
  return g_test_run ();
}
