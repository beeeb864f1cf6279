/* pfa-redactor.c - text in, safe text out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redactor.h"

#include <string.h>
#include <sys/random.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-redact-filter.h"
#include "pfa-redact-report.h"
#include "pfa-redact-scan.h"

#define NAME_SHORTEST 4

/* Verification codes and PINs come as texts under their names; a bare number of fewer digits is no
 * secret. */
#define SHORTEST_SECRET_NUMBER 8

struct _PfaRedactor
{
  PfaScanRules rules;
  PfaRedactionReport *report;
};

PfaRedactor *
pfa_redactor_new (const guint8 key[PFA_REDACTOR_KEY_LENGTH], PfaReader reader)
{
  PfaRedactor *self = g_new0 (PfaRedactor, 1);

  self->rules.names = g_new0 (PfaKeyCacheEntry, PFA_KEY_CACHE_LENGTH);
  self->rules.loop = pfa_scan_get_loop ();
  self->rules.words = pfa_word_table_new (reader);
  self->rules.block_words = pfa_word_table_get_block (self->rules.words);
  self->rules.own_words = pfa_word_table_get_starts (self->rules.words, TRUE);
  self->rules.words_anywhere = pfa_word_table_get_starts (self->rules.words, FALSE);
  self->rules.key_marks = pfa_key_marks_new ();
  self->rules.reader = reader;
  memcpy (self->rules.key, key, sizeof self->rules.key);
  self->report = pfa_redaction_report_new ();
  return self;
}

PfaRedactor *
pfa_redactor_new_with_fresh_key (PfaReader reader)
{
  guint8 key[PFA_REDACTOR_KEY_LENGTH];

  /* getrandom() of so few bytes neither fails nor is cut short once the system is up. */
  if (getrandom (key, sizeof key, 0) != sizeof key)
    for (guint i = 0; i < sizeof key; i++)
      key[i] = (guint8) g_random_int_range (0, 256);
  return pfa_redactor_new (key, reader);
}

void
pfa_redactor_free (PfaRedactor *self)
{
  explicit_bzero (self->rules.key, sizeof self->rules.key);
  pfa_word_table_free (self->rules.words);
  pfa_redaction_report_unref (self->report);
  g_free (self->rules.key_marks);
  g_free (self->rules.names);
  g_free (self);
}

void
pfa_redactor_add_name (PfaRedactor *self, PfaSecret secret, const char *name)
{
  if (strlen (name) >= NAME_SHORTEST && secret < PFA_N_SECRETS)
    pfa_word_table_add (self->rules.words, PFA_WORD_LITERAL, secret, name);
}

PfaRedactionReport *
pfa_redactor_get_report (PfaRedactor *self)
{
  return self->report;
}

typedef struct
{
  GString *text;
  GArray *marks;
} Collection;

static gboolean
collect (PfaSafeText *piece, gpointer user_data, GError **error)
{
  Collection *collection = user_data;
  guint n_marks;
  gsize length;
  const PfaMark *marks = pfa_safe_text_get_marks (piece, &n_marks);
  const char *data = pfa_safe_text_get_data (piece, &length);

  for (guint i = 0; i < n_marks; i++)
    {
      PfaMark mark = marks[i];

      mark.offset += collection->text->len;
      g_array_append_val (collection->marks, mark);
    }
  g_string_append_len (collection->text, data, (gssize) length);
  return TRUE;
}

PfaSafeText *
pfa_redactor_redact_text (PfaRedactor *self,
                          const char *member,
                          const char *text,
                          gssize length,
                          GError **error)
{
  Collection collection = { g_string_new (NULL), g_array_new (FALSE, FALSE, sizeof (PfaMark)) };
  const PfaFilterTarget target = {
    .rules = &self->rules,
    .report = self->report,
    .member = member,
    .sink = collect,
    .user_data = &collection,
    .audit = TRUE,
  };
  g_autoptr (PfaFilter) filter = pfa_filter_new (&target);

  if (!pfa_filter_push (filter,
                        (const guint8 *) text,
                        length < 0 ? strlen (text) : (gsize) length,
                        error) ||
      !pfa_filter_finish (filter, error))
    {
      g_string_free (collection.text, TRUE);
      g_array_unref (collection.marks);
      return NULL;
    }
  return pfa_safe_text_new_from_redactor (collection.text, collection.marks);
}

gboolean
pfa_redactor_redact_stream (PfaRedactor *self,
                            const char *member,
                            GInputStream *input,
                            PfaSafeSink sink,
                            gpointer user_data,
                            GCancellable *cancellable,
                            GError **error)
{
  const PfaFilterTarget target = {
    .rules = &self->rules,
    .report = self->report,
    .member = member,
    .sink = sink,
    .user_data = user_data,
    .audit = TRUE,
  };
  g_autoptr (PfaFilter) filter = pfa_filter_new (&target);

  return pfa_source_read (input, filter, cancellable, error) && pfa_filter_finish (filter, error);
}

/* A sum under a name that says so: its digits are chance, and masking them would break what it
 * proves. */
static gboolean
is_digest (PfaKey kind, const char *value)
{
  static const gsize lengths[] = { 32, 40, 64, 128 };
  const gsize length = strlen (value);

  if (kind != PFA_KEY_DIGEST || strspn (value, "0123456789abcdef") != length)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    if (length == lengths[i])
      return TRUE;
  return FALSE;
}

/* 1.5.22.2 under "software" is no address. */
static gboolean
is_version (PfaKey kind, const char *value)
{
  return kind == PFA_KEY_VERSION && strlen (value) <= 15 &&
         strspn (value, "0123456789.") == strlen (value);
}

/* The value of one member as text on its own line, redacted with its key before it. */
static JsonNode *
redact_string (PfaRedactor *self,
               const char *member,
               const char *key,
               const char *value,
               GError **error)
{
  g_autoptr (PfaSafeText) safe = NULL;
  g_autofree char *line = g_strdup_printf ("%s", value);
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (PfaSpan));
  PfaScan scan = { .rules = &self->rules,
                   .text = (const guint8 *) line,
                   .length = strlen (line),
                   .spans = spans };
  const PfaKey kind =
      key != NULL ? pfa_key_classify (self->rules.key_marks, key, strlen (key)) : PFA_KEY_NONE;
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (scan.length > 0 && scan.length <= PFA_VALUE_MAX && kind != PFA_KEY_NONE &&
      pfa_scan_value (&scan, kind, 0, scan.length))
    {
      const PfaSpan *span = &g_array_index (spans, PfaSpan, 0);
      g_autofree char *text =
          g_strdup_printf ("%.*s%s%s", (int) span->start, value, span->text, value + span->end);

      pfa_redaction_report_add (self->report, member, span->secret, 1);
      json_node_set_string (node, text);
      return node;
    }
  if (is_digest (kind, value) || is_version (kind, value))
    {
      json_node_set_string (node, value);
      return node;
    }
  safe = kind != PFA_KEY_NONE && pfa_key_declares (kind, (guint) MIN (scan.length, 99))
             ? NULL
             : pfa_redactor_redact_text (self, member, value, -1, error);
  if (safe == NULL && error != NULL && *error != NULL)
    {
      json_node_unref (node);
      return NULL;
    }
  json_node_set_string (node, safe != NULL ? pfa_safe_text_get_data (safe, NULL) : value);
  return node;
}

static JsonNode *redact_node (PfaRedactor *self,
                              const char *member,
                              const char *key,
                              JsonNode *node,
                              GError **error);

static JsonNode *
redact_object (PfaRedactor *self, const char *member, JsonObject *object, GError **error)
{
  g_autoptr (JsonObject) copy = json_object_new ();
  g_autoptr (GList) names = json_object_get_members (object);
  JsonNode *node;

  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonNode *value =
          redact_node (self, member, l->data, json_object_get_member (object, l->data), error);

      if (value == NULL)
        return NULL;
      json_object_set_member (copy, l->data, value);
    }
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, copy);
  return node;
}

static JsonNode *
redact_array (PfaRedactor *self,
              const char *member,
              const char *key,
              JsonArray *array,
              GError **error)
{
  g_autoptr (JsonArray) copy = json_array_new ();
  JsonNode *node;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *value = redact_node (self, member, key, json_array_get_element (array, i), error);

      if (value == NULL)
        return NULL;
      json_array_add_element (copy, value);
    }
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_set_array (node, copy);
  return node;
}

/* Digits behind a decimal point carry nothing that support needs, and a long run of them can pass
 * for a card number: nine significant ones stay. */
static JsonNode *
round_number (double value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.9g", value);
  json_node_set_double (node, g_ascii_strtod (text, NULL));
  return node;
}

/* A whole number that is secret becomes a text with its placeholder: the document stays JSON. */
static JsonNode *
redact_integer (PfaRedactor *self,
                const char *member,
                const char *key,
                gint64 value,
                GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);
  g_autoptr (JsonNode) safe = NULL;
  JsonNode *node;

  if (strlen (text) >= SHORTEST_SECRET_NUMBER)
    {
      safe = redact_string (self, member, key, text, error);
      if (safe == NULL || !g_str_equal (json_node_get_string (safe), text))
        return g_steal_pointer (&safe);
    }
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_int (node, value);
  return node;
}

static JsonNode *
redact_node (PfaRedactor *self, const char *member, const char *key, JsonNode *node, GError **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return redact_object (self, member, json_node_get_object (node), error);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return redact_array (self, member, key, json_node_get_array (node), error);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return redact_string (self, member, key, json_node_get_string (node), error);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return round_number (json_node_get_double (node));
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    return redact_integer (self, member, key, json_node_get_int (node), error);
  return json_node_copy (node);
}

PfaSafeText *
pfa_redactor_redact_json (PfaRedactor *self,
                          const char *member,
                          JsonNode *node,
                          gboolean pretty,
                          GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) clean = redact_node (self, member, NULL, node, &local);
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  if (clean == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  text = pfa_json_write (clean, pretty);
  line = g_strconcat (text, "\n", NULL);
  return pfa_redactor_redact_text (self, member, line, -1, error);
}

PfaSafeText *
pfa_redactor_redact_json_lines (PfaRedactor *self,
                                const char *member,
                                JsonArray *lines,
                                GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) local = NULL;

  for (guint i = 0; i < json_array_get_length (lines); i++)
    {
      g_autoptr (JsonNode) clean =
          redact_node (self, member, NULL, json_array_get_element (lines, i), &local);
      g_autofree char *line = clean != NULL ? pfa_json_write (clean, FALSE) : NULL;

      if (line == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      g_string_append (text, line);
      g_string_append_c (text, '\n');
    }
  return pfa_redactor_redact_text (self, member, text->str, (gssize) text->len, error);
}
