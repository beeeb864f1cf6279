/* pfa-desk-store.h - the desk's index: one SQLite file beside the bundles
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define PFA_TYPE_DESK_STORE (pfa_desk_store_get_type ())
G_DECLARE_FINAL_TYPE (PfaDeskStore, pfa_desk_store, PFA, DESK_STORE, GObject)

/* Opens or makes @directory/desk.db. Several processes may have it open. */
PfaDeskStore *pfa_desk_store_open (const char *directory, GError **error);
const char *pfa_desk_store_get_directory (PfaDeskStore *self);

/* For the files that own tables (pfa-desk-agents.c, pfa-desk-ticket-store.c): a statement, kept
 * prepared for the next time and reset. (transfer none) @sql must be a literal. NULL and an error
 * in PFA_ERROR_STORAGE when it does not compile. */
sqlite3_stmt *pfa_desk_store_prepare (PfaDeskStore *self, const char *sql, GError **error);
/* Runs one step of a statement that gives no rows, and resets it. */
gboolean pfa_desk_store_run (PfaDeskStore *self, sqlite3_stmt *statement, GError **error);
/* One row: TRUE and it can be read; FALSE without error: no row. Reset it after reading. */
gboolean pfa_desk_store_step (PfaDeskStore *self, sqlite3_stmt *statement, GError **error);
void pfa_desk_store_bind (sqlite3_stmt *statement, int index, const char *text);
/* NULL gives NULL. (transfer full) */
char *pfa_desk_store_dup_text (sqlite3_stmt *statement, int column);

gboolean pfa_desk_store_begin (PfaDeskStore *self, GError **error);
gboolean pfa_desk_store_commit (PfaDeskStore *self, GError **error);
void pfa_desk_store_roll_back (PfaDeskStore *self);

G_END_DECLS
