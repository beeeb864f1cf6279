/* test-print.c - the staff card as a PDF: its words and its QR code read back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pfa-app-resources.h"
#include "pfa-error.h"
#include "pfa-print.h"

#define PHONE "+86 400 000 0000"

static char *
run (const char *const *arguments)
{
  g_autoptr (GSubprocess) process =
      g_subprocess_newv (arguments,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                         NULL);
  char *output = NULL;

  g_assert_nonnull (process);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, NULL));
  return output;
}

static gboolean
lacks (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program);

  if (path == NULL)
    g_test_skip (program);
  return path == NULL;
}

static void
test_card_reads_back (void)
{
  g_autofree char *folder = g_dir_make_tmp ("pfa-print-XXXXXX", NULL);
  g_autofree char *pdf = g_build_filename (folder, "card.pdf", NULL);
  g_autofree char *picture = g_build_filename (folder, "card", NULL);
  g_autofree char *png = g_build_filename (folder, "card.png", NULL);
  g_autofree char *text = NULL;
  g_autofree char *drawn = NULL;
  g_autofree char *read = NULL;
  g_autoptr (GError) error = NULL;

  if (lacks ("pdftotext") || lacks ("pdftoppm") || lacks ("zbarimg"))
    return;
  g_assert_true (pfa_print_export (pfa_document_new_staff_card ("en", PHONE), pdf, &error));
  g_assert_no_error (error);

  text = run ((const char *const[]){ "pdftotext", pdf, "-", NULL });
  g_assert_nonnull (strstr (text, "Do not charge the card again yet."));
  g_assert_nonnull (strstr (text, "先不要再刷一次"));
  g_assert_nonnull (strstr (text, PHONE));

  drawn = run (
      (const char *const[]){ "pdftoppm", "-r", "150", "-png", "-singlefile", pdf, picture, NULL });
  read = run ((const char *const[]){ "zbarimg", "-q", "--raw", png, NULL });
  g_assert_cmpstr (g_strstrip (read), ==, "tel:" PHONE);

  g_unlink (png);
  g_unlink (pdf);
  g_rmdir (folder);
}

static void
test_bad_folder_is_said (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (pfa_print_export (pfa_document_new ("96"), "/nowhere/at/all.pdf", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_STORAGE);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  pfa_app_register_resource ();
  g_test_add_func ("/ui/print/card-reads-back", test_card_reads_back);
  g_test_add_func ("/ui/print/bad-folder-is-said", test_bad_folder_is_said);
  return g_test_run ();
}
