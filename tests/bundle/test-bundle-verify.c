/* test-bundle-verify.c - what is no sound bundle is refused with a sentence
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bundle-fixture.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "pfa-error.h"

/* One way to spoil a bundle while it is written anew. */
typedef struct
{
  const char *name;
  const char *drop;    /* this member is left out */
  const char *change;  /* this one is changed */
  const char *add;     /* this one is added before the manifest */
  const char *content; /* of what is added */
  const char *link;    /* it is a link to this */
  gboolean folder;
  const char *says; /* part of the sentence */
} Spoiling;

static const Spoiling spoilings[] = {
  { "wrong-sum", .change = "summary.json", .says = "was changed" },
  { "missing-member", .drop = "checks.jsonl", .says = "missing" },
  { "missing-manifest", .drop = "manifest.json", .says = "no manifest.json" },
  { "extra-member", .add = "logs/x/1.log", .content = "x", .says = "not in the manifest" },
  { "strange-member", .add = "run.exe", .content = "x", .says = "does not belong" },
  { "zip-slip", .add = "../evil.log", .content = "x", .says = "does not belong" },
  { "zip-slip-inside", .add = "logs/../../1.log", .content = "x", .says = "does not belong" },
  { "absolute", .add = "/etc/cron.d/1.log", .content = "x", .says = "does not belong" },
  { "drive", .add = "C:/1.log", .content = "x", .says = "does not belong" },
  { "backslash", .add = "logs\\x\\1.log", .content = "x", .says = "" },
  { "reserved", .add = "logs/x/nul", .content = "x", .says = "does not belong" },
  { "twice", .add = "summary.json", .content = "{}", .says = "twice" },
  { "case-twin", .add = "Summary.json", .content = "{}", .says = "does not belong" },
  { "link",
    .add = "logs/x/1.log",
    .content = "",
    .link = "/etc/passwd",
    .says = "link or a folder" },
  { "folder", .add = "logs/x/", .content = "", .folder = TRUE, .says = "link or a folder" },
  { "nested", .add = "logs/x/1.log", .content = "PK\x03\x04xxxx", .says = "an archive itself" },
  { "nested-gzip",
    .add = "logs/x/1.log",
    .content = "\x1f\x8b\x08xxxx",
    .says = "an archive itself" },
};

static void
copy_entry (struct archive *out,
            const char *name,
            const void *data,
            gsize length,
            const char *link,
            gboolean folder)
{
  struct archive_entry *entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, link != NULL ? AE_IFLNK : folder ? AE_IFDIR : AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  if (link != NULL)
    archive_entry_set_symlink (entry, link);
  else
    archive_entry_set_size (entry, (la_int64_t) length);
  g_assert_cmpint (archive_write_header (out, entry), ==, ARCHIVE_OK);
  if (length > 0 && link == NULL)
    archive_write_data (out, data, length);
  archive_entry_free (entry);
}

static void
spoil (const char *from, const char *to, const Spoiling *spoiling)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaBundleContents) contents = pfa_bundle_verify (from, NULL, &error);
  struct archive *out = archive_write_new ();

  g_assert_no_error (error);
  archive_write_set_format_zip (out);
  archive_write_set_bytes_in_last_block (out, 1);
  g_assert_cmpint (archive_write_open_filename (out, to), ==, ARCHIVE_OK);
  for (guint i = 0; i < contents->entries->len; i++)
    {
      const PfaBundleEntry *entry = contents->entries->pdata[i];
      g_autoptr (GBytes) bytes = pfa_bundle_read_entry (from, entry->name, 1024 * 1024, NULL);
      gsize length;
      g_autofree char *data =
          g_memdup2 (g_bytes_get_data (bytes, &length), g_bytes_get_size (bytes));

      if (spoiling->add != NULL && g_str_equal (entry->name, "manifest.json"))
        copy_entry (out,
                    spoiling->add,
                    spoiling->content,
                    strlen (spoiling->content),
                    spoiling->link,
                    spoiling->folder);
      if (g_strcmp0 (spoiling->change, entry->name) == 0)
        *strchr (data, '9') = '8';
      if (g_strcmp0 (spoiling->drop, entry->name) != 0)
        copy_entry (out, entry->name, data, length, NULL, FALSE);
    }
  archive_write_free (out);
}

static void
test_spoiled (gconstpointer data)
{
  const Spoiling *spoiling = data;
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autofree char *spoiled = NULL;
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  bundle = fixture_make_bundle (&fixture);
  spoiled = g_strconcat (fixture.path, ".bad", NULL);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, NULL));
  spoil (fixture.path, spoiled, spoiling);
  contents = pfa_bundle_verify (spoiled, NULL, &error);
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_assert_null (contents);
  if (strstr (error->message, spoiling->says) == NULL)
    g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, spoiling->says));
  fixture_tear_down (&fixture);
}

/* 80 MB of one character in some hundred kilobytes. */
static void
test_bomb (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autofree char *zeros = g_strnfill (1 << 20, '0');
  struct archive *out = archive_write_new ();
  struct archive_entry *entry = archive_entry_new ();

  fixture_set_up (&fixture);
  archive_write_set_format_zip (out);
  archive_write_set_options (out, "zip:compression-level=1");
  archive_write_set_bytes_in_last_block (out, 1);
  g_assert_cmpint (archive_write_open_filename (out, fixture.path), ==, ARCHIVE_OK);
  archive_entry_set_pathname (entry, "readme.html");
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_write_header (out, entry);
  for (guint i = 0; i < 80; i++)
    archive_write_data (out, zeros, 1 << 20);
  archive_entry_free (entry);
  archive_write_free (out);
  contents = pfa_bundle_verify (fixture.path, NULL, &error);
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_assert_nonnull (strstr (error->message, "more than a bundle may hold"));
  fixture_tear_down (&fixture);
}

/* Cut anywhere, or with one byte changed anywhere: refused or, where nothing depends on the byte,
 * still the same sums; never a crash. */
static void
test_damaged (void)
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autofree char *data = NULL;
  g_autofree char *bad = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  gsize length;

  fixture_set_up (&fixture);
  bundle = fixture_make_bundle (&fixture);
  bad = g_strconcat (fixture.path, ".bad", NULL);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (fixture.path, &data, &length, NULL));
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (PfaBundleContents) contents = NULL;
      g_autoptr (GError) error = NULL;
      const gsize at = (gsize) g_rand_int_range (rand, 0, (int) length);
      const char before = data[at];

      data[at] = (char) (before ^ (1 << g_rand_int_range (rand, 0, 8)));
      g_assert_true (
          g_file_set_contents (bad, data, i % 2 == 0 ? (gssize) length : (gssize) at, NULL));
      data[at] = before;
      contents = pfa_bundle_verify (bad, NULL, &error);
      if (i % 2 == 1)
        g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
    }
  fixture_tear_down (&fixture);
}

static void
test_appended (void)
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  g_autofree char *longer = NULL;
  gsize length;

  fixture_set_up (&fixture);
  bundle = fixture_make_bundle (&fixture);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (fixture.path, &data, &length, NULL));
  longer = g_malloc0 (length + 10);
  memcpy (longer, data, length);
  g_assert_true (g_file_set_contents (fixture.path, longer, (gssize) length + 10, NULL));
  contents = pfa_bundle_verify (fixture.path, NULL, &error);
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  fixture_tear_down (&fixture);
}

/* A ZIP tells of its members twice; what some program would believe must not differ. */
typedef struct
{
  const char *name;
  gboolean in_table; /* in the table of contents, else in the member's own header */
  gsize offset;      /* of the change, behind the header's first byte */
  const char *to;    /* or NULL: something is put between the last member and the table */
} Story;

#define LOCAL_NAME 30
#define TABLE_NAME 46

static const Story stories[] = {
  { "name-in-member", FALSE, LOCAL_NAME, "logs/a/1.log" },
  { "name-in-table", TRUE, TABLE_NAME, "logs/a/1.log" },
  { "case-in-member", FALSE, LOCAL_NAME, "Guided.jsonl" },
  { "method-in-member", FALSE, 8, "\x01" },
  { "method-in-table", TRUE, 10, "\x01" },
  { "encrypted-in-member", FALSE, 6, "\x09" },
  { "start-in-table", TRUE, 42, "\x01" },
  { "between", FALSE, 0, NULL },
};

static void
set_32 (char *at, gsize value)
{
  for (guint i = 0; i < 4; i++)
    at[i] = (char) (value >> (8 * i) & 0xff);
}

/* Puts a whole second member in front of the table, which does not list it. */
static char *
put_between (const char *data, gsize *length)
{
  static const char hidden[] =
      "PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0x.exe";
  const gsize n = sizeof hidden - 1;
  const gsize end = *length - 22;
  const guint8 *place = (const guint8 *) data + end + 16;
  const gsize table = place[0] | (gsize) place[1] << 8 | (gsize) place[2] << 16;
  char *longer = g_malloc (*length + n);

  memcpy (longer, data, table);
  memcpy (longer + table, hidden, n);
  memcpy (longer + table + n, data + table, *length - table);
  set_32 (longer + end + n + 16, table + n);
  *length += n;
  return longer;
}

static void
test_two_stories (gconstpointer user_data)
{
  const Story *story = user_data;
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  g_autofree char *longer = NULL;
  gsize length;

  fixture_set_up (&fixture);
  bundle = fixture_make_bundle (&fixture);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (fixture.path, &data, &length, NULL));
  if (story->to != NULL)
    {
      char *name = memmem (data, length, "guided.jsonl", 12);

      if (story->in_table)
        name = memmem (name + 12, length - (gsize) (name + 12 - data), "guided.jsonl", 12);
      memcpy (name - (story->in_table ? TABLE_NAME : LOCAL_NAME) + story->offset,
              story->to,
              strlen (story->to));
    }
  else
    longer = put_between (data, &length);
  g_assert_true (
      g_file_set_contents (fixture.path, longer != NULL ? longer : data, (gssize) length, NULL));
  contents = pfa_bundle_verify (fixture.path, NULL, &error);
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_assert_nonnull (strstr (error->message, "do not agree"));
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (spoilings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/bundle/verify/refuses/%s", spoilings[i].name);

      g_test_add_data_func (path, &spoilings[i], test_spoiled);
    }
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strdup_printf ("/bundle/verify/two-stories/%s", stories[i].name);

      g_test_add_data_func (path, &stories[i], test_two_stories);
    }
  g_test_add_func ("/bundle/verify/refuses/bomb", test_bomb);
  g_test_add_func ("/bundle/verify/refuses/damaged", test_damaged);
  g_test_add_func ("/bundle/verify/refuses/appended", test_appended);
  return g_test_run ();
}
