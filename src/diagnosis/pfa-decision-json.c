/* pfa-decision-json.c - a decision as `pos-first-aid diagnose --json` prints it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-diagnosis.h"

static JsonObject *
action_to_json (const PfaActionRank *rank, const PfaModel *model)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", model->actions[rank->action].id);
  json_object_set_double_member (object, "p", rank->p);
  json_object_set_double_member (object, "minutes", model->actions[rank->action].minutes);
  json_object_set_double_member (object, "efficiency", rank->efficiency);
  return object;
}

static JsonObject *
question_to_json (const PfaQuestionRank *rank, const PfaModel *model)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", model->observations[rank->question].id);
  json_object_set_double_member (object, "minutes", model->observations[rank->question].minutes);
  json_object_set_double_member (object, "ecr_if_asked", rank->ecr_if_asked);
  json_object_set_double_member (object, "worth", rank->worth);
  return object;
}

static void
get_next_words (const PfaDecision *self, const PfaModel *model, const char **kind, const char **id)
{
  *kind = "call_support";
  *id = model->service_id;
  if (self->next_kind == PFA_NEXT_ACTION)
    {
      *kind = "action";
      *id = model->actions[self->next].id;
    }
  else if (self->next_kind == PFA_NEXT_QUESTION)
    {
      *kind = "question";
      *id = model->observations[self->next].id;
    }
}

static JsonObject *
next_to_json (const PfaDecision *self, const PfaModel *model)
{
  JsonObject *object = json_object_new ();
  JsonArray *plan = json_array_new ();
  JsonArray *actions = json_array_new ();
  JsonArray *questions = json_array_new ();
  const char *kind;
  const char *id;

  get_next_words (self, model, &kind, &id);
  for (guint i = 0; i < self->plan->len; i++)
    json_array_add_string_element (plan, model->actions[g_array_index (self->plan, guint, i)].id);
  json_array_add_string_element (plan, model->service_id);
  for (guint i = 0; i < self->actions->len; i++)
    json_array_add_object_element (actions,
                                   action_to_json (&g_array_index (self->actions, PfaActionRank, i),
                                                   model));
  for (guint i = 0; i < self->questions->len; i++)
    json_array_add_object_element (
        questions,
        question_to_json (&g_array_index (self->questions, PfaQuestionRank, i), model));

  json_object_set_string_member (object, "kind", kind);
  json_object_set_string_member (object, "id", id);
  json_object_set_double_member (object, "ecr", self->ecr);
  json_object_set_array_member (object, "plan", plan);
  json_object_set_array_member (object, "actions", actions);
  json_object_set_array_member (object, "questions", questions);
  return object;
}

static JsonObject *
reason_to_json (const PfaReason *reason, const PfaModel *model, gboolean is_cause)
{
  JsonObject *object = json_object_new ();

  if (reason->observation >= 0)
    {
      const PfaObservationKind *kind = &model->observations[reason->observation];

      json_object_set_string_member (object, "evidence", kind->id);
      json_object_set_string_member (object, "value", kind->values[reason->value].id);
    }
  else
    {
      json_object_set_string_member (object, "evidence", "failed");
      json_object_set_string_member (object, "value", model->actions[reason->action].id);
    }
  json_object_set_double_member (object, "db", reason->db);
  if (is_cause)
    json_object_set_double_member (object, "against_next", reason->against_next);
  return object;
}

static JsonObject *
explanation_to_json (const PfaExplanation *self,
                     const PfaModel *model,
                     const char *of,
                     gboolean is_cause)
{
  JsonObject *object = json_object_new ();
  JsonArray *reasons = json_array_new ();

  for (guint i = 0; i < self->reasons->len; i++)
    json_array_add_object_element (reasons,
                                   reason_to_json (&g_array_index (self->reasons, PfaReason, i),
                                                   model,
                                                   is_cause));
  json_object_set_string_member (object, "of", of);
  if (self->rival >= 0)
    json_object_set_string_member (object, "rival", model->causes[self->rival].id);
  else
    json_object_set_null_member (object, "rival");
  json_object_set_double_member (object, "prior_db", self->prior_db);
  json_object_set_double_member (object, "posterior_db", self->posterior_db);
  json_object_set_array_member (object, "reasons", reasons);
  return object;
}

JsonObject *
pfa_decision_to_json (const PfaDecision *self, const PfaModel *model)
{
  JsonObject *object = json_object_new ();
  JsonObject *posterior = json_object_new ();
  JsonObject *places = json_object_new ();
  JsonArray *equal = json_array_new ();
  JsonArray *ignored = json_array_new ();

  for (guint c = 0; c < self->n_causes; c++)
    json_object_set_double_member (posterior, model->causes[c].id, self->posterior[c]);
  for (guint i = 0; i < self->places->len; i++)
    {
      const PfaPlaceShare *share = &g_array_index (self->places, PfaPlaceShare, i);

      json_object_set_double_member (places, share->place, share->probability);
    }
  for (guint i = 0; i < self->n_best; i++)
    json_array_add_string_element (
        equal,
        model->actions[g_array_index (self->actions, PfaActionRank, i).action].id);
  for (guint i = 0; i < self->ignored->len; i++)
    json_array_add_string_element (ignored,
                                   model->observations[g_array_index (self->ignored, guint, i)].id);

  json_object_set_object_member (object, "posterior", posterior);
  json_object_set_object_member (object, "places", places);
  json_object_set_object_member (object, "next", next_to_json (self, model));
  json_object_set_array_member (object, "equally_good_actions", equal);
  json_object_set_object_member (
      object,
      "explain",
      explanation_to_json (&self->cause, model, model->causes[self->leading_cause].id, TRUE));
  json_object_set_object_member (
      object,
      "explain_place",
      explanation_to_json (&self->place,
                           model,
                           g_array_index (self->places, PfaPlaceShare, 0).place,
                           FALSE));
  json_object_set_array_member (object, "ignored", ignored);
  json_object_set_double_member (object, "conflict_bits", self->conflict_bits);
  return object;
}
