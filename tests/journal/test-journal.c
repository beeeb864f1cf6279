/* test-journal.c - what was saved is found again, also after a kill and beside damage
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pfa-error.h"
#include "pfa-journal.h"

typedef struct
{
  char *directory;
  PfaJournal *journal;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("pfa-journal-XXXXXX", NULL);
  fixture->journal = pfa_journal_open (fixture->directory, NULL);
  g_assert_nonnull (fixture->journal);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->journal != NULL)
    g_assert_finalize_object (fixture->journal);
  remove_folder (fixture->directory);
  g_free (fixture->directory);
}

static PfaIncident *
make_incident (const char *state, gint64 started)
{
  PfaIncident *incident = pfa_incident_new ("96");

  pfa_incident_set (&incident->state, state);
  incident->started = started;
  return incident;
}

static void
test_found_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaIncident) old = make_incident (PFA_INCIDENT_OPEN, 1000);
  g_autoptr (PfaIncident) new = make_incident (PFA_INCIDENT_SOLVED, 2000);
  g_autoptr (PfaIncident) newest = NULL;
  g_autoptr (PfaIncident) open = NULL;
  g_autoptr (GPtrArray) all = NULL;

  g_assert_true (pfa_journal_save (fixture->journal, old, NULL));
  g_assert_true (pfa_journal_save (fixture->journal, new, NULL));
  g_assert_true (pfa_journal_save (fixture->journal, new, NULL));

  newest = pfa_journal_load_newest (fixture->journal, FALSE, NULL);
  g_assert_cmpstr (newest->id, ==, new->id);
  open = pfa_journal_load_newest (fixture->journal, TRUE, NULL);
  g_assert_cmpstr (open->id, ==, old->id);
  all = pfa_journal_list (fixture->journal, 0, NULL);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpuint (pfa_journal_count (fixture->journal, "96", 1500), ==, 1);
}

static void
test_deleted_is_gone_from_the_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaIncident) incident = make_incident (PFA_INCIDENT_OPEN, 1000);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->directory, "journal.db", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  const char *const files[] = { path, wal };

  g_assert_true (pfa_journal_save (fixture->journal, incident, NULL));
  g_assert_true (pfa_journal_delete (fixture->journal, incident->id, NULL));
  g_assert_null (pfa_journal_load (fixture->journal, incident->id, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_NOT_FOUND);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *bytes = NULL;
      gsize length = 0;

      if (g_file_get_contents (files[i], &bytes, &length, NULL))
        g_assert_null (g_strstr_len (bytes, (gssize) length, incident->id));
    }
}

static void
test_expires (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaIncident) old =
      make_incident (PFA_INCIDENT_SOLVED, g_get_real_time () - 100 * G_TIME_SPAN_DAY);
  g_autoptr (PfaIncident) new = make_incident (PFA_INCIDENT_SOLVED, g_get_real_time ());
  g_autoptr (GPtrArray) left = NULL;

  pfa_journal_save (fixture->journal, old, NULL);
  pfa_journal_save (fixture->journal, new, NULL);
  g_assert_true (pfa_journal_expire (fixture->journal, 90, NULL));
  left = pfa_journal_list (fixture->journal, 0, NULL);
  g_assert_cmpuint (left->len, ==, 1);
}

static void
test_measurements (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) found = NULL;

  g_assert_true (pfa_journal_add_measurement (fixture->journal, "ms", 10, 1.5, NULL));
  g_assert_true (pfa_journal_add_measurement (fixture->journal, "ms", 20, 2.5, NULL));
  found = pfa_journal_list_measurements (fixture->journal, "ms", 15, NULL);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpfloat (g_array_index (found, PfaMeasurement, 0).value, ==, 2.5);
}

/* The child is killed the moment it has said that the save returned. */
static void
test_survives_a_kill (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaIncident) found = NULL;
  int pipe_ends[2];
  char id[37] = { 0 };
  pid_t child;

  g_assert_finalize_object (g_steal_pointer (&fixture->journal));
  g_assert_no_errno (pipe (pipe_ends));
  child = fork ();
  if (child == 0)
    {
      PfaJournal *journal = pfa_journal_open (fixture->directory, NULL);
      PfaIncident *incident = pfa_incident_new ("96");

      pfa_journal_save (journal, incident, NULL);
      if (write (pipe_ends[1], incident->id, 36) == 36)
        pause ();
      _exit (1);
    }
  g_assert_cmpint (read (pipe_ends[0], id, 36), ==, 36);
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);

  fixture->journal = pfa_journal_open (fixture->directory, NULL);
  found = pfa_journal_load (fixture->journal, id, NULL);
  g_assert_nonnull (found);
}

static void
test_damaged_file_is_set_aside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "journal.db", NULL);
  g_autofree char *nonsense = g_strnfill (5000, 'x');
  g_autoptr (PfaIncident) incident = make_incident (PFA_INCIDENT_OPEN, 1);
  g_autoptr (GDir) dir = NULL;
  const char *name;
  gboolean kept = FALSE;

  g_assert_finalize_object (g_steal_pointer (&fixture->journal));
  g_assert_true (g_file_set_contents (path, nonsense, -1, NULL));

  fixture->journal = pfa_journal_open (fixture->directory, NULL);
  g_assert_nonnull (fixture->journal);
  g_assert_true (pfa_journal_save (fixture->journal, incident, NULL));
  dir = g_dir_open (fixture->directory, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    kept = kept || g_str_has_prefix (name, "journal.db.damaged-");
  g_assert_true (kept);
}

/* Another program may hold the file longer than we wait: that is no damage. */
static void
test_held_file_stays_where_it_is (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "journal.db", NULL);
  g_autoptr (PfaIncident) incident = make_incident (PFA_INCIDENT_OPEN, 1000);
  g_autoptr (PfaIncident) found = NULL;
  g_autoptr (PfaJournal) again = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *holder = NULL;

  g_assert_true (pfa_journal_save (fixture->journal, incident, NULL));
  g_assert_finalize_object (g_steal_pointer (&fixture->journal));
  g_assert_cmpint (sqlite3_open (path, &holder), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_exec (holder, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;", NULL, NULL, NULL),
      ==,
      SQLITE_OK);

  g_assert_null (pfa_journal_open (fixture->directory, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_STORAGE);
  again = pfa_journal_open_to_read (fixture->directory, NULL);
  g_assert_nonnull (again);
  found = pfa_journal_load_newest (again, FALSE, NULL);
  g_assert_cmpstr (found->id, ==, incident->id);
  sqlite3_close (holder);
  g_clear_object (&again);
  fixture->journal = pfa_journal_open (fixture->directory, NULL);
  g_assert_nonnull (fixture->journal);
}

static void
test_found_by_the_start_of_its_id (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaIncident) one = make_incident (PFA_INCIDENT_OPEN, 1000);
  g_autoptr (PfaIncident) other = make_incident (PFA_INCIDENT_OPEN, 2000);
  g_autoptr (PfaIncident) found = NULL;
  static const char *const wrong[] = { "", "ab", "abcd2", "%", "abcd1234-and-more" };

  pfa_incident_set (&one->id, "abcd1234");
  pfa_incident_set (&other->id, "abef5678");
  g_assert_true (pfa_journal_save (fixture->journal, one, NULL));
  g_assert_true (pfa_journal_save (fixture->journal, other, NULL));
  found = pfa_journal_load_beginning (fixture->journal, "abc", NULL);
  g_assert_cmpstr (found->id, ==, "abcd1234");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pfa_journal_load_beginning (fixture->journal, wrong[i], &error));
      g_assert_error (error, PFA_ERROR, PFA_ERROR_NOT_FOUND);
    }
}

static void
test_no_place_to_save (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pfa_journal_open ("/proc/no-such-place/pos-first-aid", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_STORAGE);
}

/* Is it in the file itself, not only in the log beside it, which a power cut may take? */
static gboolean
is_in_the_file (Fixture *fixture, const char *id)
{
  g_autofree char *from = g_build_filename (fixture->directory, "journal.db", NULL);
  g_autofree char *apart = g_dir_make_tmp ("pfa-journal-XXXXXX", NULL);
  g_autofree char *to = g_build_filename (apart, "journal.db", NULL);
  g_autofree char *bytes = NULL;
  gsize length;
  PfaJournal *journal;
  PfaIncident *found = NULL;

  g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (to, bytes, (gssize) length, NULL));
  journal = pfa_journal_open (apart, NULL);
  if (journal != NULL)
    {
      found = pfa_journal_load (journal, id, NULL);
      g_assert_finalize_object (journal);
    }
  remove_folder (apart);
  if (found == NULL)
    return FALSE;
  pfa_incident_free (found);
  return TRUE;
}

static void
test_sync_soon (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaIncident) first = make_incident (PFA_INCIDENT_OPEN, 1);
  g_autoptr (PfaIncident) second = make_incident (PFA_INCIDENT_OPEN, 2);
  gint64 until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  g_assert_true (pfa_journal_save (fixture->journal, first, NULL));
  pfa_journal_sync_soon (fixture->journal);
  g_assert_true (pfa_journal_save (fixture->journal, second, NULL));
  pfa_journal_sync_soon (fixture->journal);
  while (!is_in_the_file (fixture, second->id) && g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (is_in_the_file (fixture, first->id));
  g_assert_true (is_in_the_file (fixture, second->id));
  /* Closed while a worker writes. */
  pfa_journal_sync_soon (fixture->journal);
  g_assert_finalize_object (g_steal_pointer (&fixture->journal));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/journal/journal/found-again", test_found_again);
  ADD ("/journal/journal/deleted-is-gone-from-the-file", test_deleted_is_gone_from_the_file);
  ADD ("/journal/journal/expires", test_expires);
  ADD ("/journal/journal/measurements", test_measurements);
  ADD ("/journal/journal/survives-a-kill", test_survives_a_kill);
  ADD ("/journal/journal/damaged-file-is-set-aside", test_damaged_file_is_set_aside);
  ADD ("/journal/journal/held-file-stays-where-it-is", test_held_file_stays_where_it_is);
  ADD ("/journal/journal/found-by-the-start-of-its-id", test_found_by_the_start_of_its_id);
  ADD ("/journal/journal/synced-by-a-worker", test_sync_soon);
  g_test_add_func ("/journal/journal/no-place-to-save", test_no_place_to_save);
  return g_test_run ();
}
