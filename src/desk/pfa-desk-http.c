/* pfa-desk-http.c - one JSON question to a help desk
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-http.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"

void
pfa_desk_reply_free (PfaDeskReply *self)
{
  g_clear_pointer (&self->node, json_node_unref);
  g_free (self);
}

JsonObject *
pfa_desk_reply_get_object (const PfaDeskReply *self)
{
  return self->node != NULL && JSON_NODE_HOLDS_OBJECT (self->node)
             ? json_node_get_object (self->node)
             : NULL;
}

gboolean
pfa_desk_reply_is_good (const PfaDeskReply *self)
{
  return self->status >= 200 && self->status < 300;
}

void
pfa_desk_reply_set_error (const PfaDeskReply *self, const char *doing, GError **error)
{
  gboolean final = self->status >= 400 && self->status < 500 && self->status != 408 &&
                   self->status != 429 && self->status != 401;

  g_set_error (error,
               PFA_ERROR,
               final ? PFA_ERROR_REFUSED : PFA_ERROR_BUSY,
               "%s: the help desk answered %u",
               doing,
               self->status);
}

static void
on_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SoupMessage *message = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  PfaDeskReply *reply;

  if (bytes == NULL)
    {
      g_task_return_new_error (task, PFA_ERROR, PFA_ERROR_UNREACHABLE, "%s", error->message);
      return;
    }
  reply = g_new0 (PfaDeskReply, 1);
  reply->status = soup_message_get_status (message);
  if (g_bytes_get_size (bytes) > 0)
    reply->node = pfa_json_parse (g_bytes_get_data (bytes, NULL),
                                  (gssize) g_bytes_get_size (bytes),
                                  "help desk",
                                  NULL);
  g_task_return_pointer (task, reply, (GDestroyNotify) pfa_desk_reply_free);
}

void
pfa_desk_http_ask_async (SoupSession *session,
                         SoupMessage *message,
                         JsonObject *body,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pfa_desk_http_ask_async);
  g_task_set_task_data (task, message, g_object_unref);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (body != NULL)
    {
      char *text = pfa_json_write_object (body, FALSE);
      g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  soup_session_send_and_read_async (session,
                                    message,
                                    G_PRIORITY_DEFAULT,
                                    cancellable,
                                    on_answered_cb,
                                    task);
}

PfaDeskReply *
pfa_desk_http_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
pfa_desk_http_check_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autoptr (GInetAddress) address = host != NULL ? g_inet_address_new_from_string (host) : NULL;
  gboolean loopback = g_strcmp0 (host, "localhost") == 0 ||
                      (address != NULL && g_inet_address_get_is_loopback (address));

  if (host != NULL && (g_str_equal (scheme, "https") || (g_str_equal (scheme, "http") && loopback)))
    return TRUE;
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_BAD_INPUT,
               "“%s” is not an https address",
               url != NULL ? url : "");
  return FALSE;
}
