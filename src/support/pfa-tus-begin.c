/* pfa-tus-begin.c - what the server can, and a place for the upload there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-tus-upload-private.h"

PfaSupportRequest *
pfa_tus_upload_new_request (PfaTusUpload *self, const char *method, const char *url)
{
  PfaSupportRequest *request = pfa_support_request_new (method, url);

  pfa_support_request_set_header (request, "Tus-Resumable", PFA_TUS_VERSION);
  return request;
}

void
pfa_tus_upload_send (PfaTusUpload *self,
                     GTask *task,
                     PfaSupportRequest *request,
                     GAsyncReadyCallback callback)
{
  pfa_support_request_send_async (request,
                                  self->session,
                                  g_task_get_cancellable (task),
                                  callback,
                                  g_object_ref (task));
}

static char *
build_metadata (PfaTusUpload *self)
{
  g_autofree char *name = g_base64_encode ((const guchar *) self->name, strlen (self->name));
  g_autofree char *sha256 = g_base64_encode ((const guchar *) self->sha256, strlen (self->sha256));

  return g_strdup_printf ("filename %s,sha256 %s", name, sha256);
}

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaTusUpload *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaSupportReply) reply = pfa_support_request_send_finish (result, &error);
  g_autofree char *url = NULL;

  if (reply == NULL)
    {
      pfa_tus_upload_resume_or_fail (self, task, g_steal_pointer (&error));
      return;
    }
  self->answered = TRUE;
  if (reply->status != 201)
    {
      if (reply->status == 404 || reply->status == 410)
        pfa_tus_upload_fail (task, PFA_ERROR_REFUSED, "beginning the upload", reply);
      else
        pfa_tus_upload_handle_trouble (self, task, "beginning the upload", reply);
      return;
    }
  url = pfa_support_resolve_url (reply->url,
                                 pfa_support_reply_get_header (reply, "Location"),
                                 &error);
  if (url == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  self->offset = 0;
  pfa_tus_upload_set_url (self, url);
  pfa_tus_upload_go_on (self, task);
}

void
pfa_tus_upload_begin_creation (PfaTusUpload *self, GTask *task)
{
  PfaSupportRequest *request = pfa_tus_upload_new_request (self, "POST", self->endpoint);
  g_autofree char *metadata = build_metadata (self);

  pfa_support_request_set_header (request, "Content-Length", "0");
  pfa_support_request_set_number (request, "Upload-Length", self->size);
  pfa_support_request_set_header (request, "Upload-Metadata", metadata);
  pfa_tus_upload_send (self, task, request, on_created_cb);
}

static gboolean
has_word (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list != NULL ? list : "", ",", 50);

  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_equal (g_strstrip (words[i]), word))
      return TRUE;
  return FALSE;
}

static void
on_options_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaTusUpload *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaSupportReply) reply = pfa_support_request_send_finish (result, &error);
  gint64 max_size;

  if (reply == NULL)
    {
      pfa_tus_upload_resume_or_fail (self, task, g_steal_pointer (&error));
      return;
    }
  self->answered = TRUE;
  self->asked = TRUE;
  /* Some proxies answer OPTIONS themselves: what it does not say is found out by trying. */
  if (reply->status == 200 || reply->status == 204)
    {
      self->with_checksum =
          has_word (pfa_support_reply_get_header (reply, "Tus-Extension"), "checksum") &&
          has_word (pfa_support_reply_get_header (reply, "Tus-Checksum-Algorithm"), "sha256");
      max_size = pfa_support_reply_get_number (reply, "Tus-Max-Size");
      if (max_size > 0 && max_size < self->size)
        {
          g_task_return_new_error (task,
                                   PFA_ERROR,
                                   PFA_ERROR_REFUSED,
                                   "the server takes at most %" G_GINT64_FORMAT " bytes",
                                   max_size);
          return;
        }
    }
  pfa_tus_upload_go_on (self, task);
}

void
pfa_tus_upload_ask_options (PfaTusUpload *self, GTask *task)
{
  pfa_tus_upload_send (self,
                       task,
                       pfa_tus_upload_new_request (self, "OPTIONS", self->endpoint),
                       on_options_cb);
}
