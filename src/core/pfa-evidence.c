/* pfa-evidence.c - all that is known in one run: observations, failed steps, skipped ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-evidence.h"

#include "pfa-error.h"
#include "pfa-json.h"

PfaEvidence *
pfa_evidence_new (void)
{
  PfaEvidence *self = g_new0 (PfaEvidence, 1);

  self->observations = g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_observation_unref);
  self->failed = g_ptr_array_new_with_free_func (g_free);
  self->skipped = g_ptr_array_new_with_free_func (g_free);
  return self;
}

PfaEvidence *
pfa_evidence_copy (const PfaEvidence *self)
{
  PfaEvidence *copy = pfa_evidence_new ();

  for (guint i = 0; i < self->observations->len; i++)
    g_ptr_array_add (copy->observations, pfa_observation_ref (self->observations->pdata[i]));
  for (guint i = 0; i < self->failed->len; i++)
    g_ptr_array_add (copy->failed, g_strdup (self->failed->pdata[i]));
  for (guint i = 0; i < self->skipped->len; i++)
    g_ptr_array_add (copy->skipped, g_strdup (self->skipped->pdata[i]));
  return copy;
}

void
pfa_evidence_free (PfaEvidence *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->observations);
  g_ptr_array_unref (self->failed);
  g_ptr_array_unref (self->skipped);
  g_free (self);
}

static gboolean
find_index (const PfaEvidence *self, const char *id, guint *index)
{
  for (guint i = 0; i < self->observations->len; i++)
    if (g_str_equal (((PfaObservation *) self->observations->pdata[i])->id, id))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

void
pfa_evidence_take (PfaEvidence *self, PfaObservation *observation)
{
  guint index;

  if (find_index (self, observation->id, &index))
    {
      pfa_observation_unref (self->observations->pdata[index]);
      self->observations->pdata[index] = observation;
    }
  else
    g_ptr_array_add (self->observations, observation);
}

void
pfa_evidence_set (PfaEvidence *self, PfaObservation *observation)
{
  pfa_evidence_take (self, pfa_observation_ref (observation));
}

gboolean
pfa_evidence_remove (PfaEvidence *self, const char *id)
{
  guint index;

  if (!find_index (self, id, &index))
    return FALSE;
  g_ptr_array_remove_index (self->observations, index);
  return TRUE;
}

PfaObservation *
pfa_evidence_find (const PfaEvidence *self, const char *id)
{
  guint index;

  return find_index (self, id, &index) ? self->observations->pdata[index] : NULL;
}

const char *
pfa_evidence_get_value (const PfaEvidence *self, const char *id)
{
  PfaObservation *observation = pfa_evidence_find (self, id);

  return observation != NULL ? observation->value : NULL;
}

static gboolean
has_word (GPtrArray *words, const char *word)
{
  return g_ptr_array_find_with_equal_func (words, word, g_str_equal, NULL);
}

static void
add_word (GPtrArray *words, const char *word)
{
  if (!has_word (words, word))
    g_ptr_array_add (words, g_strdup (word));
}

static void
remove_word (GPtrArray *words, const char *word)
{
  guint index;

  if (g_ptr_array_find_with_equal_func (words, word, g_str_equal, &index))
    g_ptr_array_remove_index (words, index);
}

void
pfa_evidence_add_failed (PfaEvidence *self, const char *action)
{
  add_word (self->failed, action);
}

void
pfa_evidence_add_skipped (PfaEvidence *self, const char *id)
{
  add_word (self->skipped, id);
}

gboolean
pfa_evidence_has_failed (const PfaEvidence *self, const char *action)
{
  return has_word (self->failed, action);
}

gboolean
pfa_evidence_has_skipped (const PfaEvidence *self, const char *id)
{
  return has_word (self->skipped, id);
}

void
pfa_evidence_remove_failed (PfaEvidence *self, const char *action)
{
  remove_word (self->failed, action);
}

void
pfa_evidence_remove_skipped (PfaEvidence *self, const char *id)
{
  remove_word (self->skipped, id);
}

static gboolean
read_words (JsonObject *object,
            const char *member,
            const char *where,
            GPtrArray *words,
            GError **error)
{
  g_auto (GStrv) list = pfa_json_dup_strings (object, member, where, error);

  if (list == NULL)
    return FALSE;
  for (guint i = 0; list[i] != NULL; i++)
    {
      if (has_word (words, list[i]))
        {
          g_set_error (error,
                       PFA_ERROR,
                       PFA_ERROR_BAD_INPUT,
                       "%s: “%s” stands twice in “%s”",
                       where,
                       list[i],
                       member);
          return FALSE;
        }
      g_ptr_array_add (words, g_strdup (list[i]));
    }
  return TRUE;
}

PfaEvidence *
pfa_evidence_new_from_json (JsonObject *object, const char *where, GError **error)
{
  g_autoptr (PfaEvidence) self = pfa_evidence_new ();
  JsonObject *observations = NULL;
  JsonObjectIter iter;
  const char *id;
  JsonNode *value;

  if (json_object_has_member (object, "observations"))
    {
      observations = pfa_json_require_object (object, "observations", where, error);
      if (observations == NULL)
        return NULL;
      json_object_iter_init_ordered (&iter, observations);
      while (json_object_iter_next_ordered (&iter, &id, &value))
        {
          if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING)
            {
              g_set_error (error,
                           PFA_ERROR,
                           PFA_ERROR_BAD_INPUT,
                           "%s: observation “%s” is not a text",
                           where,
                           id);
              return NULL;
            }
          g_ptr_array_add (self->observations,
                           pfa_observation_new (id, json_node_get_string (value), PFA_FROM_PERSON));
        }
    }
  if (!read_words (object, "failed", where, self->failed, error) ||
      !read_words (object, "skipped", where, self->skipped, error))
    return NULL;
  return g_steal_pointer (&self);
}

static JsonArray *
words_to_json (GPtrArray *words)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < words->len; i++)
    json_array_add_string_element (array, words->pdata[i]);
  return array;
}

JsonObject *
pfa_evidence_to_json (const PfaEvidence *self)
{
  JsonObject *object = json_object_new ();
  JsonObject *observations = json_object_new ();

  for (guint i = 0; i < self->observations->len; i++)
    {
      PfaObservation *observation = self->observations->pdata[i];

      json_object_set_string_member (observations, observation->id, observation->value);
    }
  json_object_set_object_member (object, "observations", observations);
  json_object_set_array_member (object, "failed", words_to_json (self->failed));
  json_object_set_array_member (object, "skipped", words_to_json (self->skipped));
  return object;
}
