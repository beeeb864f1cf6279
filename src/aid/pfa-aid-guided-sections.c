/* pfa-aid-guided-sections.c - what support is shown, section by section
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-guided-sections.h"

#include <math.h>

#include "pfa-json.h"

/* More causes than these nobody reads; the rest is in the bundle. */
#define MAX_CAUSES 8
/* Reasons for each, and what the weakest of them must weigh. */
#define MAX_REASONS 6
#define LEAST_DB    0.5

static const char *const aid_states[] = {
  [PFA_AID_IDLE] = "idle",
  [PFA_AID_READY] = "ready",
  [PFA_AID_CHECKING] = "checking",
  [PFA_AID_STEPPING] = "stepping",
  [PFA_AID_RECHECKING] = "rechecking",
  [PFA_AID_ENDED] = "ended",
};

static void
copy_member (JsonObject *from, JsonObject *to, const char *member)
{
  JsonNode *node = json_object_get_member (from, member);

  if (node != NULL)
    json_object_set_member (to, member, json_node_copy (node));
}

static JsonObject *
build_head (PfaAid *aid, JsonObject *report, const char *language)
{
  static const char *const members[] = { "program", "code", "provider", "started", "complete" };
  JsonObject *head = json_object_new ();
  g_autofree char *headline = pfa_aid_dup_headline (aid, language);
  g_autofree char *confidence = pfa_aid_dup_confidence (aid, language);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    copy_member (report, head, members[i]);
  json_object_set_string_member (head, "state", aid_states[pfa_aid_get_state (aid)]);
  json_object_set_string_member (head, "outcome", pfa_aid_get_incident (aid)->state);
  json_object_set_string_member (head, "headline", headline);
  json_object_set_string_member (head, "confidence", confidence);
  json_object_set_string_member (head, "language", pfa_text_match_language (language));
  return head;
}

/* Nobody reads more digits, and each of them is sent. */
static double
shorten (double value, double parts)
{
  return round (value * parts) / parts;
}

static JsonObject *
build_cause (JsonObject *cause)
{
  static const char *const members[] = { "id", "where", "title" };
  JsonObject *object = json_object_new ();
  JsonArray *reasons = pfa_json_peek_array (cause, "reasons");
  JsonArray *short_reasons = json_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    copy_member (cause, object, members[i]);
  json_object_set_double_member (object,
                                 "probability",
                                 shorten (pfa_json_peek_double (cause, "probability", 0), 1000));
  for (guint i = 0; reasons != NULL && i < json_array_get_length (reasons); i++)
    {
      JsonObject *reason = json_array_get_object_element (reasons, i);
      double db = pfa_json_peek_double (reason, "db", 0);
      JsonObject *short_reason;

      if (fabs (db) < LEAST_DB || json_array_get_length (short_reasons) == MAX_REASONS)
        continue;
      short_reason = json_object_new ();
      copy_member (reason, short_reason, "text");
      json_object_set_double_member (short_reason, "db", shorten (db, 10));
      json_array_add_object_element (short_reasons, short_reason);
    }
  json_object_set_array_member (object, "reasons", short_reasons);
  return object;
}

static JsonArray *
build_causes (JsonObject *report)
{
  JsonArray *all = pfa_json_peek_array (report, "causes");
  JsonArray *array = json_array_new ();

  for (guint i = 0; all != NULL && i < MIN (json_array_get_length (all), MAX_CAUSES); i++)
    json_array_add_object_element (array, build_cause (json_array_get_object_element (all, i)));
  return array;
}

/* The title of the question and the words of the answer, not only ids. */
static JsonArray *
build_observations (PfaAid *aid, JsonObject *report, const char *language)
{
  JsonArray *all = pfa_json_peek_array (report, "observations");
  JsonArray *array = json_array_new ();

  for (guint i = 0; all != NULL && i < json_array_get_length (all); i++)
    {
      JsonObject *seen = json_array_get_object_element (all, i);
      JsonObject *object = json_object_new ();
      const PfaObservationKind *kind =
          pfa_knowledge_find_observation (pfa_aid_get_knowledge (aid),
                                          pfa_json_peek_string (seen, "id"));
      const char *value = pfa_json_peek_string (seen, "value");
      int index = kind != NULL ? pfa_observation_kind_find_value (kind, value) : -1;

      copy_member (seen, object, "id");
      copy_member (seen, object, "value");
      copy_member (seen, object, "reason");
      if (kind != NULL)
        json_object_set_string_member (object, "title", pfa_text_get (kind->title, language));
      if (index >= 0)
        json_object_set_string_member (object,
                                       "text",
                                       pfa_text_get (kind->values[index].because, language));
      json_array_add_object_element (array, object);
    }
  return array;
}

/* A figure with all its digits could pass for a card's number, and be masked. */
static JsonNode *
build_step (JsonNode *node)
{
  JsonNode *copy = json_node_copy (node);
  g_autofree char *text = pfa_json_write (node, FALSE);
  g_autoptr (JsonObject) step = pfa_json_parse_object (text, -1, "step", NULL);

  if (step == NULL || !json_object_has_member (step, "minutes"))
    return copy;
  json_node_unref (copy);
  json_object_set_double_member (step,
                                 "minutes",
                                 shorten (pfa_json_peek_double (step, "minutes", 0), 10));
  copy = json_node_alloc ();
  json_node_init_object (copy, step);
  return copy;
}

static JsonArray *
build_steps (PfaAid *aid, const char *language)
{
  GPtrArray *steps = pfa_aid_get_incident (aid)->steps;
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < steps->len; i++)
    {
      const PfaIncidentStep *step = g_ptr_array_index (steps, i);
      const PfaAction *action =
          pfa_knowledge_find_action (pfa_aid_get_knowledge (aid), step->action);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", step->action);
      json_object_set_string_member (object,
                                     "title",
                                     action != NULL ? pfa_text_get (action->title, language)
                                                    : step->action);
      json_object_set_string_member (object, "outcome", step->outcome);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonObject *
build_offer (const char *id, PfaText *title, const char *language)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", id);
  if (title != NULL)
    json_object_set_string_member (object, "title", pfa_text_get (title, language));
  return object;
}

gboolean
pfa_aid_guided_is_check (const PfaObservationKind *kind)
{
  return g_strcmp0 (kind->kind, "check") == 0;
}

/* All that this program's knowledge lets support ask for: the page needs no knowledge of its own.
 */
static JsonObject *
build_offers (PfaAid *aid, const char *language, gboolean send)
{
  PfaModel *model = pfa_knowledge_get_model (pfa_aid_get_knowledge (aid));
  JsonObject *offers = json_object_new ();
  JsonArray *steps = json_array_new ();
  JsonArray *questions = json_array_new ();
  JsonArray *checks = json_array_new ();

  for (guint i = 0; i < model->n_actions; i++)
    json_array_add_object_element (steps,
                                   build_offer (model->actions[i].id,
                                                model->actions[i].title,
                                                language));
  json_array_add_object_element (checks, build_offer ("all", NULL, language));
  for (guint i = 0; i < model->n_observations; i++)
    {
      const PfaObservationKind *kind = &model->observations[i];

      if (g_strcmp0 (kind->kind, "question") == 0)
        json_array_add_object_element (questions, build_offer (kind->id, kind->title, language));
      else if (pfa_aid_guided_is_check (kind))
        json_array_add_object_element (checks, build_offer (kind->id, kind->title, language));
    }
  json_object_set_array_member (offers, "steps", steps);
  json_object_set_array_member (offers, "questions", questions);
  json_object_set_array_member (offers, "checks", checks);
  json_object_set_boolean_member (offers, "bundle", send);
  return offers;
}

JsonObject *
pfa_aid_guided_build_sections (PfaAid *aid, const char *language, gboolean send)
{
  g_autoptr (JsonObject) report = pfa_aid_build_report (aid, language);
  const PfaIncident *incident = pfa_aid_get_incident (aid);
  JsonObject *sections = json_object_new ();
  JsonNode *step = json_object_get_member (report, "next_step");
  JsonNode *payment = json_object_get_member (report, "payment");

  json_object_set_object_member (sections, "head", build_head (aid, report, language));
  json_object_set_array_member (sections, "stations", pfa_aid_build_stations (aid, language));
  json_object_set_array_member (sections, "causes", build_causes (report));
  if (step != NULL)
    json_object_set_member (sections, "step", build_step (step));
  json_object_set_array_member (sections, "steps", build_steps (aid, language));
  if (payment != NULL)
    json_object_set_member (sections, "payment", json_node_copy (payment));
  if (incident->terminal_status != NULL)
    json_object_set_object_member (sections,
                                   "terminal",
                                   json_object_ref (incident->terminal_status));
  json_object_set_object_member (sections, "offers", build_offers (aid, language, send));
  json_object_set_array_member (sections,
                                "observations",
                                build_observations (aid, report, language));
  return sections;
}
