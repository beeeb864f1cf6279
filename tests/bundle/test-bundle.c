/* test-bundle.c - what is in a bundle, and what never is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bundle-fixture.h"

#include <string.h>

#include "pfa-error.h"

static const char *const secrets[] = { "4111111111111111", "4111 1111 1111 1111", "hunter2x",
                                       "a.muster",         "ABC1234567",          "Hunter2!x" };

static void
assert_clean (const char *path, PfaBundleContents *contents)
{
  for (guint i = 0; i < contents->entries->len; i++)
    {
      const PfaBundleEntry *entry = contents->entries->pdata[i];
      g_autoptr (GBytes) bytes = pfa_bundle_read_entry (path, entry->name, 64 * 1024 * 1024, NULL);
      gsize length;
      const char *data = g_bytes_get_data (bytes, &length);

      g_assert_true (g_utf8_validate_len (data, length, NULL));
      for (guint j = 0; j < G_N_ELEMENTS (secrets); j++)
        {
          if (memmem (data, length, secrets[j], strlen (secrets[j])) != NULL)
            g_test_message ("%s holds %s", entry->name, secrets[j]);
          g_assert_null (memmem (data, length, secrets[j], strlen (secrets[j])));
        }
    }
}

static void
test_members (void)
{
  static const char *const expected[] = {
    "readme.html",         "summary.json",   "report.json",
    "checks.jsonl",        "timeline.jsonl", "terminal.json",
    "steps.json",          "guided.jsonl",   "logs/conversation/1.log",
    "logs/terminal/1.log", "redaction.json", "consent.json",
    "manifest.json"
  };
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  fixture_add_log (&fixture,
                   "a-4111111111111111.log",
                   "pan=4111111111111111 tid=10001234\npassword=Hunter2!x\n",
                   -1);
  bundle = fixture_make_bundle (&fixture);
  pfa_bundle_write (bundle, fixture.path, NULL, NULL, &error);
  g_assert_no_error (error);
  contents = pfa_bundle_verify (fixture.path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (contents->entries->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (((PfaBundleEntry *) contents->entries->pdata[i])->name, ==, expected[i]);
  g_assert_cmpstr (contents->id, ==, pfa_bundle_get_id (bundle));
  assert_clean (fixture.path, contents);
  fixture_tear_down (&fixture);
}

static void
test_same_bytes (void)
{
  Fixture fixture;
  g_autoptr (PfaBundle) one = NULL;
  g_autoptr (PfaBundle) other = NULL;
  g_autofree char *second = NULL;
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  gsize n_a, n_b;

  fixture_set_up (&fixture);
  fixture_add_log (&fixture, "a.log", "pan=4111111111111111\n", -1);
  second = g_strconcat (fixture.path, "2.posaid.zip", NULL);
  one = fixture_make_bundle (&fixture);
  g_assert_true (pfa_bundle_write (one, fixture.path, NULL, NULL, NULL));
  g_setenv ("TZ", "Asia/Tokyo", TRUE);
  tzset ();
  other = fixture_make_bundle (&fixture);
  g_assert_true (pfa_bundle_write (other, second, NULL, NULL, NULL));
  g_setenv ("TZ", "UTC", TRUE);
  tzset ();
  g_assert_true (g_file_get_contents (fixture.path, &a, &n_a, NULL));
  g_assert_true (g_file_get_contents (second, &b, &n_b, NULL));
  g_assert_cmpmem (a, n_a, b, n_b);
  fixture_tear_down (&fixture);
}

static void
test_readme (void)
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (GBytes) readme = NULL;
  const char *text;

  fixture_set_up (&fixture);
  bundle = fixture_make_bundle (&fixture);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, NULL));
  readme = pfa_bundle_read_entry (fixture.path, "readme.html", 1024 * 1024, NULL);
  text = g_bytes_get_data (readme, NULL);
  g_assert_nonnull (strstr (text, "The &lt;router&gt; is dead"));
  g_assert_nonnull (strstr (text, "Befunde"));
  g_assert_nonnull (strstr (text, "诊断结果"));
  g_assert_nonnull (strstr (text, "restart-router"));
  /* What the page says of itself looks like no secret, nor does its own id. */
  g_assert_nonnull (strstr (text, "POS-Erste-Hilfe – Diagnosepaket"));
  g_assert_nonnull (strstr (text, "POS急救箱 – 诊断包"));
  g_assert_nonnull (strstr (text, pfa_bundle_get_id (bundle)));
  g_assert_null (strstr (text, "<script"));
  g_assert_null (strstr (text, "http://"));
  g_assert_null (strstr (text, "https://"));
  fixture_tear_down (&fixture);
}

/* One id in ten thousand looks like a bank account; a manifest without its id is refused. */
static void
test_id_that_looks_secret (void)
{
  Fixture fixture;
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new_with_fresh_key (PFA_READER_PROVIDER);
  g_autofree char *name = NULL;
  guint number = 0;
  gboolean masked = FALSE;

  fixture_set_up (&fixture);
  while (!masked && number < 100000)
    {
      g_autofree char *id = NULL;
      g_autofree char *line = NULL;
      g_autoptr (PfaSafeText) safe = NULL;

      g_free (name);
      name = g_strdup_printf ("incident-%u", number++);
      id = pfa_bundle_build_id (name);
      line = g_strdup_printf ("{\"id\": \"%s\"}", id);
      safe = pfa_redactor_redact_text (redactor, "x", line, -1, NULL);
      masked = !g_str_equal (pfa_safe_text_get_data (safe, NULL), line);
    }
  if (masked)
    {
      g_autoptr (PfaBundle) bundle = NULL;
      g_autoptr (PfaBundleContents) contents = NULL;
      g_autoptr (GError) error = NULL;

      pfa_incident_set (&fixture.incident->id, name);
      bundle = fixture_make_bundle (&fixture);
      g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, NULL));
      contents = pfa_bundle_verify (fixture.path, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (contents->id, ==, pfa_bundle_get_id (bundle));
    }
  else
    g_test_skip ("no id looks like a secret any more");
  fixture_tear_down (&fixture);
}

/* Kinds are words that a redactor knows well: their counts stay counts. */
static void
test_redaction_counts (void)
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (GBytes) redaction = NULL;

  fixture_set_up (&fixture);
  fixture_add_log (&fixture,
                   "a.log",
                   "password=Hunter2!x\npin=4711\ntoken=abcdefghij0123456789\n",
                   -1);
  bundle = fixture_make_bundle (&fixture);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, NULL));
  redaction = pfa_bundle_read_entry (fixture.path, "redaction.json", 1024 * 1024, NULL);
  g_assert_nonnull (strstr (g_bytes_get_data (redaction, NULL), "\"password\": 1"));
  g_assert_null (strstr (g_bytes_get_data (redaction, NULL), "[PASSWORD"));
  fixture_tear_down (&fixture);
}

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
test_preview (void)
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autoptr (PfaSafeText) shown = NULL;
  g_autoptr (GBytes) sent = NULL;
  g_autoptr (GAsyncResult) prepared = NULL;
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (GAsyncResult) busy = NULL;
  g_autoptr (GError) error = NULL;
  guint log, n_marks;

  fixture_set_up (&fixture);
  fixture_add_log (&fixture, "a.log", "pan=4111111111111111\nplain line\n", -1);
  bundle = fixture_make_bundle (&fixture);
  pfa_bundle_prepare_async (bundle, NULL, on_done_cb, &prepared);
  pfa_bundle_prepare_async (bundle, NULL, on_done_cb, &busy);
  g_assert_false (pfa_bundle_prepare_finish (bundle, wait_for (&busy), &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (pfa_bundle_prepare_finish (bundle, wait_for (&prepared), &error));
  log = pfa_bundle_get_n_members (bundle) - 1;
  g_assert_cmpstr (pfa_bundle_get_member (bundle, log)->name, ==, "logs/terminal/1.log");
  g_assert_cmpuint (pfa_bundle_get_member (bundle, log)->hidden, ==, 1);
  pfa_bundle_read_async (bundle, log, 1024 * 1024, NULL, on_done_cb, &read);
  shown = pfa_bundle_read_finish (bundle, wait_for (&read), &error);
  pfa_safe_text_get_marks (shown, &n_marks);
  g_assert_cmpuint (n_marks, ==, 1);

  pfa_bundle_set_consent (bundle, "consent/1", "zh_CN", 1763775800000000);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, NULL));
  sent = pfa_bundle_read_entry (fixture.path, "logs/terminal/1.log", 1024, NULL);
  g_assert_cmpmem (g_bytes_get_data (sent, NULL),
                   g_bytes_get_size (sent),
                   pfa_safe_text_get_data (shown, NULL),
                   strlen (pfa_safe_text_get_data (shown, NULL)));

  /* What is needed cannot be left out; the log can, and the bundle stays sound. */
  pfa_bundle_set_included (bundle, 0, FALSE);
  g_assert_true (pfa_bundle_get_member (bundle, 0)->included);
  pfa_bundle_set_included (bundle, log, FALSE);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, NULL));
  contents = pfa_bundle_verify (fixture.path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_object_get_string_member (
                       json_array_get_object_element (
                           json_object_get_array_member (contents->manifest, "left_out"),
                           0),
                       "path"),
                   ==,
                   "logs/terminal/1.log");
  fixture_tear_down (&fixture);
}

static void
test_cancelled (void)
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  fixture_add_log (&fixture, "a.log", "line\n", -1);
  bundle = fixture_make_bundle (&fixture);
  g_cancellable_cancel (cancellable);
  g_assert_false (pfa_bundle_write (bundle, fixture.path, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (fixture.path, G_FILE_TEST_EXISTS));
  fixture_tear_down (&fixture);
}

/* What cannot be made safe is dropped and said, and the bundle is made all the same. */
static void
test_dropped (void)
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autofree char *binary = g_malloc0 (4096);
  g_autofree char *link = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  memset (binary, 3, 4096);
  fixture_add_log (&fixture, "binary.log", binary, 4096);
  link = g_build_filename (fixture.folder, "link.log", NULL);
  g_assert_cmpint (symlink ("/etc/passwd", link), ==, 0);
  g_ptr_array_add (fixture.logs, pfa_bundle_log_new ("till", link));
  g_ptr_array_add (fixture.logs, pfa_bundle_log_new ("till", "/nowhere/at/all.log"));
  bundle = fixture_make_bundle (&fixture);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, &error));
  contents = pfa_bundle_verify (fixture.path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (
                        json_object_get_array_member (contents->manifest, "left_out")),
                    ==,
                    3);
  fixture_tear_down (&fixture);
}

static void
test_tail (void)
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) log = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  for (guint i = 0; text->len < PFA_BUNDLE_MAX_SOURCE + 1000000; i++)
    g_string_append_printf (text, "line %u of a long log\n", i);
  g_string_append (text, "the last line\n");
  fixture_add_log (&fixture, "long.log", text->str, (gssize) text->len);
  bundle = fixture_make_bundle (&fixture);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, NULL));
  contents = pfa_bundle_verify (fixture.path, NULL, &error);
  g_assert_no_error (error);
  log = pfa_bundle_read_entry (fixture.path, "logs/terminal/1.log", 64 * 1024 * 1024, NULL);
  g_assert_true (g_str_has_prefix (g_bytes_get_data (log, NULL), "line "));
  g_assert_nonnull (
      memmem (g_bytes_get_data (log, NULL), g_bytes_get_size (log), "the last line\n", 14));
  fixture_tear_down (&fixture);
}

static void
test_id (void)
{
  g_autofree char *one = pfa_bundle_build_id ("a");
  g_autofree char *other = pfa_bundle_build_id ("b");

  g_assert_true (g_uuid_string_is_valid (one));
  g_assert_cmpstr (one, !=, other);
  g_assert_cmpint (one[14], ==, '5');
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/bundle/members-and-no-secrets", test_members);
  g_test_add_func ("/bundle/bundle/same-bytes-in-every-time-zone", test_same_bytes);
  g_test_add_func ("/bundle/bundle/readme-is-static-and-in-both-languages", test_readme);
  g_test_add_func ("/bundle/bundle/id-that-looks-secret", test_id_that_looks_secret);
  g_test_add_func ("/bundle/bundle/redaction-counts", test_redaction_counts);
  g_test_add_func ("/bundle/bundle/preview-is-what-is-sent", test_preview);
  g_test_add_func ("/bundle/bundle/cancelled-leaves-nothing", test_cancelled);
  g_test_add_func ("/bundle/bundle/dropped-with-a-reason", test_dropped);
  g_test_add_func ("/bundle/bundle/tail-of-a-long-log", test_tail);
  g_test_add_func ("/bundle/bundle/id", test_id);
  return g_test_run ();
}
