/* bench-minutes.c - what the order of steps costs a person: expected minutes, policy by policy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <locale.h>
#include <math.h>

#include "model-tools.h"
#include "pfa-diagnosis.h"
#include "pfa-knowledge.h"

#define CASES         300
#define SUB_MODELS    60
#define SUB_CAUSES    9
#define SUB_ACTIONS   7
#define SUB_QUESTIONS 3
#define BEST_ACTIONS  13 /* of a whole model, when its optimum over actions is sought */

/* A running mean with its standard error. */
typedef struct
{
  double sum;
  double squares;
  double most;
  guint n;
} Mean;

static void
add (Mean *self, double value)
{
  self->sum += value;
  self->squares += value * value;
  self->most = MAX (self->most, value);
  self->n++;
}

static double
get_mean (const Mean *self)
{
  return self->sum / self->n;
}

static double
get_error (const Mean *self)
{
  double mean = get_mean (self);

  return self->n > 1 ? sqrt (MAX (0, self->squares / self->n - mean * mean) / (self->n - 1)) : 0;
}

static void
print_mean (const char *what, const Mean *mean)
{
  g_print ("  %-58s %7.2f ± %.2f\n", what, get_mean (mean), get_error (mean));
}

static double
get_chance (const PfaAction *action, guint cause)
{
  for (guint i = 0; i < action->n_fixes; i++)
    if (action->fixes[i].cause == cause)
      return action->fixes[i].chance;
  return 0;
}

static gboolean
is_offered (const PfaModel *model, const PfaEvidence *evidence, guint action)
{
  const PfaAction *self = &model->actions[action];

  for (guint i = 0; i < self->n_blocks; i++)
    {
      const PfaObservationKind *kind = &model->observations[self->blocks[i].observation];
      const char *value = pfa_evidence_get_value (evidence, kind->id);

      for (guint v = 0; value != NULL && v < self->blocks[i].n_values; v++)
        if (g_str_equal (kind->values[self->blocks[i].values[v]].id, value))
          return FALSE;
    }
  return !pfa_evidence_has_failed (evidence, self->id);
}

/* The chance that @cause outlasts @done (a set of actions, as bits): strength of families counts.
 */
static double
get_survival (const PfaModel *model, const guint *actions, guint n, guint done, guint cause)
{
  double survival = 1;
  double best[64] = { 0 };

  for (guint i = 0; i < n; i++)
    {
      const PfaAction *action = &model->actions[actions[i]];
      double p = (done >> i) & 1 ? get_chance (action, cause) : 0;

      if (action->family_index < 0)
        survival *= 1 - p;
      else
        best[action->family_index] = MAX (best[action->family_index], p);
    }
  for (guint f = 0; f < model->n_families; f++)
    survival *= 1 - best[f];
  return survival;
}

static double
get_broken (const PfaModel *model,
            const double *posterior,
            const guint *actions,
            guint n,
            guint done)
{
  double broken = 0;

  for (guint c = 0; c < model->n_causes; c++)
    broken += posterior[c] * get_survival (model, actions, n, done, c);
  return broken;
}

/* Doing @actions in this order, then calling. */
static double
get_order_cost (const PfaModel *model, const double *posterior, const guint *actions, guint n)
{
  double cost = 0;

  for (guint i = 0; i < n; i++)
    cost += model->actions[actions[i]].minutes *
            get_broken (model, posterior, actions, n, (1u << i) - 1);
  return cost + model->service_minutes * get_broken (model, posterior, actions, n, (1u << n) - 1);
}

/* The proved optimum over all orders of @actions, by dynamic programming over sets. */
static double
get_optimum (const PfaModel *model, const double *posterior, const guint *actions, guint n)
{
  guint n_sets = 1u << n;
  g_autofree double *broken = g_new (double, n_sets);
  g_autofree double *best = g_new (double, n_sets);

  for (guint set = 0; set < n_sets; set++)
    broken[set] = get_broken (model, posterior, actions, n, set);
  for (guint set = n_sets; set-- > 0;)
    {
      best[set] = model->service_minutes * broken[set];
      for (guint i = 0; i < n; i++)
        if (!((set >> i) & 1))
          best[set] =
              MIN (best[set],
                   model->actions[actions[i]].minutes * broken[set] + best[set | (1u << i)]);
    }
  return best[0];
}

/* Greedy and re-evaluated, among @actions only. */
static double
get_greedy (const PfaModel *model, const double *posterior, const guint *actions, guint n)
{
  guint done = 0;
  double cost = 0;

  while (TRUE)
    {
      double broken = get_broken (model, posterior, actions, n, done);
      double best_gain = 0;
      guint best = n;

      for (guint i = 0; i < n; i++)
        {
          double gain = (done >> i) & 1
                            ? 0
                            : broken - get_broken (model, posterior, actions, n, done | (1u << i));

          if (gain * model->service_minutes > model->actions[actions[i]].minutes * broken &&
              (best == n || gain * model->actions[actions[best]].minutes >
                                best_gain * model->actions[actions[i]].minutes))
            {
              best = i;
              best_gain = gain;
            }
        }
      if (best == n)
        return cost + model->service_minutes * broken;
      cost += model->actions[actions[best]].minutes * broken;
      done |= 1u << best;
    }
}

/* The actions that the engine ranks first, and those of its plan. */
static guint
choose_actions (const PfaDecision *decision, guint *actions)
{
  guint n = MIN (decision->actions->len, BEST_ACTIONS);

  for (guint i = 0; i < n; i++)
    actions[i] = g_array_index (decision->actions, PfaActionRank, i).action;
  return n;
}

static guint
choose_one (GRand *random, const double *weights, guint n, guint stride)
{
  double at = g_rand_double (random);

  for (guint i = 0; i + 1 < n; i++)
    {
      at -= weights[i * stride];
      if (at < 0)
        return i;
    }
  return n - 1;
}

static gboolean
is_blocked (const PfaModel *model, const PfaEvidence *evidence, const PfaObservationKind *kind)
{
  for (guint i = 0; i < kind->n_blocks; i++)
    {
      const PfaObservationKind *upstream = &model->observations[kind->blocks[i].observation];
      const char *value = pfa_evidence_get_value (evidence, upstream->id);

      for (guint v = 0; value != NULL && v < kind->blocks[i].n_values; v++)
        if (g_str_equal (upstream->values[kind->blocks[i].values[v]].id, value))
          return TRUE;
    }
  return FALSE;
}

/* One case: a cause, how strong each remedy must be, and what every question would be answered. */
typedef struct
{
  guint cause;
  double *strength; /* by family, then by action alone */
  guint *answers;   /* by observation */
} Case;

static void
draw_case (const PfaModel *model, GRand *random, Case *self)
{
  g_autofree double *priors = g_new (double, model->n_causes);

  for (guint c = 0; c < model->n_causes; c++)
    priors[c] = model->causes[c].prior;
  self->cause = choose_one (random, priors, model->n_causes, 1);
  self->strength = g_new (double, model->n_families + model->n_actions);
  self->answers = g_new (guint, model->n_observations);
  for (guint i = 0; i < model->n_families + model->n_actions; i++)
    self->strength[i] = g_rand_double (random);
  for (guint o = 0; o < model->n_observations; o++)
    self->answers[o] = choose_one (random,
                                   model->observations[o].likelihood + self->cause,
                                   model->observations[o].n_values,
                                   model->n_causes);
}

static void
clear_case (Case *self)
{
  g_free (self->strength);
  g_free (self->answers);
}

/* What is known before the person does anything: all that is no question. */
static PfaEvidence *
check_freely (const PfaModel *model, const Case *self)
{
  PfaEvidence *evidence = pfa_evidence_new ();

  for (guint o = 0; o < model->n_observations; o++)
    {
      const PfaObservationKind *kind = &model->observations[o];

      if (!kind->is_question && !is_blocked (model, evidence, kind))
        pfa_evidence_take (evidence,
                           pfa_observation_new (kind->id,
                                                kind->values[self->answers[o]].id,
                                                PFA_FROM_CHECK));
    }
  return evidence;
}

static gboolean
works (const PfaModel *model, const Case *self, guint action)
{
  const PfaAction *remedy = &model->actions[action];
  guint at = remedy->family_index >= 0 ? (guint) remedy->family_index : model->n_families + action;

  return self->strength[at] < get_chance (remedy, self->cause);
}

/* The real loop: decide, do or ask, until it works or support is called. */
static double
replay (const PfaModel *model,
        const Case *self,
        const PfaEvidence *known,
        guint *n_questions,
        guint *n_actions,
        gboolean *called)
{
  g_autoptr (PfaEvidence) evidence = pfa_evidence_copy (known);
  double minutes = 0;

  *n_questions = *n_actions = 0;
  *called = FALSE;
  while (TRUE)
    {
      g_autoptr (PfaDecision) decision = pfa_diagnosis_decide (model, evidence, NULL);
      guint next = (guint) decision->next;

      if (decision->next_kind == PFA_NEXT_CALL_SUPPORT)
        {
          *called = TRUE;
          return minutes + model->service_minutes;
        }
      if (decision->next_kind == PFA_NEXT_QUESTION)
        {
          const PfaObservationKind *kind = &model->observations[next];

          minutes += kind->minutes;
          ++*n_questions;
          pfa_evidence_take (evidence,
                             pfa_observation_new (kind->id,
                                                  kind->values[self->answers[next]].id,
                                                  PFA_FROM_PERSON));
          continue;
        }
      minutes += model->actions[next].minutes;
      ++*n_actions;
      if (works (model, self, next))
        return minutes;
      pfa_evidence_add_failed (evidence, model->actions[next].id);
    }
}

static PfaDecision *
decide_without_questions (const PfaModel *model, const PfaEvidence *evidence)
{
  g_autoptr (PfaEvidence) silent = pfa_evidence_copy (evidence);

  for (guint o = 0; o < model->n_observations; o++)
    if (model->observations[o].is_question)
      pfa_evidence_add_skipped (silent, model->observations[o].id);
  return pfa_diagnosis_decide (model, silent, NULL);
}

static guint
read_order (const PfaModel *model, const PfaEvidence *evidence, JsonArray *order, guint *actions)
{
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (order); i++)
    {
      int action = pfa_model_find_action (model, json_array_get_string_element (order, i));

      if (is_offered (model, evidence, (guint) action))
        actions[n++] = (guint) action;
    }
  return n;
}

#define MAX_ORDERS 4

typedef struct
{
  const char *names[MAX_ORDERS];
  JsonArray *actions[MAX_ORDERS];
  guint n;
} Orders;

static void
read_orders (const PfaModel *model, Orders *orders)
{
  JsonObject *object =
      json_object_get_object_member (json_node_get_object (model->json), "reference_orders");
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node) && orders->n < MAX_ORDERS)
    {
      orders->names[orders->n] = name;
      orders->actions[orders->n++] =
          json_object_get_array_member (json_node_get_object (node), "actions");
    }
}

static void
bench_before_any_check (const PfaModel *model, const Orders *orders)
{
  g_autoptr (PfaEvidence) nothing = pfa_evidence_new ();
  g_autoptr (PfaDecision) bare = decide_without_questions (model, nothing);
  g_autoptr (PfaDecision) asking = pfa_diagnosis_decide (model, nothing, NULL);
  guint actions[32];
  guint n;

  g_print ("\nBefore any check (exact)\n");
  for (guint i = 0; i < orders->n; i++)
    {
      n = read_order (model, nothing, orders->actions[i], actions);
      g_print ("  %-58s %7.2f\n",
               orders->names[i],
               get_order_cost (model, bare->posterior, actions, n));
    }
  g_print ("  %-58s %7.2f\n", "call at once", model->service_minutes);
  g_print ("  %-58s %7.2f\n", "our order, actions only", bare->ecr);
  n = choose_actions (bare, actions);
  g_print ("  %-58s %7.2f\n",
           "the same among its thirteen best actions",
           get_greedy (model, bare->posterior, actions, n));
  g_print ("  %-58s %7.2f\n",
           "proved optimum among those",
           get_optimum (model, bare->posterior, actions, n));
  g_print ("  %-58s %7.2f\n", "our order with the next question", asking->ecr);
}

static void
bench_after_the_checks (const PfaModel *model, const Orders *orders)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (96);
  Mean by_order[MAX_ORDERS] = { 0 };
  Mean greedy = { 0 }, optimum = { 0 }, reduced = { 0 }, gap = { 0 }, asking = { 0 };
  Mean asked = { 0 }, done = { 0 }, calls = { 0 }, first = { 0 }, among_three = { 0 };
  guint n_exact = 0;

  for (guint i = 0; i < CASES; i++)
    {
      Case self;
      g_autoptr (PfaEvidence) evidence = NULL;
      g_autoptr (PfaDecision) decision = NULL;
      guint actions[32];
      guint n;
      guint n_questions, n_actions;
      guint n_likelier = 0;
      gboolean called;
      double best;
      double ours;

      draw_case (model, random, &self);
      evidence = check_freely (model, &self);
      decision = decide_without_questions (model, evidence);
      for (guint k = 0; k < orders->n; k++)
        {
          n = read_order (model, evidence, orders->actions[k], actions);
          add (&by_order[k], get_order_cost (model, decision->posterior, actions, n));
        }
      add (&greedy, decision->ecr);
      n = choose_actions (decision, actions);
      best = get_optimum (model, decision->posterior, actions, n);
      ours = get_greedy (model, decision->posterior, actions, n);
      add (&optimum, best);
      add (&reduced, ours);
      add (&gap, (ours / best - 1) * 100);
      n_exact += ours < best * (1 + 1e-9);
      add (&asking, replay (model, &self, evidence, &n_questions, &n_actions, &called));
      add (&asked, n_questions);
      add (&done, n_actions);
      add (&calls, called ? 100 : 0);
      for (guint c = 0; c < model->n_causes; c++)
        n_likelier += decision->posterior[c] > decision->posterior[self.cause];
      add (&first, n_likelier == 0 ? 100 : 0);
      add (&among_three, n_likelier < 3 ? 100 : 0);
      clear_case (&self);
    }
  g_print ("\nAfter the free checks (%d sampled cases, ± standard error)\n", CASES);
  for (guint k = 0; k < orders->n; k++)
    print_mean (orders->names[k], &by_order[k]);
  g_print ("  %-58s %7.2f\n", "call at once", model->service_minutes);
  print_mean ("our order, actions only", &greedy);
  print_mean ("the same among the case's thirteen best actions", &reduced);
  print_mean ("proved optimum among those", &optimum);
  g_print ("  gap to the optimum: mean %.2f %%, worst %.1f %%; exactly optimal in %.0f %%\n",
           get_mean (&gap),
           gap.most,
           100.0 * n_exact / CASES);
  print_mean ("our order with questions (cases replayed)", &asking);
  g_print ("  a person meets %.1f questions (most %.0f) and %.1f steps (most %.0f); %.0f %% call\n",
           get_mean (&asked),
           asked.most,
           get_mean (&done),
           done.most,
           get_mean (&calls));
  g_print ("  the true cause is first in %.0f %%, among the first three in %.0f %%\n",
           get_mean (&first),
           get_mean (&among_three));
}

static JsonArray *
choose_items (JsonArray *items, GRand *random, guint n, gboolean (*fits) (JsonObject *item))
{
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint));
  JsonArray *chosen = json_array_new ();

  for (guint i = 0; i < json_array_get_length (items); i++)
    if (fits == NULL || fits (json_array_get_object_element (items, i)))
      g_array_append_val (indices, i);
  while (indices->len > n)
    g_array_remove_index (indices, (guint) g_rand_int_range (random, 0, (gint32) indices->len));
  for (guint i = 0; i < indices->len; i++)
    json_array_add_element (chosen,
                            json_node_copy (
                                json_array_get_element (items, g_array_index (indices, guint, i))));
  return chosen;
}

static gboolean
is_known (JsonArray *causes, const char *id)
{
  for (guint i = 0; i < json_array_get_length (causes); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (causes, i),
                                                    "id"),
                     id))
      return TRUE;
  return FALSE;
}

static void
keep_causes (JsonObject *item, const char *member, JsonArray *causes)
{
  JsonObject *map = json_object_get_object_member (item, member);
  g_autoptr (GList) members = map != NULL ? json_object_get_members (map) : NULL;

  for (GList *id = members; id != NULL; id = id->next)
    if (!is_known (causes, id->data))
      json_object_remove_member (map, id->data);
}

static gboolean
is_question (JsonObject *item)
{
  return g_str_equal (json_object_get_string_member (item, "kind"), "question");
}

/* Nine causes, seven actions, three questions of the whole model. */
static PfaModel *
cut_down (const PfaModel *model, GRand *random)
{
  g_autoptr (JsonNode) json = tools_copy (model->json);
  JsonObject *root = json_node_get_object (json);
  JsonArray *causes =
      choose_items (json_object_get_array_member (root, "causes"), random, SUB_CAUSES, NULL);
  JsonArray *questions = choose_items (json_object_get_array_member (root, "observations"),
                                       random,
                                       SUB_QUESTIONS,
                                       is_question);
  JsonArray *actions = json_array_new ();
  JsonArray *all = json_object_get_array_member (root, "actions");
  double sum = 0;

  for (guint i = 0; i < json_array_get_length (causes); i++)
    sum += json_object_get_double_member (json_array_get_object_element (causes, i), "per_1000");
  for (guint i = 0; i < json_array_get_length (causes); i++)
    {
      JsonObject *cause = json_array_get_object_element (causes, i);

      json_object_set_double_member (cause,
                                     "per_1000",
                                     json_object_get_double_member (cause, "per_1000") / sum *
                                         1000);
    }
  for (guint i = 0; i < json_array_get_length (questions); i++)
    {
      JsonObject *question = json_array_get_object_element (questions, i);

      keep_causes (question, "given", causes);
      json_object_remove_member (question, "blocked_by");
    }
  for (guint i = 0; i < json_array_get_length (all); i++)
    {
      JsonObject *action = json_array_get_object_element (all, i);

      keep_causes (action, "fixes", causes);
      json_object_remove_member (action, "blocked_when");
      json_object_remove_member (action, "recheck");
      if (json_object_get_size (json_object_get_object_member (action, "fixes")) > 0)
        json_array_add_object_element (actions, json_object_ref (action));
    }
  json_object_remove_member (root, "reference_orders");
  json_object_set_array_member (root, "causes", causes);
  json_object_set_array_member (root, "observations", questions);
  json_object_set_array_member (root, "actions", choose_items (actions, random, SUB_ACTIONS, NULL));
  json_array_unref (actions);
  return tools_build (json);
}

/* The best of all policies over actions and questions. What is known is which actions failed (bits)
 * and, for each question, that it is open (0) or its answer (value + 1), as one number. */
typedef struct
{
  const PfaModel *model;
  double *survival; /* [done * n_causes + cause] */
  double *known;    /* [answers * n_sets + done]: the least cost, times the chance to get there */
  guint n_sets;
} Search;

static double search_best (Search *self, const double *weights, guint answers, guint done);

static double
search_question (Search *self,
                 const double *weights,
                 guint answers,
                 guint done,
                 guint question,
                 guint place,
                 double broken)
{
  const PfaObservationKind *kind = &self->model->observations[question];
  guint n_causes = self->model->n_causes;
  g_autofree double *answered = g_new (double, n_causes);
  double cost = kind->minutes * broken;

  for (guint v = 0; v < kind->n_values; v++)
    {
      for (guint c = 0; c < n_causes; c++)
        answered[c] = weights[c] * kind->likelihood[v * n_causes + c];
      cost += search_best (self, answered, answers + place * (v + 1), done);
    }
  return cost;
}

static double
search_best (Search *self, const double *weights, guint answers, guint done)
{
  const PfaModel *model = self->model;
  double *known = &self->known[answers * self->n_sets + done];
  double broken = 0;
  double best;
  guint place = 1;

  if (!isnan (*known))
    return *known;
  for (guint c = 0; c < model->n_causes; c++)
    broken += weights[c] * self->survival[done * model->n_causes + c];
  best = model->service_minutes * broken;
  for (guint i = 0; i < model->n_actions; i++)
    if (!((done >> i) & 1))
      best = MIN (best,
                  model->actions[i].minutes * broken +
                      search_best (self, weights, answers, done | (1u << i)));
  for (guint o = 0; o < model->n_observations; o++)
    {
      guint n = model->observations[o].n_values + 1;

      if (answers / place % n == 0)
        best = MIN (best, search_question (self, weights, answers, done, o, place, broken));
      place *= n;
    }
  *known = best;
  return best;
}

static double
get_best_policy (const PfaModel *model, const double *priors, const guint *actions)
{
  Search self = { .model = model, .n_sets = 1u << model->n_actions };
  guint n_answers = 1;
  g_autofree double *survival = g_new (double, self.n_sets * model->n_causes);
  g_autofree double *known = NULL;

  for (guint o = 0; o < model->n_observations; o++)
    n_answers *= model->observations[o].n_values + 1;
  known = g_new (double, n_answers *self.n_sets);
  for (guint i = 0; i < n_answers * self.n_sets; i++)
    known[i] = NAN;
  for (guint done = 0; done < self.n_sets; done++)
    for (guint c = 0; c < model->n_causes; c++)
      survival[done * model->n_causes + c] =
          get_survival (model, actions, model->n_actions, done, c);
  self.survival = survival;
  self.known = known;
  return search_best (&self, priors, 0, 0);
}

/* What our policy costs on average, followed down every branch. */
static double
get_our_policy (const PfaModel *model, const PfaEvidence *evidence)
{
  g_autoptr (PfaDecision) decision = pfa_diagnosis_decide (model, evidence, NULL);
  g_autoptr (PfaEvidence) after = pfa_evidence_copy (evidence);
  double cost;

  if (decision->next_kind == PFA_NEXT_CALL_SUPPORT)
    return model->service_minutes;
  if (decision->next_kind == PFA_NEXT_ACTION)
    {
      double p = g_array_index (decision->actions, PfaActionRank, 0).p;

      pfa_evidence_add_failed (after, model->actions[decision->next].id);
      return model->actions[decision->next].minutes + (1 - p) * get_our_policy (model, after);
    }
  cost = model->observations[decision->next].minutes;
  for (guint v = 0; v < model->observations[decision->next].n_values; v++)
    {
      const PfaObservationKind *kind = &model->observations[decision->next];
      double p = 0;

      for (guint c = 0; c < model->n_causes; c++)
        p += decision->posterior[c] * kind->likelihood[v * model->n_causes + c];
      pfa_evidence_take (after,
                         pfa_observation_new (kind->id, kind->values[v].id, PFA_FROM_PERSON));
      cost += p * get_our_policy (model, after);
    }
  return cost;
}

static void
bench_against_every_policy (const PfaModel *model)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (69);
  Mean ours = { 0 }, optimum = { 0 }, silent = { 0 }, gap = { 0 };

  for (guint i = 0; i < SUB_MODELS; i++)
    {
      g_autoptr (PfaModel) small = cut_down (model, random);
      g_autoptr (PfaEvidence) nothing = pfa_evidence_new ();
      g_autofree double *priors = g_new (double, small->n_causes);
      guint actions[SUB_ACTIONS];
      double best;
      double our;

      for (guint c = 0; c < small->n_causes; c++)
        priors[c] = small->causes[c].prior;
      for (guint a = 0; a < small->n_actions; a++)
        actions[a] = a;
      best = get_best_policy (small, priors, actions);
      our = get_our_policy (small, nothing);
      add (&optimum, best);
      add (&ours, our);
      add (&silent, get_optimum (small, priors, actions, small->n_actions));
      add (&gap, (our / best - 1) * 100);
    }
  g_print ("\nOn %d cut-down models (%d causes, %d actions, %d questions)\n",
           SUB_MODELS,
           SUB_CAUSES,
           SUB_ACTIONS,
           SUB_QUESTIONS);
  print_mean ("our policy, questions and actions", &ours);
  print_mean ("proved optimum of all policies", &optimum);
  print_mean ("proved optimum without questions", &silent);
  g_print ("  gap to the optimum: mean %.2f %%, worst %.1f %% (goal: mean under 1 %%)\n",
           get_mean (&gap),
           gap.most);
}

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (&error);
  PfaModel *model;
  Orders orders = { 0 };

  setlocale (LC_ALL, "");
  g_assert_no_error (error);
  model = pfa_knowledge_get_model (knowledge);
  read_orders (model, &orders);
  g_print ("Expected minutes of a person's attention, a call costs %g\n", model->service_minutes);
  bench_before_any_check (model, &orders);
  bench_after_the_checks (model, &orders);
  bench_against_every_policy (model);
  return 0;
}
