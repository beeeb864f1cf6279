/* pfa-condition.c - "this has one of these values", as guards and the payment rules say it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-condition.h"

#include "pfa-error.h"
#include "pfa-json.h"

static void
condition_free (gpointer data)
{
  PfaCondition *condition = data;

  g_free (condition->name);
  g_strfreev (condition->values);
  g_free (condition);
}

GPtrArray *
pfa_conditions_new_from_json (JsonObject *object,
                              const char *member,
                              const char *where,
                              GError **error)
{
  g_autoptr (GPtrArray) conditions = g_ptr_array_new_with_free_func (condition_free);
  g_autofree char *inner = g_strdup_printf ("%s.%s", where, member);
  JsonObjectIter iter;
  const char *name;
  JsonObject *map;

  if (!json_object_has_member (object, member))
    return g_steal_pointer (&conditions);
  map = pfa_json_require_object (object, member, where, error);
  if (map == NULL)
    return NULL;
  json_object_iter_init_ordered (&iter, map);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      PfaCondition *condition = g_new0 (PfaCondition, 1);

      g_ptr_array_add (conditions, condition);
      condition->name = g_strdup (name);
      condition->values = pfa_json_dup_strings (map, name, inner, error);
      if (condition->values == NULL)
        return NULL;
      if (condition->values[0] == NULL)
        {
          g_set_error (error,
                       PFA_ERROR,
                       PFA_ERROR_BAD_INPUT,
                       "%s: “%s” names no value",
                       inner,
                       name);
          return NULL;
        }
    }
  return g_steal_pointer (&conditions);
}

gboolean
pfa_condition_holds (const PfaCondition *self, const char *value)
{
  return value != NULL && g_strv_contains ((const char *const *) self->values, value);
}
