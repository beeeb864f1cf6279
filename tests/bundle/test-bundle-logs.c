/* test-bundle-logs.c - a log that the person adds in the preview, and takes out again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bundle-fixture.h"

#include <string.h>
#include <unistd.h>

#include "pfa-error.h"

typedef struct
{
  Fixture base;
  PfaBundle *bundle;
} LogFixture;

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (LogFixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;

  fixture_set_up (&self->base);
  fixture_add_log (&self->base, "first.log", "pan=4111111111111111\n", -1);
  self->bundle = fixture_make_bundle (&self->base);
  pfa_bundle_prepare_async (self->bundle, NULL, on_done_cb, &result);
  wait_for (&result);
  g_assert_true (pfa_bundle_prepare_finish (self->bundle, result, NULL));
}

static void
tear_down (LogFixture *self, gconstpointer data)
{
  /* The thread of the last task may hold it a moment longer. */
  g_object_unref (self->bundle);
  fixture_tear_down (&self->base);
}

static gboolean
add (LogFixture *self, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->base.folder, name, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  pfa_bundle_add_log_async (self->bundle, "shop", path, NULL, on_done_cb, &result);
  wait_for (&result);
  return pfa_bundle_add_log_finish (self->bundle, result, error);
}

static void
take_out (LogFixture *self, guint index)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pfa_bundle_remove_log_async (self->bundle, index, NULL, on_done_cb, &result);
  wait_for (&result);
  pfa_bundle_remove_log_finish (self->bundle, result, &error);
  g_assert_no_error (error);
}

static void
write_file (LogFixture *self, const char *name, const char *text, gssize length)
{
  g_autofree char *path = g_build_filename (self->base.folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

static guint
find (LogFixture *self, const char *name)
{
  for (guint i = 0; i < pfa_bundle_get_n_members (self->bundle); i++)
    if (g_str_equal (pfa_bundle_get_member (self->bundle, i)->name, name))
      return i;
  return G_MAXUINT;
}

static char *
read_written (LogFixture *self, const char *name)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autoptr (GError) error = NULL;

  pfa_bundle_write (self->bundle, self->base.path, NULL, NULL, &error);
  g_assert_no_error (error);
  contents = pfa_bundle_verify (self->base.path, NULL, &error);
  g_assert_no_error (error);
  bytes = pfa_bundle_read_entry (self->base.path, name, 1024 * 1024, NULL);
  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                       : NULL;
}

static void
test_added (LogFixture *self, gconstpointer data)
{
  g_autofree char *sent = NULL;
  guint index;

  write_file (self, "till.log", "12:00 sale\npan=4929001234567891\n", -1);
  g_assert_true (add (self, "till.log", NULL));
  index = find (self, "logs/shop/1.log");
  g_assert_cmpuint (index, ==, pfa_bundle_get_n_members (self->bundle) - 1);
  g_assert_true (pfa_bundle_is_added (self->bundle, index));
  g_assert_false (pfa_bundle_is_added (self->bundle, 0));
  g_assert_cmpuint (pfa_bundle_get_member (self->bundle, index)->hidden, ==, 1);
  sent = read_written (self, "logs/shop/1.log");
  g_assert_true (g_str_has_prefix (sent, "12:00 sale\n"));
  g_assert_null (strstr (sent, "4929"));
}

static void
test_taken_out (LogFixture *self, gconstpointer data)
{
  g_autofree char *redaction = NULL;
  g_autofree char *manifest = NULL;

  write_file (self, "wrong.log", "pan=4929001234567891\n", -1);
  write_file (self, "right.log", "nothing secret\n", -1);
  g_assert_true (add (self, "wrong.log", NULL));
  g_assert_true (add (self, "right.log", NULL));
  pfa_bundle_set_included (self->bundle, find (self, "steps.json"), FALSE);
  pfa_bundle_set_included (self->bundle, find (self, "logs/shop/2.log"), FALSE);
  take_out (self, find (self, "logs/shop/1.log"));

  /* The right one is the first now, and both are still left out. */
  g_assert_cmpuint (find (self, "logs/shop/2.log"), ==, G_MAXUINT);
  g_assert_false (pfa_bundle_get_member (self->bundle, find (self, "logs/shop/1.log"))->included);
  g_assert_false (pfa_bundle_get_member (self->bundle, find (self, "steps.json"))->included);
  g_assert_true (
      pfa_bundle_get_member (self->bundle, find (self, "logs/terminal/1.log"))->included);
  pfa_bundle_set_included (self->bundle, find (self, "logs/shop/1.log"), TRUE);
  redaction = read_written (self, "redaction.json");
  manifest = read_written (self, "manifest.json");
  g_assert_null (strstr (manifest, "wrong.log"));
  g_assert_nonnull (strstr (manifest, "right.log"));
  g_assert_null (strstr (redaction, "logs/shop"));
}

static void
test_refused (LogFixture *self, gconstpointer data)
{
  const guint before = pfa_bundle_get_n_members (self->bundle);
  g_autofree char *link = g_build_filename (self->base.folder, "link.log", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (add (self, "no-such.log", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  g_assert_false (add (self, "link.log", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  g_assert_false (add (self, ".", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_assert_cmpuint (pfa_bundle_get_n_members (self->bundle), ==, before);
}

/* What cannot be made safe is shown with its reason, and is not sent. */
static void
test_binary (LogFixture *self, gconstpointer data)
{
  g_autofree char *sent = NULL;
  char noise[4096];

  for (guint i = 0; i < sizeof noise; i++)
    noise[i] = (char) (i * 7919 >> 3);
  write_file (self, "noise.log", noise, sizeof noise);
  g_assert_true (add (self, "noise.log", NULL));
  g_assert_nonnull (pfa_bundle_get_member (self->bundle, find (self, "logs/shop/1.log"))->dropped);
  sent = read_written (self, "logs/shop/1.log");
  g_assert_null (sent);
}

static void
test_full (LogFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_file (self, "one.log", "line\n", -1);
  for (guint i = 1; i < PFA_BUNDLE_MAX_LOGS; i++)
    g_assert_true (add (self, "one.log", NULL));
  g_assert_false (add (self, "one.log", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_REFUSED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/bundle/logs/" name, LogFixture, NULL, set_up, function, tear_down)
  ADD ("added", test_added);
  ADD ("taken-out", test_taken_out);
  ADD ("refused", test_refused);
  ADD ("binary-is-shown-but-not-sent", test_binary);
  ADD ("full", test_full);
#undef ADD
  return g_test_run ();
}
