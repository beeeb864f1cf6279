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

#include "pfa-desk-work.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define MAX_ATTACHED_BYTES (30 * 1024 * 1024)

static void
authorize (PfaDeskAdapter *adapter, SoupMessage *message)
{
  g_autofree char *token =
      g_strconcat ("Token token=", pfa_desk_adapter_get (adapter, "token"), NULL);

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", token);
}

static char *
read_id (const PfaDeskReply *reply)
{
  JsonObject *object = pfa_desk_reply_get_object (reply);
  gint64 id = object != NULL ? (gint64) pfa_json_peek_double (object, "id", 0) : 0;

  return id > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, id) : NULL;
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
    pfa_desk_work_fail (task, reply, "filing the ticket", g_steal_pointer (&error));
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
  PfaDeskWork *work = pfa_desk_work_get (task);
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
  pfa_desk_work_ask (task, "POST", "/api/v1/tickets", body, on_created_cb);
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
      pfa_desk_work_fail (task, reply, "looking for the ticket", g_steal_pointer (&error));
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
  PfaDeskWork *work = pfa_desk_work_get (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);

  if (reply != NULL && pfa_desk_reply_is_good (reply))
    g_task_return_pointer (task, g_strdup (work->remote), g_free);
  else
    pfa_desk_work_fail (task, reply, "adding to the ticket", g_steal_pointer (&error));
}

static void
add_article (GTask *task)
{
  PfaDeskWork *work = pfa_desk_work_get (task);
  g_autoptr (JsonObject) article = build_article (work->filed);

  json_object_set_int_member (article, "ticket_id", g_ascii_strtoll (work->remote, NULL, 10));
  pfa_desk_work_ask (task, "POST", "/api/v1/ticket_articles", article, on_article_added_cb);
}

static void
file (PfaDeskAdapter *adapter, SoupSession *session, const PfaDeskFiled *filed, GTask *task)
{
  PfaDeskWork *work = pfa_desk_work_begin (task, adapter, session, filed->remote, authorize);
  g_autofree char *path = NULL;

  work->filed = filed;
  if (filed->remote != NULL)
    add_article (task);
  else if (filed->again)
    {
      path = g_strdup_printf ("/api/v1/tickets/search?query=tags:posaid-%s&limit=1", filed->key);
      pfa_desk_work_ask (task, "GET", path, NULL, on_searched_cb);
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
  PfaDeskWork *work = pfa_desk_work_get (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  JsonArray *array;

  if (reply == NULL || reply->node == NULL || !JSON_NODE_HOLDS_ARRAY (reply->node))
    {
      pfa_desk_work_fail (task, reply, "reading the answers", g_steal_pointer (&error));
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
  PfaDeskWork *work = pfa_desk_work_get (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  JsonObject *object = reply != NULL ? pfa_desk_reply_get_object (reply) : NULL;
  g_autofree char *path = NULL;

  if (object == NULL || !pfa_desk_reply_is_good (reply))
    {
      pfa_desk_work_fail (task, reply, "reading the ticket", g_steal_pointer (&error));
      return;
    }
  work->state = pfa_desk_remote_state_new (pfa_json_peek_string (object, "state"));
  path = g_strconcat ("/api/v1/ticket_articles/by_ticket/", work->remote, NULL);
  pfa_desk_work_ask (task, "GET", path, NULL, on_articles_cb);
}

static void
look (PfaDeskAdapter *adapter, SoupSession *session, const char *remote, GTask *task)
{
  g_autofree char *path = g_strdup_printf ("/api/v1/tickets/%s?expand=true", remote);

  pfa_desk_work_begin (task, adapter, session, remote, authorize);
  pfa_desk_work_ask (task, "GET", path, NULL, on_ticket_cb);
}

const PfaDeskAdapterKind pfa_desk_zammad = { "zammad",
                                             { "url", "token", "group", "customer" },
                                             file,
                                             look };
