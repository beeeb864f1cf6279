/* pfa-guided-log.c - the hash-chained log of a guided session (guided.jsonl)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-log.h"

#include <string.h>

#include "pfa-json.h"

typedef struct
{
  char *line;
  char *head;
} Entry;

struct _PfaGuidedLog
{
  char *first_head;
  GPtrArray *entries; /* (element-type Entry) */
};

static void
entry_free (Entry *entry)
{
  g_free (entry->line);
  g_free (entry->head);
  g_free (entry);
}

static char *
hash_text (const char *before, const char *text)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) before, (gssize) strlen (before));
  g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text));
  return g_strdup (g_checksum_get_string (checksum));
}

PfaGuidedLog *
pfa_guided_log_new (const char *session)
{
  PfaGuidedLog *self = g_new0 (PfaGuidedLog, 1);

  g_return_val_if_fail (session != NULL, NULL);

  self->first_head = hash_text ("posaid-log-v1", session);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  return self;
}

void
pfa_guided_log_free (PfaGuidedLog *self)
{
  if (self == NULL)
    return;
  g_free (self->first_head);
  g_ptr_array_unref (self->entries);
  g_free (self);
}

const char *
pfa_guided_log_add (PfaGuidedLog *self,
                    gint64 time,
                    const char *who,
                    const char *what,
                    JsonObject *details)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autofree char *stamp = g_date_time_format (when, "%Y-%m-%dT%H:%M:%SZ");
  Entry *entry = g_new0 (Entry, 1);

  json_object_set_int_member (object, "n", self->entries->len + 1);
  json_object_set_string_member (object, "time", stamp);
  json_object_set_string_member (object, "who", who);
  json_object_set_string_member (object, "what", what);
  if (details != NULL)
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *node;

      json_object_iter_init_ordered (&iter, details);
      while (json_object_iter_next_ordered (&iter, &name, &node))
        json_object_set_member (object, name, json_node_copy (node));
    }
  entry->line = pfa_json_write_object (object, FALSE);
  entry->head = hash_text (pfa_guided_log_get_head (self), entry->line);
  g_ptr_array_add (self->entries, entry);
  return entry->line;
}

guint
pfa_guided_log_get_length (PfaGuidedLog *self)
{
  return self->entries->len;
}

static const char *
get_head_at (PfaGuidedLog *self, guint length)
{
  return length == 0 ? self->first_head
                     : ((Entry *) g_ptr_array_index (self->entries, length - 1))->head;
}

const char *
pfa_guided_log_get_head (PfaGuidedLog *self)
{
  return get_head_at (self, self->entries->len);
}

gboolean
pfa_guided_log_matches (PfaGuidedLog *self, guint length, const char *head)
{
  return length <= self->entries->len && g_strcmp0 (get_head_at (self, length), head) == 0;
}

JsonArray *
pfa_guided_log_to_json (PfaGuidedLog *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);
      JsonObject *object = pfa_json_parse_object (entry->line, -1, "guided log", NULL);

      if (object == NULL)
        continue;
      json_object_set_string_member (object, "head", entry->head);
      json_array_add_object_element (array, object);
    }
  return array;
}

/* The line of an entry, without its head. (transfer full) */
static char *
dup_line (JsonObject *entry)
{
  /* A shallow copy would share the object, and taking "head" out would change the entry. */
  g_autofree char *text = pfa_json_write_object (entry, FALSE);
  g_autoptr (JsonObject) copy = pfa_json_parse_object (text, -1, "guided log", NULL);

  if (copy == NULL)
    return NULL;
  json_object_remove_member (copy, "head");
  return pfa_json_write_object (copy, FALSE);
}

/* What the entry's head goes out from; NULL when it cannot stand there. */
static char *
dup_head_before (const char *session, JsonObject *entry, const char *head)
{
  if (pfa_json_peek_double (entry, "n", 0) > 1)
    return g_strdup (head);
  if (session == NULL)
    session = pfa_json_peek_string (entry, PFA_GUIDED_LOG_SESSION);
  else if (head != NULL)
    return NULL;
  return session != NULL ? hash_text ("posaid-log-v1", session) : NULL;
}

gboolean
pfa_guided_log_verify (const char *session, JsonArray *entries, guint *fault)
{
  g_autofree char *head = NULL;

  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonNode *node = json_array_get_element (entries, i);
      JsonObject *entry = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *line = entry != NULL ? dup_line (entry) : NULL;
      g_autofree char *before = line != NULL ? dup_head_before (session, entry, head) : NULL;

      *fault = i + 1;
      if (before == NULL)
        return FALSE;
      g_free (head);
      head = hash_text (before, line);
      if (g_strcmp0 (head, pfa_json_peek_string (entry, "head")) != 0)
        return FALSE;
    }
  *fault = 0;
  return TRUE;
}
