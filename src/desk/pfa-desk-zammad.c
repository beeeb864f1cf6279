/* pfa-desk-zammad.c - files tickets in Zammad over its REST interface
 *
 *   POST /api/v1/tickets · POST /api/v1/ticket_articles · GET /api/v1/tickets/search
 *   GET /api/v1/tickets/ID?expand=true · GET /api/v1/ticket_articles/by_ticket/ID
 *
 * Zammad knows no idempotency key, so each ticket carries its key as a tag, and whoever tries again
 * looks for the tag first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-adapter.h"
#include "pfa-desk-http.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define MAX_ATTACHED_BYTES (30 * 1024 * 1024)

typedef struct
{
  PfaDeskAdapter *adapter;
  SoupSession *session;
  const PfaDeskFiled *filed; /* lives as long as the task */
  char *remote;
  PfaDeskRemoteState *state;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_object_unref (work->session);
  g_free (work->remote);
  g_clear_pointer (&work->state, pfa_desk_remote_state_free);
  g_free (work);
}

static SoupMessage *
new_message (PfaDeskAdapter *adapter, const char *method, const char *path)
{
  SoupMessage *message = pfa_desk_adapter_new_message (adapter, method, path);
  g_autofree char *token =
      g_strconcat ("Token token=", pfa_desk_adapter_get (adapter, "token"), NULL);

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", token);
  return message;
}

/* @callback gets the task, with Work as its data. */
static void
ask (GTask *task,
     const char *method,
     const char *path,
     JsonObject *body,
     GAsyncReadyCallback callback)
{
  Work *work = g_object_get_data (G_OBJECT (task), "work");

  pfa_desk_http_ask_async (work->session,
                           new_message (work->adapter, method, path),
                           body,
                           g_task_get_cancellable (task),
                           callback,
                           g_object_ref (task));
}

static char *
read_id (const PfaDeskReply *reply)
{
  JsonObject *object = pfa_desk_reply_get_object (reply);
  gint64 id = object != NULL ? (gint64) pfa_json_peek_double (object, "id", 0) : 0;

  return id > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, id) : NULL;
}

static void
return_reply_error (GTask *task, const PfaDeskReply *reply, const char *doing, GError *error)
{
  if (error == NULL)
    pfa_desk_reply_set_error (reply, doing, &error);
  g_task_return_error (task, error);
}

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  char *id = reply != NULL && pfa_desk_reply_is_good (reply) ? read_id (reply) : NULL;

  if (id != NULL)
    g_task_return_pointer (task, id, g_free);
  else
    return_reply_error (task, reply, "filing the ticket", g_steal_pointer (&error));
}

static JsonObject *
build_article (const PfaDeskFiled *filed)
{
  JsonObject *article = json_object_new ();

  json_object_set_string_member (article, "subject", filed->title);
  json_object_set_string_member (article, "body", filed->text);
  json_object_set_string_member (article, "content_type", "text/plain");
  json_object_set_string_member (article, "type", "note");
  json_object_set_boolean_member (article, "internal", FALSE);
  if (filed->bundle != NULL && g_bytes_get_size (filed->bundle) <= MAX_ATTACHED_BYTES)
    {
      JsonArray *attachments = json_array_new ();
      JsonObject *attachment = json_object_new ();
      g_autofree char *base64 = g_base64_encode (g_bytes_get_data (filed->bundle, NULL),
                                                 g_bytes_get_size (filed->bundle));

      json_object_set_string_member (attachment, "filename", filed->bundle_name);
      json_object_set_string_member (attachment, "data", base64);
      json_object_set_string_member (attachment, "mime-type", filed->bundle_type);
      json_array_add_object_element (attachments, attachment);
      json_object_set_array_member (article, "attachments", attachments);
    }
  return article;
}

static void
create_ticket (GTask *task)
{
  Work *work = g_object_get_data (G_OBJECT (task), "work");
  const char *customer = pfa_desk_adapter_get (work->adapter, "customer");
  const char *email = work->filed->email != NULL ? work->filed->email : customer;
  g_autofree char *guess = g_strconcat ("guess:", email, NULL);
  g_autofree char *tags = g_strconcat ("posaid,posaid-", work->filed->key, NULL);
  g_autoptr (JsonObject) body = json_object_new ();

  json_object_set_string_member (body, "title", work->filed->title);
  json_object_set_string_member (body, "group", pfa_desk_adapter_get (work->adapter, "group"));
  json_object_set_string_member (body, "customer_id", guess);
  json_object_set_string_member (body, "tags", tags);
  json_object_set_object_member (body, "article", build_article (work->filed));
  ask (task, "POST", "/api/v1/tickets", body, on_created_cb);
}

/* Answers a list of tickets, or (older versions) {"tickets": [id, …]}. */
static char *
read_found (const PfaDeskReply *reply)
{
  JsonArray *array = NULL;
  JsonNode *first;
  gint64 id = 0;

  if (reply->node != NULL && JSON_NODE_HOLDS_ARRAY (reply->node))
    array = json_node_get_array (reply->node);
  else if (pfa_desk_reply_get_object (reply) != NULL)
    array = pfa_json_peek_array (pfa_desk_reply_get_object (reply), "tickets");
  if (array == NULL || json_array_get_length (array) == 0)
    return NULL;
  first = json_array_get_element (array, 0);
  if (JSON_NODE_HOLDS_OBJECT (first))
    id = (gint64) pfa_json_peek_double (json_node_get_object (first), "id", 0);
  else if (JSON_NODE_HOLDS_VALUE (first))
    id = json_node_get_int (first);
  return id > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, id) : NULL;
}

static void
on_searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  char *id;

  if (reply == NULL || !pfa_desk_reply_is_good (reply))
    {
      return_reply_error (task, reply, "looking for the ticket", g_steal_pointer (&error));
      return;
    }
  id = read_found (reply);
  if (id != NULL)
    g_task_return_pointer (task, id, g_free);
  else
    create_ticket (task);
}

static void
on_article_added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Work *work = g_object_get_data (G_OBJECT (task), "work");
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);

  if (reply != NULL && pfa_desk_reply_is_good (reply))
    g_task_return_pointer (task, g_strdup (work->remote), g_free);
  else
    return_reply_error (task, reply, "adding to the ticket", g_steal_pointer (&error));
}

static void
add_article (GTask *task)
{
  Work *work = g_object_get_data (G_OBJECT (task), "work");
  g_autoptr (JsonObject) article = build_article (work->filed);

  json_object_set_int_member (article, "ticket_id", g_ascii_strtoll (work->remote, NULL, 10));
  ask (task, "POST", "/api/v1/ticket_articles", article, on_article_added_cb);
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
    add_article (task);
  else if (filed->again)
    {
      path = g_strdup_printf ("/api/v1/tickets/search?query=tags:posaid-%s&limit=1", filed->key);
      ask (task, "GET", path, NULL, on_searched_cb);
    }
  else
    create_ticket (task);
}

static void
take_article (PfaDeskRemoteState *state, JsonObject *article)
{
  const char *body = pfa_json_peek_string (article, "body");
  const char *type = pfa_json_peek_string (article, "content_type");
  const char *subject = pfa_json_peek_string (article, "subject");
  g_autofree char *source =
      g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) pfa_json_peek_double (article, "id", 0));
  g_autofree char *text = NULL;

  /* What the desk itself filed is the customer's or internal; only an agent's public word counts.
   */
  if (body == NULL || g_strcmp0 (pfa_json_peek_string (article, "sender"), "Agent") != 0 ||
      pfa_json_peek_boolean (article, "internal", TRUE) ||
      (subject != NULL && g_str_has_prefix (subject, PFA_DESK_TITLE_PREFIX)))
    return;
  text = g_strcmp0 (type, "text/html") == 0 ? pfa_desk_strip_markup (body) : g_strdup (body);
  pfa_desk_remote_state_add (state,
                             source,
                             pfa_json_peek_string (article, "from"),
                             text,
                             pfa_json_peek_string (article, "created_at"));
}

static void
on_articles_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Work *work = g_object_get_data (G_OBJECT (task), "work");
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  JsonArray *array;

  if (reply == NULL || reply->node == NULL || !JSON_NODE_HOLDS_ARRAY (reply->node))
    {
      return_reply_error (task, reply, "reading the answers", g_steal_pointer (&error));
      return;
    }
  array = json_node_get_array (reply->node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
      take_article (work->state, json_array_get_object_element (array, i));
  g_task_return_pointer (task,
                         g_steal_pointer (&work->state),
                         (GDestroyNotify) pfa_desk_remote_state_free);
}

static void
on_ticket_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Work *work = g_object_get_data (G_OBJECT (task), "work");
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  JsonObject *object = reply != NULL ? pfa_desk_reply_get_object (reply) : NULL;
  g_autofree char *path = NULL;

  if (object == NULL || !pfa_desk_reply_is_good (reply))
    {
      return_reply_error (task, reply, "reading the ticket", g_steal_pointer (&error));
      return;
    }
  work->state = pfa_desk_remote_state_new (pfa_json_peek_string (object, "state"));
  path = g_strconcat ("/api/v1/ticket_articles/by_ticket/", work->remote, NULL);
  ask (task, "GET", path, NULL, on_articles_cb);
}

static void
look (PfaDeskAdapter *adapter, SoupSession *session, const char *remote, GTask *task)
{
  Work *work = begin_work (adapter, session, task);
  g_autofree char *path = g_strdup_printf ("/api/v1/tickets/%s?expand=true", remote);

  work->remote = g_strdup (remote);
  ask (task, "GET", path, NULL, on_ticket_cb);
}

const PfaDeskAdapterKind pfa_desk_zammad = { "zammad",
                                             { "url", "token", "group", "customer" },
                                             file,
                                             look };
