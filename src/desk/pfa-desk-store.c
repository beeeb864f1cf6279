/* pfa-desk-store.c - the desk's index: one SQLite file beside the bundles
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-store.h"

#include <errno.h>

#include "pfa-error.h"

#define BUSY_TIMEOUT_MS 5000

struct _PfaDeskStore
{
  GObject parent_instance;

  char *directory;
  sqlite3 *database;
  GHashTable *statements; /* literal SQL → sqlite3_stmt */
};

G_DEFINE_FINAL_TYPE (PfaDeskStore, pfa_desk_store, G_TYPE_OBJECT)

/* migrations[n] leads from user_version n to n + 1. What has been released is never changed. */
static const char *const migrations[] = {
  "CREATE TABLE agents ("
  "  name TEXT PRIMARY KEY, organisation TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE,"
  "  created INTEGER NOT NULL);"
  "CREATE TABLE sessions ("
  "  cookie_hash TEXT PRIMARY KEY, agent TEXT NOT NULL REFERENCES agents (name) ON DELETE CASCADE,"
  "  expires INTEGER NOT NULL);",

  "CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL);"
  "CREATE TABLE tickets ("
  "  id INTEGER PRIMARY KEY, ticket TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE,"
  "  state TEXT NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,"
  "  code TEXT, cause TEXT, place TEXT, shop TEXT, payment TEXT,"
  "  summary TEXT NOT NULL, contact TEXT NOT NULL);"
  "CREATE INDEX tickets_created ON tickets (created);"
  "CREATE INDEX tickets_cause ON tickets (cause, created);"
  "CREATE INDEX tickets_shop ON tickets (shop, created);"
  "CREATE VIRTUAL TABLE ticket_words USING fts5 (words);"
  "CREATE TABLE bundles ("
  "  id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,"
  "  sha256 TEXT NOT NULL, size INTEGER NOT NULL, sealed INTEGER NOT NULL, path TEXT NOT NULL,"
  "  received INTEGER NOT NULL, UNIQUE (ticket, sha256));"
  "CREATE TABLE answers ("
  "  id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,"
  "  time INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL, source TEXT,"
  "  UNIQUE (ticket, source));"
  "CREATE TABLE deliveries ("
  "  ticket INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE, adapter TEXT NOT NULL,"
  "  event TEXT NOT NULL, bundle TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,"
  "  due INTEGER NOT NULL, remote TEXT, looked INTEGER NOT NULL DEFAULT 0,"
  "  PRIMARY KEY (ticket, adapter, event, bundle));"
  "CREATE INDEX deliveries_due ON deliveries (state, due);",
};

static gboolean
fail (PfaDeskStore *self, const char *doing, GError **error)
{
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_STORAGE,
               "%s: %s",
               doing,
               self->database != NULL ? sqlite3_errmsg (self->database) : "out of memory");
  return FALSE;
}

static gboolean
execute (PfaDeskStore *self, const char *sql, GError **error)
{
  return sqlite3_exec (self->database, sql, NULL, NULL, NULL) == SQLITE_OK ||
         fail (self, "writing the desk's index", error);
}

static gboolean
read_version (PfaDeskStore *self, guint *version, GError **error)
{
  sqlite3_stmt *statement = pfa_desk_store_prepare (self, "PRAGMA user_version", error);

  if (statement == NULL || !pfa_desk_store_step (self, statement, error))
    return FALSE;
  *version = (guint) sqlite3_column_int (statement, 0);
  sqlite3_reset (statement);
  return TRUE;
}

static gboolean
migrate (PfaDeskStore *self, GError **error)
{
  guint version = 0;

  if (!pfa_desk_store_begin (self, error))
    return FALSE;
  if (!read_version (self, &version, error))
    return FALSE;
  if (version > G_N_ELEMENTS (migrations))
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           PFA_ERROR_STORAGE,
                           "the desk's index was written by a newer version");
      return FALSE;
    }
  for (; version < G_N_ELEMENTS (migrations); version++)
    {
      g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %u", version + 1);

      if (!execute (self, migrations[version], error) || !execute (self, mark, error))
        {
          pfa_desk_store_roll_back (self);
          return FALSE;
        }
    }
  return pfa_desk_store_commit (self, error);
}

PfaDeskStore *
pfa_desk_store_open (const char *directory, GError **error)
{
  g_autoptr (PfaDeskStore) self = g_object_new (PFA_TYPE_DESK_STORE, NULL);
  g_autofree char *path = g_build_filename (directory, "desk.db", NULL);

  self->directory = g_strdup (directory);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", directory, g_strerror (errno));
      return NULL;
    }
  if (sqlite3_open_v2 (path,
                       &self->database,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                       NULL) != SQLITE_OK)
    {
      fail (self, path, error);
      return NULL;
    }
  sqlite3_busy_timeout (self->database, BUSY_TIMEOUT_MS);
  /* FULL: a ticket that was promised survives a power cut. */
  if (!execute (self,
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                "PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON",
                error) ||
      !migrate (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

const char *
pfa_desk_store_get_directory (PfaDeskStore *self)
{
  return self->directory;
}

sqlite3_stmt *
pfa_desk_store_prepare (PfaDeskStore *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement == NULL)
    {
      if (sqlite3_prepare_v3 (self->database,
                              sql,
                              -1,
                              SQLITE_PREPARE_PERSISTENT,
                              &statement,
                              NULL) != SQLITE_OK)
        {
          fail (self, "asking the desk's index", error);
          return NULL;
        }
      g_hash_table_insert (self->statements, (gpointer) sql, statement);
    }
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return statement;
}

gboolean
pfa_desk_store_run (PfaDeskStore *self, sqlite3_stmt *statement, GError **error)
{
  int result = sqlite3_step (statement);

  if (result != SQLITE_DONE && result != SQLITE_ROW)
    fail (self, "writing the desk's index", error);
  sqlite3_reset (statement);
  return result == SQLITE_DONE || result == SQLITE_ROW;
}

gboolean
pfa_desk_store_step (PfaDeskStore *self, sqlite3_stmt *statement, GError **error)
{
  int result = sqlite3_step (statement);

  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    fail (self, "reading the desk's index", error);
  sqlite3_reset (statement);
  return FALSE;
}

void
pfa_desk_store_bind (sqlite3_stmt *statement, int index, const char *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

char *
pfa_desk_store_dup_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

gboolean
pfa_desk_store_begin (PfaDeskStore *self, GError **error)
{
  return execute (self, "BEGIN IMMEDIATE", error);
}

gboolean
pfa_desk_store_commit (PfaDeskStore *self, GError **error)
{
  if (execute (self, "COMMIT", error))
    return TRUE;
  pfa_desk_store_roll_back (self);
  return FALSE;
}

void
pfa_desk_store_roll_back (PfaDeskStore *self)
{
  if (!sqlite3_get_autocommit (self->database))
    sqlite3_exec (self->database, "ROLLBACK", NULL, NULL, NULL);
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

static void
pfa_desk_store_finalize (GObject *object)
{
  PfaDeskStore *self = PFA_DESK_STORE (object);

  g_hash_table_unref (self->statements);
  sqlite3_close (self->database);
  g_free (self->directory);
  G_OBJECT_CLASS (pfa_desk_store_parent_class)->finalize (object);
}

static void
pfa_desk_store_class_init (PfaDeskStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_desk_store_finalize;
}

static void
pfa_desk_store_init (PfaDeskStore *self)
{
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, finalize_statement);
}
