/* test-uploads.c - the desk's uploads on disk: offsets, checksums, breaks, take-overs, age
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "pfa-desk-uploads.h"
#include "pfa-error.h"

typedef struct
{
  char *directory;
  PfaDeskUploads *uploads;
  PfaDeskUpload *upload;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->directory = g_dir_make_tmp ("pfa-uploads-XXXXXX", NULL);
  f->uploads = pfa_desk_uploads_new (f->directory, NULL);
  f->upload = pfa_desk_uploads_create (f->uploads, 10, "sha256 YQ==", NULL);
  g_assert_nonnull (f->upload);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (f->directory, "uploads", NULL);

  pfa_desk_uploads_remove (f->uploads, f->upload->id);
  pfa_desk_upload_free (f->upload);
  g_assert_finalize_object (f->uploads);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_rmdir (f->directory);
  g_free (f->directory);
}

/* Takes the upload up as a new request would. */
static PfaDeskReceiving *
receive (Fixture *f, const char *expected)
{
  g_autoptr (GBytes) digest = NULL;
  g_autoptr (PfaDeskUpload) now = pfa_desk_uploads_find (f->uploads, f->upload->id, NULL);

  if (expected != NULL)
    {
      g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
      guint8 bytes[32];
      gsize length = sizeof bytes;

      g_checksum_update (checksum, (const guchar *) expected, -1);
      g_checksum_get_digest (checksum, bytes, &length);
      digest = g_bytes_new (bytes, length);
    }
  return pfa_desk_uploads_receive (f->uploads, now, G_CHECKSUM_SHA256, digest, NULL);
}

static gint64
get_offset (Fixture *f)
{
  g_autoptr (PfaDeskUpload) now = pfa_desk_uploads_find (f->uploads, f->upload->id, NULL);

  g_assert_cmpint (now->length, ==, 10);
  g_assert_cmpstr (now->metadata, ==, "sha256 YQ==");
  return now->offset;
}

static void
test_pieces (Fixture *f, gconstpointer data)
{
  PfaDeskReceiving *receiving = receive (f, NULL);
  g_autofree char *path = pfa_desk_uploads_dup_path (f->uploads, f->upload->id);
  g_autofree char *text = NULL;
  gint64 offset;

  pfa_desk_receiving_add (receiving, "012", 3);
  pfa_desk_receiving_add (receiving, "34", 2);
  g_assert_cmpint (pfa_desk_receiving_finish (receiving, &offset), ==, PFA_DESK_RECEIVED);
  g_assert_cmpint (offset, ==, 5);
  pfa_desk_receiving_free (receiving);
  receiving = receive (f, "56789");
  pfa_desk_receiving_add (receiving, "56789", 5);
  g_assert_cmpint (pfa_desk_receiving_finish (receiving, &offset), ==, PFA_DESK_RECEIVED);
  pfa_desk_receiving_free (receiving);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "0123456789");
}

static void
test_break_keeps_what_came (Fixture *f, gconstpointer data)
{
  PfaDeskReceiving *receiving = receive (f, NULL);

  pfa_desk_receiving_add (receiving, "0123", 4);
  pfa_desk_receiving_free (receiving);
  g_assert_cmpint (get_offset (f), ==, 4);
}

static void
test_break_with_checksum_keeps_nothing (Fixture *f, gconstpointer data)
{
  PfaDeskReceiving *receiving = receive (f, "0123456789");

  pfa_desk_receiving_add (receiving, "0123", 4);
  pfa_desk_receiving_free (receiving);
  g_assert_cmpint (get_offset (f), ==, 0);
}

static void
test_wrong_checksum (Fixture *f, gconstpointer data)
{
  PfaDeskReceiving *receiving = receive (f, "0000");
  gint64 offset;

  pfa_desk_receiving_add (receiving, "0123", 4);
  g_assert_cmpint (pfa_desk_receiving_finish (receiving, &offset), ==, PFA_DESK_RECEIVED_OTHER);
  g_assert_cmpint (offset, ==, 0);
  pfa_desk_receiving_free (receiving);
  g_assert_cmpint (get_offset (f), ==, 0);
}

/* As after a kill: bytes without their checksum, and the mark that says so. */
static void
test_kill_before_checksum (Fixture *f, gconstpointer data)
{
  g_autofree char *path = pfa_desk_uploads_dup_path (f->uploads, f->upload->id);
  g_autofree char *mark = g_strdup (path);

  memcpy (mark + strlen (mark) - 4, "base", 4);
  g_assert_true (g_file_set_contents (path, "01234567", -1, NULL));
  g_assert_true (g_file_set_contents (mark, "3", -1, NULL));
  g_assert_cmpint (get_offset (f), ==, 3);
  g_assert_cmpint (get_offset (f), ==, 3);
}

static void
test_too_much (Fixture *f, gconstpointer data)
{
  PfaDeskReceiving *receiving = receive (f, NULL);
  gint64 offset;

  pfa_desk_receiving_add (receiving, "0123456", 7);
  pfa_desk_receiving_add (receiving, "0123456", 7);
  g_assert_cmpint (pfa_desk_receiving_finish (receiving, &offset), ==, PFA_DESK_RECEIVED_TOO_MUCH);
  pfa_desk_receiving_free (receiving);
  g_assert_cmpint (get_offset (f), ==, 7);
}

static void
test_newer_request_takes_over (Fixture *f, gconstpointer data)
{
  PfaDeskReceiving *old = receive (f, NULL);
  PfaDeskReceiving *new;
  gint64 offset;

  pfa_desk_receiving_add (old, "01", 2);
  g_assert_cmpint (get_offset (f), ==, 2);
  new = receive (f, NULL);
  pfa_desk_receiving_add (old, "xx", 2);
  pfa_desk_receiving_add (new, "23", 2);
  g_assert_cmpint (pfa_desk_receiving_finish (old, &offset), ==, PFA_DESK_RECEIVED_CUT);
  pfa_desk_receiving_free (old);
  g_assert_cmpint (pfa_desk_receiving_finish (new, &offset), ==, PFA_DESK_RECEIVED);
  pfa_desk_receiving_free (new);
  g_assert_cmpint (get_offset (f), ==, 4);
}

static void
test_foreign_names (Fixture *f, gconstpointer data)
{
  static const char *const ids[] = { "",
                                     "x",
                                     "../../../../../../../../etc/passwd",
                                     "..............................AA",
                                     "6z60f52k4mufrmzxm3r9c9r8xc6nqda/" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pfa_desk_uploads_find (f->uploads, ids[i], &error));
      g_assert_error (error, PFA_ERROR, PFA_ERROR_NOT_FOUND);
      g_assert_false (pfa_desk_uploads_remove (f->uploads, ids[i]));
    }
}

static void
test_age (Fixture *f, gconstpointer data)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_cmpuint (pfa_desk_uploads_expire (f->uploads, now), ==, 0);
  g_assert_cmpuint (pfa_desk_uploads_expire (f->uploads, now + PFA_DESK_UPLOAD_LIFE_S + 60), ==, 1);
  g_assert_null (pfa_desk_uploads_find (f->uploads, f->upload->id, NULL));
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "pieces", test_pieces },
    { "break-keeps-what-came", test_break_keeps_what_came },
    { "break-with-checksum-keeps-nothing", test_break_with_checksum_keeps_nothing },
    { "wrong-checksum", test_wrong_checksum },
    { "kill-before-checksum", test_kill_before_checksum },
    { "too-much", test_too_much },
    { "newer-request-takes-over", test_newer_request_takes_over },
    { "foreign-names", test_foreign_names },
    { "age", test_age },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/desk/uploads/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  return g_test_run ();
}
