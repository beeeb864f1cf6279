/* pfa-support-request.c - a question to a provider's server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-json.h"
#include "pfa-support-request-private.h"

PfaSupportRequest *
pfa_support_request_new (const char *method, const char *url)
{
  PfaSupportRequest *self = g_new0 (PfaSupportRequest, 1);

  self->method = g_strdup (method);
  self->url = g_strdup (url);
  self->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  self->max_answer = PFA_SUPPORT_MAX_ANSWER;
  return self;
}

void
pfa_support_request_free (PfaSupportRequest *self)
{
  g_free (self->method);
  g_free (self->url);
  soup_message_headers_unref (self->headers);
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->path);
  g_free (self->checksum_header);
  g_free (self);
}

void
pfa_support_request_set_header (PfaSupportRequest *self, const char *name, const char *value)
{
  soup_message_headers_replace (self->headers, name, value);
}

void
pfa_support_request_set_number (PfaSupportRequest *self, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  pfa_support_request_set_header (self, name, text);
}

void
pfa_support_request_set_json (PfaSupportRequest *self, JsonObject *object)
{
  char *text = pfa_json_write_object (object, FALSE);

  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_new_take (text, strlen (text));
  g_free (self->content_type);
  self->content_type = g_strdup ("application/json");
}

void
pfa_support_request_set_file (PfaSupportRequest *self,
                              const char *content_type,
                              const char *path,
                              goffset offset,
                              goffset length,
                              PfaSupportProgressFunc progress,
                              gpointer user_data)
{
  g_free (self->content_type);
  self->content_type = g_strdup (content_type);
  g_free (self->path);
  self->path = g_strdup (path);
  self->offset = offset;
  self->length = length;
  self->progress = progress;
  self->progress_data = user_data;
}

void
pfa_support_request_set_max_answer (PfaSupportRequest *self, gsize bytes)
{
  self->max_answer = bytes;
}

void
pfa_support_request_set_checksum_header (PfaSupportRequest *self, const char *name)
{
  g_free (self->checksum_header);
  self->checksum_header = g_strdup (name);
}
