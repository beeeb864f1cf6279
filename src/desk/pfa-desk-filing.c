/* pfa-desk-filing.c - brings tickets to the help desks, and their answers back
 *
 * What is to be told stands in the store's table "deliveries", written together with the ticket: a
 * help desk that is down, or a desk that is killed, delays it and loses nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-filing.h"

#include <string.h>

#include "pfa-desk-adapter.h"
#include "pfa-desk-log.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define TIMEOUT_S          30
#define FIRST_PAUSE_S      15
#define MAX_PAUSE_S        (60 * 60)
#define MAX_REFUSALS       5
#define LOOK_INTERVAL_S    60
#define LOOK_TIMEOUT_S     5
#define MAX_ATTACHED_BYTES (30 * 1024 * 1024)

struct _PfaDeskFiling
{
  GObject parent_instance;

  PfaDeskServer *desk; /* not owned: it owns this */
  GPtrArray *adapters; /* (element-type PfaDeskAdapter) */
  SoupSession *session;
  SoupSession *look_session; /* of shorter patience: the merchant waits */
  GCancellable *cancellable;
  guint timer;
  gboolean busy; /* one delivery at a time, in order */
};

G_DEFINE_FINAL_TYPE (PfaDeskFiling, pfa_desk_filing, G_TYPE_OBJECT)

/* One row of the table, and what is told of it. */
typedef struct
{
  PfaDeskFiling *filing;
  PfaDeskAdapter *adapter;
  gint64 ticket_id;
  char *event;
  char *sha256;
  guint attempts;
  char *remote;
  PfaDeskTicket *ticket;
  char *title;
  char *text;
  char *name;
  PfaDeskFiled filed;
} Delivery;

static void arm (PfaDeskFiling *self);

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_object_unref (delivery->filing);
  g_free (delivery->event);
  g_free (delivery->sha256);
  g_free (delivery->remote);
  g_clear_pointer (&delivery->ticket, pfa_desk_ticket_free);
  g_free (delivery->title);
  g_free (delivery->text);
  g_free (delivery->name);
  g_clear_pointer (&delivery->filed.object, json_object_unref);
  g_clear_pointer (&delivery->filed.bundle, g_bytes_unref);
  g_free (delivery);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Delivery, delivery_free)

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static PfaDeskStore *
get_store (PfaDeskFiling *self)
{
  return pfa_desk_server_get_store (self->desk);
}

static PfaDeskAdapter *
find_adapter (PfaDeskFiling *self, const char *name)
{
  for (guint i = 0; i < self->adapters->len; i++)
    if (g_str_equal (((PfaDeskAdapter *) self->adapters->pdata[i])->name, name))
      return self->adapters->pdata[i];
  return NULL;
}

/* The help desk's id, known once anything of this ticket was delivered. (transfer full) */
static char *
find_remote (PfaDeskFiling *self, gint64 ticket_id, const char *adapter)
{
  PfaDeskStore *store = get_store (self);
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store,
                              "SELECT remote FROM deliveries WHERE ticket = ? AND adapter = ?"
                              " AND remote IS NOT NULL AND remote != '' LIMIT 1",
                              NULL);
  char *remote = NULL;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, ticket_id);
  pfa_desk_store_bind (statement, 2, adapter);
  if (pfa_desk_store_step (store, statement, NULL))
    remote = pfa_desk_store_dup_text (statement, 0);
  sqlite3_reset (statement);
  return remote;
}

gboolean
pfa_desk_filing_note (PfaDeskFiling *self,
                      gint64 ticket_id,
                      const char *event,
                      const char *sha256,
                      GError **error)
{
  PfaDeskStore *store = get_store (self);

  for (guint i = 0; i < self->adapters->len; i++)
    {
      const PfaDeskAdapter *adapter = self->adapters->pdata[i];
      sqlite3_stmt *statement = pfa_desk_store_prepare (
          store,
          "INSERT OR IGNORE INTO deliveries (ticket, adapter, event, bundle, state, attempts, due)"
          " VALUES (?, ?, ?, ?, 'due', 0, ?)",
          error);

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, ticket_id);
      pfa_desk_store_bind (statement, 2, adapter->name);
      pfa_desk_store_bind (statement, 3, event);
      pfa_desk_store_bind (statement, 4, sha256);
      sqlite3_bind_int64 (statement, 5, now_s ());
      if (!pfa_desk_store_run (store, statement, error))
        return FALSE;
    }
  arm (self);
  return TRUE;
}

static void
append_line (GString *text, const char *label, const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (text, "%s: %s\n", label, value);
}

static void
append_summary (GString *text, JsonObject *summary)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, summary);
  while (json_object_iter_next (&iter, &name, &node))
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      append_line (text, name, json_node_get_string (node));
}

static char *
build_text (const Delivery *delivery, const char *url)
{
  const PfaDeskTicket *ticket = delivery->ticket;
  GString *text = g_string_new (NULL);

  append_line (text, "Ticket", ticket->ticket);
  if (g_str_equal (delivery->event, "withdrawn"))
    g_string_append (text,
                     "The merchant has withdrawn what was sent; the desk has deleted it. Please "
                     "delete your copy.\n");
  else
    {
      append_summary (text, ticket->summary);
      append_line (text, "Name", ticket->contact->name);
      append_line (text, "Telephone", ticket->contact->phone);
      append_line (text, "E-mail", ticket->contact->email);
      append_line (text, "Call between", ticket->contact->call_between);
      append_line (text, "Bundle", url);
      append_line (text, "SHA-256", delivery->sha256);
    }
  return g_string_free (text, FALSE);
}

static JsonObject *
build_object (const Delivery *delivery, const char *url)
{
  JsonObject *object = json_object_new ();
  JsonObject *bundle = json_object_new ();

  json_object_set_string_member (object, "event", delivery->filed.event);
  json_object_set_string_member (object, "ticket", delivery->ticket->ticket);
  json_object_set_string_member (object, "key", delivery->ticket->key);
  json_object_set_object_member (object, "summary", json_object_ref (delivery->ticket->summary));
  json_object_set_object_member (object,
                                 "contact",
                                 pfa_contact_to_json (delivery->ticket->contact));
  json_object_set_string_member (bundle, "sha256", delivery->sha256);
  json_object_set_string_member (bundle, "url", url);
  json_object_set_object_member (object, "bundle", bundle);
  return object;
}

static void
attach_bundle (Delivery *delivery)
{
  PfaDeskFiling *self = delivery->filing;
  g_autoptr (GPtrArray) bundles =
      pfa_desk_tickets_list_bundles (get_store (self), delivery->ticket, NULL);

  for (guint i = 0; bundles != NULL && i < bundles->len; i++)
    {
      const PfaDeskBundle *bundle = bundles->pdata[i];
      g_autofree char *path = NULL;
      g_autoptr (GMappedFile) file = NULL;

      if (!g_str_equal (bundle->sha256, delivery->sha256) || bundle->size > MAX_ATTACHED_BYTES)
        continue;
      path = g_build_filename (pfa_desk_server_get_config (self->desk)->data, bundle->path, NULL);
      file = g_mapped_file_new (path, FALSE, NULL);
      if (file == NULL)
        return;
      delivery->filed.bundle = g_mapped_file_get_bytes (file);
      delivery->name = g_strconcat (delivery->ticket->ticket,
                                    bundle->sealed ? ".posaid.p7m" : ".posaid.zip",
                                    NULL);
      delivery->filed.bundle_name = delivery->name;
      delivery->filed.bundle_type = bundle->sealed ? "application/pkcs7-mime" : "application/zip";
    }
}

static void
describe (Delivery *delivery)
{
  PfaDeskFiling *self = delivery->filing;
  const char *cause = pfa_json_peek_string (delivery->ticket->summary, "title");
  g_autofree char *url = g_strdup_printf ("%s/tickets/%s/bundles/%s",
                                          pfa_desk_server_get_public_url (self->desk),
                                          delivery->ticket->ticket,
                                          delivery->sha256);

  if (cause == NULL)
    cause = pfa_json_peek_string (delivery->ticket->summary, "cause");
  delivery->remote = find_remote (self, delivery->ticket_id, delivery->adapter->name);
  delivery->title = g_strdup_printf (PFA_DESK_TITLE_PREFIX "%s: %s",
                                     delivery->ticket->ticket,
                                     cause != NULL ? cause : "diagnostic bundle");
  delivery->text = build_text (delivery, url);
  delivery->filed.event = delivery->event;
  if (g_str_equal (delivery->event, "bundle") && delivery->remote == NULL)
    delivery->filed.event = "ticket";
  delivery->filed.ticket = delivery->ticket->ticket;
  delivery->filed.key = delivery->ticket->key;
  delivery->filed.remote = delivery->remote;
  delivery->filed.again = delivery->attempts > 0;
  delivery->filed.title = delivery->title;
  delivery->filed.text = delivery->text;
  delivery->filed.email = delivery->ticket->contact->email;
  delivery->filed.object = build_object (delivery, url);
  if (delivery->adapter->attach && g_str_equal (delivery->event, "bundle"))
    attach_bundle (delivery);
}

/* The next one that is due, or NULL; what belongs to an adapter that is gone stays where it is. */
static Delivery *
take_next (PfaDeskFiling *self, gint64 *next_due)
{
  PfaDeskStore *store = get_store (self);
  g_autoptr (Delivery) delivery = NULL;
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store,
                              "SELECT ticket, adapter, event, bundle, attempts, due FROM deliveries"
                              " WHERE state = 'due' ORDER BY due LIMIT 200",
                              NULL);

  *next_due = -1;
  while (statement != NULL && pfa_desk_store_step (store, statement, NULL))
    {
      PfaDeskAdapter *adapter =
          find_adapter (self, (const char *) sqlite3_column_text (statement, 1));

      if (adapter == NULL)
        continue;
      *next_due = sqlite3_column_int64 (statement, 5);
      if (*next_due > now_s ())
        break;
      delivery = g_new0 (Delivery, 1);
      delivery->filing = g_object_ref (self);
      delivery->adapter = adapter;
      delivery->ticket_id = sqlite3_column_int64 (statement, 0);
      delivery->event = pfa_desk_store_dup_text (statement, 2);
      delivery->sha256 = pfa_desk_store_dup_text (statement, 3);
      delivery->attempts = (guint) sqlite3_column_int (statement, 4);
      break;
    }
  if (statement != NULL)
    sqlite3_reset (statement);
  if (delivery == NULL)
    return NULL;
  delivery->ticket = pfa_desk_tickets_find_id (store, delivery->ticket_id, NULL);
  if (delivery->ticket == NULL)
    return NULL;
  describe (delivery);
  return g_steal_pointer (&delivery);
}

static void
write_state (Delivery *delivery, const char *state, gint64 due, const char *remote)
{
  PfaDeskStore *store = get_store (delivery->filing);
  sqlite3_stmt *statement = pfa_desk_store_prepare (
      store,
      "UPDATE deliveries SET state = ?, attempts = ?, due = ?, remote = coalesce (?, remote)"
      " WHERE ticket = ? AND adapter = ? AND event = ? AND bundle = ?",
      NULL);

  if (statement == NULL)
    return;
  pfa_desk_store_bind (statement, 1, state);
  sqlite3_bind_int64 (statement, 2, delivery->attempts);
  sqlite3_bind_int64 (statement, 3, due);
  pfa_desk_store_bind (statement, 4, remote);
  sqlite3_bind_int64 (statement, 5, delivery->ticket_id);
  pfa_desk_store_bind (statement, 6, delivery->adapter->name);
  pfa_desk_store_bind (statement, 7, delivery->event);
  pfa_desk_store_bind (statement, 8, delivery->sha256);
  pfa_desk_store_run (store, statement, NULL);
}

static void
on_filed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Delivery) delivery = user_data;
  PfaDeskFiling *self = delivery->filing;
  g_autoptr (GError) error = NULL;
  g_autofree char *remote = g_task_propagate_pointer (G_TASK (result), &error);
  gint64 pause = FIRST_PAUSE_S;

  self->busy = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (remote != NULL)
    write_state (delivery, "done", 0, remote);
  else if (g_error_matches (error, PFA_ERROR, PFA_ERROR_REFUSED) &&
           delivery->attempts >= MAX_REFUSALS)
    write_state (delivery, "failed", 0, NULL);
  else
    {
      for (guint i = 1; i < delivery->attempts && pause < MAX_PAUSE_S; i++)
        pause *= 2;
      write_state (delivery, "due", now_s () + MIN (pause, MAX_PAUSE_S), NULL);
    }
  pfa_desk_log (remote != NULL ? "filed" : "not-filed",
                "ticket",
                delivery->ticket->ticket,
                "adapter",
                delivery->adapter->name,
                "remote",
                remote,
                "text",
                error != NULL ? error->message : NULL,
                NULL);
  arm (self);
}

static gboolean
on_time_to_file_cb (gpointer user_data)
{
  PfaDeskFiling *self = user_data;
  gint64 next_due;
  Delivery *delivery;
  g_autoptr (GTask) task = NULL;

  self->timer = 0;
  delivery = take_next (self, &next_due);
  if (delivery == NULL)
    {
      if (next_due >= 0)
        self->timer = g_timeout_add_seconds ((guint) CLAMP (next_due - now_s (), 1, MAX_PAUSE_S),
                                             on_time_to_file_cb,
                                             self);
      return G_SOURCE_REMOVE;
    }
  /* Written before: after a kill it is known that the help desk may have it already. */
  delivery->attempts++;
  write_state (delivery, "due", now_s () + FIRST_PAUSE_S, NULL);
  self->busy = TRUE;
  task = g_task_new (NULL, self->cancellable, on_filed_cb, delivery);
  delivery->adapter->kind->file (delivery->adapter, self->session, &delivery->filed, task);
  return G_SOURCE_REMOVE;
}

static void
arm (PfaDeskFiling *self)
{
  if (self->busy || self->adapters->len == 0)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_idle_add_full (G_PRIORITY_LOW, on_time_to_file_cb, self, NULL);
}

/* The help desk's word becomes one of ours where it means the same. */
static const char *
translate_state (const char *state)
{
  static const struct
  {
    const char *theirs;
    const char *ours;
  } words[] = {
    { "new", "received" },    { "open", "open" },          { "stalled", "open" },
    { "closed", "solved" },   { "resolved", "solved" },    { "pending reminder", "open" },
    { "rejected", "solved" }, { "pending close", "open" }, { "merged", "open" },
  };

  for (guint i = 0; state != NULL && i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (state, words[i].theirs) == 0)
      return words[i].ours;
  return state;
}

static void
take_over (PfaDeskFiling *self, gint64 ticket_id, const char *adapter, PfaDeskRemoteState *state)
{
  PfaDeskStore *store = get_store (self);
  g_autoptr (PfaDeskTicket) ticket = pfa_desk_tickets_find_id (store, ticket_id, NULL);
  const char *word = translate_state (state->state);

  if (ticket == NULL || g_str_equal (ticket->state, "withdrawn"))
    return;
  for (guint i = 0; i < state->answers->len; i++)
    {
      const PfaDeskRemoteAnswer *answer = state->answers->pdata[i];
      g_autofree char *source = g_strconcat (adapter, ":", answer->source, NULL);

      pfa_desk_tickets_add_answer (store,
                                   ticket,
                                   answer->time,
                                   answer->author,
                                   answer->text,
                                   source,
                                   NULL);
    }
  if (word != NULL && !g_str_equal (word, ticket->state) &&
      !(g_str_equal (word, "received") ||
        (g_str_equal (word, "open") && g_str_equal (ticket->state, "answered"))))
    pfa_desk_tickets_set_state (store, ticket, word, NULL);
}

typedef struct
{
  PfaDeskFiling *filing;
  gint64 ticket_id;
  char *adapter;
  GTask *task;
} Look;

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  g_autoptr (PfaDeskRemoteState) state = g_task_propagate_pointer (G_TASK (result), NULL);

  if (state != NULL)
    take_over (look->filing, look->ticket_id, look->adapter, state);
  g_task_return_boolean (look->task, TRUE);
  g_object_unref (look->task);
  g_object_unref (look->filing);
  g_free (look->adapter);
  g_free (look);
}

/* The first help desk that tells back and was not asked within the last minute. */
static PfaDeskAdapter *
find_to_look (PfaDeskFiling *self, gint64 ticket_id, char **remote)
{
  PfaDeskStore *store = get_store (self);

  for (guint i = 0; i < self->adapters->len; i++)
    {
      PfaDeskAdapter *adapter = self->adapters->pdata[i];
      sqlite3_stmt *statement;

      if (adapter->kind->look == NULL)
        continue;
      *remote = find_remote (self, ticket_id, adapter->name);
      statement = pfa_desk_store_prepare (store,
                                          "UPDATE deliveries SET looked = ?1 WHERE ticket = ?2 AND "
                                          "adapter = ?3 AND looked < ?1 - ?4"
                                          " RETURNING 1",
                                          NULL);
      if (*remote == NULL || statement == NULL)
        continue;
      sqlite3_bind_int64 (statement, 1, now_s ());
      sqlite3_bind_int64 (statement, 2, ticket_id);
      pfa_desk_store_bind (statement, 3, adapter->name);
      sqlite3_bind_int64 (statement, 4, LOOK_INTERVAL_S);
      if (pfa_desk_store_step (store, statement, NULL))
        {
          sqlite3_reset (statement);
          return adapter;
        }
      g_clear_pointer (remote, g_free);
    }
  return NULL;
}

void
pfa_desk_filing_look_async (PfaDeskFiling *self,
                            gint64 ticket_id,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GTask) inner = NULL;
  g_autofree char *remote = NULL;
  PfaDeskAdapter *adapter = find_to_look (self, ticket_id, &remote);
  Look *look;

  g_task_set_source_tag (task, pfa_desk_filing_look_async);
  if (adapter == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  look = g_new0 (Look, 1);
  look->filing = g_object_ref (self);
  look->ticket_id = ticket_id;
  look->adapter = g_strdup (adapter->name);
  look->task = g_steal_pointer (&task);
  inner = g_task_new (NULL, self->cancellable, on_looked_cb, look);
  adapter->kind->look (adapter, self->look_session, remote, inner);
}

PfaDeskFiling *
pfa_desk_filing_new (PfaDeskServer *desk, GPtrArray *adapters)
{
  PfaDeskFiling *self = g_object_new (PFA_TYPE_DESK_FILING, NULL);

  self->desk = desk;
  self->adapters = g_ptr_array_ref (adapters);
  arm (self);
  return self;
}

static void
pfa_desk_filing_dispose (GObject *object)
{
  PfaDeskFiling *self = PFA_DESK_FILING (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  G_OBJECT_CLASS (pfa_desk_filing_parent_class)->dispose (object);
}

static void
pfa_desk_filing_finalize (GObject *object)
{
  PfaDeskFiling *self = PFA_DESK_FILING (object);

  g_clear_pointer (&self->adapters, g_ptr_array_unref);
  g_object_unref (self->session);
  g_object_unref (self->look_session);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (pfa_desk_filing_parent_class)->finalize (object);
}

static void
pfa_desk_filing_class_init (PfaDeskFilingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pfa_desk_filing_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_desk_filing_finalize;
}

static void
pfa_desk_filing_init (PfaDeskFiling *self)
{
  self->session = soup_session_new_with_options ("timeout", TIMEOUT_S, NULL);
  self->look_session = soup_session_new_with_options ("timeout", LOOK_TIMEOUT_S, NULL);
  self->cancellable = g_cancellable_new ();
}
