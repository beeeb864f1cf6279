/* pfa-bundle-record.c - which incident a sealed file is of, remembered where it was sealed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-record.h"

#include "pfa-error.h"
#include "pfa-json.h"

#define FORMAT      "pos-first-aid-sealed/1"
#define MAX_RECORDS 100
#define BLOCK_BYTES (64 * 1024)

static char *
dup_record_path (const char *directory)
{
  return g_build_filename (directory, "sealed.json", NULL);
}

static char *
compute_sum (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) local = NULL;
  g_autoptr (GFileInputStream) input = g_file_read (file, NULL, &local);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *block = g_malloc (BLOCK_BYTES);
  gssize n = -1;

  while (input != NULL &&
         (n = g_input_stream_read (G_INPUT_STREAM (input), block, BLOCK_BYTES, NULL, &local)) > 0)
    g_checksum_update (checksum, block, n);
  if (n == 0)
    return g_strdup (g_checksum_get_string (checksum));
  g_propagate_error (error, pfa_error_adopt (g_steal_pointer (&local)));
  return NULL;
}

/* (transfer full), empty where there is none. */
static JsonArray *
load (const char *directory)
{
  g_autofree char *path = dup_record_path (directory);
  g_autoptr (JsonNode) node = pfa_json_load (path, NULL);
  JsonArray *known = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                         ? pfa_json_peek_array (json_node_get_object (node), "bundles")
                         : NULL;

  return known != NULL ? json_array_ref (known) : json_array_new ();
}

static const char *
peek (JsonArray *bundles, guint index, const char *member)
{
  JsonNode *node = json_array_get_element (bundles, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? pfa_json_peek_string (json_node_get_object (node), member)
                                       : NULL;
}

static void
append (JsonArray *bundles, const char *sum, const char *id)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "sha256", sum);
  json_object_set_string_member (object, "id", id);
  json_array_add_object_element (bundles, object);
}

gboolean
pfa_bundle_record_add (const char *directory, const char *path, const char *id, GError **error)
{
  g_autofree char *sum = compute_sum (path, error);
  g_autofree char *record = dup_record_path (directory);
  g_autoptr (JsonArray) before = load (directory);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  JsonArray *bundles = json_array_new ();
  const guint n = json_array_get_length (before);

  json_object_set_string_member (object, "format", FORMAT);
  json_object_set_array_member (object, "bundles", bundles);
  if (sum == NULL)
    return FALSE;
  for (guint i = n >= MAX_RECORDS ? n - MAX_RECORDS + 1 : 0; i < n; i++)
    if (peek (before, i, "sha256") != NULL && peek (before, i, "id") != NULL)
      append (bundles, peek (before, i, "sha256"), peek (before, i, "id"));
  append (bundles, sum, id);
  text = pfa_json_write_object (object, TRUE);
  if (g_file_set_contents_full (record, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local))
    return TRUE;
  g_propagate_error (error, pfa_error_adopt (g_steal_pointer (&local)));
  return FALSE;
}

char *
pfa_bundle_record_find (const char *directory, const char *path)
{
  g_autofree char *sum = compute_sum (path, NULL);
  g_autoptr (JsonArray) bundles = load (directory);

  for (guint i = 0; sum != NULL && i < json_array_get_length (bundles); i++)
    if (g_strcmp0 (peek (bundles, i, "sha256"), sum) == 0)
      return g_strdup (peek (bundles, i, "id"));
  return NULL;
}
