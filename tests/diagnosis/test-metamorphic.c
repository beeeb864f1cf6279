/* test-metamorphic.c - what must not change, or must change just so, whatever the model
 *
 * Each rule is tried on the example model and on the program's own (troubleshooting.md A.11.2).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "model-tools.h"
#include "pfa-diagnosis.h"
#include "pfa-error.h"
#include "pfa-knowledge.h"

#define ROUNDS    10
#define TOLERANCE 1e-9

/* A rule, given a model (open to changes) and evidence that fits it. */
typedef void (*Rule) (JsonNode *json, const PfaModel *model, PfaEvidence *evidence, GRand *random);

static PfaDecision *
decide (const PfaModel *model, const PfaEvidence *evidence)
{
  g_autoptr (GError) error = NULL;
  PfaDecision *decision = pfa_diagnosis_decide (model, evidence, &error);

  g_assert_no_error (error);
  return decision;
}

#define assert_near(a, b) g_assert_cmpfloat_with_epsilon (a, b, TOLERANCE)

static void
assert_same_posterior (const PfaModel *model,
                       const PfaDecision *a,
                       const PfaModel *other,
                       const PfaDecision *b)
{
  for (guint c = 0; c < model->n_causes; c++)
    {
      int index = pfa_model_find_cause (other, model->causes[c].id);

      assert_near (a->posterior[c], b->posterior[index]);
    }
  assert_near (a->ecr, b->ecr);
  assert_near (a->conflict_bits, b->conflict_bits);
  g_assert_cmpint (a->next_kind, ==, b->next_kind);
}

static void
shuffle (GPtrArray *array, GRand *random)
{
  for (guint i = array->len; i > 1; i--)
    {
      guint k = (guint) g_rand_int_range (random, 0, (gint32) i);
      gpointer held = array->pdata[i - 1];

      array->pdata[i - 1] = array->pdata[k];
      array->pdata[k] = held;
    }
}

static void
rule_order_of_evidence (JsonNode *json, const PfaModel *model, PfaEvidence *evidence, GRand *random)
{
  g_autoptr (PfaDecision) before = decide (model, evidence);
  g_autoptr (PfaDecision) after = NULL;
  g_autoptr (JsonObject) left = pfa_decision_to_json (before, model);
  g_autoptr (JsonObject) right = NULL;
  g_autofree char *a = pfa_json_write_object (left, FALSE);
  g_autofree char *b = NULL;

  shuffle (evidence->observations, random);
  shuffle (evidence->failed, random);
  after = decide (model, evidence);
  right = pfa_decision_to_json (after, model);
  b = pfa_json_write_object (right, FALSE);
  g_assert_cmpstr (a, ==, b);
}

static void
rule_scale_of_priors (JsonNode *json, const PfaModel *model, PfaEvidence *evidence, GRand *random)
{
  JsonArray *causes = tools_get_items (json, "causes");
  JsonObject *limits = json_object_get_object_member (json_node_get_object (json), "limits");
  double scale = g_rand_double_range (random, 0.01, 50);
  g_autoptr (PfaDecision) before = decide (model, evidence);
  g_autoptr (PfaModel) scaled = NULL;
  g_autoptr (PfaDecision) after = NULL;

  for (guint i = 0; i < json_array_get_length (causes); i++)
    {
      JsonObject *cause = json_array_get_object_element (causes, i);

      json_object_set_double_member (cause,
                                     "per_1000",
                                     json_object_get_double_member (cause, "per_1000") * scale);
    }
  json_object_set_double_member (limits,
                                 "prior_total",
                                 json_object_get_double_member (limits, "prior_total") * scale);
  scaled = tools_build (json);
  after = decide (scaled, evidence);
  assert_same_posterior (model, before, scaled, after);
}

static void
permute_items (JsonNode *json, const char *member, GRand *random)
{
  JsonArray *items = tools_get_items (json, member);
  JsonArray *permuted = json_array_new ();
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();

  for (guint i = 0; i < json_array_get_length (items); i++)
    g_ptr_array_add (nodes, json_array_dup_element (items, i));
  shuffle (nodes, random);
  for (guint i = 0; i < nodes->len; i++)
    json_array_add_element (permuted, nodes->pdata[i]);
  json_object_set_array_member (json_node_get_object (json), member, permuted);
}

static void
rule_order_of_file (JsonNode *json, const PfaModel *model, PfaEvidence *evidence, GRand *random)
{
  g_autoptr (PfaDecision) before = decide (model, evidence);
  g_autoptr (PfaModel) permuted = NULL;
  g_autoptr (PfaDecision) after = NULL;

  permute_items (json, "causes", random);
  permute_items (json, "actions", random);
  permuted = tools_build (json);
  after = decide (permuted, evidence);
  assert_same_posterior (model, before, permuted, after);
}

static void
add_observation (JsonNode *json, const char *id, const char *upstream, const char *upstream_value)
{
  JsonObject *object = json_object_new ();
  JsonObject *row = json_object_new ();
  JsonArray *values = json_array_new ();

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "kind", "check");
  for (guint i = 0; i < 2; i++)
    {
      JsonObject *value = json_object_new ();

      json_object_set_string_member (value, "id", i == 0 ? "yes" : "no");
      json_array_add_object_element (values, value);
      json_object_set_double_member (row, i == 0 ? "yes" : "no", i == 0 ? 0.3 : 0.7);
    }
  json_object_set_array_member (object, "values", values);
  json_object_set_object_member (object, "default", row);
  if (upstream != NULL)
    {
      JsonObject *blocks = json_object_new ();
      JsonObject *given = json_object_new ();
      JsonObject *other = json_object_new ();
      JsonArray *names = json_array_new ();

      json_array_add_string_element (names, upstream_value);
      json_object_set_array_member (blocks, upstream, names);
      json_object_set_object_member (object, "blocked_by", blocks);
      json_object_set_double_member (other, "yes", 0.99);
      json_object_set_double_member (other, "no", 0.01);
      json_object_set_object_member (given, "unknown", other);
      json_object_set_object_member (object, "given", given);
    }
  json_array_add_object_element (tools_get_items (json, "observations"), object);
}

static void
rule_equal_rows (JsonNode *json, const PfaModel *model, PfaEvidence *evidence, GRand *random)
{
  g_autoptr (PfaDecision) before = decide (model, evidence);
  g_autoptr (PfaModel) larger = NULL;
  g_autoptr (PfaDecision) after = NULL;

  add_observation (json, "flat", NULL, NULL);
  larger = tools_build (json);
  pfa_evidence_take (evidence, pfa_observation_new ("flat", "yes", PFA_FROM_CHECK));
  after = decide (larger, evidence);
  assert_same_posterior (model, before, larger, after);
}

static void
rule_blocked_evidence (JsonNode *json, const PfaModel *model, PfaEvidence *evidence, GRand *random)
{
  g_autoptr (PfaDecision) before = decide (model, evidence);
  g_autoptr (PfaModel) larger = NULL;
  g_autoptr (PfaDecision) after = NULL;
  PfaObservation *upstream;

  if (evidence->observations->len == 0)
    return;
  upstream = evidence->observations->pdata[0];
  add_observation (json, "silent", upstream->id, upstream->value);
  larger = tools_build (json);
  pfa_evidence_take (evidence, pfa_observation_new ("silent", "yes", PFA_FROM_CHECK));
  after = decide (larger, evidence);
  assert_same_posterior (model, before, larger, after);
  g_assert_cmpuint (after->ignored->len, ==, before->ignored->len + 1);
  g_assert_cmpuint (after->cause.reasons->len, ==, before->cause.reasons->len);
}

static double
get_fix (const PfaAction *action, guint cause)
{
  for (guint i = 0; i < action->n_fixes; i++)
    if (action->fixes[i].cause == cause)
      return action->fixes[i].chance;
  return 0;
}

static gboolean
family_was_tried (const PfaModel *model, const PfaEvidence *evidence, const PfaAction *action)
{
  for (guint i = 0; i < evidence->failed->len; i++)
    {
      const PfaAction *other =
          &model->actions[pfa_model_find_action (model, evidence->failed->pdata[i])];

      if (other == action ||
          (action->family != NULL && g_strcmp0 (other->family, action->family) == 0))
        return TRUE;
    }
  return FALSE;
}

static void
rule_failed_action (JsonNode *json, const PfaModel *model, PfaEvidence *evidence, GRand *random)
{
  const PfaAction *action =
      &model->actions[g_rand_int_range (random, 0, (gint32) model->n_actions)];
  guint one = (guint) g_rand_int_range (random, 0, (gint32) model->n_causes);
  guint two = (guint) g_rand_int_range (random, 0, (gint32) model->n_causes);
  g_autoptr (PfaDecision) before = decide (model, evidence);
  g_autoptr (PfaDecision) after = NULL;
  double expected = (1 - get_fix (action, one)) / (1 - get_fix (action, two));

  if (family_was_tried (model, evidence, action) || before->posterior[two] < 1e-250)
    return;
  pfa_evidence_add_failed (evidence, action->id);
  after = decide (model, evidence);
  if (after->posterior[one] < 1e-250 || after->posterior[two] < 1e-250)
    return;
  assert_near ((after->posterior[one] / after->posterior[two]) /
                   (before->posterior[one] / before->posterior[two]) / expected,
               1);
}

/* Holds for questions that silence nothing that was observed. */
static void
rule_average_over_answers (JsonNode *json,
                           const PfaModel *model,
                           PfaEvidence *evidence,
                           GRand *random)
{
  g_autoptr (PfaDecision) before = decide (model, evidence);

  for (guint i = 0; i < before->questions->len; i++)
    {
      guint question = g_array_index (before->questions, PfaQuestionRank, i).question;
      const PfaObservationKind *kind = &model->observations[question];
      g_autofree double *average = g_new0 (double, model->n_causes);
      gboolean silences = FALSE;

      for (guint v = 0; v < kind->n_values; v++)
        {
          g_autoptr (PfaEvidence) asked = pfa_evidence_copy (evidence);
          g_autoptr (PfaDecision) after = NULL;
          double p = 0;

          for (guint c = 0; c < model->n_causes; c++)
            p += before->posterior[c] * kind->likelihood[v * model->n_causes + c];
          pfa_evidence_take (asked,
                             pfa_observation_new (kind->id, kind->values[v].id, PFA_FROM_PERSON));
          after = decide (model, asked);
          silences = silences || after->ignored->len != before->ignored->len;
          for (guint c = 0; c < model->n_causes; c++)
            average[c] += p * after->posterior[c];
        }
      for (guint c = 0; c < model->n_causes && !silences; c++)
        assert_near (average[c], before->posterior[c]);
    }
}

static PfaModel *
with_service_minutes (JsonNode *json, double minutes)
{
  json_object_set_double_member (json_object_get_object_member (json_node_get_object (json),
                                                                "service"),
                                 "minutes",
                                 minutes);
  return tools_build (json);
}

static void
rule_never_above_the_call (JsonNode *json,
                           const PfaModel *model,
                           PfaEvidence *evidence,
                           GRand *random)
{
  g_autoptr (PfaDecision) decision = decide (model, evidence);

  g_assert_cmpfloat (decision->ecr, <=, model->service_minutes + TOLERANCE);
  for (guint i = 0; i < decision->actions->len; i++)
    g_assert_cmpfloat (g_array_index (decision->actions, PfaActionRank, i).p, <=, 1 + TOLERANCE);
}

static void
rule_dearer_call_comes_later (JsonNode *json,
                              const PfaModel *model,
                              PfaEvidence *evidence,
                              GRand *random)
{
  double minutes = g_rand_double_range (random, 1, 40);
  guint last = 0;

  for (guint i = 0; i < 6; i++, minutes *= 1.7)
    {
      g_autoptr (PfaModel) dearer = with_service_minutes (json, minutes);
      g_autoptr (PfaDecision) decision = decide (dearer, evidence);

      g_assert_cmpuint (decision->plan->len, >=, last);
      last = decision->plan->len;
    }
}

static void
rule_price_is_the_same_as_in_the_file (JsonNode *json,
                                       const PfaModel *model,
                                       PfaEvidence *evidence,
                                       GRand *random)
{
  double minutes = g_rand_double_range (random, 1, 90);
  g_autoptr (PfaModel) changed = with_service_minutes (json, minutes);
  g_autoptr (PfaDecision) in_file = decide (changed, evidence);
  g_autoptr (PfaDecision) priced = pfa_diagnosis_decide_for (model, evidence, minutes, NULL);
  g_autoptr (PfaDecision) as_it_is = pfa_diagnosis_decide_for (model, evidence, 0, NULL);
  g_autoptr (PfaDecision) plain = decide (model, evidence);

  g_assert_cmpfloat (in_file->ecr, ==, priced->ecr);
  g_assert_cmpint (in_file->next, ==, priced->next);
  g_assert_cmpfloat (plain->ecr, ==, as_it_is->ecr);
}

static guint
find_rank (const PfaDecision *decision, guint action)
{
  for (guint i = 0; i < decision->actions->len; i++)
    if (g_array_index (decision->actions, PfaActionRank, i).action == action)
      return i;
  return G_MAXUINT;
}

static void
rule_dearer_action_never_rises (JsonNode *json,
                                const PfaModel *model,
                                PfaEvidence *evidence,
                                GRand *random)
{
  guint action = (guint) g_rand_int_range (random, 0, (gint32) model->n_actions);
  JsonObject *item = tools_find_item (json, "actions", model->actions[action].id);
  g_autoptr (PfaDecision) before = decide (model, evidence);
  g_autoptr (PfaModel) dearer = NULL;
  g_autoptr (PfaDecision) after = NULL;

  json_object_set_double_member (item,
                                 "minutes",
                                 model->actions[action].minutes *
                                     g_rand_double_range (random, 1, 9));
  dearer = tools_build (json);
  after = decide (dearer, evidence);
  g_assert_cmpuint (find_rank (after, action), >=, find_rank (before, action));
}

/* What following the policy costs, branch by branch, without questions. */
static double
follow (const PfaModel *model, const PfaEvidence *evidence)
{
  g_autoptr (PfaDecision) decision = decide (model, evidence);
  g_autoptr (PfaEvidence) after = NULL;
  const PfaAction *action;

  if (decision->next_kind == PFA_NEXT_CALL_SUPPORT)
    return model->service_minutes;
  action = &model->actions[decision->next];
  after = pfa_evidence_copy (evidence);
  pfa_evidence_add_failed (after, action->id);
  return action->minutes +
         (1 - g_array_index (decision->actions, PfaActionRank, 0).p) * follow (model, after);
}

static void
rule_costs_what_was_said (JsonNode *json,
                          const PfaModel *model,
                          PfaEvidence *evidence,
                          GRand *random)
{
  g_autoptr (PfaDecision) decision = NULL;

  for (guint o = 0; o < model->n_observations; o++)
    if (model->observations[o].is_question)
      pfa_evidence_add_skipped (evidence, model->observations[o].id);
  decision = decide (model, evidence);
  assert_near (follow (model, evidence), decision->ecr);
}

static void
rule_places_alone_are_those_of_the_decision (JsonNode *json,
                                             const PfaModel *model,
                                             PfaEvidence *evidence,
                                             GRand *random)
{
  g_autoptr (PfaDecision) decision = decide (model, evidence);
  g_autoptr (GArray) places = pfa_diagnosis_find_places (model, evidence, NULL);

  g_assert_cmpuint (places->len, ==, decision->places->len);
  for (guint i = 0; i < places->len; i++)
    {
      g_assert_cmpstr (g_array_index (places, PfaPlaceShare, i).place,
                       ==,
                       g_array_index (decision->places, PfaPlaceShare, i).place);
      assert_near (g_array_index (places, PfaPlaceShare, i).probability,
                   g_array_index (decision->places, PfaPlaceShare, i).probability);
    }
}

static void
test_rule (Rule rule, JsonNode *json)
{
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autoptr (PfaModel) model = tools_build (json);

  for (int round = 0; round < ROUNDS; round++)
    {
      g_autoptr (JsonNode) open = tools_copy (json);
      g_autoptr (PfaEvidence) evidence =
          tools_make_evidence (model,
                               random,
                               g_rand_int_range (random, 0, 100),
                               (guint) g_rand_int_range (random, 0, 4));

      rule (open, model, evidence, random);
    }
}

static void
test_example (gconstpointer data)
{
  g_autoptr (JsonNode) json = tools_load_example ();

  test_rule (*(const Rule *) data, json);
}

static void
test_own (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  PfaKnowledge *knowledge = pfa_knowledge_new (&error);
  g_autoptr (JsonNode) json = NULL;

  g_assert_no_error (error);
  json = tools_copy (pfa_knowledge_get_model (knowledge)->json);
  test_rule (*(const Rule *) data, json);
  g_assert_finalize_object (knowledge);
}

static void
test_duplicate_evidence (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = NULL;

  object = pfa_json_parse_object ("{\"observations\": {\"dns\": \"ok\", \"dns\": \"fail\"}}",
                                  -1,
                                  "e",
                                  &error);
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_clear_error (&error);
  object = pfa_json_parse_object ("{\"failed\": [\"wait_10\", \"wait_10\"]}", -1, "e", &error);
  g_assert_no_error (error);
  g_assert_null (pfa_evidence_new_from_json (object, "e", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
}

static const struct
{
  const char *name;
  Rule rule;
} rules[] = {
  { "order-of-evidence", rule_order_of_evidence },
  { "scale-of-priors", rule_scale_of_priors },
  { "order-of-file", rule_order_of_file },
  { "equal-rows-say-nothing", rule_equal_rows },
  { "blocked-evidence-says-nothing", rule_blocked_evidence },
  { "failed-action-moves-the-odds", rule_failed_action },
  { "answers-average-to-now", rule_average_over_answers },
  { "never-above-the-call", rule_never_above_the_call },
  { "dearer-call-comes-later", rule_dearer_call_comes_later },
  { "price-is-the-same-as-in-the-file", rule_price_is_the_same_as_in_the_file },
  { "dearer-action-never-rises", rule_dearer_action_never_rises },
  { "costs-what-was-said", rule_costs_what_was_said },
  { "places-alone-are-those-of-the-decision", rule_places_alone_are_those_of_the_decision },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *example =
          g_strdup_printf ("/diagnosis/metamorphic/example/%s", rules[i].name);
      g_autofree char *own = g_strdup_printf ("/diagnosis/metamorphic/own/%s", rules[i].name);

      g_test_add_data_func (example, &rules[i].rule, test_example);
      g_test_add_data_func (own, &rules[i].rule, test_own);
    }
  g_test_add_func ("/diagnosis/metamorphic/duplicate-evidence-is-refused", test_duplicate_evidence);
  return g_test_run ();
}
