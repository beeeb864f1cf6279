/* pfa-topic.c - a page of advice: what to know, what to do in good time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-topic.h"

#include "pfa-json.h"

static PfaText *
read_text (JsonObject *object, const char *member, const char *where, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.%s", where, member);

  return pfa_text_new_from_json (json_object_get_member (object, member), path, error);
}

PfaTopic *
pfa_topic_new_from_json (JsonObject *object, const char *where, GError **error)
{
  g_autoptr (PfaTopic) self = g_new0 (PfaTopic, 1);
  const char *id = pfa_json_require_string (object, "id", where, error);
  const char *kind = id != NULL ? pfa_json_require_string (object, "kind", where, error) : NULL;
  double order = 0;

  if (kind == NULL || !pfa_json_require_double (object, "order", where, &order, error))
    return NULL;
  self->id = g_strdup (id);
  self->kind = g_strdup (kind);
  self->every = g_strdup (pfa_json_peek_string (object, "every"));
  self->source = g_strdup (pfa_json_peek_string (object, "source"));
  self->order = (guint) CLAMP (order, 0, G_MAXINT);
  self->title = read_text (object, "title", where, error);
  if (self->title == NULL)
    return NULL;
  self->paragraphs = read_text (object, "paragraphs", where, error);
  return self->paragraphs != NULL ? g_steal_pointer (&self) : NULL;
}

void
pfa_topic_free (PfaTopic *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->kind);
  g_free (self->every);
  g_free (self->source);
  g_clear_pointer (&self->title, pfa_text_unref);
  g_clear_pointer (&self->paragraphs, pfa_text_unref);
  g_free (self);
}
