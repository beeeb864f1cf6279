/* pfa-journal.c - incidents and measurements over time, in SQLite
 *
 * An incident is kept as the JSON that core writes, beside the columns that lists and charts sort
 * and count by. What pfa_journal_save() has returned for survives a kill of the program; what
 * pfa_journal_sync() has, also a power cut (synchronous=NORMAL spares an fsync a measurement).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-journal.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#include "pfa-error.h"
#include "pfa-json.h"

/* Another process (the watch, a command) may hold the file for a moment. */
#define BUSY_TIMEOUT_MS 2000

/* Each entry brings the file from one user_version to the next; never change one that shipped. */
static const char *const migrations[] = {
  "CREATE TABLE incident ("
  "  id TEXT PRIMARY KEY, code TEXT NOT NULL, provider TEXT, state TEXT NOT NULL, cause TEXT,"
  "  started INTEGER NOT NULL, ended INTEGER NOT NULL, practice INTEGER NOT NULL,"
  "  json TEXT NOT NULL);"
  "CREATE INDEX incident_started ON incident (started);"
  "CREATE TABLE measurement ("
  "  name TEXT NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL);"
  "CREATE INDEX measurement_time ON measurement (name, time);",
};

struct _PfaJournal
{
  GObject parent_instance;

  sqlite3 *database;
  gboolean syncing; /* a worker writes to the disk */
  gboolean sync_again;
};

G_DEFINE_FINAL_TYPE (PfaJournal, pfa_journal, G_TYPE_OBJECT)

typedef sqlite3_stmt Statement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Statement, sqlite3_finalize)

static gboolean
fail (sqlite3 *database, const char *doing, GError **error)
{
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_STORAGE,
               "%s: %s",
               doing,
               database != NULL ? sqlite3_errmsg (database) : "out of memory");
  return FALSE;
}

static gboolean
execute (sqlite3 *database, const char *sql, GError **error)
{
  if (sqlite3_exec (database, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  return fail (database, "the journal cannot be changed", error);
}

static Statement *
prepare (PfaJournal *self, const char *sql, GError **error)
{
  Statement *statement = NULL;

  if (sqlite3_prepare_v2 (self->database, sql, -1, &statement, NULL) != SQLITE_OK)
    fail (self->database, "the journal cannot be asked", error);
  return statement;
}

static void
bind_text (Statement *statement, int index, const char *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

static int
read_version (sqlite3 *database)
{
  g_autoptr (Statement) statement = NULL;

  if (sqlite3_prepare_v2 (database, "PRAGMA user_version", -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step (statement) != SQLITE_ROW)
    return -1;
  return sqlite3_column_int (statement, 0);
}

/* Damage is what the examination found, not that it could not be made: a full disk or another
 * process holding the file leaves a sound journal where it is. */
static int
examine (sqlite3 *database)
{
  g_autoptr (Statement) statement = NULL;
  int status = sqlite3_prepare_v2 (database, "PRAGMA quick_check(1)", -1, &statement, NULL);

  if (status == SQLITE_OK)
    status = sqlite3_step (statement);
  if (status != SQLITE_ROW)
    return status;
  return g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0 ? SQLITE_OK
                                                                                  : SQLITE_CORRUPT;
}

static gboolean
migrate (sqlite3 *database, GError **error)
{
  int version = read_version (database);

  if (version > (int) G_N_ELEMENTS (migrations))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_STORAGE,
                   "the journal was written by a newer program (version %d)",
                   version);
      return FALSE;
    }
  for (; version >= 0 && version < (int) G_N_ELEMENTS (migrations); version++)
    {
      g_autofree char *step =
          g_strdup_printf ("BEGIN IMMEDIATE; %s PRAGMA user_version = %d; COMMIT;",
                           migrations[version],
                           version + 1);

      if (!execute (database, step, error))
        {
          sqlite3_exec (database, "ROLLBACK", NULL, NULL, NULL);
          return FALSE;
        }
    }
  return version >= 0 || fail (database, "the journal cannot be read", error);
}

static sqlite3 *
open_file (const char *path, int *status)
{
  sqlite3 *database = NULL;

  *status = sqlite3_open_v2 (path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  if (*status == SQLITE_OK)
    {
      sqlite3_busy_timeout (database, BUSY_TIMEOUT_MS);
      *status = sqlite3_exec (database,
                              "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                              "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
                              NULL,
                              NULL,
                              NULL);
    }
  if (*status == SQLITE_OK)
    *status = examine (database);
  if (*status != SQLITE_OK)
    g_clear_pointer (&database, sqlite3_close);
  return database;
}

/* What cannot be read today may be mended by hand tomorrow: it is set aside, never deleted. */
static void
set_aside (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm" };
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%dT%H%M%S");

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *from = g_strconcat (path, endings[i], NULL);
      g_autofree char *to = g_strdup_printf ("%s.damaged-%s%s", path, stamp, endings[i]);

      if (g_rename (from, to) == 0)
        g_info ("the journal was damaged and is kept as %s", to);
    }
}

PfaJournal *
pfa_journal_open (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "journal.db", NULL);
  g_autoptr (PfaJournal) self = g_object_new (PFA_TYPE_JOURNAL, NULL);
  int status = SQLITE_OK;

  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s cannot be made", directory);
      return NULL;
    }

  self->database = open_file (path, &status);
  if (status == SQLITE_CORRUPT || status == SQLITE_NOTADB)
    {
      set_aside (path);
      self->database = open_file (path, &status);
    }
  if (self->database == NULL)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", path, sqlite3_errstr (status));
      return NULL;
    }
  g_chmod (path, 0600);
  return migrate (self->database, error) ? g_steal_pointer (&self) : NULL;
}

/* As the file stands, without a lock or a log beside it, which would have to be written. */
static sqlite3 *
open_as_it_stands (const char *path)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  g_autofree char *uri = g_strdup_printf ("file:%s?immutable=1", escaped);
  sqlite3 *database = NULL;

  if (sqlite3_open_v2 (uri, &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) != SQLITE_OK ||
      examine (database) != SQLITE_OK || read_version (database) < 1)
    g_clear_pointer (&database, sqlite3_close);
  return database;
}

PfaJournal *
pfa_journal_open_to_read (const char *directory, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (PfaJournal) self = pfa_journal_open (directory, &local);
  g_autofree char *path = g_build_filename (directory, "journal.db", NULL);

  if (self != NULL)
    return g_steal_pointer (&self);
  self = g_object_new (PFA_TYPE_JOURNAL, NULL);
  self->database = open_as_it_stands (path);
  if (self->database != NULL)
    return g_steal_pointer (&self);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

gboolean
pfa_journal_save (PfaJournal *self, const PfaIncident *incident, GError **error)
{
  g_autoptr (JsonObject) object = pfa_incident_to_json (incident);
  g_autofree char *json = pfa_json_write_object (object, FALSE);
  g_autoptr (Statement) statement = NULL;

  g_return_val_if_fail (PFA_IS_JOURNAL (self), FALSE);

  statement = prepare (self,
                       "INSERT OR REPLACE INTO incident"
                       " (id, code, provider, state, cause, started, ended, practice, json)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                       error);
  if (statement == NULL)
    return FALSE;

  bind_text (statement, 1, incident->id);
  bind_text (statement, 2, incident->code);
  bind_text (statement, 3, incident->provider);
  bind_text (statement, 4, incident->state);
  bind_text (statement, 5, incident->cause);
  sqlite3_bind_int64 (statement, 6, incident->started);
  sqlite3_bind_int64 (statement, 7, incident->ended);
  sqlite3_bind_int (statement, 8, incident->practice);
  bind_text (statement, 9, json);
  if (sqlite3_step (statement) != SQLITE_DONE)
    return fail (self->database, "the incident cannot be saved", error);
  return TRUE;
}

void
pfa_journal_sync (PfaJournal *self)
{
  sqlite3_wal_checkpoint_v2 (self->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/* A connection of its own: SQLite lets this program go on reading and writing meanwhile. */
static void
sync_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  sqlite3 *database = NULL;

  /* A connection knows of the log only after it has read something. */
  if (sqlite3_open_v2 (task_data, &database, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
      sqlite3_exec (database, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK)
    sqlite3_wal_checkpoint_v2 (database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  sqlite3_close (database);
  g_task_return_boolean (task, TRUE);
}

static void
on_synced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *weak = user_data;
  g_autoptr (PfaJournal) self = g_weak_ref_get (weak);

  g_weak_ref_clear (weak);
  if (self == NULL)
    return;
  self->syncing = FALSE;
  if (self->sync_again)
    pfa_journal_sync_soon (self);
}

void
pfa_journal_sync_soon (PfaJournal *self)
{
  const char *path = sqlite3_db_filename (self->database, "main");
  g_autoptr (GTask) task = NULL;
  GWeakRef *weak;

  self->sync_again = self->syncing;
  if (self->syncing || path == NULL || *path == '\0')
    return;
  self->syncing = TRUE;
  /* The journal may be closed meanwhile: whoever closes the file last writes all of it. */
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  task = g_task_new (NULL, NULL, on_synced_cb, weak);
  g_task_set_source_tag (task, pfa_journal_sync_soon);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, sync_in_thread);
}

static PfaIncident *
read_incident (Statement *statement, GError **error)
{
  const char *json = (const char *) sqlite3_column_text (statement, 0);
  g_autoptr (JsonObject) object = NULL;

  if (json == NULL)
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           PFA_ERROR_STORAGE,
                           "the journal has an empty incident");
      return NULL;
    }
  object = pfa_json_parse_object (json, -1, "journal", error);
  return object != NULL ? pfa_incident_new_from_json (object, error) : NULL;
}

PfaIncident *
pfa_journal_load (PfaJournal *self, const char *id, GError **error)
{
  g_autoptr (Statement) statement =
      prepare (self, "SELECT json FROM incident WHERE id = ?1", error);

  if (statement == NULL)
    return NULL;
  bind_text (statement, 1, id);
  if (sqlite3_step (statement) == SQLITE_ROW)
    return read_incident (statement, error);
  g_set_error (error, PFA_ERROR, PFA_ERROR_NOT_FOUND, "there is no incident %s", id);
  return NULL;
}

PfaIncident *
pfa_journal_load_beginning (PfaJournal *self, const char *start, GError **error)
{
  g_autoptr (Statement) statement =
      prepare (self, "SELECT json FROM incident WHERE substr (id, 1, length (?1)) = ?1", error);
  g_autoptr (PfaIncident) incident = NULL;

  if (statement == NULL)
    return NULL;
  bind_text (statement, 1, start);
  if (*start != '\0' && sqlite3_step (statement) == SQLITE_ROW)
    incident = read_incident (statement, error);
  if (incident != NULL && sqlite3_step (statement) == SQLITE_DONE)
    return g_steal_pointer (&incident);
  if (error == NULL || *error == NULL)
    g_set_error (error, PFA_ERROR, PFA_ERROR_NOT_FOUND, "there is no one incident %s", start);
  return NULL;
}

GPtrArray *
pfa_journal_list (PfaJournal *self, guint limit, GError **error)
{
  g_autoptr (GPtrArray) incidents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_incident_free);
  g_autoptr (Statement) statement =
      prepare (self, "SELECT json FROM incident ORDER BY started DESC, rowid DESC LIMIT ?1", error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, limit == 0 ? -1 : (gint64) limit);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      g_autoptr (GError) damaged = NULL;
      PfaIncident *incident = read_incident (statement, &damaged);

      if (incident != NULL)
        g_ptr_array_add (incidents, incident);
      else
        g_info ("an incident is left out: %s", damaged->message);
    }
  return g_steal_pointer (&incidents);
}

PfaIncident *
pfa_journal_load_newest (PfaJournal *self, gboolean only_open, GError **error)
{
  g_autoptr (Statement) statement =
      prepare (self,
               "SELECT json FROM incident WHERE practice = 0 AND (?1 = 0 OR state = 'open')"
               " ORDER BY started DESC, rowid DESC LIMIT 1",
               error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int (statement, 1, only_open);
  return sqlite3_step (statement) == SQLITE_ROW ? read_incident (statement, error) : NULL;
}

static gboolean
run_delete (PfaJournal *self, Statement *statement, GError **error)
{
  if (sqlite3_step (statement) != SQLITE_DONE)
    return fail (self->database, "the journal cannot be changed", error);
  /* What was deleted must not linger in the write-ahead log. */
  sqlite3_wal_checkpoint_v2 (self->database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  return TRUE;
}

gboolean
pfa_journal_delete (PfaJournal *self, const char *id, GError **error)
{
  g_autoptr (Statement) statement = prepare (self, "DELETE FROM incident WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, id);
  return run_delete (self, statement, error);
}

gboolean
pfa_journal_expire (PfaJournal *self, guint days, GError **error)
{
  gint64 before = g_get_real_time () - (gint64) days * G_TIME_SPAN_DAY;
  g_autoptr (Statement) incidents =
      prepare (self, "DELETE FROM incident WHERE max(started, ended) < ?1", error);
  g_autoptr (Statement) measurements =
      prepare (self, "DELETE FROM measurement WHERE time < ?1", error);

  if (incidents == NULL || measurements == NULL)
    return FALSE;
  sqlite3_bind_int64 (incidents, 1, before);
  sqlite3_bind_int64 (measurements, 1, before);
  return run_delete (self, incidents, error) && run_delete (self, measurements, error);
}

gboolean
pfa_journal_add_measurement (PfaJournal *self,
                             const char *name,
                             gint64 time,
                             double value,
                             GError **error)
{
  g_autoptr (Statement) statement =
      prepare (self, "INSERT INTO measurement (name, time, value) VALUES (?1, ?2, ?3)", error);

  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, name);
  sqlite3_bind_int64 (statement, 2, time);
  sqlite3_bind_double (statement, 3, value);
  if (sqlite3_step (statement) != SQLITE_DONE)
    return fail (self->database, "the measurement cannot be saved", error);
  return TRUE;
}

GArray *
pfa_journal_list_measurements (PfaJournal *self, const char *name, gint64 since, GError **error)
{
  g_autoptr (GArray) measurements = g_array_new (FALSE, FALSE, sizeof (PfaMeasurement));
  g_autoptr (Statement) statement =
      prepare (self,
               "SELECT time, value FROM measurement WHERE name = ?1 AND time >= ?2 ORDER BY time",
               error);

  if (statement == NULL)
    return NULL;
  bind_text (statement, 1, name);
  sqlite3_bind_int64 (statement, 2, since);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      PfaMeasurement measurement = { sqlite3_column_int64 (statement, 0),
                                     sqlite3_column_double (statement, 1) };

      g_array_append_val (measurements, measurement);
    }
  return g_steal_pointer (&measurements);
}

GArray *
pfa_journal_list_starts (PfaJournal *self, const char *code, gint64 since, GError **error)
{
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (Statement) statement =
      prepare (self,
               "SELECT started FROM incident WHERE (?1 IS NULL OR code = ?1) AND started >= ?2 "
               "AND practice = 0 ORDER BY started",
               error);

  if (statement == NULL)
    return NULL;
  bind_text (statement, 1, code);
  sqlite3_bind_int64 (statement, 2, since);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      gint64 started = sqlite3_column_int64 (statement, 0);

      g_array_append_val (starts, started);
    }
  return g_steal_pointer (&starts);
}

guint
pfa_journal_count (PfaJournal *self, const char *code, gint64 since)
{
  g_autoptr (Statement) statement =
      prepare (self,
               "SELECT count(*) FROM incident WHERE code = ?1 AND started >= ?2 AND practice = 0",
               NULL);

  if (statement == NULL)
    return 0;
  bind_text (statement, 1, code);
  sqlite3_bind_int64 (statement, 2, since);
  return sqlite3_step (statement) == SQLITE_ROW ? (guint) sqlite3_column_int (statement, 0) : 0;
}

static void
pfa_journal_finalize (GObject *object)
{
  PfaJournal *self = PFA_JOURNAL (object);

  g_clear_pointer (&self->database, sqlite3_close);

  G_OBJECT_CLASS (pfa_journal_parent_class)->finalize (object);
}

static void
pfa_journal_class_init (PfaJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_journal_finalize;
}

static void
pfa_journal_init (PfaJournal *self)
{
}
