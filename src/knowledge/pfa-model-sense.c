/* pfa-model-sense.c - what may be meant so in a model, but seldom is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-json.h"
#include "pfa-model-examine.h"

#define warn(faults, ...) pfa_fault_list_add (faults, PFA_FAULT_WARNING, __VA_ARGS__)

static JsonObject *
get_item (JsonArray *array, guint i)
{
  return json_array_get_object_element (array, i);
}

/* TRUE when @id has a member of its own in @member of one of @items. */
static gboolean
is_named_in (JsonArray *items, const char *member, const char *id)
{
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *object = pfa_json_peek_object (get_item (items, i), member);

      if (object != NULL && json_object_has_member (object, id))
        return TRUE;
    }
  return FALSE;
}

/* In a family the stronger remedy costs more: one that costs no less and never helps more is
 * dominated. */
static gboolean
is_dominated_by (JsonObject *action, JsonObject *other)
{
  JsonObject *fixes = pfa_json_peek_object (action, "fixes");
  JsonObject *others = pfa_json_peek_object (other, "fixes");
  JsonObjectIter iter;
  const char *cause;

  if (pfa_json_peek_double (action, "minutes", 0) < pfa_json_peek_double (other, "minutes", 0))
    return FALSE;
  json_object_iter_init (&iter, fixes);
  while (json_object_iter_next (&iter, &cause, NULL))
    if (pfa_json_peek_double (fixes, cause, 0) > pfa_json_peek_double (others, cause, 0))
      return FALSE;
  return TRUE;
}

static void
check_family (JsonArray *actions, guint index, PfaFaultList *faults)
{
  JsonObject *action = get_item (actions, index);
  const char *family = pfa_json_peek_string (action, "family");
  guint n_members = 0;

  for (guint i = 0; i < json_array_get_length (actions); i++)
    {
      JsonObject *other = get_item (actions, i);

      if (g_strcmp0 (pfa_json_peek_string (other, "family"), family) != 0)
        continue;
      n_members++;
      if (i != index && is_dominated_by (action, other) &&
          (i < index || !is_dominated_by (other, action)))
        warn (faults,
              "actions.%s: “%s” of the same family costs no more and mends as much",
              pfa_json_peek_string (action, "id"),
              pfa_json_peek_string (other, "id"));
    }
  if (n_members == 1)
    warn (faults,
          "actions.%s is alone in its family “%s”",
          pfa_json_peek_string (action, "id"),
          family);
}

void
pfa_model_examine_sense (JsonObject *model, PfaFaultList *faults)
{
  JsonArray *causes = pfa_json_peek_array (model, "causes");
  JsonArray *observations = pfa_json_peek_array (model, "observations");
  JsonArray *actions = pfa_json_peek_array (model, "actions");

  for (guint i = 0; i < json_array_get_length (causes); i++)
    {
      const char *id = pfa_json_peek_string (get_item (causes, i), "id");

      if (!is_named_in (observations, "given", id) && !g_str_equal (id, "unknown"))
        warn (faults, "causes.%s: no observation tells it from others", id);
      if (!is_named_in (actions, "fixes", id))
        warn (faults, "causes.%s: no action mends it", id);
    }
  for (guint i = 0; actions != NULL && i < json_array_get_length (actions); i++)
    if (pfa_json_peek_string (get_item (actions, i), "family") != NULL)
      check_family (actions, i, faults);
}
