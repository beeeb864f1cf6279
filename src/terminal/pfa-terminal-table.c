/* pfa-terminal-table.c - codes of terminals and what they mean, in the person's language
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-table.h"

#include "pfa-json.h"
#include "pfa-terminal-resource.h"

#define RESOURCE_FOLDER "/io/github/pos_first_aid/PosFirstAid/terminals/texts/"

static void
entry_free (gpointer data)
{
  PfaTerminalEntry *entry = data;

  g_clear_pointer (&entry->text, pfa_text_unref);
  g_free (entry->state);
  g_strfreev (entry->needs);
  g_free (entry);
}

static PfaTerminalEntry *
read_entry (JsonNode *node, const char *where, GError **error)
{
  PfaTerminalEntry *entry = g_new0 (PfaTerminalEntry, 1);
  JsonObject *object;
  const char *state = NULL;
  gboolean good = FALSE;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      object = json_node_get_object (node);
      if (json_object_has_member (object, "text"))
        entry->text =
            pfa_text_new_from_json (json_object_get_member (object, "text"), where, error);
      entry->needs = pfa_json_dup_strings (object, "needs", where, error);
      good = entry->text != NULL && entry->needs != NULL &&
             pfa_json_get_string (object, "state", where, &state, error);
      entry->state = g_strdup (state);
    }
  if (!good)
    g_clear_pointer (&entry, entry_free);
  return entry;
}

/* A table that cannot be read is a mistake in our own data, which a test finds; the program goes on
 * with codes instead of words. */
static GHashTable *
load_table (const char *name)
{
  g_autofree char *path = g_strconcat (RESOURCE_FOLDER, name, ".json", NULL);
  g_autoptr (GHashTable) table =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  /* Asked by name, for a resource in a static library is not registered by itself. */
  g_autoptr (GBytes) bytes = g_resource_lookup_data (pfa_terminal_get_resource (),
                                                     path,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE,
                                                     NULL);
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) error = NULL;
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  if (bytes != NULL)
    object = pfa_json_parse_object (g_bytes_get_data (bytes, NULL),
                                    (gssize) g_bytes_get_size (bytes),
                                    name,
                                    &error);
  if (object == NULL)
    {
      g_debug ("table %s: %s", name, error != NULL ? error->message : "not compiled in");
      return g_steal_pointer (&table);
    }
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &node))
    {
      PfaTerminalEntry *entry = read_entry (node, key, NULL);

      if (entry != NULL)
        g_hash_table_insert (table, g_strdup (key), entry);
    }
  return g_steal_pointer (&table);
}

static GHashTable *
get_tables (void)
{
  static GHashTable *tables = NULL;

  if (g_once_init_enter (&tables))
    {
      GHashTable *fresh = g_hash_table_new_full (g_str_hash,
                                                 g_str_equal,
                                                 g_free,
                                                 (GDestroyNotify) g_hash_table_unref);

      g_once_init_leave (&tables, fresh);
    }
  return tables;
}

const PfaTerminalEntry *
pfa_terminal_table_find (const char *name, const char *key)
{
  GHashTable *tables = get_tables ();
  GHashTable *table = g_hash_table_lookup (tables, name);

  if (table == NULL)
    {
      table = load_table (name);
      g_hash_table_insert (tables, g_strdup (name), table);
    }
  return key != NULL ? g_hash_table_lookup (table, key) : NULL;
}

PfaText *
pfa_terminal_table_get_text (const char *table, const char *key)
{
  const PfaTerminalEntry *entry = pfa_terminal_table_find (table, key);

  return entry != NULL ? entry->text : NULL;
}

PfaText *
pfa_terminal_table_get_state_text (const char *protocol, const char *state, const char *code)
{
  g_autofree char *table = g_strconcat (protocol, "-status", NULL);
  const PfaTerminalEntry *entry = pfa_terminal_table_find (table, code);

  /* A lock can make a state of its own out of a code that says "ready". */
  if (entry != NULL && g_strcmp0 (entry->state, state) == 0)
    return entry->text;
  return pfa_terminal_table_get_text ("states", state);
}

PfaText *
pfa_terminal_table_get_result_text (const char *protocol, const char *made_by, const char *code)
{
  gboolean by_host = g_strcmp0 (made_by, "host") == 0;
  g_autofree char *table =
      by_host ? g_strdup ("host-results") : g_strconcat (protocol, "-results", NULL);
  PfaText *text = pfa_terminal_table_get_text (table, code);

  if (text != NULL)
    return text;
  return pfa_terminal_table_get_text ("made-by", by_host ? "host" : "terminal");
}
