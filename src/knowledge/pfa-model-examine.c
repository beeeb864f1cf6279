/* pfa-model-examine.c - everything that can be wrong with a model file (A.6)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-model-examine.h"

#include <math.h>

#include "pfa-json.h"
#include "pfa-model-examination.h"

#define damage(self, ...) pfa_fault_list_add ((self)->faults, PFA_FAULT_DAMAGE, __VA_ARGS__)
#define slack(self, ...)  pfa_fault_list_add ((self)->faults, PFA_FAULT_SLACK, __VA_ARGS__)

static GHashTable *
collect_ids (PfaExamination *self, JsonObject *model, const char *member, gboolean may_be_empty)
{
  JsonArray *array = pfa_examination_get_array (self, model, member, "model");
  GHashTable *ids = g_hash_table_new (g_str_hash, g_str_equal);

  if (array == NULL || (json_array_get_length (array) == 0 && !may_be_empty))
    damage (self, "model: “%s” is missing or empty", member);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      g_autofree char *path = g_strdup_printf ("%s[%u]", member, i);
      const char *id;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          damage (self, "%s is not an object", path);
          continue;
        }
      id = pfa_examination_require_word (self, json_node_get_object (node), "id", path);
      if (id != NULL && !g_hash_table_insert (ids, (gpointer) id, json_node_get_object (node)))
        damage (self, "%s: the id “%s” stands twice", member, id);
    }
  return ids;
}

typedef double (*ItemCheck) (PfaExamination *self, JsonObject *item, const char *path);

static double
examine_observation (PfaExamination *self, JsonObject *item, const char *path)
{
  pfa_examination_check_observation (self, item, path);
  return 0;
}

static double
examine_action (PfaExamination *self, JsonObject *item, const char *path)
{
  pfa_examination_check_action (self, item, path);
  return 0;
}

static double
check_items (PfaExamination *self, JsonObject *model, const char *member, ItemCheck check)
{
  JsonArray *array = pfa_json_peek_array (model, member);
  double sum = 0;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *id;
      g_autofree char *path = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      id = pfa_json_peek_string (json_node_get_object (node), "id");
      path = g_strdup_printf ("%s.%s", member, id != NULL ? id : "?");
      if (id != NULL)
        sum += check (self, json_node_get_object (node), path);
    }
  return sum;
}

static void
read_head (PfaExamination *self, JsonObject *model)
{
  static const char *const known[] = { "format",     "version",          "code",    "languages",
                                       "provenance", "inference",        "limits",  "safety",
                                       "service",    "causes",           "actions", "observations",
                                       "sign",       "reference_orders", NULL };
  JsonObject *limits = pfa_examination_get_object (self, model, "limits", "model");
  JsonObject *inference = pfa_examination_get_object (self, model, "inference", "model");
  const char *format = pfa_examination_require_word (self, model, "format", "model");
  double number;

  if (format != NULL && !g_str_equal (format, "pos96-model/1"))
    damage (self, "model: the format is “%s”, not “pos96-model/1”", format);
  pfa_examination_check_members (self, model, "model", known);
  pfa_examination_check_optional_word (self, model, "version", "model");
  pfa_examination_check_optional_word (self, model, "code", "model");
  pfa_examination_check_references (self, model, "languages", "model", NULL, NULL);
  self->languages = pfa_json_dup_strings (model, "languages", "model", NULL);
  if (self->languages == NULL)
    self->languages = g_new0 (char *, 1);
  if (self->is_whole && self->languages[0] == NULL)
    slack (self, "model: “languages” names none");

  if (limits != NULL && json_object_has_member (limits, "min_probability") &&
      pfa_examination_require_number (self, limits, "min_probability", "limits", &self->floor) &&
      !(self->floor > 0 && self->floor < 0.5))
    damage (self, "limits.min_probability: %g is not between 0 and 0.5", self->floor);
  if (limits != NULL && json_object_has_member (limits, "prior_total") &&
      pfa_examination_require_number (self, limits, "prior_total", "limits", &self->total) &&
      !(self->total > 0))
    damage (self, "limits.prior_total is not above 0");
  if (inference != NULL && json_object_has_member (inference, "temper_checks") &&
      pfa_examination_require_number (self, inference, "temper_checks", "inference", &number) &&
      !(number >= 0 && number <= 1))
    damage (self, "inference.temper_checks: %g is not between 0 and 1", number);
  if (inference != NULL && json_object_has_member (inference, "question_margin_minutes") &&
      pfa_examination_require_number (self,
                                      inference,
                                      "question_margin_minutes",
                                      "inference",
                                      &number) &&
      number < 0)
    damage (self, "inference.question_margin_minutes is below 0");
  if (self->is_whole && (limits == NULL || inference == NULL))
    slack (self, "model: “limits” or “inference” is missing");
}

static void
check_service (PfaExamination *self, JsonObject *model)
{
  static const char *const known[] = { "id", "minutes", "title", "source", "how", NULL };
  JsonObject *service = pfa_examination_get_object (self, model, "service", "model");
  const char *id;
  double minutes;

  if (service == NULL)
    {
      damage (self, "model: “service” is missing");
      return;
    }
  pfa_examination_check_members (self, service, "service", known);
  id = pfa_examination_require_word (self, service, "id", "service");
  if (id != NULL && g_hash_table_contains (self->actions, id))
    damage (self, "service: the id “%s” is also an action's", id);
  if (pfa_examination_require_number (self, service, "minutes", "service", &minutes) &&
      !(minutes > 0))
    damage (self, "service: a call costs time");
  pfa_examination_check_text (self, service, "title", "service", TRUE);
}

static void
check_safety_texts (PfaExamination *self)
{
  JsonObjectIter iter;
  const char *id;

  if (self->safety == NULL)
    return;
  json_object_iter_init_ordered (&iter, self->safety);
  while (json_object_iter_next_ordered (&iter, &id, NULL))
    pfa_examination_check_text (self, self->safety, id, "safety", FALSE);
}

static void
check_orders (PfaExamination *self, JsonObject *model)
{
  JsonObject *orders = pfa_examination_get_object (self, model, "reference_orders", "model");
  JsonObjectIter iter;
  const char *name;
  JsonNode *order;

  if (orders == NULL)
    return;
  json_object_iter_init_ordered (&iter, orders);
  while (json_object_iter_next_ordered (&iter, &name, &order))
    {
      g_autofree char *path = g_strdup_printf ("reference_orders.%s", name);

      if (JSON_NODE_HOLDS_OBJECT (order))
        pfa_examination_check_references (self,
                                          json_node_get_object (order),
                                          "actions",
                                          path,
                                          self->actions,
                                          "action");
      else
        damage (self, "%s is not an object", path);
    }
}

static void
check_no_shared_ids (PfaExamination *self)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->actions);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (g_hash_table_contains (self->observations, id))
      slack (self, "the id “%s” is an action's and an observation's", (const char *) id);
}

void
pfa_model_examine (JsonNode *json, PfaFaultList *faults, gboolean is_whole)
{
  PfaExamination self = { .faults = faults, .is_whole = is_whole, .floor = 0.005, .total = 1000 };
  g_autoptr (GHashTable) causes = NULL;
  g_autoptr (GHashTable) observations = NULL;
  g_autoptr (GHashTable) actions = NULL;
  g_autoptr (GHashTable) earlier = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) languages = NULL;
  JsonObject *model;
  double priors;

  if (json == NULL || !JSON_NODE_HOLDS_OBJECT (json))
    {
      damage (&self, "not a JSON object");
      return;
    }
  model = json_node_get_object (json);
  read_head (&self, model);
  languages = self.languages;
  self.causes = causes = collect_ids (&self, model, "causes", FALSE);
  self.observations = observations = collect_ids (&self, model, "observations", TRUE);
  self.actions = actions = collect_ids (&self, model, "actions", TRUE);
  self.earlier = earlier;
  self.safety = pfa_examination_get_object (&self, model, "safety", "model");

  check_service (&self, model);
  check_safety_texts (&self);
  check_no_shared_ids (&self);
  priors = check_items (&self, model, "causes", pfa_examination_check_cause);
  if (fabs (priors - self.total) > PFA_SUM_TOLERANCE * self.total)
    damage (&self, "causes: “per_1000” adds up to %.10g, not to %g", priors, self.total);
  if (!g_hash_table_contains (causes, "unknown"))
    slack (&self, "causes: “unknown” is missing");
  check_items (&self, model, "observations", examine_observation);
  check_items (&self, model, "actions", examine_action);
  check_orders (&self, model);
}
