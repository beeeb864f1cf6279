/* pfa-desk-rt.c - files tickets in Request Tracker 5 over REST 2
 *
 *   POST /REST/2.0/ticket · GET /REST/2.0/tickets?query=… · POST /REST/2.0/ticket/ID/comment
 *   GET /REST/2.0/ticket/ID
 *
 * The desk's ticket number stands in the subject; whoever tries again looks for it first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-desk-adapter.h"
#include "pfa-desk-http.h"
#include "pfa-error.h"
#include "pfa-json.h"

typedef struct
{
  PfaDeskAdapter *adapter;
  SoupSession *session;
  const PfaDeskFiled *filed; /* lives as long as the task */
  char *remote;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_object_unref (work->session);
  g_free (work->remote);
  g_free (work);
}

static SoupMessage *
new_message (PfaDeskAdapter *adapter, const char *method, const char *path)
{
  SoupMessage *message = pfa_desk_adapter_new_message (adapter, method, path);
  const char *token = pfa_desk_adapter_get (adapter, "token");
  const char *user = pfa_desk_adapter_get (adapter, "user");
  const char *password = pfa_desk_adapter_get (adapter, "password");
  g_autofree char *pair = NULL;
  g_autofree char *base64 = NULL;
  g_autofree char *header = NULL;

  if (token != NULL)
    header = g_strconcat ("token ", token, NULL);
  else
    {
      pair = g_strconcat (user != NULL ? user : "", ":", password != NULL ? password : "", NULL);
      base64 = g_base64_encode ((const guchar *) pair, strlen (pair));
      header = g_strconcat ("Basic ", base64, NULL);
    }
  soup_message_headers_replace (soup_message_get_request_headers (message),
                                "Authorization",
                                header);
  return message;
}

static Work *
get_work (GTask *task)
{
  return g_object_get_data (G_OBJECT (task), "work");
}

static void
ask (GTask *task,
     const char *method,
     const char *path,
     JsonObject *body,
     GAsyncReadyCallback callback)
{
  Work *work = get_work (task);

  pfa_desk_http_ask_async (work->session,
                           new_message (work->adapter, method, path),
                           body,
                           g_task_get_cancellable (task),
                           callback,
                           g_object_ref (task));
}

static void
return_reply_error (GTask *task, const PfaDeskReply *reply, const char *doing, GError *error)
{
  if (error == NULL)
    pfa_desk_reply_set_error (reply, doing, &error);
  g_task_return_error (task, error);
}

/* RT writes ids now as texts, now as numbers. */
static char *
read_id (JsonObject *object)
{
  const char *text = object != NULL ? pfa_json_peek_string (object, "id") : NULL;
  gint64 number = object != NULL ? (gint64) pfa_json_peek_double (object, "id", 0) : 0;

  if (text != NULL && *text != '\0' && strspn (text, "0123456789") == strlen (text))
    return g_strdup (text);
  return number > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : NULL;
}

static void
add_attachment (JsonObject *body, const PfaDeskFiled *filed)
{
  JsonArray *attachments;
  JsonObject *attachment;
  g_autofree char *base64 = NULL;

  if (filed->bundle == NULL)
    return;
  attachments = json_array_new ();
  attachment = json_object_new ();
  base64 =
      g_base64_encode (g_bytes_get_data (filed->bundle, NULL), g_bytes_get_size (filed->bundle));
  json_object_set_string_member (attachment, "FileName", filed->bundle_name);
  json_object_set_string_member (attachment, "FileType", filed->bundle_type);
  json_object_set_string_member (attachment, "FileContent", base64);
  json_array_add_object_element (attachments, attachment);
  json_object_set_array_member (body, "Attachments", attachments);
}

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  char *id = reply != NULL && pfa_desk_reply_is_good (reply)
                 ? read_id (pfa_desk_reply_get_object (reply))
                 : NULL;

  if (id != NULL)
    g_task_return_pointer (task, id, g_free);
  else
    return_reply_error (task, reply, "filing the ticket", g_steal_pointer (&error));
}

static void
create_ticket (GTask *task)
{
  Work *work = get_work (task);
  const char *requestor = pfa_desk_adapter_get (work->adapter, "requestor");
  const char *email = work->filed->email != NULL ? work->filed->email : requestor;
  g_autoptr (JsonObject) body = json_object_new ();

  json_object_set_string_member (body, "Queue", pfa_desk_adapter_get (work->adapter, "queue"));
  json_object_set_string_member (body, "Subject", work->filed->title);
  if (email != NULL)
    json_object_set_string_member (body, "Requestor", email);
  json_object_set_string_member (body, "Content", work->filed->text);
  json_object_set_string_member (body, "ContentType", "text/plain");
  add_attachment (body, work->filed);
  ask (task, "POST", "/REST/2.0/ticket", body, on_created_cb);
}

static void
on_searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  JsonObject *object = reply != NULL ? pfa_desk_reply_get_object (reply) : NULL;
  JsonArray *items = object != NULL ? pfa_json_peek_array (object, "items") : NULL;
  char *id = NULL;

  if (items == NULL || !pfa_desk_reply_is_good (reply))
    {
      return_reply_error (task, reply, "looking for the ticket", g_steal_pointer (&error));
      return;
    }
  if (json_array_get_length (items) > 0 &&
      JSON_NODE_HOLDS_OBJECT (json_array_get_element (items, 0)))
    id = read_id (json_array_get_object_element (items, 0));
  if (id != NULL)
    g_task_return_pointer (task, id, g_free);
  else
    create_ticket (task);
}

static void
on_commented_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);

  if (reply != NULL && pfa_desk_reply_is_good (reply))
    g_task_return_pointer (task, g_strdup (get_work (task)->remote), g_free);
  else
    return_reply_error (task, reply, "adding to the ticket", g_steal_pointer (&error));
}

static void
add_comment (GTask *task)
{
  Work *work = get_work (task);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *path = g_strdup_printf ("/REST/2.0/ticket/%s/comment", work->remote);

  json_object_set_string_member (body, "Subject", work->filed->title);
  json_object_set_string_member (body, "Content", work->filed->text);
  json_object_set_string_member (body, "ContentType", "text/plain");
  add_attachment (body, work->filed);
  ask (task, "POST", path, body, on_commented_cb);
}

static Work *
begin_work (PfaDeskAdapter *adapter, SoupSession *session, GTask *task)
{
  Work *work = g_new0 (Work, 1);

  work->adapter = adapter;
  work->session = g_object_ref (session);
  g_object_set_data_full (G_OBJECT (task), "work", work, work_free);
  return work;
}

static void
file (PfaDeskAdapter *adapter, SoupSession *session, const PfaDeskFiled *filed, GTask *task)
{
  Work *work = begin_work (adapter, session, task);
  g_autofree char *path = NULL;

  work->filed = filed;
  work->remote = g_strdup (filed->remote);
  if (filed->remote != NULL)
    add_comment (task);
  else if (filed->again)
    {
      path =
          g_strdup_printf ("/REST/2.0/tickets?query=Subject%%20LIKE%%20%%27%s%%27", filed->ticket);
      ask (task, "GET", path, NULL, on_searched_cb);
    }
  else
    create_ticket (task);
}

static void
on_ticket_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  JsonObject *object = reply != NULL ? pfa_desk_reply_get_object (reply) : NULL;

  if (object == NULL || !pfa_desk_reply_is_good (reply))
    return_reply_error (task, reply, "reading the ticket", g_steal_pointer (&error));
  else
    g_task_return_pointer (task,
                           pfa_desk_remote_state_new (pfa_json_peek_string (object, "Status")),
                           (GDestroyNotify) pfa_desk_remote_state_free);
}

static void
look (PfaDeskAdapter *adapter, SoupSession *session, const char *remote, GTask *task)
{
  g_autofree char *path = g_strdup_printf ("/REST/2.0/ticket/%s", remote);

  begin_work (adapter, session, task);
  ask (task, "GET", path, NULL, on_ticket_cb);
}

const PfaDeskAdapterKind pfa_desk_rt = { "rt", { "url", "queue" }, file, look };
