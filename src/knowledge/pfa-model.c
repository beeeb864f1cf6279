/* pfa-model.c - what the engine reasons with: causes, observations, actions, in one value
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-model.h"

#include <math.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-model-examine.h"

/* What a file without "limits" and "inference" means. */
#define DEFAULT_FLOOR           0.005
#define DEFAULT_PRIOR_TOTAL     1000.0
#define DEFAULT_QUESTION_MARGIN 0.5

/* Ids to indices while a model is read. Keys belong to the JSON. */
typedef struct
{
  PfaModel *model;
  GHashTable *causes;
  GHashTable *observations;
  GHashTable *families;
} Builder;

static PfaText *
read_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? pfa_text_new_from_json (node, member, NULL)
                                                       : NULL;
}

static PfaText *
read_title (JsonObject *object)
{
  PfaText *title = read_text (object, "title");

  return title != NULL ? title : pfa_text_new_english (pfa_json_peek_string (object, "id"));
}

static char *
dup_word (JsonObject *object, const char *member)
{
  return g_strdup (pfa_json_peek_string (object, member));
}

static GStrv
dup_words (JsonObject *object, const char *member)
{
  GStrv words = pfa_json_dup_strings (object, member, member, NULL);

  return words != NULL ? words : g_new0 (char *, 1);
}

static guint
get_length (JsonObject *object, const char *member)
{
  JsonArray *array = pfa_json_peek_array (object, member);

  return array != NULL ? json_array_get_length (array) : 0;
}

static JsonObject *
get_item (JsonObject *object, const char *member, guint i)
{
  return json_array_get_object_element (pfa_json_peek_array (object, member), i);
}

static void
remember (GHashTable *table, JsonObject *item, guint index)
{
  g_hash_table_insert (table,
                       (gpointer) pfa_json_peek_string (item, "id"),
                       GUINT_TO_POINTER (index + 1));
}

static guint
recall (GHashTable *table, const char *id)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, id)) - 1;
}

static void
read_cause (PfaCause *cause, JsonObject *object)
{
  cause->id = dup_word (object, "id");
  cause->where = dup_word (object, "where");
  cause->source = dup_word (object, "source");
  cause->title = read_title (object);
  cause->explanation = read_text (object, "explanation");
  cause->tell_support = read_text (object, "tell_support");
}

static PfaBlock *
read_blocks (const Builder *builder, JsonObject *object, const char *member, guint *n_blocks)
{
  JsonObject *blocks = pfa_json_peek_object (object, member);
  PfaBlock *result;
  JsonObjectIter iter;
  const char *id;
  JsonNode *node;
  guint i = 0;

  *n_blocks = blocks != NULL ? json_object_get_size (blocks) : 0;
  result = g_new0 (PfaBlock, *n_blocks);
  if (blocks == NULL)
    return result;
  json_object_iter_init_ordered (&iter, blocks);
  while (json_object_iter_next_ordered (&iter, &id, &node))
    {
      PfaBlock *block = &result[i++];
      JsonArray *values = json_node_get_array (node);
      const PfaObservationKind *upstream;

      block->observation = recall (builder->observations, id);
      upstream = &builder->model->observations[block->observation];
      block->n_values = json_array_get_length (values);
      block->values = g_new0 (guint, block->n_values);
      for (guint v = 0; v < block->n_values; v++)
        block->values[v] =
            (guint) pfa_observation_kind_find_value (upstream,
                                                     json_array_get_string_element (values, v));
    }
  return result;
}

static void
read_values (PfaObservationKind *kind, JsonObject *object)
{
  kind->n_values = get_length (object, "values");
  kind->values = g_new0 (PfaValue, kind->n_values);
  for (guint i = 0; i < kind->n_values; i++)
    {
      JsonObject *value = get_item (object, "values", i);

      kind->values[i].id = dup_word (value, "id");
      kind->values[i].because = read_text (value, "because");
      kind->values[i].label = read_text (value, "label");
      kind->values[i].state = dup_word (value, "state");
    }
}

/* The default row for every cause, then the rows of those that have their own. */
static void
read_rows (const Builder *builder, PfaObservationKind *kind, JsonObject *object)
{
  guint n_causes = builder->model->n_causes;
  double temper = g_str_equal (kind->kind, "check") ? builder->model->temper_checks : 1;
  JsonObject *standard = pfa_json_peek_object (object, "default");
  JsonObject *given = pfa_json_peek_object (object, "given");
  JsonObjectIter iter;
  const char *cause;
  JsonNode *row;

  kind->likelihood = g_new (double, kind->n_values *n_causes);
  kind->log_likelihood = g_new (double, kind->n_values *n_causes);
  for (guint v = 0; v < kind->n_values; v++)
    {
      double p = pfa_json_peek_double (standard, kind->values[v].id, 0);
      double log_p = temper * log (p);

      for (guint c = 0; c < n_causes; c++)
        {
          kind->likelihood[v * n_causes + c] = p;
          kind->log_likelihood[v * n_causes + c] = log_p;
        }
    }
  if (given == NULL)
    return;
  json_object_iter_init_ordered (&iter, given);
  while (json_object_iter_next_ordered (&iter, &cause, &row))
    for (guint v = 0; v < kind->n_values; v++)
      {
        guint at = v * n_causes + recall (builder->causes, cause);

        kind->likelihood[at] =
            pfa_json_peek_double (json_node_get_object (row), kind->values[v].id, 0);
        kind->log_likelihood[at] = temper * log (kind->likelihood[at]);
      }
}

static void
read_observation (const Builder *builder, PfaObservationKind *kind, JsonObject *object)
{
  kind->id = dup_word (object, "id");
  kind->kind = dup_word (object, "kind");
  kind->is_question = g_str_equal (kind->kind, "question");
  kind->is_setting = g_str_equal (kind->kind, "setting");
  kind->station = dup_word (object, "station");
  kind->source = dup_word (object, "source");
  kind->minutes = pfa_json_peek_double (object, "minutes", 0);
  kind->title = read_title (object);
  kind->hint = read_text (object, "hint");
  read_values (kind, object);
  read_rows (builder, kind, object);
  kind->blocks = read_blocks (builder, object, "blocked_by", &kind->n_blocks);
}

static int
read_family (Builder *builder, const char *family)
{
  gpointer known;

  if (family == NULL)
    return -1;
  known = g_hash_table_lookup (builder->families, family);
  if (known == NULL)
    {
      known = GUINT_TO_POINTER (++builder->model->n_families);
      g_hash_table_insert (builder->families, (gpointer) family, known);
    }
  return (int) GPOINTER_TO_UINT (known) - 1;
}

static void
read_fixes (const Builder *builder, PfaAction *action, JsonObject *object)
{
  JsonObject *fixes = pfa_json_peek_object (object, "fixes");
  JsonObjectIter iter;
  const char *cause;
  JsonNode *chance;
  guint i = 0;

  action->n_fixes = json_object_get_size (fixes);
  action->fixes = g_new0 (PfaFix, action->n_fixes);
  json_object_iter_init_ordered (&iter, fixes);
  while (json_object_iter_next_ordered (&iter, &cause, &chance))
    action->fixes[i++] = (PfaFix){ recall (builder->causes, cause), json_node_get_double (chance) };
}

static void
read_action (Builder *builder, PfaAction *action, JsonObject *object)
{
  action->id = dup_word (object, "id");
  action->family = dup_word (object, "family");
  action->family_index = read_family (builder, action->family);
  action->risk = dup_word (object, "risk");
  action->who = dup_word (object, "who");
  action->source = dup_word (object, "source");
  action->minutes = pfa_json_peek_double (object, "minutes", 1);
  read_fixes (builder, action, object);
  action->blocks = read_blocks (builder, object, "blocked_when", &action->n_blocks);
  action->safety = dup_words (object, "safety");
  action->recheck = dup_words (object, "recheck");
  action->title = read_title (object);
  action->how = read_text (object, "how");
  action->interrupts = read_text (object, "interrupts");
  action->undo = read_text (object, "undo");
}

static double
read_number (JsonObject *object, const char *member, double fallback)
{
  return object != NULL ? pfa_json_peek_double (object, member, fallback) : fallback;
}

static void
read_head (PfaModel *self, JsonObject *object)
{
  JsonObject *limits = pfa_json_peek_object (object, "limits");
  JsonObject *inference = pfa_json_peek_object (object, "inference");
  JsonObject *service = pfa_json_peek_object (object, "service");
  JsonObject *safety = pfa_json_peek_object (object, "safety");
  JsonObjectIter iter;
  const char *id;

  self->version = dup_word (object, "version");
  self->code = dup_word (object, "code");
  self->languages = dup_words (object, "languages");
  self->min_probability = read_number (limits, "min_probability", DEFAULT_FLOOR);
  self->prior_total = read_number (limits, "prior_total", DEFAULT_PRIOR_TOTAL);
  self->temper_checks = read_number (inference, "temper_checks", 1);
  self->question_margin_minutes =
      read_number (inference, "question_margin_minutes", DEFAULT_QUESTION_MARGIN);
  self->service_id = dup_word (service, "id");
  self->service_minutes = pfa_json_peek_double (service, "minutes", 1);
  self->service_title = read_title (service);
  self->safety =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pfa_text_unref);
  if (safety == NULL)
    return;
  json_object_iter_init_ordered (&iter, safety);
  while (json_object_iter_next_ordered (&iter, &id, NULL))
    g_hash_table_insert (self->safety, g_strdup (id), read_text (safety, id));
}

static void
read_causes (Builder *builder, JsonObject *object)
{
  PfaModel *self = builder->model;

  self->n_causes = get_length (object, "causes");
  self->causes = g_new0 (PfaCause, self->n_causes);
  for (guint i = 0; i < self->n_causes; i++)
    {
      JsonObject *item = get_item (object, "causes", i);

      read_cause (&self->causes[i], item);
      self->causes[i].prior = pfa_json_peek_double (item, "per_1000", 0) / self->prior_total;
      self->causes[i].log_prior = log (self->causes[i].prior);
      remember (builder->causes, item, i);
    }
}

static PfaModel *
build (JsonNode *json)
{
  g_autoptr (GHashTable) causes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) observations = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) families = g_hash_table_new (g_str_hash, g_str_equal);
  PfaModel *self = g_new0 (PfaModel, 1);
  Builder builder = { self, causes, observations, families };
  JsonObject *object = json_node_get_object (json);

  g_atomic_ref_count_init (&self->references);
  self->json = json_node_ref (json);
  read_head (self, object);
  read_causes (&builder, object);

  self->n_observations = get_length (object, "observations");
  self->observations = g_new0 (PfaObservationKind, self->n_observations);
  for (guint i = 0; i < self->n_observations; i++)
    {
      JsonObject *item = get_item (object, "observations", i);

      read_observation (&builder, &self->observations[i], item);
      remember (observations, item, i);
    }
  self->n_actions = get_length (object, "actions");
  self->actions = g_new0 (PfaAction, self->n_actions);
  for (guint i = 0; i < self->n_actions; i++)
    read_action (&builder, &self->actions[i], get_item (object, "actions", i));
  return self;
}

PfaModel *
pfa_model_new_from_json (JsonNode *json, const char *name, GError **error)
{
  g_autoptr (PfaFaultList) faults = pfa_fault_list_new (name);

  g_return_val_if_fail (json != NULL && name != NULL, NULL);

  pfa_model_examine (json, faults, FALSE);
  if (faults->damage == NULL)
    return build (json);
  g_set_error_literal (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, faults->damage);
  return NULL;
}

GStrv
pfa_model_validate (JsonNode *json, const char *name)
{
  g_autoptr (PfaFaultList) faults = pfa_fault_list_new (name);

  pfa_model_examine (json, faults, TRUE);
  if (faults->damage == NULL)
    pfa_model_examine_sense (json_node_get_object (json), faults);
  return pfa_fault_list_end (g_steal_pointer (&faults));
}

PfaModel *
pfa_model_ref (PfaModel *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static void
clear_blocks (PfaBlock *blocks, guint n_blocks)
{
  for (guint i = 0; i < n_blocks; i++)
    g_free (blocks[i].values);
  g_free (blocks);
}

static void
clear_cause (PfaCause *cause)
{
  g_free (cause->id);
  g_free (cause->where);
  g_free (cause->source);
  g_clear_pointer (&cause->title, pfa_text_unref);
  g_clear_pointer (&cause->explanation, pfa_text_unref);
  g_clear_pointer (&cause->tell_support, pfa_text_unref);
}

static void
clear_observation (PfaObservationKind *kind)
{
  g_free (kind->id);
  g_free (kind->kind);
  g_free (kind->station);
  g_free (kind->source);
  g_clear_pointer (&kind->title, pfa_text_unref);
  g_clear_pointer (&kind->hint, pfa_text_unref);
  for (guint i = 0; i < kind->n_values; i++)
    {
      g_free (kind->values[i].id);
      g_free (kind->values[i].state);
      g_clear_pointer (&kind->values[i].because, pfa_text_unref);
      g_clear_pointer (&kind->values[i].label, pfa_text_unref);
    }
  g_free (kind->values);
  g_free (kind->likelihood);
  g_free (kind->log_likelihood);
  clear_blocks (kind->blocks, kind->n_blocks);
}

static void
clear_action (PfaAction *action)
{
  g_free (action->id);
  g_free (action->family);
  g_free (action->risk);
  g_free (action->who);
  g_free (action->source);
  g_free (action->fixes);
  clear_blocks (action->blocks, action->n_blocks);
  g_strfreev (action->safety);
  g_strfreev (action->recheck);
  g_clear_pointer (&action->title, pfa_text_unref);
  g_clear_pointer (&action->how, pfa_text_unref);
  g_clear_pointer (&action->interrupts, pfa_text_unref);
  g_clear_pointer (&action->undo, pfa_text_unref);
}

void
pfa_model_unref (PfaModel *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  for (guint i = 0; i < self->n_causes; i++)
    clear_cause (&self->causes[i]);
  for (guint i = 0; i < self->n_observations; i++)
    clear_observation (&self->observations[i]);
  for (guint i = 0; i < self->n_actions; i++)
    clear_action (&self->actions[i]);
  g_free (self->causes);
  g_free (self->observations);
  g_free (self->actions);
  g_free (self->version);
  g_free (self->code);
  g_strfreev (self->languages);
  g_free (self->service_id);
  g_clear_pointer (&self->service_title, pfa_text_unref);
  g_hash_table_unref (self->safety);
  json_node_unref (self->json);
  g_free (self);
}

int
pfa_model_find_cause (const PfaModel *self, const char *id)
{
  for (guint i = 0; i < self->n_causes; i++)
    if (g_str_equal (self->causes[i].id, id))
      return (int) i;
  return -1;
}

int
pfa_model_find_observation (const PfaModel *self, const char *id)
{
  for (guint i = 0; i < self->n_observations; i++)
    if (g_str_equal (self->observations[i].id, id))
      return (int) i;
  return -1;
}

int
pfa_model_find_action (const PfaModel *self, const char *id)
{
  for (guint i = 0; i < self->n_actions; i++)
    if (g_str_equal (self->actions[i].id, id))
      return (int) i;
  return -1;
}

int
pfa_observation_kind_find_value (const PfaObservationKind *self, const char *id)
{
  for (guint i = 0; i < self->n_values; i++)
    if (g_str_equal (self->values[i].id, id))
      return (int) i;
  return -1;
}
