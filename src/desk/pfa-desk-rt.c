/* pfa-desk-rt.c - files tickets in Request Tracker 5 over REST 2
 *
 *   POST /REST/2.0/ticket · GET /REST/2.0/tickets?query=… · POST /REST/2.0/ticket/ID/comment
 *   GET /REST/2.0/ticket/ID · GET …/ID/history · GET /REST/2.0/transaction/ID/attachments
 *
 * The desk's ticket number stands in the subject; whoever tries again looks for it first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-desk-work.h"
#include "pfa-error.h"
#include "pfa-json.h"

/* The newest so many answers are looked at, each a request. */
#define MAX_ANSWERS 10

#define HISTORY                                                                                    \
  "/history?per_page=100&orderby=id&order=DESC&fields=Type,Creator,Created&fields%5BCreator%5D="   \
  "RealName"

/* An answer whose text has still to be fetched. */
typedef struct
{
  char *id;
  char *author;
  char *time;
} Answer;

/* What looking at a ticket gathers. */
typedef struct
{
  GHashTable *requestors;
  GPtrArray *answers; /* the newest first */
} Look;

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_free (answer->id);
  g_free (answer->author);
  g_free (answer->time);
  g_free (answer);
}

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_pointer (&look->requestors, g_hash_table_unref);
  g_clear_pointer (&look->answers, g_ptr_array_unref);
  g_free (look);
}

static void
authorize (PfaDeskAdapter *adapter, SoupMessage *message)
{
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
    pfa_desk_work_fail (task, reply, "filing the ticket", g_steal_pointer (&error));
}

static void
create_ticket (GTask *task)
{
  PfaDeskWork *work = pfa_desk_work_get (task);
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
  pfa_desk_work_ask (task, "POST", "/REST/2.0/ticket", body, on_created_cb);
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
      pfa_desk_work_fail (task, reply, "looking for the ticket", g_steal_pointer (&error));
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
    g_task_return_pointer (task, g_strdup (pfa_desk_work_get (task)->remote), g_free);
  else
    pfa_desk_work_fail (task, reply, "adding to the ticket", g_steal_pointer (&error));
}

static void
add_comment (GTask *task)
{
  PfaDeskWork *work = pfa_desk_work_get (task);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autofree char *path = g_strdup_printf ("/REST/2.0/ticket/%s/comment", work->remote);

  json_object_set_string_member (body, "Subject", work->filed->title);
  json_object_set_string_member (body, "Content", work->filed->text);
  json_object_set_string_member (body, "ContentType", "text/plain");
  add_attachment (body, work->filed);
  pfa_desk_work_ask (task, "POST", path, body, on_commented_cb);
}

static void
file (PfaDeskAdapter *adapter, SoupSession *session, const PfaDeskFiled *filed, GTask *task)
{
  PfaDeskWork *work = pfa_desk_work_begin (task, adapter, session, filed->remote, authorize);
  g_autofree char *path = NULL;

  work->filed = filed;
  if (filed->remote != NULL)
    add_comment (task);
  else if (filed->again)
    {
      path =
          g_strdup_printf ("/REST/2.0/tickets?query=Subject%%20LIKE%%20%%27%s%%27", filed->ticket);
      pfa_desk_work_ask (task, "GET", path, NULL, on_searched_cb);
    }
  else
    create_ticket (task);
}

static Look *
get_look (PfaDeskWork *work)
{
  return work->own;
}

static void
take_requestors (PfaDeskWork *work, JsonObject *ticket)
{
  JsonArray *array = pfa_json_peek_array (ticket, "Requestor");
  const char *id;

  get_look (work)->requestors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
      {
        id = pfa_json_peek_string (json_array_get_object_element (array, i), "id");
        if (id != NULL)
          g_hash_table_add (get_look (work)->requestors, g_strdup (id));
      }
}

/* What was written to the merchant. What the merchant wrote is a correspondence too; comments are
 * among agents. */
static void
take_transaction (PfaDeskWork *work, JsonObject *transaction)
{
  JsonObject *creator = pfa_json_peek_object (transaction, "Creator");
  const char *name = creator != NULL ? pfa_json_peek_string (creator, "id") : NULL;
  const char *real_name = creator != NULL ? pfa_json_peek_string (creator, "RealName") : NULL;
  g_autofree char *id = read_id (transaction);
  Answer *answer;

  if (id == NULL || name == NULL || g_hash_table_contains (get_look (work)->requestors, name) ||
      get_look (work)->answers->len >= MAX_ANSWERS ||
      g_strcmp0 (pfa_json_peek_string (transaction, "Type"), "Correspond") != 0)
    return;
  answer = g_new0 (Answer, 1);
  answer->id = g_steal_pointer (&id);
  answer->author = g_strdup (real_name != NULL && *real_name != '\0' ? real_name : name);
  answer->time = g_strdup (pfa_json_peek_string (transaction, "Created"));
  g_ptr_array_add (get_look (work)->answers, answer);
}

/* An answer's text is its first part that is one. */
static void
take_text (PfaDeskWork *work, const Answer *answer, JsonArray *parts)
{
  for (guint i = 0; i < json_array_get_length (parts); i++)
    {
      JsonNode *node = json_array_get_element (parts, i);
      JsonObject *part = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *type = part != NULL ? pfa_json_peek_string (part, "ContentType") : NULL;
      const char *content = part != NULL ? pfa_json_peek_string (part, "Content") : NULL;
      g_autofree char *text = NULL;

      if (content == NULL || type == NULL || !g_str_has_prefix (type, "text/"))
        continue;
      text = g_str_has_prefix (type, "text/html") ? pfa_desk_strip_markup (content)
                                                  : g_strdup (content);
      pfa_desk_remote_state_add (work->state, answer->id, answer->author, text, answer->time);
      return;
    }
}

static void on_text_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* The oldest of what is left, so that they stay in their order. */
static void
fetch_next_answer (GTask *task)
{
  PfaDeskWork *work = pfa_desk_work_get (task);
  g_autofree char *path = NULL;
  const Answer *answer;

  if (get_look (work)->answers->len == 0)
    {
      g_task_return_pointer (task,
                             g_steal_pointer (&work->state),
                             (GDestroyNotify) pfa_desk_remote_state_free);
      return;
    }
  answer = get_look (work)->answers->pdata[get_look (work)->answers->len - 1];
  path = g_strdup_printf ("/REST/2.0/transaction/%s/attachments?fields=ContentType,Content",
                          answer->id);
  pfa_desk_work_ask (task, "GET", path, NULL, on_text_cb);
}

static JsonArray *
get_items (const PfaDeskReply *reply)
{
  JsonObject *object = reply != NULL ? pfa_desk_reply_get_object (reply) : NULL;

  return object != NULL && pfa_desk_reply_is_good (reply) ? pfa_json_peek_array (object, "items")
                                                          : NULL;
}

static void
on_text_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaDeskWork *work = pfa_desk_work_get (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  JsonArray *items = get_items (reply);

  if (items == NULL)
    {
      pfa_desk_work_fail (task, reply, "reading an answer", g_steal_pointer (&error));
      return;
    }
  take_text (work, get_look (work)->answers->pdata[get_look (work)->answers->len - 1], items);
  g_ptr_array_set_size (get_look (work)->answers, (int) get_look (work)->answers->len - 1);
  fetch_next_answer (task);
}

static void
on_history_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaDeskWork *work = pfa_desk_work_get (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);
  JsonArray *items = get_items (reply);

  if (items == NULL)
    {
      pfa_desk_work_fail (task, reply, "reading the answers", g_steal_pointer (&error));
      return;
    }
  get_look (work)->answers = g_ptr_array_new_with_free_func (answer_free);
  for (guint i = 0; i < json_array_get_length (items); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (items, i)))
      take_transaction (work, json_array_get_object_element (items, i));
  fetch_next_answer (task);
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
  work->state = pfa_desk_remote_state_new (pfa_json_peek_string (object, "Status"));
  take_requestors (work, object);
  path = g_strconcat ("/REST/2.0/ticket/", work->remote, HISTORY, NULL);
  pfa_desk_work_ask (task, "GET", path, NULL, on_history_cb);
}

static void
look (PfaDeskAdapter *adapter, SoupSession *session, const char *remote, GTask *task)
{
  PfaDeskWork *work = pfa_desk_work_begin (task, adapter, session, remote, authorize);
  g_autofree char *path = g_strdup_printf ("/REST/2.0/ticket/%s", remote);

  work->own = g_new0 (Look, 1);
  work->free_own = look_free;
  pfa_desk_work_ask (task, "GET", path, NULL, on_ticket_cb);
}

const PfaDeskAdapterKind pfa_desk_rt = { "rt", { "url", "queue" }, file, look };
