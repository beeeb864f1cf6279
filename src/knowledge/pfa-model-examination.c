/* pfa-model-examination.c - what the parts of the validator share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-model-examination.h"

#include <math.h>

#define damage(self, ...) pfa_fault_list_add ((self)->faults, PFA_FAULT_DAMAGE, __VA_ARGS__)
#define slack(self, ...)  pfa_fault_list_add ((self)->faults, PFA_FAULT_SLACK, __VA_ARGS__)

gboolean
pfa_examination_read_number (JsonNode *node, double *value)
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

JsonObject *
pfa_examination_get_object (PfaExamination *self,
                            JsonObject *object,
                            const char *member,
                            const char *path)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  damage (self, "%s.%s is not an object", path, member);
  return NULL;
}

JsonArray *
pfa_examination_get_array (PfaExamination *self,
                           JsonObject *object,
                           const char *member,
                           const char *path)
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
const char *
pfa_examination_require_word (PfaExamination *self,
                              JsonObject *object,
                              const char *member,
                              const char *path)
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

void
pfa_examination_check_optional_word (PfaExamination *self,
                                     JsonObject *object,
                                     const char *member,
                                     const char *path)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node != NULL && !JSON_NODE_HOLDS_NULL (node) &&
      (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING))
    damage (self, "%s.%s is not a text", path, member);
}

gboolean
pfa_examination_require_number (PfaExamination *self,
                                JsonObject *object,
                                const char *member,
                                const char *path,
                                double *value)
{
  if (pfa_examination_read_number (json_object_get_member (object, member), value))
    return TRUE;
  damage (self, "%s: “%s” is missing or not a number", path, member);
  return FALSE;
}

void
pfa_examination_check_text (PfaExamination *self,
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

void
pfa_examination_check_members (PfaExamination *self,
                               JsonObject *object,
                               const char *path,
                               const char *const *known)
{
  if (self->is_whole)
    pfa_fault_list_check_members (self->faults, PFA_FAULT_SLACK, object, path, known);
}

/* A list of strings without repeats; @lookup, if given, knows each of them. */
void
pfa_examination_check_references (PfaExamination *self,
                                  JsonObject *object,
                                  const char *member,
                                  const char *path,
                                  GHashTable *lookup,
                                  const char *what)
{
  JsonArray *array = pfa_examination_get_array (self, object, member, path);
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
