/* pfa-guided-snapshot.c - what the agent has been shown, and what is new since
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-snapshot.h"

#include <string.h>

#include "pfa-json.h"

/* Room for the members around a section. */
#define SECTION_MAX (PFA_GUIDED_PLAIN_MAX - 500)

struct _PfaGuidedSnapshot
{
  PfaRedactor *redactor;
  GHashTable *raw; /* section → text before masking, of what was sent */
  gboolean began;
};

PfaGuidedSnapshot *
pfa_guided_snapshot_new (const guint8 *key)
{
  PfaGuidedSnapshot *self = g_new0 (PfaGuidedSnapshot, 1);

  self->redactor = pfa_redactor_new (key, PFA_READER_PROVIDER);
  self->raw = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
pfa_guided_snapshot_free (PfaGuidedSnapshot *self)
{
  if (self == NULL)
    return;
  pfa_redactor_free (self->redactor);
  g_hash_table_unref (self->raw);
  g_free (self);
}

JsonNode *
pfa_guided_snapshot_mask (PfaGuidedSnapshot *self, const char *member, JsonNode *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaSafeText) safe =
      pfa_redactor_redact_json (self->redactor, member, value, FALSE, &error);

  if (safe == NULL)
    {
      g_debug ("%s: %s", member, error->message);
      return NULL;
    }
  return pfa_json_parse (pfa_safe_text_get_data (safe, NULL), -1, member, NULL);
}

char *
pfa_guided_snapshot_mask_text (PfaGuidedSnapshot *self, const char *text)
{
  g_autoptr (PfaSafeText) safe =
      pfa_redactor_redact_text (self->redactor, "message", text, -1, NULL);

  return safe != NULL ? g_strdup (pfa_safe_text_get_data (safe, NULL)) : NULL;
}

static gsize
size_of (JsonNode *node)
{
  g_autofree char *text = pfa_json_write (node, FALSE);

  return strlen (text);
}

/* Lists are sorted by weight, so their end is what matters least. NULL: it cannot be made fit. */
static JsonNode *
fit (JsonNode *value)
{
  JsonArray *array;

  if (size_of (value) <= SECTION_MAX)
    return json_node_ref (value);
  if (!JSON_NODE_HOLDS_ARRAY (value))
    return NULL;
  array = json_node_get_array (value);
  while (json_array_get_length (array) > 0 && size_of (value) > SECTION_MAX)
    json_array_remove_element (array, json_array_get_length (array) - 1);
  return json_node_ref (value);
}

/* The section as it may leave: NULL when it is unchanged or cannot be shown. */
static JsonNode *
take_change (PfaGuidedSnapshot *self, const char *name, JsonNode *value)
{
  g_autofree char *text = pfa_json_write (value, FALSE);
  g_autoptr (JsonNode) masked = NULL;

  if (g_strcmp0 (g_hash_table_lookup (self->raw, name), text) == 0)
    return NULL;
  g_hash_table_insert (self->raw, g_strdup (name), g_steal_pointer (&text));
  masked = pfa_guided_snapshot_mask (self, name, value);
  return masked != NULL ? fit (masked) : NULL;
}

static PfaGuidedFrame *
build_event (const char *name, JsonNode *value)
{
  PfaGuidedFrame *event = pfa_guided_frame_new (PFA_GUIDED_EVENT);

  json_object_set_string_member (event->body, "section", name);
  json_object_set_member (event->body, "value", json_node_copy (value));
  return event;
}

GPtrArray *
pfa_guided_snapshot_update (PfaGuidedSnapshot *self, JsonObject *sections, guint room)
{
  GPtrArray *frames = g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_guided_frame_free);
  JsonObject *view = json_object_new ();
  gsize view_size = 0;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!self->began && room > 0)
    {
      g_ptr_array_add (frames, pfa_guided_frame_new (PFA_GUIDED_SNAPSHOT));
      json_object_set_object_member (((PfaGuidedFrame *) frames->pdata[0])->body,
                                     "view",
                                     json_object_ref (view));
    }
  json_object_iter_init_ordered (&iter, sections);
  while (frames->len < room && json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autoptr (JsonNode) change = take_change (self, name, value);
      gsize size = change != NULL ? size_of (change) + strlen (name) + 4 : 0;

      if (change == NULL)
        continue;
      if (!self->began && view_size + size <= SECTION_MAX)
        {
          json_object_set_member (view, name, json_node_copy (change));
          view_size += size;
        }
      else
        g_ptr_array_add (frames, build_event (name, change));
    }
  self->began = self->began || room > 0;
  json_object_unref (view);
  return frames;
}
