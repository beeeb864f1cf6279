/* test-brute-force.c - a second road to the same numbers: every world, one by one
 *
 * A world is a cause, a strength for each family, and a value of each observation. Chances are sums
 * over the worlds that the evidence leaves; the policy is replayed among them. Nothing here uses
 * the engine's formulas.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "model-tools.h"
#include "pfa-diagnosis.h"

#define MODELS           4000
#define TOLERANCE        1e-9
#define MAX_FAMILIES     5
#define MAX_OBSERVATIONS 4

typedef struct
{
  guint cause;
  double strength[MAX_FAMILIES]; /* a remedy works when its chance is above */
  guint values[MAX_OBSERVATIONS];
  double p;
} World;

typedef struct
{
  const PfaModel *model;
  GArray *worlds;
  guint family_of[MAX_FAMILIES]; /* by action */
  guint n_families;
} Universe;

/* What is known in one branch of the replay. */
typedef struct
{
  int values[MAX_OBSERVATIONS];
  gboolean tried[MAX_FAMILIES]; /* by action */
  gboolean failed_before[MAX_FAMILIES];
} Knowledge;

static double
get_chance (const PfaModel *model, guint action, guint cause)
{
  for (guint i = 0; i < model->actions[action].n_fixes; i++)
    if (model->actions[action].fixes[i].cause == cause)
      return model->actions[action].fixes[i].chance;
  return 0;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

static void add_worlds (Universe *self, World world, guint family, guint observation);

/* One world for each interval between the chances of this family. */
static void
split_by_strength (Universe *self, World world, guint family)
{
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (double));
  double from = 0;
  double one = 1;

  for (guint a = 0; a < self->model->n_actions; a++)
    if (self->family_of[a] == family)
      {
        double p = get_chance (self->model, a, world.cause);

        g_array_append_val (ends, p);
      }
  g_array_append_val (ends, one);
  g_array_sort (ends, compare_doubles);
  for (guint i = 0; i < ends->len; i++)
    {
      double to = g_array_index (ends, double, i);
      World part = world;

      if (to <= from)
        continue;
      part.strength[family] = (from + to) / 2;
      part.p *= to - from;
      add_worlds (self, part, family + 1, 0);
      from = to;
    }
}

static void
add_worlds (Universe *self, World world, guint family, guint observation)
{
  const PfaObservationKind *kind;

  if (family < self->n_families)
    {
      split_by_strength (self, world, family);
      return;
    }
  if (observation == self->model->n_observations)
    {
      g_array_append_val (self->worlds, world);
      return;
    }
  kind = &self->model->observations[observation];
  for (guint v = 0; v < kind->n_values; v++)
    {
      World part = world;

      part.values[observation] = v;
      part.p *= kind->likelihood[v * self->model->n_causes + world.cause];
      add_worlds (self, part, family, observation + 1);
    }
}

static void
make_universe (Universe *self, const PfaModel *model)
{
  self->model = model;
  self->worlds = g_array_new (FALSE, FALSE, sizeof (World));
  self->n_families = model->n_families;
  for (guint a = 0; a < model->n_actions; a++)
    self->family_of[a] = model->actions[a].family_index >= 0
                             ? (guint) model->actions[a].family_index
                             : self->n_families++;
  for (guint c = 0; c < model->n_causes; c++)
    add_worlds (self, (World){ .cause = c, .p = model->causes[c].prior }, 0, 0);
}

static gboolean
is_blocked (const Knowledge *known, const PfaBlock *blocks, guint n_blocks)
{
  for (guint i = 0; i < n_blocks; i++)
    for (guint v = 0; v < blocks[i].n_values; v++)
      if (known->values[blocks[i].observation] == (int) blocks[i].values[v])
        return TRUE;
  return FALSE;
}

static gboolean
works (const Universe *self, const World *world, guint action)
{
  return world->strength[self->family_of[action]] < get_chance (self->model, action, world->cause);
}

static gboolean
is_left (const Universe *self, const World *world, const Knowledge *known)
{
  for (guint o = 0; o < self->model->n_observations; o++)
    if (known->values[o] >= 0 && (guint) known->values[o] != world->values[o] &&
        !is_blocked (known,
                     self->model->observations[o].blocks,
                     self->model->observations[o].n_blocks))
      return FALSE;
  for (guint a = 0; a < self->model->n_actions; a++)
    if (known->tried[a] && works (self, world, a))
      return FALSE;
  return TRUE;
}

/* Σ over the worlds left; those where @action works (-1: all), with @value of @question (-1: any).
 */
static double
add_up (const Universe *self,
        const Knowledge *known,
        int cause,
        int action,
        int question,
        int value)
{
  double sum = 0;

  for (guint i = 0; i < self->worlds->len; i++)
    {
      const World *world = &g_array_index (self->worlds, World, i);

      if ((cause < 0 || world->cause == (guint) cause) && is_left (self, world, known) &&
          (action < 0 || works (self, world, (guint) action)) &&
          (question < 0 || world->values[question] == (guint) value))
        sum += world->p;
    }
  return sum;
}

static gboolean
is_offered (const Universe *self, const Knowledge *known, guint action)
{
  return !known->tried[action] && !is_blocked (known,
                                               self->model->actions[action].blocks,
                                               self->model->actions[action].n_blocks);
}

static int
find_best (const Universe *self, const Knowledge *known, double *chance)
{
  double whole = add_up (self, known, -1, -1, -1, 0);
  double best_efficiency = 1 / self->model->service_minutes;
  int best = -1;

  for (guint a = 0; a < self->model->n_actions; a++)
    {
      double p;

      if (!is_offered (self, known, a))
        continue;
      p = add_up (self, known, -1, (int) a, -1, 0) / whole;
      if (p / self->model->actions[a].minutes > best_efficiency * (1 + 1e-12))
        {
          best = (int) a;
          best_efficiency = p / self->model->actions[a].minutes;
          *chance = p;
        }
    }
  return best;
}

/* Replays the policy: do the best, and if it did not help go on from there. */
static double
replay (const Universe *self, Knowledge known)
{
  double chance = 0;
  int best = find_best (self, &known, &chance);

  if (best < 0)
    return self->model->service_minutes;
  known.tried[best] = TRUE;
  return self->model->actions[best].minutes + (1 - chance) * replay (self, known);
}

static double
replay_asked (const Universe *self, Knowledge known, guint question)
{
  const PfaObservationKind *kind = &self->model->observations[question];
  double whole = add_up (self, &known, -1, -1, -1, 0);
  double ecr = kind->minutes;

  for (guint v = 0; v < kind->n_values; v++)
    {
      Knowledge answered = known;

      answered.values[question] = (int) v;
      ecr +=
          add_up (self, &known, -1, -1, (int) question, (int) v) / whole * replay (self, answered);
    }
  return ecr;
}

static double
draw_chance (GRand *random)
{
  return g_rand_double_range (random, 0.01, 0.97);
}

static void
add_row (JsonObject *rows, const char *name, guint n_values, GRand *random)
{
  JsonObject *row = json_object_new ();
  double parts[3];
  double sum = 0;

  for (guint v = 0; v < n_values; v++)
    sum += parts[v] = g_rand_double_range (random, 0.02, 1);
  for (guint v = 0; v < n_values; v++)
    {
      g_autofree char *value = g_strdup_printf ("v%u", v);

      json_object_set_double_member (row, value, parts[v] / sum);
    }
  json_object_set_object_member (rows, name, row);
}

static JsonObject *
make_observation (guint index, guint n_causes, GRand *random)
{
  JsonObject *object = json_object_new ();
  JsonArray *values = json_array_new ();
  JsonObject *given = json_object_new ();
  guint n_values = (guint) g_rand_int_range (random, 2, 4);
  gboolean is_question = g_rand_boolean (random);
  g_autofree char *id = g_strdup_printf ("o%u", index);

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "kind", is_question ? "question" : "check");
  json_object_set_double_member (object,
                                 "minutes",
                                 is_question ? g_rand_double_range (random, 0.02, 0.4) : 0);
  for (guint v = 0; v < n_values; v++)
    {
      JsonObject *value = json_object_new ();
      g_autofree char *name = g_strdup_printf ("v%u", v);

      json_object_set_string_member (value, "id", name);
      json_array_add_object_element (values, value);
    }
  json_object_set_array_member (object, "values", values);
  add_row (object, "default", n_values, random);
  for (guint c = 0; c < n_causes; c++)
    if (g_rand_int_range (random, 0, 3) > 0)
      {
        g_autofree char *cause = g_strdup_printf ("c%u", c);

        add_row (given, c == 0 ? "unknown" : cause, n_values, random);
      }
  json_object_set_object_member (object, "given", given);
  if (index > 0 && g_rand_int_range (random, 0, 3) == 0)
    {
      JsonObject *blocks = json_object_new ();
      JsonArray *names = json_array_new ();
      g_autofree char *upstream =
          g_strdup_printf ("o%d", g_rand_int_range (random, 0, (gint32) index));

      json_array_add_string_element (names, "v0");
      json_object_set_array_member (blocks, upstream, names);
      json_object_set_object_member (object, "blocked_by", blocks);
    }
  return object;
}

static JsonObject *
make_action (guint index, guint n_causes, guint n_observations, GRand *random)
{
  static const char *const families[] = { NULL, "f", "g" };
  JsonObject *object = json_object_new ();
  JsonObject *fixes = json_object_new ();
  const char *family = families[g_rand_int_range (random, 0, 3)];
  g_autofree char *id = g_strdup_printf ("a%u", index);

  json_object_set_string_member (object, "id", id);
  json_object_set_double_member (object, "minutes", g_rand_double_range (random, 0.5, 15));
  if (family != NULL)
    json_object_set_string_member (object, "family", family);
  for (guint c = 0; c < n_causes; c++)
    if (g_rand_boolean (random))
      {
        g_autofree char *cause = g_strdup_printf ("c%u", c);

        json_object_set_double_member (fixes, c == 0 ? "unknown" : cause, draw_chance (random));
      }
  json_object_set_object_member (object, "fixes", fixes);
  if (n_observations > 0 && g_rand_int_range (random, 0, 4) == 0)
    {
      JsonObject *blocks = json_object_new ();
      JsonArray *names = json_array_new ();

      json_array_add_string_element (names, "v1");
      json_object_set_array_member (blocks, "o0", names);
      json_object_set_object_member (object, "blocked_when", blocks);
    }
  return object;
}

static JsonArray *
make_causes (guint n_causes, GRand *random)
{
  JsonArray *causes = json_array_new ();
  double parts[4];
  double sum = 0;

  for (guint c = 0; c < n_causes; c++)
    sum += parts[c] = g_rand_double_range (random, 0.05, 1);
  for (guint c = 0; c < n_causes; c++)
    {
      JsonObject *cause = json_object_new ();
      g_autofree char *id = g_strdup_printf ("c%u", c);

      json_object_set_string_member (cause, "id", c == 0 ? "unknown" : id);
      json_object_set_string_member (cause, "where", c % 2 == 0 ? "here" : "there");
      json_object_set_double_member (cause, "per_1000", parts[c] / sum * 1000);
      json_array_add_object_element (causes, cause);
    }
  return causes;
}

static PfaModel *
make_model (GRand *random)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *model = json_object_new ();
  JsonObject *service = json_object_new ();
  JsonObject *inference = json_object_new ();
  JsonArray *observations = json_array_new ();
  JsonArray *actions = json_array_new ();
  guint n_causes = (guint) g_rand_int_range (random, 1, 5);
  guint n_observations = (guint) g_rand_int_range (random, 0, 4);
  guint n_actions = (guint) g_rand_int_range (random, 0, 5);

  json_node_take_object (node, model);
  json_object_set_string_member (model, "format", "pos96-model/1");
  json_object_set_array_member (model, "causes", make_causes (n_causes, random));
  for (guint i = 0; i < n_observations; i++)
    json_array_add_object_element (observations, make_observation (i, n_causes, random));
  for (guint i = 0; i < n_actions; i++)
    json_array_add_object_element (actions, make_action (i, n_causes, n_observations, random));
  json_object_set_array_member (model, "observations", observations);
  json_object_set_array_member (model, "actions", actions);
  json_object_set_string_member (service, "id", "call");
  json_object_set_double_member (service, "minutes", g_rand_double_range (random, 5, 90));
  json_object_set_object_member (model, "service", service);
  json_object_set_double_member (inference, "temper_checks", 1);
  json_object_set_double_member (inference,
                                 "question_margin_minutes",
                                 g_rand_double_range (random, 0, 0.2));
  json_object_set_object_member (model, "inference", inference);
  return tools_build (node);
}

static void
learn (Knowledge *known, const PfaModel *model, const PfaEvidence *evidence)
{
  *known = (Knowledge){ 0 };
  for (guint o = 0; o < model->n_observations; o++)
    {
      const char *value = pfa_evidence_get_value (evidence, model->observations[o].id);

      known->values[o] =
          value != NULL ? pfa_observation_kind_find_value (&model->observations[o], value) : -1;
    }
  for (guint a = 0; a < model->n_actions; a++)
    known->tried[a] = pfa_evidence_has_failed (evidence, model->actions[a].id);
}

#define assert_close(a, b) g_assert_cmpfloat_with_epsilon (a, b, TOLERANCE *MAX (1, fabs (b)))

static void
compare_ranks (const Universe *self, const Knowledge *known, const PfaDecision *decision)
{
  double whole = add_up (self, known, -1, -1, -1, 0);
  guint n_offered = 0;

  for (guint c = 0; c < self->model->n_causes; c++)
    assert_close (decision->posterior[c], add_up (self, known, (int) c, -1, -1, 0) / whole);
  for (guint i = 0; i < decision->actions->len; i++)
    {
      PfaActionRank rank = g_array_index (decision->actions, PfaActionRank, i);

      g_assert_true (is_offered (self, known, rank.action));
      assert_close (rank.p, add_up (self, known, -1, (int) rank.action, -1, 0) / whole);
    }
  for (guint a = 0; a < self->model->n_actions; a++)
    n_offered += is_offered (self, known, a);
  g_assert_cmpuint (decision->actions->len, ==, n_offered);
}

static void
compare_next (const Universe *self, const Knowledge *known, const PfaDecision *decision)
{
  const PfaModel *model = self->model;
  double ecr = replay (self, *known);
  double most_worth = model->question_margin_minutes;
  double chance;
  int question = -1;
  int action;

  for (guint i = 0; i < decision->questions->len; i++)
    {
      PfaQuestionRank rank = g_array_index (decision->questions, PfaQuestionRank, i);
      double asked = replay_asked (self, *known, rank.question);

      assert_close (rank.ecr_if_asked, asked);
      assert_close (rank.worth, ecr - asked);
      if (ecr - asked > most_worth)
        {
          most_worth = ecr - asked;
          question = (int) rank.question;
        }
    }
  action = find_best (self, known, &chance);
  g_assert_cmpint (decision->next_kind,
                   ==,
                   question >= 0 ? PFA_NEXT_QUESTION
                   : action >= 0 ? PFA_NEXT_ACTION
                                 : PFA_NEXT_CALL_SUPPORT);
  g_assert_cmpint (decision->next, ==, question >= 0 ? question : action);
  assert_close (decision->ecr, question >= 0 ? ecr - most_worth : ecr);
}

static void
test_random_models (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  guint n_kinds[3] = { 0 };

  for (int round = 0; round < MODELS; round++)
    {
      g_autoptr (PfaModel) model = make_model (random);
      g_autoptr (PfaEvidence) evidence =
          tools_make_evidence (model, random, 25, (guint) g_rand_int_range (random, 0, 3));
      g_autoptr (GError) error = NULL;
      g_autoptr (PfaDecision) decision = pfa_diagnosis_decide (model, evidence, &error);
      Universe universe = { 0 };
      Knowledge known;

      g_assert_no_error (error);
      make_universe (&universe, model);
      learn (&known, model, evidence);
      compare_ranks (&universe, &known, decision);
      compare_next (&universe, &known, decision);
      n_kinds[decision->next_kind]++;
      g_array_unref (universe.worlds);
    }
  g_test_message ("%d models: %u actions, %u questions, %u calls",
                  MODELS,
                  n_kinds[0],
                  n_kinds[1],
                  n_kinds[2]);
  /* A generator that never leads to one of them tests nothing of it. */
  g_assert_cmpuint (MIN (n_kinds[0], MIN (n_kinds[1], n_kinds[2])), >, MODELS / 100);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/brute-force/random-models-agree", test_random_models);
  return g_test_run ();
}
