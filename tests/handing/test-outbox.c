/* test-outbox.c - the outbox against a desk in this process: states, times, kills, giving up
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "fake-desk.h"
#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-outbox.h"

#define KEY    "0b7c5ad0-0d0c-5c11-9a4e-275c8e513a96"
#define BUNDLE "the bundle, as far as this test is concerned"

typedef struct
{
  FakeDesk *desk;
  char *folder;
  char *directory;
  PfaOutbox *outbox;
  PfaOutboxItem *item;
  guint sent;
  guint refused;
} Fixture;

static void
count_cb (PfaOutbox *outbox, PfaOutboxItem *item, guint *count)
{
  *count += 1;
}

static void
open_outbox (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->outbox = pfa_outbox_open (f->directory, &error);
  g_assert_no_error (error);
  g_signal_connect (f->outbox, "item-sent", G_CALLBACK (count_cb), &f->sent);
  g_signal_connect (f->outbox, "item-refused", G_CALLBACK (count_cb), &f->refused);
}

static PfaOutboxItem *
add (Fixture *f, const char *text)
{
  g_autofree char *path = g_build_filename (f->folder, "x.posaid.zip", NULL);
  PfaOutboxRequest request = { .path = path,
                               .key = KEY,
                               .provider = "lab",
                               .upload = f->desk->upload,
                               .tickets = f->desk->tickets };
  g_autoptr (GError) error = NULL;
  PfaOutboxItem *item;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  item = pfa_outbox_add (f->outbox, &request, &error);
  g_assert_no_error (error);
  return item;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->desk = fake_desk_new ();
  f->folder = g_dir_make_tmp ("pfa-outbox-XXXXXX", NULL);
  f->directory = g_build_filename (f->folder, "outbox", NULL);
  open_outbox (f);
  f->item = add (f, BUNDLE);
}

static void
delete_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      delete_tree (inner);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->item);
  g_clear_object (&f->outbox);
  fake_desk_free (f->desk);
  delete_tree (f->folder);
  g_free (f->folder);
  g_free (f->directory);
}

static void
on_passed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
run_one (PfaOutbox *outbox)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pfa_outbox_run_async (outbox, NULL, on_passed_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  pfa_outbox_run_finish (outbox, result, &error);
  g_assert_no_error (error);
}

static void
run (Fixture *f)
{
  run_one (f->outbox);
}

static void
assert_state (PfaOutboxItem *item, PfaOutboxState state)
{
  g_assert_cmpstr (pfa_outbox_state_to_string (pfa_outbox_item_get_state (item)),
                   ==,
                   pfa_outbox_state_to_string (state));
}

static gboolean
has_file (Fixture *f, const char *name)
{
  g_autofree char *path =
      g_build_filename (f->directory, pfa_outbox_item_get_id (f->item), name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* What another program, or this one after a kill, would read. */
static void
assert_state_on_disk (Fixture *f, PfaOutboxState state)
{
  g_autoptr (PfaOutbox) again = pfa_outbox_open (f->directory, NULL);

  assert_state (pfa_outbox_find (again, pfa_outbox_item_get_id (f->item)), state);
}

static void
test_sent (Fixture *f, gconstpointer data)
{
  g_autoptr (PfaOutboxItem) twin = add (f, BUNDLE);

  g_assert_true (twin == f->item);
  assert_state_on_disk (f, PFA_OUTBOX_PENDING);
  g_assert_true (has_file (f, "bundle"));
  run (f);
  assert_state (f->item, PFA_OUTBOX_SENT);
  assert_state_on_disk (f, PFA_OUTBOX_SENT);
  g_assert_cmpstr (pfa_outbox_item_get_ticket (f->item), ==, "T1");
  g_assert_cmpstr (f->desk->asked->str, ==, "OPTIONS POST PATCH INTAKE ");
  g_assert_false (has_file (f, "bundle"));
  g_assert_cmpuint (f->sent, ==, 1);
  /* There is nothing left to do. */
  run (f);
  g_assert_cmpuint (f->sent, ==, 1);
  g_assert_cmpuint (f->desk->made, ==, 1);
}

static void
test_schedule (Fixture *f, gconstpointer data)
{
  static const gint64 pauses_s[] = { 15, 60, 300, 900, 3600, 3600 };

  f->desk->intake_status = 503;
  for (guint i = 0; i < G_N_ELEMENTS (pauses_s); i++)
    {
      gint64 now = g_get_real_time () / G_USEC_PER_SEC;
      gint64 pause;

      run (f);
      assert_state_on_disk (f, PFA_OUTBOX_PENDING);
      g_assert_cmpstr (pfa_outbox_item_get_problem (f->item), ==, "busy");
      pause = pfa_outbox_item_get_next (f->item) - now;
      g_assert_cmpint (pause, >=, pauses_s[i] * 8 / 10);
      g_assert_cmpint (pause, <=, pauses_s[i] * 12 / 10 + 2);
    }
  /* The upload was made once, and stays. */
  g_assert_true (g_str_has_prefix (f->desk->asked->str, "OPTIONS POST PATCH INTAKE INTAKE "));
  f->desk->intake_status = 0;
  run (f);
  assert_state (f->item, PFA_OUTBOX_SENT);
}

/* The same failure of many shops is not followed by the same second. */
static void
test_jitter (Fixture *f, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  f->desk->intake_status = 503;
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *text = g_strdup_printf ("bundle %u", i);
      g_autoptr (PfaOutboxItem) item = add (f, text);
    }
  for (guint i = 0; i < 4; i++)
    run (f);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (f->outbox)); i++)
    {
      g_autoptr (PfaOutboxItem) item = g_list_model_get_item (G_LIST_MODEL (f->outbox), i);

      g_hash_table_add (seen, GINT_TO_POINTER ((int) pfa_outbox_item_get_next (item)));
    }
  g_assert_cmpuint (g_hash_table_size (seen), >, 6);
}

static void
test_retry_after (Fixture *f, gconstpointer data)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  f->desk->intake_status = 503;
  f->desk->retry_after = "100";
  run (f);
  g_assert_cmpint (pfa_outbox_item_get_next (f->item), >=, now + 100);
  f->desk->intake_status = 0;
  f->desk->retry_after = NULL;
  g_string_truncate (f->desk->asked, 0);
  /* Not even asked for by the person. */
  run (f);
  g_assert_cmpstr (f->desk->asked->str, ==, "");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  f->desk->intake_status = 403;
  f->desk->intake_body = "{\"discarded\": \"quota\", \"text\": \"enough\"}";
  run (f);
  assert_state_on_disk (f, PFA_OUTBOX_REFUSED);
  g_assert_cmpstr (pfa_outbox_item_get_problem (f->item), ==, "quota");
  g_assert_cmpuint (f->refused, ==, 1);
  g_assert_false (has_file (f, "bundle"));
  run (f);
  g_assert_cmpuint (f->refused, ==, 1);
}

/* Moves the item's beginning back in time, as state.json tells it. */
static void
grow_old (Fixture *f, gint64 hours)
{
  g_autofree char *path =
      g_build_filename (f->directory, pfa_outbox_item_get_id (f->item), "state.json", NULL);
  g_autofree char *text = NULL;
  g_autofree char *new_text = NULL;
  g_autofree char *created = NULL;
  g_autofree char *before = NULL;
  g_auto (GStrv) parts = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  created = g_strdup_printf ("%" G_GINT64_FORMAT, pfa_outbox_item_get_created (f->item));
  before =
      g_strdup_printf ("%" G_GINT64_FORMAT, pfa_outbox_item_get_created (f->item) - hours * 3600);
  parts = g_strsplit (text, created, 2);
  g_assert_nonnull (parts[1]);
  new_text = g_strconcat (parts[0], before, parts[1], NULL);
  g_assert_true (g_file_set_contents (path, new_text, -1, NULL));
}

static void
test_expired (Fixture *f, gconstpointer data)
{
  f->desk->intake_status = 503;
  grow_old (f, 71);
  run (f);
  assert_state (f->item, PFA_OUTBOX_PENDING);
  grow_old (f, 2);
  run (f);
  assert_state_on_disk (f, PFA_OUTBOX_EXPIRED);
  g_assert_cmpuint (f->refused, ==, 1);
}

static void
test_no_line (Fixture *f, gconstpointer data)
{
  guint lost = 0;

  g_signal_connect_swapped (f->outbox, "line-lost", G_CALLBACK (g_atomic_int_inc), &lost);
  soup_server_disconnect (f->desk->server);
  run (f);
  run (f);
  assert_state (f->item, PFA_OUTBOX_PENDING);
  g_assert_cmpstr (pfa_outbox_item_get_problem (f->item), ==, "no-line");
  g_assert_cmpuint (lost, ==, 1);
}

static void
test_paused (Fixture *f, gconstpointer data)
{
  g_assert_true (pfa_outbox_set_paused (f->outbox, f->item, TRUE, NULL));
  run (f);
  assert_state_on_disk (f, PFA_OUTBOX_PAUSED);
  g_assert_cmpstr (f->desk->asked->str, ==, "");
  g_assert_true (pfa_outbox_set_paused (f->outbox, f->item, FALSE, NULL));
  run (f);
  assert_state_on_disk (f, PFA_OUTBOX_SENT);
}

static void
copy_tree (const char *from, const char *to)
{
  g_autoptr (GDir) folder = g_dir_open (from, 0, NULL);
  g_autofree char *data = NULL;
  const char *name;
  gsize length;

  if (folder == NULL)
    {
      g_assert_true (g_file_get_contents (from, &data, &length, NULL));
      g_assert_true (g_file_set_contents (to, data, (gssize) length, NULL));
      return;
    }
  g_assert_cmpint (g_mkdir (to, 0700), ==, 0);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (from, name, NULL);
      g_autofree char *copy = g_build_filename (to, name, NULL);

      copy_tree (inner, copy);
    }
}

typedef struct
{
  Fixture *f;
  guint count;
} Snapshots;

/* As a kill leaves it when this request has just arrived. */
static FakeDeskFate
keep_snapshot (FakeDesk *desk, const char *what, gpointer user_data)
{
  Snapshots *snapshots = user_data;
  g_autofree char *name = g_strdup_printf ("killed-%u", snapshots->count++);
  g_autofree char *copy = g_build_filename (snapshots->f->folder, name, NULL);

  copy_tree (snapshots->f->directory, copy);
  return FAKE_DESK_ANSWER;
}

/* Killed at each request, once before the desk has done it and once after: the same ticket. */
static void
test_killed (Fixture *f, gconstpointer data)
{
  Snapshots snapshots = { f, 0 };
  guint count;

  f->desk->hook = keep_snapshot;
  f->desk->hook_data = &snapshots;
  run (f);
  f->desk->hook = NULL;
  count = snapshots.count;
  g_assert_cmpuint (count, ==, 4);
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *name = g_strdup_printf ("killed-%u", i);
      g_autofree char *directory = g_build_filename (f->folder, name, NULL);
      g_autoptr (PfaOutbox) outbox = pfa_outbox_open (directory, NULL);
      PfaOutboxItem *item = pfa_outbox_find (outbox, pfa_outbox_item_get_id (f->item));

      g_assert_nonnull (item);
      run_one (outbox);
      assert_state (item, PFA_OUTBOX_SENT);
      g_assert_cmpstr (pfa_outbox_item_get_ticket (item), ==, "T1");
    }
  g_assert_cmpuint (f->desk->made, ==, 1);
}

/* Half a copy, and half a state beside the whole one, are no items. */
static void
test_half_made (Fixture *f, gconstpointer data)
{
  g_autofree char *half = g_build_filename (f->directory, ".new-abcdef", NULL);
  g_autofree char *copy = g_build_filename (half, "bundle", NULL);
  g_autofree char *state =
      g_build_filename (f->directory, pfa_outbox_item_get_id (f->item), "state.json.ABCDEF", NULL);
  struct utimbuf old = { 1000000, 1000000 };

  g_assert_cmpint (g_mkdir (half, 0700), ==, 0);
  g_assert_true (g_file_set_contents (copy, "the bun", -1, NULL));
  g_assert_cmpint (g_utime (half, &old), ==, 0);
  g_assert_true (g_file_set_contents (state, "{\"state\": \"se", -1, NULL));
  g_clear_object (&f->item);
  g_clear_object (&f->outbox);
  open_outbox (f);
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->outbox)), ==, 1);
  run (f);
  g_assert_cmpuint (f->sent, ==, 1);
}

typedef struct
{
  Fixture *f;
  const char *when;
  FakeDeskFate fate;
  gboolean other_process;
} Cancel;

static FakeDeskFate
cancel_when (FakeDesk *desk, const char *what, gpointer user_data)
{
  Cancel *cancel = user_data;
  g_autoptr (PfaOutbox) other = NULL;
  PfaOutboxItem *item = cancel->f->item;

  if (cancel->when == NULL || !g_str_equal (what, cancel->when))
    return FAKE_DESK_ANSWER;
  cancel->when = NULL;
  if (cancel->other_process)
    {
      other = pfa_outbox_open (cancel->f->directory, NULL);
      item = pfa_outbox_find (other, pfa_outbox_item_get_id (item));
    }
  g_assert_true (pfa_outbox_cancel (other != NULL ? other : cancel->f->outbox, item, NULL));
  return cancel->fate;
}

static void
cancel_at (Fixture *f, const char *when, FakeDeskFate fate, gboolean other_process)
{
  Cancel cancel = { f, when, fate, other_process };

  f->desk->hook = cancel_when;
  f->desk->hook_data = &cancel;
  run (f);
  f->desk->hook = NULL;
}

static void
test_cancelled_early (Fixture *f, gconstpointer data)
{
  g_assert_true (pfa_outbox_cancel (f->outbox, f->item, NULL));
  run (f);
  assert_state_on_disk (f, PFA_OUTBOX_CANCELLED);
  g_assert_cmpstr (f->desk->asked->str, ==, "");
  g_assert_false (has_file (f, "bundle"));
}

static void
test_cancelled_while_sending (Fixture *f, gconstpointer data)
{
  cancel_at (f, "PATCH", FAKE_DESK_ANSWER, GPOINTER_TO_INT (data));
  run (f);
  assert_state_on_disk (f, PFA_OUTBOX_CANCELLED);
  g_assert_null (strstr (f->desk->asked->str, "INTAKE"));
  g_assert_cmpuint (f->desk->made, ==, 0);
  g_assert_false (has_file (f, "bundle"));
}

static void
assert_withdrawn (Fixture *f)
{
  assert_state_on_disk (f, PFA_OUTBOX_WITHDRAWN);
  g_assert_cmpuint (f->desk->made, ==, 1);
  g_assert_cmpuint (f->desk->withdrawn, ==, 1);
  g_assert_true (has_file (f, "receipt.json"));
  g_assert_false (has_file (f, "bundle"));
  g_assert_cmpuint (f->sent, ==, 0);
}

/* The intake's answer is on its way when the person gives it up: what was made is deleted. */
static void
test_cancelled_at_intake (Fixture *f, gconstpointer data)
{
  cancel_at (f, "INTAKE", FAKE_DESK_ANSWER, GPOINTER_TO_INT (data));
  assert_withdrawn (f);
}

/* The answer is lost: the next pass asks for the same ticket again, and deletes it. */
static void
test_cancelled_and_cut (Fixture *f, gconstpointer data)
{
  cancel_at (f, "INTAKE", (FakeDeskFate) GPOINTER_TO_INT (data), FALSE);
  assert_state_on_disk (f, PFA_OUTBOX_WITHDRAWING);
  g_assert_cmpuint (pfa_outbox_count_waiting (f->outbox), ==, 1);
  run (f);
  assert_withdrawn (f);
}

static void
test_cancelled_but_not_there (Fixture *f, gconstpointer data)
{
  f->desk->intake_status = 409;
  f->desk->intake_body = "{\"error\": \"upload\"}";
  cancel_at (f, "INTAKE", FAKE_DESK_ANSWER, FALSE);
  assert_state_on_disk (f, PFA_OUTBOX_CANCELLED);
  g_assert_cmpuint (f->desk->made, ==, 0);
}

/* A kill between "send" and the intake's answer, then the person gives it up. */
static void
test_cancelled_after_a_break (Fixture *f, gconstpointer data)
{
  f->desk->intake_status = 503;
  run (f);
  f->desk->intake_status = 0;
  g_assert_true (pfa_outbox_cancel (f->outbox, f->item, NULL));
  assert_state_on_disk (f, PFA_OUTBOX_WITHDRAWING);
  run (f);
  assert_withdrawn (f);
}

static FakeDeskFate
refuse_withdrawal (FakeDesk *desk, const char *what, gpointer user_data)
{
  return g_str_equal (what, "WITHDRAW") ? FAKE_DESK_CUT_BEFORE
                                        : cancel_when (desk, what, user_data);
}

/* The line fails between ticket and withdrawal: the ticket is kept, and deleted later. */
static void
test_withdrawal_is_cut (Fixture *f, gconstpointer data)
{
  Cancel cancel = { f, "INTAKE", FAKE_DESK_ANSWER, FALSE };

  f->desk->hook = refuse_withdrawal;
  f->desk->hook_data = &cancel;
  run (f);
  f->desk->hook = NULL;
  assert_state_on_disk (f, PFA_OUTBOX_WITHDRAWING);
  g_assert_cmpstr (pfa_outbox_item_get_ticket (f->item), ==, "T1");
  g_assert_false (pfa_outbox_set_paused (f->outbox, f->item, TRUE, NULL));
  run (f);
  assert_withdrawn (f);
}

/* The incident's first bundle is in the same ticket: giving up the second must not delete it. */
static void
test_cancelled_second (Fixture *f, gconstpointer data)
{
  run (f);
  assert_state (f->item, PFA_OUTBOX_SENT);
  g_object_unref (f->item);
  f->item = add (f, "a further bundle of the same incident");
  cancel_at (f, "INTAKE", FAKE_DESK_ANSWER, FALSE);
  assert_state_on_disk (f, PFA_OUTBOX_SENT);
  g_assert_cmpuint (f->desk->made, ==, 1);
  g_assert_cmpuint (f->desk->withdrawn, ==, 0);
}

/* Withdrawn and handed over again: it goes, and the receipt of the first time stays. */
static void
test_sent_after_withdrawal (Fixture *f, gconstpointer data)
{
  g_autoptr (PfaOutboxItem) again = NULL;

  cancel_at (f, "INTAKE", FAKE_DESK_ANSWER, FALSE);
  assert_withdrawn (f);
  again = add (f, BUNDLE);
  assert_state_on_disk (f, PFA_OUTBOX_PENDING);
  g_assert_true (has_file (f, "bundle"));
  run (f);
  assert_state_on_disk (f, PFA_OUTBOX_SENT);
  g_assert_true (has_file (f, "receipt.json"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, function)                                                                  \
  g_test_add ("/support/outbox/" name, Fixture, data, set_up, function, tear_down)
  ADD ("sent", NULL, test_sent);
  ADD ("schedule", NULL, test_schedule);
  ADD ("jitter", NULL, test_jitter);
  ADD ("retry-after", NULL, test_retry_after);
  ADD ("refused", NULL, test_refused);
  ADD ("expired", NULL, test_expired);
  ADD ("no-line", NULL, test_no_line);
  ADD ("paused", NULL, test_paused);
  ADD ("killed-at-each-request", NULL, test_killed);
  ADD ("half-made", NULL, test_half_made);
  ADD ("cancelled/early", NULL, test_cancelled_early);
  ADD ("cancelled/while-sending", GINT_TO_POINTER (FALSE), test_cancelled_while_sending);
  ADD ("cancelled/while-sending-elsewhere", GINT_TO_POINTER (TRUE), test_cancelled_while_sending);
  ADD ("cancelled/at-intake", GINT_TO_POINTER (FALSE), test_cancelled_at_intake);
  ADD ("cancelled/at-intake-elsewhere", GINT_TO_POINTER (TRUE), test_cancelled_at_intake);
  ADD ("cancelled/cut-before", GINT_TO_POINTER (FAKE_DESK_CUT_BEFORE), test_cancelled_and_cut);
  ADD ("cancelled/cut-after", GINT_TO_POINTER (FAKE_DESK_CUT_AFTER), test_cancelled_and_cut);
  ADD ("cancelled/not-there", NULL, test_cancelled_but_not_there);
  ADD ("cancelled/after-a-break", NULL, test_cancelled_after_a_break);
  ADD ("cancelled/withdrawal-is-cut", NULL, test_withdrawal_is_cut);
  ADD ("cancelled/second-of-an-incident", NULL, test_cancelled_second);
  ADD ("sent-after-withdrawal", NULL, test_sent_after_withdrawal);
#undef ADD
  return g_test_run ();
}
