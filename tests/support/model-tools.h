/* model-tools.h - models to change and evidence to shuffle, for tests of knowledge and engine
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-evidence.h"
#include "pfa-json.h"
#include "pfa-model.h"

static inline JsonNode *
tools_copy (JsonNode *node)
{
  JsonNode *copy;
  JsonObjectIter iter;
  const char *member;
  JsonNode *inner;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_object_new ();

      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &member, &inner))
        json_object_set_member (object, member, tools_copy (inner));
      copy = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (copy, object);
      return copy;
    }
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        json_array_add_element (array,
                                tools_copy (
                                    json_array_get_element (json_node_get_array (node), i)));
      copy = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (copy, array);
      return copy;
    }
  return json_node_copy (node);
}

/* A file of the source tree, open to changes. */
static inline JsonNode *
tools_load (const char *path_in_source)
{
  g_autofree char *path = g_build_filename (g_getenv ("PFA_SOURCE_DIR"), path_in_source, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = pfa_json_load (path, &error);

  g_assert_no_error (error);
  return tools_copy (node);
}

static inline JsonNode *
tools_load_example (void)
{
  return tools_load ("tests/fixtures/diagnosis/example-model.json");
}

static inline PfaModel *
tools_build (JsonNode *node)
{
  g_autoptr (GError) error = NULL;
  PfaModel *model = pfa_model_new_from_json (node, "model", &error);

  g_assert_no_error (error);
  return model;
}

static inline JsonArray *
tools_get_items (JsonNode *model, const char *member)
{
  return json_object_get_array_member (json_node_get_object (model), member);
}

static inline JsonObject *
tools_find_item (JsonNode *model, const char *member, const char *id)
{
  JsonArray *items = tools_get_items (model, member);

  for (guint i = 0; i < json_array_get_length (items); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (items, i), "id"),
                     id))
      return json_array_get_object_element (items, i);
  g_error ("no %s in %s", id, member);
}

/* Each observation with a chance of @percent, likely values or not; some failed actions. */
static inline PfaEvidence *
tools_make_evidence (const PfaModel *model, GRand *random, int percent, guint n_failed)
{
  PfaEvidence *evidence = pfa_evidence_new ();

  for (guint i = 0; i < model->n_observations; i++)
    {
      const PfaObservationKind *kind = &model->observations[i];
      int value = g_rand_int_range (random, 0, (int) kind->n_values);

      if (g_rand_int_range (random, 0, 100) < percent)
        pfa_evidence_take (evidence,
                           pfa_observation_new (kind->id, kind->values[value].id, PFA_FROM_CHECK));
    }
  for (guint i = 0; i < n_failed && model->n_actions > 0; i++)
    pfa_evidence_add_failed (
        evidence,
        model->actions[g_rand_int_range (random, 0, (int) model->n_actions)].id);
  return evidence;
}
