/* pfa-desk-tickets.c - the desk's tickets, their bundles and answers, in the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-tickets.h"

#include <openssl/rand.h>
#include <string.h>

#include "pfa-desk-agents.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define MAX_RESULTS       200
#define MAX_TRIES         8
#define MAX_COLUMN_LENGTH 120

#define TICKET_COLUMNS "tickets.id, ticket, key, state, created, changed, summary, contact"

void
pfa_desk_ticket_free (PfaDeskTicket *self)
{
  g_free (self->ticket);
  g_free (self->key);
  g_free (self->state);
  g_clear_pointer (&self->summary, json_object_unref);
  g_clear_pointer (&self->contact, pfa_contact_free);
  g_free (self);
}

void
pfa_desk_bundle_free (PfaDeskBundle *self)
{
  g_free (self->sha256);
  g_free (self->path);
  g_free (self);
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static JsonObject *
parse_column (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);
  JsonObject *object = text != NULL ? pfa_json_parse_object (text, -1, "index", NULL) : NULL;

  return object != NULL ? object : json_object_new ();
}

static PfaDeskTicket *
read_ticket (sqlite3_stmt *statement)
{
  PfaDeskTicket *ticket = g_new0 (PfaDeskTicket, 1);
  g_autoptr (JsonObject) contact = parse_column (statement, 7);

  ticket->id = sqlite3_column_int64 (statement, 0);
  ticket->ticket = pfa_desk_store_dup_text (statement, 1);
  ticket->key = pfa_desk_store_dup_text (statement, 2);
  ticket->state = pfa_desk_store_dup_text (statement, 3);
  ticket->created = sqlite3_column_int64 (statement, 4);
  ticket->changed = sqlite3_column_int64 (statement, 5);
  ticket->summary = parse_column (statement, 6);
  ticket->contact = pfa_contact_new_from_json (contact, NULL);
  if (ticket->contact == NULL)
    ticket->contact = pfa_contact_new ();
  return ticket;
}

static PfaDeskTicket *
step_ticket (PfaDeskStore *store, sqlite3_stmt *statement, GError **error)
{
  PfaDeskTicket *ticket;

  if (!pfa_desk_store_step (store, statement, error))
    return NULL;
  ticket = read_ticket (statement);
  sqlite3_reset (statement);
  return ticket;
}

static PfaDeskTicket *
find_by_text (PfaDeskStore *store, const char *sql, const char *value, GError **error)
{
  sqlite3_stmt *statement = pfa_desk_store_prepare (store, sql, error);

  if (statement == NULL)
    return NULL;
  pfa_desk_store_bind (statement, 1, value);
  return step_ticket (store, statement, error);
}

PfaDeskTicket *
pfa_desk_tickets_find (PfaDeskStore *store, const char *ticket, GError **error)
{
  return find_by_text (store,
                       "SELECT " TICKET_COLUMNS " FROM tickets WHERE ticket = ?",
                       ticket,
                       error);
}

PfaDeskTicket *
pfa_desk_tickets_find_key (PfaDeskStore *store, const char *key, GError **error)
{
  return find_by_text (store, "SELECT " TICKET_COLUMNS " FROM tickets WHERE key = ?", key, error);
}

PfaDeskTicket *
pfa_desk_tickets_find_id (PfaDeskStore *store, gint64 id, GError **error)
{
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store, "SELECT " TICKET_COLUMNS " FROM tickets WHERE id = ?", error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  return step_ticket (store, statement, error);
}

/* Letter, digit, letter, digit, hyphen, letter, digit: read out without being misheard. */
static char *
make_number (guint pairs)
{
  static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  GString *number = g_string_new (NULL);

  for (guint i = 0; i < pairs; i++)
    {
      guint8 bytes[4];
      guint value;

      if (RAND_bytes (bytes, sizeof bytes) != 1)
        g_critical ("the system gives no random numbers");
      value = (guint) bytes[0] << 16 | (guint) bytes[1] << 8 | bytes[2];
      if (i == 2)
        g_string_append_c (number, '-');
      g_string_append_c (number, letters[value % (sizeof letters - 1)]);
      g_string_append_c (number, (char) ('0' + bytes[3] % 10));
    }
  return g_string_free (number, FALSE);
}

static void
gather_words (JsonNode *node, GString *words)
{
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    g_string_append_printf (words, "%s ", json_node_get_string (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      gather_words (json_array_get_element (json_node_get_array (node), i), words);
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, NULL, &member))
        gather_words (member, words);
    }
}

/* So that search finds the number and any text of the summary. */
static gboolean
index_words (PfaDeskStore *store, const PfaDeskTicket *ticket, JsonObject *summary, GError **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GString) words = g_string_new (NULL);
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store, "DELETE FROM ticket_words WHERE rowid = ?", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, ticket->id);
  if (!pfa_desk_store_run (store, statement, error))
    return FALSE;
  g_string_append_printf (words, "%s ", ticket->ticket);
  if (summary != NULL)
    {
      json_node_set_object (node, summary);
      gather_words (node, words);
    }
  statement = pfa_desk_store_prepare (store,
                                      "INSERT INTO ticket_words (rowid, words) VALUES (?, ?)",
                                      error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, ticket->id);
  pfa_desk_store_bind (statement, 2, words->str);
  return pfa_desk_store_run (store, statement, error);
}

static void
copy_text (JsonObject *to, const char *name, JsonObject *from, const char *member)
{
  const char *text = from != NULL ? pfa_json_peek_string (from, member) : NULL;

  if (text != NULL && !json_object_has_member (to, name))
    json_object_set_string_member (to, name, text);
}

static JsonObject *
copy_object (const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (!json_parser_load_from_data (parser, text, -1, NULL))
    return json_object_new ();
  return json_node_dup_object (json_parser_get_root (parser));
}

/* The summary as it is kept: what lists and search need stands at the top, whoever wrote it.
 * (transfer full) */
static JsonObject *
complete_summary (const PfaIntakeRequest *request)
{
  g_autofree char *text = NULL;
  JsonObject *summary;
  JsonArray *causes;
  JsonObject *leading = NULL;

  if (request->summary == NULL)
    return json_object_new ();
  /* What was parsed is immutable: written and read again, as a copy of our own. */
  text = pfa_json_write_object (request->summary, FALSE);
  summary = copy_object (text);
  causes = pfa_json_peek_array (summary, "causes");
  if (causes != NULL && json_array_get_length (causes) > 0 &&
      JSON_NODE_HOLDS_OBJECT (json_array_get_element (causes, 0)))
    leading = json_array_get_object_element (causes, 0);
  copy_text (summary, "cause", leading, "id");
  copy_text (summary, "title", leading, "title");
  copy_text (summary, "place", leading, "where");
  return summary;
}

static void
bind_short (sqlite3_stmt *statement, int index, const char *text)
{
  if (text != NULL && strlen (text) <= MAX_COLUMN_LENGTH)
    pfa_desk_store_bind (statement, index, text);
}

/* Binds columns 1 to 8: code, cause, place, shop, payment, summary, contact, changed. */
static void
bind_request (sqlite3_stmt *statement, const PfaIntakeRequest *request)
{
  g_autoptr (JsonObject) summary = complete_summary (request);
  g_autoptr (JsonObject) contact = pfa_contact_to_json (request->contact);
  g_autofree char *summary_text = pfa_json_write_object (summary, FALSE);
  g_autofree char *contact_text = pfa_json_write_object (contact, FALSE);
  JsonObject *payment = pfa_json_peek_object (summary, "payment");
  const char *shop = pfa_json_peek_string (summary, "shop");

  bind_short (statement, 1, pfa_json_peek_string (summary, "code"));
  bind_short (statement, 2, pfa_json_peek_string (summary, "cause"));
  bind_short (statement, 3, pfa_json_peek_string (summary, "place"));
  bind_short (statement, 4, shop != NULL ? shop : request->contact->name);
  bind_short (statement,
              5,
              payment != NULL ? pfa_json_peek_string (payment, "state")
                              : pfa_json_peek_string (summary, "payment"));
  pfa_desk_store_bind (statement, 6, summary_text);
  pfa_desk_store_bind (statement, 7, contact_text);
  sqlite3_bind_int64 (statement, 8, now_s ());
}

PfaDeskTicket *
pfa_desk_tickets_add (PfaDeskStore *store,
                      const char *key,
                      const PfaIntakeRequest *request,
                      GError **error)
{
  g_autofree char *number = make_number (3);
  g_autoptr (PfaDeskTicket) ticket = NULL;
  sqlite3_stmt *statement;

  /* 13.8 million short numbers; where they get scarce, a longer one. */
  for (guint tries = 0; tries < MAX_TRIES; tries++)
    {
      g_autoptr (PfaDeskTicket) other = pfa_desk_tickets_find (store, number, NULL);

      if (other == NULL)
        break;
      g_free (number);
      number = make_number (tries < MAX_TRIES / 2 ? 3 : 5);
    }
  statement =
      pfa_desk_store_prepare (store,
                              "INSERT INTO tickets (code, cause, place, shop, payment,"
                              " summary, contact, changed, created, ticket, key, state)"
                              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, 'received')",
                              error);
  if (statement == NULL)
    return NULL;
  bind_request (statement, request);
  pfa_desk_store_bind (statement, 9, number);
  pfa_desk_store_bind (statement, 10, key);
  if (!pfa_desk_store_run (store, statement, error))
    return NULL;
  ticket = pfa_desk_tickets_find_key (store, key, error);
  if (ticket == NULL || !index_words (store, ticket, request->summary, error))
    return NULL;
  return g_steal_pointer (&ticket);
}

gboolean
pfa_desk_tickets_update (PfaDeskStore *store,
                         PfaDeskTicket *ticket,
                         const PfaIntakeRequest *request,
                         GError **error)
{
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store,
                              "UPDATE tickets SET code = ?1, cause = ?2, place = ?3, shop = ?4,"
                              " payment = ?5, summary = ?6, contact = ?7, changed = ?8,"
                              " state = CASE state WHEN 'withdrawn' THEN 'received' ELSE state END"
                              " WHERE id = ?9",
                              error);

  if (statement == NULL)
    return FALSE;
  bind_request (statement, request);
  sqlite3_bind_int64 (statement, 9, ticket->id);
  return pfa_desk_store_run (store, statement, error) &&
         index_words (store, ticket, request->summary, error);
}

gboolean
pfa_desk_tickets_set_state (PfaDeskStore *store,
                            PfaDeskTicket *ticket,
                            const char *state,
                            GError **error)
{
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store,
                              "UPDATE tickets SET state = ?, changed = ? WHERE id = ?",
                              error);

  if (statement == NULL)
    return FALSE;
  pfa_desk_store_bind (statement, 1, state);
  sqlite3_bind_int64 (statement, 2, now_s ());
  sqlite3_bind_int64 (statement, 3, ticket->id);
  if (!pfa_desk_store_run (store, statement, error))
    return FALSE;
  g_free (ticket->state);
  ticket->state = g_strdup (state);
  return TRUE;
}

static GPtrArray *
read_tickets (PfaDeskStore *store, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) tickets =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_desk_ticket_free);
  g_autoptr (GError) local = NULL;

  while (pfa_desk_store_step (store, statement, &local))
    g_ptr_array_add (tickets, read_ticket (statement));
  if (local == NULL)
    return g_steal_pointer (&tickets);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* What a person typed becomes words to be found, never FTS5's query language. (transfer full) */
static char *
build_match (const char *words)
{
  g_auto (GStrv) parts = g_strsplit_set (words, " \t\r\n\"", 20);
  GString *match = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_string_append_printf (match, "\"%s\"* ", parts[i]);
  return g_string_free (match, FALSE);
}

GPtrArray *
pfa_desk_tickets_search (PfaDeskStore *store, const PfaDeskSearch *search, GError **error)
{
  g_autofree char *match = search->words != NULL ? build_match (search->words) : NULL;
  sqlite3_stmt *statement = pfa_desk_store_prepare (
      store,
      "SELECT " TICKET_COLUMNS " FROM tickets WHERE (?1 IS NULL OR ticket = ?1)"
      " AND (?2 IS NULL OR shop = ?2) AND (?3 IS NULL OR cause = ?3)"
      " AND (?4 IS NULL OR state = ?4) AND created >= ?5 AND created <= ?6"
      " AND (?7 IS NULL OR tickets.id IN (SELECT rowid FROM ticket_words WHERE words MATCH ?7))"
      " ORDER BY created DESC, tickets.id DESC LIMIT ?8 OFFSET ?9",
      error);

  if (statement == NULL)
    return NULL;
  pfa_desk_store_bind (statement, 1, search->ticket);
  pfa_desk_store_bind (statement, 2, search->shop);
  pfa_desk_store_bind (statement, 3, search->cause);
  pfa_desk_store_bind (statement, 4, search->state);
  sqlite3_bind_int64 (statement, 5, search->from);
  sqlite3_bind_int64 (statement, 6, search->to > 0 ? search->to : G_MAXINT64);
  pfa_desk_store_bind (statement, 7, match != NULL && *match != '\0' ? match : NULL);
  sqlite3_bind_int (statement, 8, (int) CLAMP (search->limit, 1, MAX_RESULTS));
  sqlite3_bind_int (statement, 9, (int) MIN (search->offset, G_MAXINT));
  return read_tickets (store, statement, error);
}

GPtrArray *
pfa_desk_tickets_list_old (PfaDeskStore *store, gint64 time, GError **error)
{
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store,
                              "SELECT " TICKET_COLUMNS
                              " FROM tickets WHERE changed < ? AND state != 'expired'"
                              " AND state != 'withdrawn' LIMIT 1000",
                              error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, time);
  return read_tickets (store, statement, error);
}

static gboolean
run_with_id (PfaDeskStore *store, const char *sql, gint64 id, GError **error)
{
  sqlite3_stmt *statement = pfa_desk_store_prepare (store, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  return pfa_desk_store_run (store, statement, error);
}

gboolean
pfa_desk_tickets_empty (PfaDeskStore *store,
                        PfaDeskTicket *ticket,
                        const char *state,
                        GError **error)
{
  return run_with_id (store, "DELETE FROM bundles WHERE ticket = ?", ticket->id, error) &&
         run_with_id (store, "DELETE FROM answers WHERE ticket = ?", ticket->id, error) &&
         run_with_id (store,
                      "UPDATE tickets SET summary = '{}', contact = '{}', shop = NULL,"
                      " payment = NULL WHERE id = ?",
                      ticket->id,
                      error) &&
         index_words (store, ticket, NULL, error) &&
         pfa_desk_tickets_set_state (store, ticket, state, error);
}
