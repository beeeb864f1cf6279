/* pfa-model-examine-item.c - what can be wrong with one cause, observation or action
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>

#include "pfa-json.h"
#include "pfa-model-examination.h"

#define BOUND_TOLERANCE 1e-12

#define damage(self, ...) pfa_fault_list_add ((self)->faults, PFA_FAULT_DAMAGE, __VA_ARGS__)
#define slack(self, ...)  pfa_fault_list_add ((self)->faults, PFA_FAULT_SLACK, __VA_ARGS__)

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
check_blocks (PfaExamination *self,
              JsonObject *object,
              const char *member,
              const char *path,
              GHashTable *allowed)
{
  JsonObject *blocks = pfa_examination_get_object (self, object, member, path);
  g_autofree char *inner = g_strdup_printf ("%s.%s", path, member);
  JsonObjectIter iter;
  const char *id;

  if (blocks == NULL)
    return;
  json_object_iter_init_ordered (&iter, blocks);
  while (json_object_iter_next_ordered (&iter, &id, NULL))
    {
      JsonObject *observation = g_hash_table_lookup (allowed, id);
      JsonArray *values = pfa_examination_get_array (self, blocks, id, inner);

      if (observation == NULL)
        damage (self,
                "%s: “%s” is no %sobservation",
                inner,
                id,
                g_hash_table_contains (self->observations, id) ? "earlier " : "");
      if (values == NULL || json_array_get_length (values) == 0)
        damage (self, "%s.%s names no value", inner, id);
      pfa_examination_check_references (self, blocks, id, inner, NULL, NULL);
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
check_row (PfaExamination *self, JsonObject *observation, const char *path, JsonNode *node)
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
      if (!pfa_examination_read_number (number, &p))
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
  if (fabs (sum - 1) > PFA_SUM_TOLERANCE)
    damage (self, "%s adds up to %.10g, not to 1", path, sum);
}

static void
check_values (PfaExamination *self, JsonObject *observation, const char *path)
{
  static const char *const known[] = { "id", "because", "label", "state", "source", NULL };
  JsonArray *values = pfa_examination_get_array (self, observation, "values", path);
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
      pfa_examination_check_members (self, json_node_get_object (node), inner, known);
      id = pfa_examination_require_word (self, json_node_get_object (node), "id", inner);
      if (id != NULL && !g_hash_table_add (seen, (gpointer) id))
        damage (self, "%s: the value “%s” stands twice", path, id);
      pfa_examination_check_text (self, json_node_get_object (node), "because", inner, TRUE);
      pfa_examination_check_text (self, json_node_get_object (node), "label", inner, FALSE);
      pfa_examination_check_optional_word (self, json_node_get_object (node), "state", inner);
    }
}

void
pfa_examination_check_observation (PfaExamination *self, JsonObject *observation, const char *path)
{
  static const char *const known[] = { "id",      "kind",       "minutes", "station", "source",
                                       "title",   "hint",       "values",  "default", "given",
                                       "mapping", "blocked_by", NULL };
  static const char *const kinds[] = { "check",   "terminal", "feed", "history",
                                       "setting", "question", NULL };
  g_autofree char *default_path = g_strdup_printf ("%s.default", path);
  const char *kind = pfa_examination_require_word (self, observation, "kind", path);
  JsonObject *given = pfa_examination_get_object (self, observation, "given", path);
  double minutes = 0;
  JsonObjectIter iter;
  const char *cause;
  JsonNode *row;

  pfa_examination_check_members (self, observation, path, known);
  if (kind != NULL && !g_strv_contains (kinds, kind))
    slack (self, "%s: “%s” is no kind of observation", path, kind);
  if (json_object_has_member (observation, "minutes") || g_strcmp0 (kind, "question") == 0)
    if (pfa_examination_require_number (self, observation, "minutes", path, &minutes))
      {
        if (minutes < 0)
          damage (self, "%s: %g minutes are less than none", path, minutes);
        else if (g_strcmp0 (kind, "question") == 0 && !(minutes > 0))
          damage (self, "%s: a question costs time", path);
      }
  pfa_examination_check_optional_word (self, observation, "station", path);
  pfa_examination_check_optional_word (self, observation, "source", path);
  pfa_examination_check_text (self, observation, "title", path, TRUE);
  pfa_examination_check_text (self, observation, "hint", path, FALSE);
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
check_fixes (PfaExamination *self, JsonObject *action, const char *path)
{
  JsonObject *fixes = pfa_examination_get_object (self, action, "fixes", path);
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
      if (!pfa_examination_read_number (number, &p))
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
check_safety_references (PfaExamination *self, JsonObject *action, const char *path)
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
  pfa_examination_check_references (self, action, "safety", path, lookup, "safety text");
}

void
pfa_examination_check_action (PfaExamination *self, JsonObject *action, const char *path)
{
  static const char *const known[] = { "id",         "minutes", "risk",    "who",
                                       "family",     "safety",  "recheck", "blocked_when",
                                       "fixes",      "source",  "title",   "how",
                                       "interrupts", "undo",    "picture", NULL };
  double minutes;
  const char *risk;

  pfa_examination_check_members (self, action, path, known);
  if (pfa_examination_require_number (self, action, "minutes", path, &minutes) && !(minutes > 0))
    damage (self, "%s: an action costs time", path);
  pfa_examination_check_optional_word (self, action, "risk", path);
  risk = pfa_json_peek_string (action, "risk");
  if (self->is_whole && g_strcmp0 (risk, "safe") != 0 && g_strcmp0 (risk, "caution") != 0)
    slack (self, "%s.risk is neither safe nor caution", path);
  pfa_examination_check_optional_word (self, action, "family", path);
  pfa_examination_check_optional_word (self, action, "who", path);
  pfa_examination_check_optional_word (self, action, "source", path);
  check_fixes (self, action, path);
  check_safety_references (self, action, path);
  pfa_examination_check_references (self,
                                    action,
                                    "recheck",
                                    path,
                                    self->observations,
                                    "observation");
  check_blocks (self, action, "blocked_when", path, self->observations);
  pfa_examination_check_text (self, action, "title", path, TRUE);
  pfa_examination_check_text (self, action, "how", path, FALSE);
  pfa_examination_check_text (self, action, "interrupts", path, FALSE);
  pfa_examination_check_text (self, action, "undo", path, FALSE);
}

double
pfa_examination_check_cause (PfaExamination *self, JsonObject *cause, const char *path)
{
  static const char *const known[] = { "id",    "per_1000",    "where",        "source",
                                       "title", "explanation", "tell_support", NULL };
  double prior = 0;

  pfa_examination_check_members (self, cause, path, known);
  pfa_examination_require_word (self, cause, "where", path);
  pfa_examination_check_optional_word (self, cause, "source", path);
  if (pfa_examination_require_number (self, cause, "per_1000", path, &prior) && !(prior > 0))
    damage (self, "%s: “per_1000” is not above 0", path);
  pfa_examination_check_text (self, cause, "title", path, TRUE);
  pfa_examination_check_text (self, cause, "explanation", path, FALSE);
  pfa_examination_check_text (self, cause, "tell_support", path, FALSE);
  return prior;
}

/* The ids of @member's items; (transfer full). Values: the items. */
