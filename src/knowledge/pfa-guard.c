/* pfa-guard.c - what must not be offered, whatever the arithmetic says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guard.h"

#include "pfa-error.h"
#include "pfa-json.h"

static gboolean
read_places (JsonObject *object, const char *where, GHashTable *places, GError **error)
{
  g_autofree char *inner = g_strdup_printf ("%s.at_place", where);
  JsonObjectIter iter;
  const char *place;
  JsonObject *map;

  if (!json_object_has_member (object, "at_place"))
    return TRUE;
  map = pfa_json_require_object (object, "at_place", where, error);
  if (map == NULL)
    return FALSE;
  json_object_iter_init_ordered (&iter, map);
  while (json_object_iter_next_ordered (&iter, &place, NULL))
    {
      double *least = g_new0 (double, 1);

      g_hash_table_insert (places, g_strdup (place), least);
      if (!pfa_json_require_double (map, place, inner, least, error))
        return FALSE;
      if (!(*least > 0 && *least <= 1))
        {
          g_set_error (error,
                       PFA_ERROR,
                       PFA_ERROR_BAD_INPUT,
                       "%s.%s is no probability",
                       inner,
                       place);
          return FALSE;
        }
    }
  return TRUE;
}

PfaGuard *
pfa_guard_new_from_json (JsonObject *object, const char *where, GError **error)
{
  g_autoptr (PfaGuard) self = g_new0 (PfaGuard, 1);
  const char *id = pfa_json_require_string (object, "id", where, error);
  g_autofree char *text_path = g_strdup_printf ("%s.text", where);

  self->at_place = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (id == NULL)
    return NULL;
  self->id = g_strdup (id);
  self->forbids = pfa_json_dup_strings (object, "forbids", where, error);
  if (self->forbids == NULL)
    return NULL;
  if (self->forbids[0] == NULL)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: “forbids” names no action", where);
      return NULL;
    }
  self->text = pfa_text_new_from_json (json_object_get_member (object, "text"), text_path, error);
  if (self->text == NULL)
    return NULL;
  self->when = pfa_conditions_new_from_json (object, "when", where, error);
  if (self->when == NULL)
    return NULL;
  self->unless = pfa_conditions_new_from_json (object, "unless", where, error);
  if (self->unless == NULL || !read_places (object, where, self->at_place, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
pfa_guard_free (PfaGuard *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_strfreev (self->forbids);
  g_clear_pointer (&self->when, g_ptr_array_unref);
  g_clear_pointer (&self->unless, g_ptr_array_unref);
  g_hash_table_unref (self->at_place);
  g_clear_pointer (&self->text, pfa_text_unref);
  g_free (self);
}

static gboolean
holds (const PfaCondition *condition, const PfaEvidence *evidence)
{
  return pfa_condition_holds (condition, pfa_evidence_get_value (evidence, condition->name));
}

static gboolean
is_at_place (const PfaGuard *self, GHashTable *places)
{
  GHashTableIter iter;
  gpointer place;
  gpointer least;

  if (g_hash_table_size (self->at_place) == 0)
    return TRUE;
  g_hash_table_iter_init (&iter, self->at_place);
  while (g_hash_table_iter_next (&iter, &place, &least))
    {
      const double *p = places != NULL ? g_hash_table_lookup (places, place) : NULL;

      if (p != NULL && *p >= *(const double *) least)
        return TRUE;
    }
  return FALSE;
}

gboolean
pfa_guard_applies (const PfaGuard *self, const PfaEvidence *evidence, GHashTable *places)
{
  for (guint i = 0; i < self->when->len; i++)
    if (!holds (self->when->pdata[i], evidence))
      return FALSE;
  for (guint i = 0; i < self->unless->len; i++)
    if (holds (self->unless->pdata[i], evidence))
      return FALSE;
  return is_at_place (self, places);
}

gboolean
pfa_guard_forbids (const PfaGuard *self, const char *action)
{
  return g_strv_contains ((const char *const *) self->forbids, "*") ||
         g_strv_contains ((const char *const *) self->forbids, action);
}
