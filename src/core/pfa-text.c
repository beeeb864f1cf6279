/* pfa-text.c - one text in several languages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-text.h"

#include <string.h>

#include "pfa-error.h"

const char *const pfa_text_languages[] = { "en", "zh_CN", "de", NULL };

typedef struct
{
  char *language;
  GStrv lines;
} Version;

struct _PfaText
{
  gatomicrefcount references;
  GArray *versions;
};

static void
version_clear (gpointer data)
{
  Version *version = data;

  g_free (version->language);
  g_strfreev (version->lines);
}

static PfaText *
text_new (void)
{
  PfaText *self = g_new0 (PfaText, 1);

  g_atomic_ref_count_init (&self->references);
  self->versions = g_array_new (FALSE, TRUE, sizeof (Version));
  g_array_set_clear_func (self->versions, version_clear);
  return self;
}

static GStrv
dup_lines (JsonNode *node)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      g_strv_builder_add (builder, json_node_get_string (node));
      return g_strv_builder_end (builder);
    }
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *line = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (line) || json_node_get_value_type (line) != G_TYPE_STRING)
        return NULL;
      g_strv_builder_add (builder, json_node_get_string (line));
    }
  return g_strv_builder_end (builder);
}

PfaText *
pfa_text_new_from_json (JsonNode *node, const char *where, GError **error)
{
  g_autoptr (PfaText) self = text_new ();
  JsonObjectIter iter;
  const char *language;
  JsonNode *member;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) ||
      json_object_get_size (json_node_get_object (node)) == 0)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: not a text by language", where);
      return NULL;
    }

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &language, &member))
    {
      Version version = { .lines = dup_lines (member) };

      if (version.lines == NULL)
        {
          g_set_error (error,
                       PFA_ERROR,
                       PFA_ERROR_BAD_INPUT,
                       "%s.%s: not a text or a list of texts",
                       where,
                       language);
          return NULL;
        }
      version.language = g_strdup (language);
      g_array_append_val (self->versions, version);
    }
  return g_steal_pointer (&self);
}

PfaText *
pfa_text_new_english (const char *english)
{
  PfaText *self = text_new ();
  Version version = { .language = g_strdup ("en"), .lines = g_new0 (char *, 2) };

  version.lines[0] = g_strdup (english);
  g_array_append_val (self->versions, version);
  return self;
}

PfaText *
pfa_text_ref (PfaText *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
pfa_text_unref (PfaText *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_array_unref (self->versions);
  g_free (self);
}

JsonNode *
pfa_text_to_json (PfaText *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < self->versions->len; i++)
    {
      Version *version = &g_array_index (self->versions, Version, i);

      if (g_strv_length (version->lines) == 1)
        json_object_set_string_member (object, version->language, version->lines[0]);
      else
        {
          JsonArray *array = json_array_new ();

          for (guint j = 0; version->lines[j] != NULL; j++)
            json_array_add_string_element (array, version->lines[j]);
          json_object_set_array_member (object, version->language, array);
        }
    }
  json_node_take_object (node, object);
  return node;
}

static Version *
find_version (PfaText *self, const char *language, gsize length)
{
  for (guint i = 0; i < self->versions->len; i++)
    {
      Version *version = &g_array_index (self->versions, Version, i);

      if (strlen (version->language) == length &&
          strncmp (version->language, language, length) == 0)
        return version;
    }
  return NULL;
}

gboolean
pfa_text_has (PfaText *self, const char *language)
{
  return self != NULL && find_version (self, language, strlen (language)) != NULL;
}

const char *const *
pfa_text_get_lines (PfaText *self, const char *language)
{
  static const char *const nothing[] = { NULL };
  const char *matched = pfa_text_match_language (language);
  Version *version = NULL;

  if (self == NULL)
    return nothing;
  if (language != NULL)
    version = find_version (self, language, strcspn (language, ".@"));
  if (version == NULL)
    version = find_version (self, matched, strlen (matched));
  if (version == NULL)
    version = find_version (self, "en", 2);
  if (version == NULL)
    version = &g_array_index (self->versions, Version, 0);
  return (const char *const *) version->lines;
}

const char *
pfa_text_get (PfaText *self, const char *language)
{
  const char *const *lines = pfa_text_get_lines (self, language);

  return lines[0] != NULL ? lines[0] : "";
}

const char *
pfa_text_match_language (const char *locale)
{
  if (locale == NULL)
    return "en";
  for (guint i = 0; pfa_text_languages[i] != NULL; i++)
    if (g_ascii_strncasecmp (locale, pfa_text_languages[i], strcspn (pfa_text_languages[i], "_")) ==
        0)
      return pfa_text_languages[i];
  return "en";
}
