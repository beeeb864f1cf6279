/* pfa-knowledge.c - all that is known beforehand, as compiled in or updated by the provider
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-knowledge.h"

#include <string.h>

#include "pfa-code-words.h"
#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-knowledge-data.h"

#define RESOURCE_ROOT  "/io/github/pos_first_aid/knowledge/"
#define FIRST_PROVIDER "generic"

struct _PfaKnowledge
{
  GObject parent_instance;

  PfaModel *model;
  GHashTable *causes;       /* id → PfaCause, in the model */
  GHashTable *observations; /* id → PfaObservationKind, in the model */
  GHashTable *actions;      /* id → PfaAction, in the model */
  GPtrArray *guards;
  GPtrArray *codes; /* sorted by code */
  GPtrArray *providers;
  GPtrArray *topics; /* in their order */
  JsonObject *payment;
  JsonObject *words;
};

G_DEFINE_FINAL_TYPE (PfaKnowledge, pfa_knowledge, G_TYPE_OBJECT)

/* What is compiled in was checked when it was put together: it needs no guard against strangers. */
static JsonNode *
load_resource (const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (RESOURCE_ROOT, name, NULL);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) bytes = g_resource_lookup_data (pfa_knowledge_data_get_resource (),
                                                     path,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE,
                                                     &local);
  gconstpointer text;
  gsize length;

  if (bytes != NULL)
    {
      text = g_bytes_get_data (bytes, &length);
      if (json_parser_load_from_data (parser, text, (gssize) length, &local))
        return json_parser_steal_root (parser);
    }
  g_set_error (error, PFA_ERROR, PFA_ERROR_INTERNAL, "%s: %s", name, local->message);
  return NULL;
}

typedef gpointer (*ItemReader) (JsonObject *object, const char *where, GError **error);

/* The list @member of the file @name, each item through @read; NULL when one is broken. */
static GPtrArray *
load_items (const char *name,
            const char *member,
            ItemReader read,
            GDestroyNotify release,
            GError **error)
{
  g_autoptr (JsonNode) root = load_resource (name, error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (release);
  JsonArray *array;

  if (root == NULL)
    return NULL;
  array = pfa_json_require_array (json_node_get_object (root), member, name, error);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *where = g_strdup_printf ("%s: %s[%u]", name, member, i);
      gpointer item = read (json_array_get_object_element (array, i), where, error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (items, item);
    }
  return array != NULL ? g_steal_pointer (&items) : NULL;
}

static gpointer
read_guard (JsonObject *object, const char *where, GError **error)
{
  return pfa_guard_new_from_json (object, where, error);
}

static gpointer
read_code (JsonObject *object, const char *where, GError **error)
{
  return pfa_code_new_from_json (object, where, error);
}

static gpointer
read_topic (JsonObject *object, const char *where, GError **error)
{
  return pfa_topic_new_from_json (object, where, error);
}

static gpointer
read_provider (JsonObject *object, const char *where, GError **error)
{
  return pfa_provider_new_from_json (object, where, NULL, error);
}

static int
compare_codes (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(PfaCode *const *) a)->code, (*(PfaCode *const *) b)->code);
}

static int
compare_topics (gconstpointer a, gconstpointer b)
{
  const PfaTopic *left = *(PfaTopic *const *) a;
  const PfaTopic *right = *(PfaTopic *const *) b;

  return left->order < right->order ? -1 : left->order > right->order;
}

static int
compare_providers (gconstpointer a, gconstpointer b)
{
  const PfaProvider *left = *(PfaProvider *const *) a;
  const PfaProvider *right = *(PfaProvider *const *) b;
  gboolean left_first = g_str_equal (left->id, FIRST_PROVIDER);
  gboolean right_first = g_str_equal (right->id, FIRST_PROVIDER);

  if (left_first || right_first)
    return right_first - left_first;
  return g_utf8_collate (pfa_text_get (left->name, NULL), pfa_text_get (right->name, NULL));
}

/* Guards name actions; a name that means nothing would protect nobody. */
static gboolean
guards_fit (GPtrArray *guards, const PfaModel *model, GError **error)
{
  for (guint i = 0; i < guards->len; i++)
    {
      const PfaGuard *guard = guards->pdata[i];

      for (guint k = 0; guard->forbids[k] != NULL; k++)
        if (!g_str_equal (guard->forbids[k], "*") &&
            pfa_model_find_action (model, guard->forbids[k]) < 0)
          {
            g_set_error (error,
                         PFA_ERROR,
                         PFA_ERROR_BAD_INPUT,
                         "the guard “%s” forbids “%s”, which the model does not have",
                         guard->id,
                         guard->forbids[k]);
            return FALSE;
          }
    }
  return TRUE;
}

static void
index_model (PfaKnowledge *self)
{
  PfaModel *model = self->model;

  g_hash_table_remove_all (self->causes);
  g_hash_table_remove_all (self->observations);
  g_hash_table_remove_all (self->actions);
  for (guint i = 0; i < model->n_causes; i++)
    g_hash_table_insert (self->causes, model->causes[i].id, &model->causes[i]);
  for (guint i = 0; i < model->n_observations; i++)
    g_hash_table_insert (self->observations, model->observations[i].id, &model->observations[i]);
  for (guint i = 0; i < model->n_actions; i++)
    g_hash_table_insert (self->actions, model->actions[i].id, &model->actions[i]);
}

static gboolean
load_built_in (PfaKnowledge *self, GError **error)
{
  g_autoptr (JsonNode) model = load_resource ("model.json", error);
  g_autoptr (JsonNode) payment = model != NULL ? load_resource ("payment.json", error) : NULL;
  g_autoptr (JsonNode) words = payment != NULL ? load_resource ("words.json", error) : NULL;

  if (words == NULL)
    return FALSE;
  self->payment = json_node_dup_object (payment);
  self->words = json_node_dup_object (words);
  self->model = pfa_model_new_from_json (model, "model.json", error);
  if (self->model == NULL)
    return FALSE;
  self->guards =
      load_items ("guards.json", "guards", read_guard, (GDestroyNotify) pfa_guard_free, error);
  if (self->guards == NULL || !guards_fit (self->guards, self->model, error))
    return FALSE;
  self->codes =
      load_items ("codes.json", "codes", read_code, (GDestroyNotify) pfa_code_free, error);
  if (self->codes == NULL)
    return FALSE;
  self->providers = load_items ("providers.json",
                                "providers",
                                read_provider,
                                (GDestroyNotify) pfa_provider_unref,
                                error);
  if (self->providers == NULL)
    return FALSE;
  self->topics =
      load_items ("topics.json", "topics", read_topic, (GDestroyNotify) pfa_topic_free, error);
  if (self->topics == NULL)
    return FALSE;
  g_ptr_array_sort (self->codes, compare_codes);
  g_ptr_array_sort (self->providers, compare_providers);
  g_ptr_array_sort (self->topics, compare_topics);
  index_model (self);
  return TRUE;
}

PfaKnowledge *
pfa_knowledge_new (GError **error)
{
  g_autoptr (PfaKnowledge) self = g_object_new (PFA_TYPE_KNOWLEDGE, NULL);

  return load_built_in (self, error) ? g_steal_pointer (&self) : NULL;
}

static void
take_user_provider (PfaKnowledge *self, const char *path, GStrvBuilder *problems)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaProvider) provider = pfa_provider_load (path, &error);

  if (provider == NULL)
    {
      g_autofree char *problem =
          g_strdup_printf ("A provider's profile is broken and left out: %s", error->message);

      g_strv_builder_add (problems, problem);
      return;
    }
  for (guint i = 0; i < self->providers->len; i++)
    if (g_str_equal (((PfaProvider *) self->providers->pdata[i])->id, provider->id))
      {
        g_ptr_array_remove_index (self->providers, i);
        break;
      }
  g_ptr_array_add (self->providers, g_steal_pointer (&provider));
}

static void
take_user_providers (PfaKnowledge *self, const char *dir_path, GStrvBuilder *problems)
{
  g_autoptr (GDir) dir = g_dir_open (dir_path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json") && name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, (GCompareFunc) g_strcmp0);
  for (guint i = 0; i < names->len; i++)
    {
      const char *entry = names->pdata[i];
      g_autofree char *path = g_build_filename (dir_path, entry, NULL);

      take_user_provider (self, path, problems);
    }
  g_ptr_array_sort (self->providers, compare_providers);
}

PfaModel *
pfa_knowledge_examine_model (PfaKnowledge *self, JsonNode *json, const char *name, GError **error)
{
  g_autoptr (PfaModel) model = NULL;
  g_auto (GStrv) faults = pfa_model_validate (json, name);

  if (faults[0] != NULL && !g_str_has_prefix (faults[0], PFA_WARNING_PREFIX))
    {
      g_set_error_literal (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, faults[0]);
      return NULL;
    }
  model = pfa_model_new_from_json (json, name, error);
  return model != NULL && guards_fit (self->guards, model, error) ? g_steal_pointer (&model) : NULL;
}

static PfaModel *
load_user_model (PfaKnowledge *self, const char *path, GError **error)
{
  g_autoptr (JsonNode) json = pfa_json_load (path, error);

  return json != NULL ? pfa_knowledge_examine_model (self, json, path, error) : NULL;
}

static void
take_user_model (PfaKnowledge *self, const char *path, GStrvBuilder *problems)
{
  g_autoptr (GError) error = NULL;
  PfaModel *model;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  model = load_user_model (self, path, &error);
  if (model == NULL)
    {
      g_autofree char *problem =
          g_strdup_printf ("The updated knowledge is broken; the built-in copy is used: %s",
                           error->message);

      g_strv_builder_add (problems, problem);
      return;
    }
  pfa_model_unref (self->model);
  self->model = model;
  index_model (self);
}

PfaKnowledge *
pfa_knowledge_new_for_user (const char *user_data_dir, GStrv *problems, GError **error)
{
  g_autoptr (PfaKnowledge) self = pfa_knowledge_new (error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *providers = NULL;
  g_autofree char *model = NULL;

  if (self == NULL)
    return NULL;
  if (user_data_dir != NULL)
    {
      providers = g_build_filename (user_data_dir, "providers", NULL);
      model = g_build_filename (user_data_dir, "knowledge", "model.json", NULL);
      take_user_providers (self, providers, builder);
      take_user_model (self, model, builder);
    }
  if (problems != NULL)
    *problems = g_strv_builder_end (builder);
  return g_steal_pointer (&self);
}

PfaModel *
pfa_knowledge_get_model (PfaKnowledge *self)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self), NULL);

  return self->model;
}

const PfaCause *
pfa_knowledge_find_cause (PfaKnowledge *self, const char *id)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self) && id != NULL, NULL);

  return g_hash_table_lookup (self->causes, id);
}

const PfaObservationKind *
pfa_knowledge_find_observation (PfaKnowledge *self, const char *id)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self) && id != NULL, NULL);

  return g_hash_table_lookup (self->observations, id);
}

const PfaAction *
pfa_knowledge_find_action (PfaKnowledge *self, const char *id)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self) && id != NULL, NULL);

  return g_hash_table_lookup (self->actions, id);
}

GPtrArray *
pfa_knowledge_get_guards (PfaKnowledge *self)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self), NULL);

  return self->guards;
}

PfaCode *
pfa_knowledge_find_code (PfaKnowledge *self, const char *code)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self) && code != NULL, NULL);

  for (guint i = 0; i < self->codes->len; i++)
    {
      PfaCode *candidate = self->codes->pdata[i];

      if (g_ascii_strcasecmp (candidate->code, code) == 0)
        return candidate;
    }
  return NULL;
}

PfaCode *
pfa_knowledge_find_typed_code (PfaKnowledge *self, const char *typed)
{
  PfaCode *found;
  g_autofree char *code = NULL;
  g_autofree char *mended = NULL;

  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self) && typed != NULL, NULL);

  found = pfa_knowledge_find_code (self, typed);
  if (found != NULL)
    return found;
  code = pfa_code_words_read_code (typed);
  found = pfa_knowledge_find_code (self, code);
  if (found != NULL)
    return found;
  mended = pfa_code_words_mend_code (code);
  return pfa_knowledge_find_code (self, mended);
}

GPtrArray *
pfa_knowledge_get_codes (PfaKnowledge *self)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self), NULL);

  return self->codes;
}

typedef struct
{
  PfaCode *code;
  guint rating;
} Match;

static int
compare_matches (gconstpointer a, gconstpointer b)
{
  const Match *left = a;
  const Match *right = b;

  return left->rating != right->rating ? (left->rating < right->rating ? 1 : -1)
                                       : strcmp (left->code->code, right->code->code);
}

static gboolean
means_the_same (const PfaCode *a, const PfaCode *b)
{
  return g_str_equal (pfa_text_get (a->meaning, "en"), pfa_text_get (b->meaning, "en")) &&
         g_strv_equal ((const char *const *) a->screen_words,
                       (const char *const *) b->screen_words);
}

GPtrArray *
pfa_knowledge_search_codes (PfaKnowledge *self, const char *words, const char *language)
{
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (Match));
  GPtrArray *codes = g_ptr_array_new ();

  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self) && words != NULL, codes);

  for (guint i = 0; i < self->codes->len; i++)
    {
      Match match = { self->codes->pdata[i],
                      pfa_code_rate (self->codes->pdata[i], words, language) };

      if (match.rating > 0)
        g_array_append_val (matches, match);
    }
  g_array_sort (matches, compare_matches);
  for (guint i = 0; i < matches->len; i++)
    {
      PfaCode *code = g_array_index (matches, Match, i).code;
      gboolean said = FALSE;

      /* Ten codes of one meaning are one answer; the first stands for them. */
      for (guint k = 0; !said && k < codes->len; k++)
        said = means_the_same (codes->pdata[k], code);
      if (!said)
        g_ptr_array_add (codes, code);
    }
  return codes;
}

GPtrArray *
pfa_knowledge_get_topics (PfaKnowledge *self)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self), NULL);

  return self->topics;
}

const PfaTopic *
pfa_knowledge_find_topic (PfaKnowledge *self, const char *id)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self) && id != NULL, NULL);

  for (guint i = 0; i < self->topics->len; i++)
    if (g_str_equal (((PfaTopic *) self->topics->pdata[i])->id, id))
      return self->topics->pdata[i];
  return NULL;
}

GPtrArray *
pfa_knowledge_get_providers (PfaKnowledge *self)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self), NULL);

  return self->providers;
}

PfaProvider *
pfa_knowledge_find_provider (PfaKnowledge *self, const char *id)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self) && id != NULL, NULL);

  for (guint i = 0; i < self->providers->len; i++)
    {
      PfaProvider *provider = self->providers->pdata[i];

      if (g_str_equal (provider->id, id))
        return provider;
    }
  return NULL;
}

JsonObject *
pfa_knowledge_get_payment (PfaKnowledge *self)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self), NULL);

  return self->payment;
}

JsonObject *
pfa_knowledge_get_words (PfaKnowledge *self)
{
  g_return_val_if_fail (PFA_IS_KNOWLEDGE (self), NULL);

  return self->words;
}

static void
pfa_knowledge_finalize (GObject *object)
{
  PfaKnowledge *self = PFA_KNOWLEDGE (object);

  g_hash_table_unref (self->causes);
  g_hash_table_unref (self->observations);
  g_hash_table_unref (self->actions);
  g_clear_pointer (&self->model, pfa_model_unref);
  g_clear_pointer (&self->guards, g_ptr_array_unref);
  g_clear_pointer (&self->codes, g_ptr_array_unref);
  g_clear_pointer (&self->providers, g_ptr_array_unref);
  g_clear_pointer (&self->topics, g_ptr_array_unref);
  g_clear_pointer (&self->payment, json_object_unref);
  g_clear_pointer (&self->words, json_object_unref);

  G_OBJECT_CLASS (pfa_knowledge_parent_class)->finalize (object);
}

static void
pfa_knowledge_class_init (PfaKnowledgeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_knowledge_finalize;
}

static void
pfa_knowledge_init (PfaKnowledge *self)
{
  self->causes = g_hash_table_new (g_str_hash, g_str_equal);
  self->observations = g_hash_table_new (g_str_hash, g_str_equal);
  self->actions = g_hash_table_new (g_str_hash, g_str_equal);
}
