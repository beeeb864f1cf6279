/* pfa-desk-adapter.c - a help desk or other place where tickets are filed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-adapter.h"

#include <string.h>

#include "pfa-desk-http.h"
#include "pfa-error.h"
#include "pfa-json.h"

static const PfaDeskAdapterKind *const kinds[] = { &pfa_desk_zammad,
                                                   &pfa_desk_rt,
                                                   &pfa_desk_webhook };

static void
adapter_free (gpointer data)
{
  PfaDeskAdapter *self = data;

  g_free (self->name);
  g_free (self->url);
  json_object_unref (self->settings);
  g_free (self);
}

static const PfaDeskAdapterKind *
find_kind (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i]->kind, kind))
      return kinds[i];
  return NULL;
}

static PfaDeskAdapter *
read_adapter (JsonObject *object, const char *where, GError **error)
{
  const char *word = pfa_json_require_string (object, "kind", where, error);
  const PfaDeskAdapterKind *kind = word != NULL ? find_kind (word) : NULL;
  const char *name = pfa_json_peek_string (object, "name");
  const char *url;
  PfaDeskAdapter *adapter;

  if (word == NULL)
    return NULL;
  if (kind == NULL)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "%s: there is no adapter “%s”",
                   where,
                   word);
      return NULL;
    }
  for (guint i = 0; kind->required[i] != NULL; i++)
    if (pfa_json_require_string (object, kind->required[i], where, error) == NULL)
      return NULL;
  url = pfa_json_peek_string (object, "url");
  if (!pfa_desk_http_check_url (url, error))
    return NULL;
  adapter = g_new0 (PfaDeskAdapter, 1);
  adapter->kind = kind;
  adapter->name = g_strdup (name != NULL ? name : word);
  adapter->url = g_strdup (url);
  while (g_str_has_suffix (adapter->url, "/"))
    adapter->url[strlen (adapter->url) - 1] = '\0';
  adapter->settings = json_object_ref (object);
  adapter->attach = pfa_json_peek_boolean (object, "attach", FALSE);
  return adapter;
}

GPtrArray *
pfa_desk_adapters_load (const char *path, GError **error)
{
  g_autoptr (GPtrArray) adapters = g_ptr_array_new_with_free_func (adapter_free);
  g_autoptr (JsonNode) node = pfa_json_load (path, error);
  JsonArray *array;

  if (node == NULL)
    return NULL;
  array = JSON_NODE_HOLDS_OBJECT (node)
              ? pfa_json_require_array (json_node_get_object (node), "adapters", path, error)
              : NULL;
  if (array == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: not a JSON object", path);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *where = g_strdup_printf ("%s: adapter %u", path, i + 1);
      JsonNode *element = json_array_get_element (array, i);
      PfaDeskAdapter *adapter = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: not an object", where);
      else
        adapter = read_adapter (json_node_get_object (element), where, error);
      if (adapter == NULL)
        return NULL;
      g_ptr_array_add (adapters, adapter);
    }
  return g_steal_pointer (&adapters);
}

const char *
pfa_desk_adapter_get (PfaDeskAdapter *self, const char *member)
{
  return pfa_json_peek_string (self->settings, member);
}

SoupMessage *
pfa_desk_adapter_new_message (PfaDeskAdapter *self, const char *method, const char *path)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);

  return soup_message_new (method, url);
}

/* Of an HTML article only the text is for the merchant. */
char *
pfa_desk_strip_markup (const char *html)
{
  GString *text = g_string_new (NULL);
  gboolean inside = FALSE;

  for (const char *c = html; *c != '\0'; c++)
    if (*c == '<')
      inside = TRUE;
    else if (*c == '>' && inside)
      inside = FALSE;
    else if (!inside)
      g_string_append_c (text, *c);
  g_string_replace (text, "&lt;", "<", 0);
  g_string_replace (text, "&gt;", ">", 0);
  g_string_replace (text, "&nbsp;", " ", 0);
  g_string_replace (text, "&amp;", "&", 0);
  return g_string_free (text, FALSE);
}

static void
answer_free (gpointer data)
{
  PfaDeskRemoteAnswer *self = data;

  g_free (self->source);
  g_free (self->author);
  g_free (self->text);
  g_free (self);
}

PfaDeskRemoteState *
pfa_desk_remote_state_new (const char *state)
{
  PfaDeskRemoteState *self = g_new0 (PfaDeskRemoteState, 1);

  self->state = g_strdup (state);
  self->answers = g_ptr_array_new_with_free_func (answer_free);
  return self;
}

void
pfa_desk_remote_state_free (PfaDeskRemoteState *self)
{
  g_free (self->state);
  g_ptr_array_unref (self->answers);
  g_free (self);
}

void
pfa_desk_remote_state_add (PfaDeskRemoteState *self,
                           const char *source,
                           const char *author,
                           const char *text,
                           const char *time)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) parsed = time != NULL ? g_date_time_new_from_iso8601 (time, utc) : NULL;
  PfaDeskRemoteAnswer *answer = g_new0 (PfaDeskRemoteAnswer, 1);

  answer->source = g_strdup (source);
  answer->author = g_strdup (author != NULL ? author : "");
  answer->text = g_strdup (text);
  answer->time =
      parsed != NULL ? g_date_time_to_unix (parsed) : g_get_real_time () / G_USEC_PER_SEC;
  g_ptr_array_add (self->answers, answer);
}
