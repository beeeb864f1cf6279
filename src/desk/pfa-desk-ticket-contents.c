/* pfa-desk-ticket-contents.c - a ticket's bundles and answers, in the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-tickets.h"

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

gboolean
pfa_desk_tickets_add_bundle (PfaDeskStore *store,
                             const PfaDeskTicket *ticket,
                             const PfaIntakeRequest *request,
                             const char *path,
                             GError **error)
{
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store,
                              "INSERT INTO bundles (ticket, sha256, size, sealed, path, received) "
                              "VALUES (?, ?, ?, ?, ?, ?)",
                              error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, ticket->id);
  pfa_desk_store_bind (statement, 2, request->sha256);
  sqlite3_bind_int64 (statement, 3, request->size);
  sqlite3_bind_int (statement, 4, request->sealed);
  pfa_desk_store_bind (statement, 5, path);
  sqlite3_bind_int64 (statement, 6, now_s ());
  return pfa_desk_store_run (store, statement, error);
}

GPtrArray *
pfa_desk_tickets_list_bundles (PfaDeskStore *store, const PfaDeskTicket *ticket, GError **error)
{
  g_autoptr (GPtrArray) bundles =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_desk_bundle_free);
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *statement = pfa_desk_store_prepare (
      store,
      "SELECT sha256, size, sealed, path, received FROM bundles WHERE ticket = ? ORDER BY id",
      error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, ticket->id);
  while (pfa_desk_store_step (store, statement, &local))
    {
      PfaDeskBundle *bundle = g_new0 (PfaDeskBundle, 1);

      bundle->sha256 = pfa_desk_store_dup_text (statement, 0);
      bundle->size = sqlite3_column_int64 (statement, 1);
      bundle->sealed = sqlite3_column_int (statement, 2) != 0;
      bundle->path = pfa_desk_store_dup_text (statement, 3);
      bundle->received = sqlite3_column_int64 (statement, 4);
      g_ptr_array_add (bundles, bundle);
    }
  if (local == NULL)
    return g_steal_pointer (&bundles);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

gboolean
pfa_desk_tickets_add_answer (PfaDeskStore *store,
                             const PfaDeskTicket *ticket,
                             gint64 time,
                             const char *author,
                             const char *text,
                             const char *source,
                             GError **error)
{
  sqlite3_stmt *statement = pfa_desk_store_prepare (
      store,
      "INSERT OR IGNORE INTO answers (ticket, time, author, text, source) VALUES (?, ?, ?, ?, ?)",
      error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, ticket->id);
  sqlite3_bind_int64 (statement, 2, time);
  pfa_desk_store_bind (statement, 3, author);
  pfa_desk_store_bind (statement, 4, text);
  pfa_desk_store_bind (statement, 5, source);
  return pfa_desk_store_run (store, statement, error);
}

PfaTicketState *
pfa_desk_tickets_get_state (PfaDeskStore *store, const PfaDeskTicket *ticket, GError **error)
{
  g_autoptr (PfaTicketState) state = pfa_ticket_state_new (ticket->ticket, ticket->state);
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *statement = pfa_desk_store_prepare (
      store,
      "SELECT time, author, text FROM answers WHERE ticket = ? ORDER BY time, id",
      error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, ticket->id);
  while (pfa_desk_store_step (store, statement, &local))
    {
      g_autoptr (GDateTime) time =
          g_date_time_new_from_unix_utc (sqlite3_column_int64 (statement, 0));
      g_autofree char *text = time != NULL ? g_date_time_format_iso8601 (time) : NULL;

      pfa_ticket_state_add_answer (state,
                                   text,
                                   (const char *) sqlite3_column_text (statement, 1),
                                   (const char *) sqlite3_column_text (statement, 2));
    }
  if (local == NULL)
    return g_steal_pointer (&state);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
