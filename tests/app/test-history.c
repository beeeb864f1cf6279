/* test-history.c - the list for a spreadsheet, and the daily tasks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-history-text.h"
#include "pfa-task.h"

static void
test_csv_is_safe (void)
{
  g_autoptr (GPtrArray) incidents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_incident_free);
  PfaIncident *incident = pfa_incident_new ("=1+1");
  g_autofree char *csv = NULL;

  pfa_incident_set (&incident->ticket, "a\"b");
  incident->started = 0;
  g_ptr_array_add (incidents, incident);
  csv = pfa_history_text_dup_csv (incidents);
  g_assert_nonnull (strstr (csv, "\"'=1+1\""));
  g_assert_nonnull (strstr (csv, "\"a\"\"b\""));
  g_assert_true (g_str_has_prefix (csv, "started,code,"));
}

static void
test_tasks_come_due (void)
{
  const PfaTask *daily = &pfa_tasks[0];
  g_autoptr (GHashTable) lost = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_true (pfa_task_is_due (daily, 0, 1000000));
  g_assert_false (pfa_task_is_due (daily, 1000000, 1000000 + 3600));
  g_assert_true (pfa_task_is_due (daily, 1000000, 1000000 + 20 * 3600));
  g_hash_table_insert (lost, (gpointer) "session", GUINT_TO_POINTER (12));
  g_assert_cmpuint (pfa_task_get_worth (daily, lost), ==, 12);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/history/csv-is-safe", test_csv_is_safe);
  g_test_add_func ("/app/task/tasks-come-due", test_tasks_come_due);
  return g_test_run ();
}
