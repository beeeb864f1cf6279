/* pfa-aid-report.c - the report of one run (DESIGN.md 4.2)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

#define FORMAT "pos-first-aid-report/1"
/* Reasons of the leading causes are worth their arithmetic; nobody reads those of the 70th. */
#define EXPLAINED_CAUSES 3

static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);

  return g_date_time_format_iso8601 (local);
}

static JsonArray *
build_observations (PfaAid *self)
{
  JsonArray *array = json_array_new ();
  GPtrArray *observations = self->incident->evidence->observations;

  for (guint i = 0; i < observations->len; i++)
    json_array_add_object_element (array, pfa_observation_to_json (observations->pdata[i]));
  return array;
}

static JsonArray *
build_reasons (PfaAid *self, GArray *reasons, const char *language)
{
  PfaModel *model = pfa_knowledge_get_model (self->knowledge);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < reasons->len; i++)
    {
      PfaReason *reason = &g_array_index (reasons, PfaReason, i);
      g_autofree char *because = pfa_words_build_because (self->words, model, reason, language);
      JsonObject *object = json_object_new ();

      if (reason->observation >= 0)
        {
          const PfaObservationKind *kind = &model->observations[reason->observation];

          json_object_set_string_member (object, "observation", kind->id);
          json_object_set_string_member (object, "value", kind->values[reason->value].id);
        }
      else
        json_object_set_string_member (object, "failed", model->actions[reason->action].id);
      json_object_set_double_member (object, "db", reason->db);
      json_object_set_string_member (object, "text", because);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonObject *
build_cause (PfaAid *self,
             const PfaEvidence *evidence,
             guint cause,
             gboolean explain,
             const char *language)
{
  PfaModel *model = pfa_knowledge_get_model (self->knowledge);
  JsonObject *object = json_object_new ();
  g_autoptr (GArray) reasons = NULL;

  json_object_set_string_member (object, "id", model->causes[cause].id);
  json_object_set_double_member (object, "probability", self->decision->posterior[cause]);
  json_object_set_string_member (object, "where", model->causes[cause].where);
  json_object_set_string_member (object,
                                 "title",
                                 pfa_text_get (model->causes[cause].title, language));
  if (explain)
    reasons = pfa_diagnosis_explain_cause (model, evidence, cause);
  if (reasons == NULL)
    reasons = g_array_new (FALSE, FALSE, sizeof (PfaReason));
  json_object_set_array_member (object, "reasons", build_reasons (self, reasons, language));
  return object;
}

static int
compare_causes (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const double *posterior = user_data;
  guint one = *(const guint *) a;
  guint two = *(const guint *) b;

  if (posterior[one] > posterior[two] || posterior[one] < posterior[two])
    return posterior[one] > posterior[two] ? -1 : 1;
  return one < two ? -1 : one > two;
}

static JsonArray *
build_causes (PfaAid *self, const char *language)
{
  JsonArray *array = json_array_new ();
  g_autoptr (PfaEvidence) evidence = pfa_aid_build_evidence (self);
  g_autofree guint *order = g_new (guint, self->decision->n_causes);

  for (guint i = 0; i < self->decision->n_causes; i++)
    order[i] = i;
  g_qsort_with_data (order,
                     (int) self->decision->n_causes,
                     sizeof *order,
                     compare_causes,
                     self->decision->posterior);
  for (guint i = 0; i < self->decision->n_causes; i++)
    json_array_add_object_element (
        array,
        build_cause (self, evidence, order[i], i < EXPLAINED_CAUSES, language));
  return array;
}

static JsonObject *
build_places (PfaAid *self)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < self->decision->places->len; i++)
    {
      PfaPlaceShare *share = &g_array_index (self->decision->places, PfaPlaceShare, i);

      json_object_set_double_member (object, share->place, share->probability);
    }
  return object;
}

/* By rule, whatever leads: what is wrong with this computer's own connection. */
static JsonArray *
build_computer (PfaAid *self, const char *language)
{
  PfaModel *model = pfa_knowledge_get_model (self->knowledge);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < model->n_observations; i++)
    {
      const PfaObservationKind *kind = &model->observations[i];
      const char *state;
      const char *value;
      JsonObject *object;

      if (g_strcmp0 (kind->station, "computer") != 0)
        continue;
      state = pfa_aid_get_value_state (self, kind->id);
      if (g_strcmp0 (state, "broken") != 0 && g_strcmp0 (state, "degraded") != 0)
        continue;
      value = pfa_evidence_get_value (self->incident->evidence, kind->id);
      object = json_object_new ();
      json_object_set_string_member (object, "id", kind->id);
      json_object_set_string_member (object, "value", value);
      json_object_set_string_member (
          object,
          "text",
          pfa_text_get (kind->values[pfa_observation_kind_find_value (kind, value)].because,
                        language));
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonObject *
build_payment (PfaAid *self, const char *language)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "state", pfa_payment_get_state (self->payment));
  json_object_set_boolean_member (object, "may_retry", pfa_payment_may_retry (self->payment));
  json_object_set_string_member (object,
                                 "title",
                                 pfa_text_get (pfa_payment_get_title (self->payment), language));
  json_object_set_string_member (object,
                                 "advice",
                                 pfa_text_get (pfa_payment_get_advice (self->payment), language));
  return object;
}

static JsonObject *
build_next_step (PfaAid *self, const char *language)
{
  PfaModel *model = pfa_knowledge_get_model (self->knowledge);
  JsonObject *object = json_object_new ();
  const char *kind = "call_support";
  const char *id = model->service_id;
  double minutes = self->provider != NULL && self->provider->support_minutes > 0
                       ? self->provider->support_minutes
                       : model->service_minutes;
  PfaText *title = model->service_title;

  if (self->decision->next_kind == PFA_NEXT_ACTION)
    {
      const PfaAction *action = &model->actions[self->decision->next];

      kind = "action";
      id = action->id;
      minutes = action->minutes;
      title = action->title;
    }
  else if (self->decision->next_kind == PFA_NEXT_QUESTION)
    {
      const PfaObservationKind *question = &model->observations[self->decision->next];

      kind = "question";
      id = question->id;
      minutes = question->minutes;
      title = question->title;
    }
  json_object_set_string_member (object, "kind", kind);
  json_object_set_string_member (object, "id", id);
  json_object_set_double_member (object, "minutes", minutes);
  json_object_set_string_member (object, "title", pfa_text_get (title, language));
  return object;
}

JsonObject *
pfa_aid_build_report (PfaAid *self, const char *language)
{
  JsonObject *report = json_object_new ();
  g_autofree char *started = NULL;

  g_return_val_if_fail (PFA_IS_AID (self) && self->incident != NULL && self->decision != NULL,
                        report);

  started = format_time (self->incident->started);
  json_object_set_string_member (report, "format", FORMAT);
  json_object_set_string_member (report, "program", PACKAGE_VERSION);
  json_object_set_string_member (report, "incident", self->incident->id);
  json_object_set_string_member (report, "code", self->incident->code);
  json_object_set_string_member (report, "provider", self->incident->provider);
  json_object_set_string_member (report, "connection", self->incident->connection);
  json_object_set_string_member (report, "answered", self->incident->answered);
  json_object_set_string_member (report, "started", started);
  json_object_set_int_member (report, "elapsed_ms", self->incident->elapsed_ms);
  json_object_set_boolean_member (report, "complete", self->incident->complete);
  json_object_set_array_member (report, "observations", build_observations (self));
  json_object_set_array_member (report, "causes", build_causes (self, language));
  json_object_set_object_member (report, "places", build_places (self));
  json_object_set_array_member (report, "computer", build_computer (self, language));
  json_object_set_object_member (report, "payment", build_payment (self, language));
  json_object_set_object_member (report, "next_step", build_next_step (self, language));
  json_object_set_double_member (report, "conflict_bits", self->decision->conflict_bits);
  json_object_set_boolean_member (report, "several_faults", pfa_aid_has_several_faults (self));
  return report;
}
