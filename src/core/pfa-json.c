/* pfa-json.c - the one guarded reader for all JSON that comes from outside
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-json.h"

#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#include "pfa-error.h"
#include "pfa-json-guard.h"

JsonNode *
pfa_json_parse (const char *text, gssize length, const char *name, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (text != NULL && name != NULL, NULL);

  if (length < 0)
    length = (gssize) strlen (text);
  /* Windows editors put a byte order mark before the text. */
  if (length >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  if (!pfa_json_guard_check (text, (gsize) length, name, error))
    return NULL;

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, length, &local))
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: %s", name, local->message);
      return NULL;
    }
  return json_parser_steal_root (parser);
}

JsonObject *
pfa_json_parse_object (const char *text, gssize length, const char *name, GError **error)
{
  g_autoptr (JsonNode) root = pfa_json_parse (text, length, name, error);

  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: not a JSON object", name);
      return NULL;
    }
  return json_node_dup_object (root);
}

JsonNode *
pfa_json_load (const char *path, GError **error)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *buffer = NULL;
  gboolean is_stdin = g_str_equal (path, "-");
  const char *name = is_stdin ? "standard input" : path;
  gsize length = 0;

  if (is_stdin)
    stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  else
    {
      file = g_file_new_for_path (path);
      stream = G_INPUT_STREAM (g_file_read (file, NULL, &local));
    }

  /* One byte more than allowed shows that it is too large without reading on for ever. */
  buffer = g_malloc (PFA_JSON_MAX_BYTES + 1);
  if (stream == NULL ||
      !g_input_stream_read_all (stream, buffer, PFA_JSON_MAX_BYTES + 1, &length, NULL, &local))
    {
      g_propagate_error (error, pfa_error_adopt (g_steal_pointer (&local)));
      return NULL;
    }
  return pfa_json_parse (buffer, (gssize) length, name, error);
}

static JsonNode *
find_member (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

static gboolean
is_missing (JsonNode *node, const char *member, const char *where, GError **error)
{
  if (node != NULL)
    return FALSE;
  g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: “%s” is missing", where, member);
  return TRUE;
}

static gboolean
wrong_type (const char *member, const char *where, const char *wanted, GError **error)
{
  g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: “%s” is not %s", where, member, wanted);
  return FALSE;
}

static gboolean
node_is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
node_is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && (json_node_get_value_type (node) == G_TYPE_INT64 ||
                                          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
node_is_boolean (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN;
}

gboolean
pfa_json_get_string (JsonObject *object,
                     const char *member,
                     const char *where,
                     const char **value,
                     GError **error)
{
  JsonNode *node = find_member (object, member);

  *value = NULL;
  if (node == NULL)
    return TRUE;
  if (!node_is_string (node))
    return wrong_type (member, where, "a text", error);
  *value = json_node_get_string (node);
  return TRUE;
}

const char *
pfa_json_require_string (JsonObject *object, const char *member, const char *where, GError **error)
{
  const char *value;

  if (is_missing (find_member (object, member), member, where, error) ||
      !pfa_json_get_string (object, member, where, &value, error))
    return NULL;
  return value;
}

JsonObject *
pfa_json_require_object (JsonObject *object, const char *member, const char *where, GError **error)
{
  JsonNode *node = find_member (object, member);

  if (is_missing (node, member, where, error))
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      wrong_type (member, where, "an object", error);
      return NULL;
    }
  return json_node_get_object (node);
}

JsonArray *
pfa_json_require_array (JsonObject *object, const char *member, const char *where, GError **error)
{
  JsonNode *node = find_member (object, member);

  if (is_missing (node, member, where, error))
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      wrong_type (member, where, "a list", error);
      return NULL;
    }
  return json_node_get_array (node);
}

gboolean
pfa_json_get_double (JsonObject *object,
                     const char *member,
                     const char *where,
                     double fallback,
                     double *value,
                     GError **error)
{
  JsonNode *node = find_member (object, member);

  *value = fallback;
  if (node == NULL)
    return TRUE;
  if (!node_is_number (node))
    return wrong_type (member, where, "a number", error);
  *value = json_node_get_double (node);
  return TRUE;
}

gboolean
pfa_json_require_double (JsonObject *object,
                         const char *member,
                         const char *where,
                         double *value,
                         GError **error)
{
  if (is_missing (find_member (object, member), member, where, error))
    return FALSE;
  return pfa_json_get_double (object, member, where, 0, value, error);
}

gboolean
pfa_json_get_boolean (JsonObject *object,
                      const char *member,
                      const char *where,
                      gboolean fallback,
                      gboolean *value,
                      GError **error)
{
  JsonNode *node = find_member (object, member);

  *value = fallback;
  if (node == NULL)
    return TRUE;
  if (!node_is_boolean (node))
    return wrong_type (member, where, "true or false", error);
  *value = json_node_get_boolean (node);
  return TRUE;
}

GStrv
pfa_json_dup_strings (JsonObject *object, const char *member, const char *where, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (find_member (object, member) == NULL)
    return g_strv_builder_end (builder);
  array = pfa_json_require_array (object, member, where, error);
  if (array == NULL)
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!node_is_string (node))
        {
          wrong_type (member, where, "a list of texts", error);
          return NULL;
        }
      g_strv_builder_add (builder, json_node_get_string (node));
    }
  return g_strv_builder_end (builder);
}

const char *
pfa_json_peek_string (JsonObject *object, const char *member)
{
  JsonNode *node = find_member (object, member);

  return node != NULL && node_is_string (node) ? json_node_get_string (node) : NULL;
}

JsonObject *
pfa_json_peek_object (JsonObject *object, const char *member)
{
  JsonNode *node = find_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
pfa_json_peek_array (JsonObject *object, const char *member)
{
  JsonNode *node = find_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

double
pfa_json_peek_double (JsonObject *object, const char *member, double fallback)
{
  JsonNode *node = find_member (object, member);

  return node != NULL && node_is_number (node) ? json_node_get_double (node) : fallback;
}

gboolean
pfa_json_peek_boolean (JsonObject *object, const char *member, gboolean fallback)
{
  JsonNode *node = find_member (object, member);

  return node != NULL && node_is_boolean (node) ? json_node_get_boolean (node) : fallback;
}
