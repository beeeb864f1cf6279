/* pfa-model-examine.c - everything that can be wrong with a model file (A.6)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-model-examine.h"

#include <math.h>

#include "pfa-json.h"

/* Sums of decimals that people write, in doubles. */
#define SUM_TOLERANCE   1e-5
#define BOUND_TOLERANCE 1e-12

typedef struct
{
  PfaFaultList *faults;
  gboolean is_whole;
  GStrv languages;
  double floor;
  double total;
  GHashTable *causes;       /* id → itself */
  GHashTable *observations; /* id → JsonObject: all of them */
  GHashTable *earlier;      /* id → JsonObject: those before the one looked at */
  GHashTable *actions;      /* id → itself */
  JsonObject *safety;       /* may be NULL */
} Examination;

#define damage(self, ...) pfa_fault_list_add ((self)->faults, PFA_FAULT_DAMAGE, __VA_ARGS__)
#define slack(self, ...)  pfa_fault_list_add ((self)->faults, PFA_FAULT_SLACK, __VA_ARGS__)

static gboolean
read_number (JsonNode *node, double *value)
{
  GType type;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  type = json_node_get_value_type (node);
  if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_double (node);
  return isfinite (*value);
}

static JsonObject *
get_object (Examination *self, JsonObject *object, const char *member, const char *path)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  damage (self, "%s.%s is not an object", path, member);
  return NULL;
}

static JsonArray *
get_array (Examination *self, JsonObject *object, const char *member, const char *path)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  damage (self, "%s.%s is not a list", path, member);
  return NULL;
}

/* A string that is there and not empty, else NULL and damage. */
static const char *
require_word (Examination *self, JsonObject *object, const char *member, const char *path)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    {
      damage (self, "%s: “%s” is missing or not a text", path, member);
      return NULL;
    }
  if (*json_node_get_string (node) != '\0')
    return json_node_get_string (node);
  damage (self, "%s.%s is empty", path, member);
  return NULL;
}

static void
check_optional_word (Examination *self, JsonObject *object, const char *member, const char *path)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node != NULL && !JSON_NODE_HOLDS_NULL (node) &&
      (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING))
    damage (self, "%s.%s is not a text", path, member);
}

static gboolean
require_number (Examination *self,
                JsonObject *object,
                const char *member,
                const char *path,
                double *value)
{
  if (read_number (json_object_get_member (object, member), value))
    return TRUE;
  damage (self, "%s: “%s” is missing or not a number", path, member);
  return FALSE;
}

static void
check_text (Examination *self,
            JsonObject *object,
            const char *member,
            const char *path,
            gboolean is_needed)
{
  pfa_fault_list_check_text (self->faults,
                             object,
                             member,
                             path,
                             (const char *const *) self->languages,
                             is_needed && self->is_whole);
}

static void
check_members (Examination *self, JsonObject *object, const char *path, const char *const *known)
{
  if (self->is_whole)
    pfa_fault_list_check_members (self->faults, PFA_FAULT_SLACK, object, path, known);
}

/* A list of strings without repeats; @lookup, if given, knows each of them. */
static void
check_references (Examination *self,
                  JsonObject *object,
                  const char *member,
                  const char *path,
                  GHashTable *lookup,
                  const char *what)
{
  JsonArray *array = get_array (self, object, member, path);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *id;

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        {
          damage (self, "%s.%s[%u] is not a text", path, member, i);
          continue;
        }
      id = json_node_get_string (node);
      if (!g_hash_table_add (seen, (gpointer) id))
        damage (self, "%s.%s: “%s” stands twice", path, member, id);
      if (lookup != NULL && !g_hash_table_contains (lookup, id))
        damage (self, "%s.%s: there is no %s “%s”", path, member, what, id);
    }
}

static gboolean
has_value (JsonObject *observation, const char *id)
{
  JsonArray *values = pfa_json_peek_array (observation, "values");

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      JsonNode *node = json_array_get_element (values, i);

      if (JSON_NODE_HOLDS_OBJECT (node) &&
          g_strcmp0 (pfa_json_peek_string (json_node_get_object (node), "id"), id) == 0)
        return TRUE;
    }
  return FALSE;
}

/* {observation: [values]}: blocked_by looks at earlier observations only, blocked_when at all. */
static void
check_blocks (Examination *self,
              JsonObject *object,
              const char *member,
              const char *path,
              GHashTable *allowed)
{
  JsonObject *blocks = get_object (self, object, member, path);
  g_autofree char *inner = g_strdup_printf ("%s.%s", path, member);
  JsonObjectIter iter;
  const char *id;

  if (blocks == NULL)
    return;
  json_object_iter_init_ordered (&iter, blocks);
  while (json_object_iter_next_ordered (&iter, &id, NULL))
    {
      JsonObject *observation = g_hash_table_lookup (allowed, id);
      JsonArray *values = get_array (self, blocks, id, inner);

      if (observation == NULL)
        damage (self,
                "%s: “%s” is no %sobservation",
                inner,
                id,
                g_hash_table_contains (self->observations, id) ? "earlier " : "");
      if (values == NULL || json_array_get_length (values) == 0)
        damage (self, "%s.%s names no value", inner, id);
      check_references (self, blocks, id, inner, NULL, NULL);
      for (guint i = 0; observation != NULL && values != NULL && i < json_array_get_length (values);
           i++)
        {
          JsonNode *node = json_array_get_element (values, i);
          const char *value = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

          if (value != NULL && !has_value (observation, value))
            damage (self, "%s.%s: there is no value “%s”", inner, id, value);
        }
    }
}

static void
check_row (Examination *self, JsonObject *observation, const char *path, JsonNode *node)
{
  JsonArray *values = pfa_json_peek_array (observation, "values");
  guint n_values = values != NULL ? json_array_get_length (values) : 0;
  double sum = 0;
  JsonObject *row;
  JsonObjectIter iter;
  const char *id;
  JsonNode *number;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      damage (self, "%s is missing or not a row of probabilities", path);
      return;
    }
  row = json_node_get_object (node);
  if (json_object_get_size (row) != n_values)
    damage (self, "%s lists %u values of %u", path, json_object_get_size (row), n_values);
  json_object_iter_init_ordered (&iter, row);
  while (json_object_iter_next_ordered (&iter, &id, &number))
    {
      double p;

      if (!has_value (observation, id))
        damage (self, "%s: there is no value “%s”", path, id);
      if (!read_number (number, &p))
        {
          damage (self, "%s.%s is not a number", path, id);
          continue;
        }
      if (p < self->floor - BOUND_TOLERANCE || p > 1 - self->floor + BOUND_TOLERANCE)
        damage (self,
                "%s.%s: %g is not between %g and %g",
                path,
                id,
                p,
                self->floor,
                1 - self->floor);
      sum += p;
    }
  if (fabs (sum - 1) > SUM_TOLERANCE)
    damage (self, "%s adds up to %.10g, not to 1", path, sum);
}

static void
check_values (Examination *self, JsonObject *observation, const char *path)
{
  static const char *const known[] = { "id", "because", "label", "state", "source", NULL };
  JsonArray *values = get_array (self, observation, "values", path);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (values == NULL || json_array_get_length (values) < 2)
    damage (self, "%s has fewer than two values", path);
  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      JsonNode *node = json_array_get_element (values, i);
      g_autofree char *inner = g_strdup_printf ("%s.values[%u]", path, i);
      const char *id;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          damage (self, "%s is not an object", inner);
          continue;
        }
      check_members (self, json_node_get_object (node), inner, known);
      id = require_word (self, json_node_get_object (node), "id", inner);
      if (id != NULL && !g_hash_table_add (seen, (gpointer) id))
        damage (self, "%s: the value “%s” stands twice", path, id);
      check_text (self, json_node_get_object (node), "because", inner, TRUE);
      check_text (self, json_node_get_object (node), "label", inner, FALSE);
      check_optional_word (self, json_node_get_object (node), "state", inner);
    }
}

static void
check_observation (Examination *self, JsonObject *observation, const char *path)
{
  static const char *const known[] = { "id",      "kind",       "minutes", "station", "source",
                                       "title",   "hint",       "values",  "default", "given",
                                       "mapping", "blocked_by", NULL };
  static const char *const kinds[] = { "check",   "terminal", "feed", "history",
                                       "setting", "question", NULL };
  g_autofree char *default_path = g_strdup_printf ("%s.default", path);
  const char *kind = require_word (self, observation, "kind", path);
  JsonObject *given = get_object (self, observation, "given", path);
  double minutes = 0;
  JsonObjectIter iter;
  const char *cause;
  JsonNode *row;

  check_members (self, observation, path, known);
  if (kind != NULL && !g_strv_contains (kinds, kind))
    slack (self, "%s: “%s” is no kind of observation", path, kind);
  if (json_object_has_member (observation, "minutes") || g_strcmp0 (kind, "question") == 0)
    if (require_number (self, observation, "minutes", path, &minutes))
      {
        if (minutes < 0)
          damage (self, "%s: %g minutes are less than none", path, minutes);
        else if (g_strcmp0 (kind, "question") == 0 && !(minutes > 0))
          damage (self, "%s: a question costs time", path);
      }
  check_optional_word (self, observation, "station", path);
  check_optional_word (self, observation, "source", path);
  check_text (self, observation, "title", path, TRUE);
  check_text (self, observation, "hint", path, FALSE);
  check_values (self, observation, path);
  check_row (self, observation, default_path, json_object_get_member (observation, "default"));
  if (given != NULL)
    {
      json_object_iter_init_ordered (&iter, given);
      while (json_object_iter_next_ordered (&iter, &cause, &row))
        {
          g_autofree char *row_path = g_strdup_printf ("%s.given.%s", path, cause);

          if (!g_hash_table_contains (self->causes, cause))
            damage (self, "%s: there is no cause “%s”", row_path, cause);
          check_row (self, observation, row_path, row);
        }
    }
  check_blocks (self, observation, "blocked_by", path, self->earlier);
  g_hash_table_insert (self->earlier,
                       (gpointer) pfa_json_peek_string (observation, "id"),
                       observation);
}

static void
check_fixes (Examination *self, JsonObject *action, const char *path)
{
  JsonObject *fixes = get_object (self, action, "fixes", path);
  JsonObjectIter iter;
  const char *cause;
  JsonNode *number;

  if (fixes == NULL)
    {
      damage (self, "%s: “fixes” is missing", path);
      return;
    }
  json_object_iter_init_ordered (&iter, fixes);
  while (json_object_iter_next_ordered (&iter, &cause, &number))
    {
      double p;

      if (!g_hash_table_contains (self->causes, cause))
        damage (self, "%s.fixes: there is no cause “%s”", path, cause);
      if (!read_number (number, &p))
        damage (self, "%s.fixes.%s is not a number", path, cause);
      else if (p < self->floor - BOUND_TOLERANCE || p > 1 - self->floor + BOUND_TOLERANCE)
        damage (self,
                "%s.fixes.%s: %g is not between %g and %g",
                path,
                cause,
                p,
                self->floor,
                1 - self->floor);
    }
}

static void
check_safety_references (Examination *self, JsonObject *action, const char *path)
{
  g_autoptr (GHashTable) lookup = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObjectIter iter;
  const char *id;

  if (self->safety != NULL)
    {
      json_object_iter_init_ordered (&iter, self->safety);
      while (json_object_iter_next_ordered (&iter, &id, NULL))
        g_hash_table_add (lookup, (gpointer) id);
    }
  check_references (self, action, "safety", path, lookup, "safety text");
}

static void
check_action (Examination *self, JsonObject *action, const char *path)
{
  static const char *const known[] = { "id",         "minutes", "risk",    "who",
                                       "family",     "safety",  "recheck", "blocked_when",
                                       "fixes",      "source",  "title",   "how",
                                       "interrupts", "undo",    "picture", NULL };
  double minutes;
  const char *risk;

  check_members (self, action, path, known);
  if (require_number (self, action, "minutes", path, &minutes) && !(minutes > 0))
    damage (self, "%s: an action costs time", path);
  check_optional_word (self, action, "risk", path);
  risk = pfa_json_peek_string (action, "risk");
  if (self->is_whole && g_strcmp0 (risk, "safe") != 0 && g_strcmp0 (risk, "caution") != 0)
    slack (self, "%s.risk is neither safe nor caution", path);
  check_optional_word (self, action, "family", path);
  check_optional_word (self, action, "who", path);
  check_optional_word (self, action, "source", path);
  check_fixes (self, action, path);
  check_safety_references (self, action, path);
  check_references (self, action, "recheck", path, self->observations, "observation");
  check_blocks (self, action, "blocked_when", path, self->observations);
  check_text (self, action, "title", path, TRUE);
  check_text (self, action, "how", path, FALSE);
  check_text (self, action, "interrupts", path, FALSE);
  check_text (self, action, "undo", path, FALSE);
}

static double
check_cause (Examination *self, JsonObject *cause, const char *path)
{
  static const char *const known[] = { "id",    "per_1000",    "where",        "source",
                                       "title", "explanation", "tell_support", NULL };
  double prior = 0;

  check_members (self, cause, path, known);
  require_word (self, cause, "where", path);
  check_optional_word (self, cause, "source", path);
  if (require_number (self, cause, "per_1000", path, &prior) && !(prior > 0))
    damage (self, "%s: “per_1000” is not above 0", path);
  check_text (self, cause, "title", path, TRUE);
  check_text (self, cause, "explanation", path, FALSE);
  check_text (self, cause, "tell_support", path, FALSE);
  return prior;
}

/* The ids of @member's items; (transfer full). Values: the items. */
static GHashTable *
collect_ids (Examination *self, JsonObject *model, const char *member, gboolean may_be_empty)
{
  JsonArray *array = get_array (self, model, member, "model");
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
      id = require_word (self, json_node_get_object (node), "id", path);
      if (id != NULL && !g_hash_table_insert (ids, (gpointer) id, json_node_get_object (node)))
        damage (self, "%s: the id “%s” stands twice", member, id);
    }
  return ids;
}

typedef double (*ItemCheck) (Examination *self, JsonObject *item, const char *path);

static double
check_observation_item (Examination *self, JsonObject *item, const char *path)
{
  check_observation (self, item, path);
  return 0;
}

static double
check_action_item (Examination *self, JsonObject *item, const char *path)
{
  check_action (self, item, path);
  return 0;
}

static double
check_items (Examination *self, JsonObject *model, const char *member, ItemCheck check)
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
read_head (Examination *self, JsonObject *model)
{
  static const char *const known[] = { "format",     "version",          "code",    "languages",
                                       "provenance", "inference",        "limits",  "safety",
                                       "service",    "causes",           "actions", "observations",
                                       "sign",       "reference_orders", NULL };
  JsonObject *limits = get_object (self, model, "limits", "model");
  JsonObject *inference = get_object (self, model, "inference", "model");
  const char *format = require_word (self, model, "format", "model");
  double number;

  if (format != NULL && !g_str_equal (format, "pos96-model/1"))
    damage (self, "model: the format is “%s”, not “pos96-model/1”", format);
  check_members (self, model, "model", known);
  check_optional_word (self, model, "version", "model");
  check_optional_word (self, model, "code", "model");
  check_references (self, model, "languages", "model", NULL, NULL);
  self->languages = pfa_json_dup_strings (model, "languages", "model", NULL);
  if (self->languages == NULL)
    self->languages = g_new0 (char *, 1);
  if (self->is_whole && self->languages[0] == NULL)
    slack (self, "model: “languages” names none");

  if (limits != NULL && json_object_has_member (limits, "min_probability") &&
      require_number (self, limits, "min_probability", "limits", &self->floor) &&
      !(self->floor > 0 && self->floor < 0.5))
    damage (self, "limits.min_probability: %g is not between 0 and 0.5", self->floor);
  if (limits != NULL && json_object_has_member (limits, "prior_total") &&
      require_number (self, limits, "prior_total", "limits", &self->total) && !(self->total > 0))
    damage (self, "limits.prior_total is not above 0");
  if (inference != NULL && json_object_has_member (inference, "temper_checks") &&
      require_number (self, inference, "temper_checks", "inference", &number) &&
      !(number >= 0 && number <= 1))
    damage (self, "inference.temper_checks: %g is not between 0 and 1", number);
  if (inference != NULL && json_object_has_member (inference, "question_margin_minutes") &&
      require_number (self, inference, "question_margin_minutes", "inference", &number) &&
      number < 0)
    damage (self, "inference.question_margin_minutes is below 0");
  if (self->is_whole && (limits == NULL || inference == NULL))
    slack (self, "model: “limits” or “inference” is missing");
}

static void
check_service (Examination *self, JsonObject *model)
{
  static const char *const known[] = { "id", "minutes", "title", "source", "how", NULL };
  JsonObject *service = get_object (self, model, "service", "model");
  const char *id;
  double minutes;

  if (service == NULL)
    {
      damage (self, "model: “service” is missing");
      return;
    }
  check_members (self, service, "service", known);
  id = require_word (self, service, "id", "service");
  if (id != NULL && g_hash_table_contains (self->actions, id))
    damage (self, "service: the id “%s” is also an action's", id);
  if (require_number (self, service, "minutes", "service", &minutes) && !(minutes > 0))
    damage (self, "service: a call costs time");
  check_text (self, service, "title", "service", TRUE);
}

static void
check_safety_texts (Examination *self)
{
  JsonObjectIter iter;
  const char *id;

  if (self->safety == NULL)
    return;
  json_object_iter_init_ordered (&iter, self->safety);
  while (json_object_iter_next_ordered (&iter, &id, NULL))
    check_text (self, self->safety, id, "safety", FALSE);
}

static void
check_orders (Examination *self, JsonObject *model)
{
  JsonObject *orders = get_object (self, model, "reference_orders", "model");
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
        check_references (self,
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
check_no_shared_ids (Examination *self)
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
  Examination self = { .faults = faults, .is_whole = is_whole, .floor = 0.005, .total = 1000 };
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
  self.safety = get_object (&self, model, "safety", "model");

  check_service (&self, model);
  check_safety_texts (&self);
  check_no_shared_ids (&self);
  priors = check_items (&self, model, "causes", check_cause);
  if (fabs (priors - self.total) > SUM_TOLERANCE * self.total)
    damage (&self, "causes: “per_1000” adds up to %.10g, not to %g", priors, self.total);
  if (!g_hash_table_contains (causes, "unknown"))
    slack (&self, "causes: “unknown” is missing");
  check_items (&self, model, "observations", check_observation_item);
  check_items (&self, model, "actions", check_action_item);
  check_orders (&self, model);
}
