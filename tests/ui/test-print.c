/* test-print.c - the papers as PDF, in the language of the first argument: words and QR read back
 *
 * Run by hand with PFA_PAPERS=FOLDER it leaves the PDF files there, to be looked at.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pfa-cards.h"
#include "pfa-error.h"
#include "pfa-language.h"
#include "pfa-print.h"
#include "pfa-stage.h"
#include "pfa-task.h"

#define PHONE "+86 400 000 0000"

static PfaStage *stage;

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

/* Lines break where the paper ends, so only signs are compared. */
static char *
dup_without_spaces (const char *text)
{
  GString *bare = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isspace (g_utf8_get_char (at)))
      g_string_append_unichar (bare, g_utf8_get_char (at));
  return g_string_free (bare, FALSE);
}

static void
assert_says (const char *paper, const char *sentence)
{
  g_autofree char *wanted = dup_without_spaces (sentence);

  if (strstr (paper, wanted) == NULL)
    {
      g_test_message ("“%s” is not on the paper:\n%s", sentence, paper);
      g_test_fail ();
    }
}

static char *
dup_path (const char *name)
{
  g_autofree char *file = g_strdup_printf ("%s-%s.pdf", name, pfa_language_get ());
  const char *kept = g_getenv ("PFA_PAPERS");

  return g_build_filename (kept != NULL ? kept : stage->directory, file, NULL);
}

/* Writes @document as PDF and reads it back. */
static char *
read_back (PfaDocument *document, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *facts = NULL;

  g_autofree char *pages =
      g_strdup_printf ("Pages:           %u\n", pfa_document_count_pages (document));

  g_assert_true (pfa_print_export (document, path, &error));
  g_assert_no_error (error);
  facts = run ((const char *const[]){ "pdfinfo", path, NULL });
  g_assert_nonnull (strstr (facts, pages));
  text = run ((const char *const[]){ "pdftotext", path, "-", NULL });
  return dup_without_spaces (text);
}

static void
forget (const char *path)
{
  if (g_getenv ("PFA_PAPERS") == NULL)
    g_unlink (path);
}

static void
test_card (void)
{
  g_autofree char *pdf = dup_path ("card");
  g_autofree char *picture = g_build_filename (stage->directory, "card", NULL);
  g_autofree char *png = g_strconcat (picture, ".png", NULL);
  g_autofree char *text = NULL;

  if (lacks ("pdftotext") || lacks ("pdftoppm") || lacks ("zbarimg"))
    return;
  text = read_back (pfa_document_new_staff_card (pfa_language_get (), PHONE), pdf);
  assert_says (text, "Do not charge the card again yet.");
  /* English stands beside every other language, and Chinese beside English. */
  if (!g_str_equal (pfa_language_get (), "de"))
    assert_says (text, "先不要再刷一次");
  assert_says (text, PHONE);
  for (guint dpi = 50; dpi <= 150; dpi += 100)
    {
      g_autofree char *resolution = g_strdup_printf ("%u", dpi);
      g_autofree char *drawn = NULL;
      g_autofree char *read = NULL;

      drawn = run ((
          const char
              *const[]){ "pdftoppm", "-r", resolution, "-png", "-singlefile", pdf, picture, NULL });
      read = run ((const char *const[]){ "zbarimg", "-q", "--raw", png, NULL });
      g_assert_cmpstr (g_strstrip (read), ==, "tel:" PHONE);
    }
  g_unlink (png);
  forget (pdf);
}

static void
test_note (void)
{
  PfaAid *aid = pfa_context_get_aid (stage->context);
  const char *const *lines;
  g_autofree char *pdf = dup_path ("note");
  g_autofree char *text = NULL;

  if (lacks ("pdftotext"))
    return;
  lines = pfa_text_get_lines (pfa_payment_get_customer_note (pfa_aid_get_payment (aid)),
                              pfa_language_get ());
  text = read_back (pfa_cards_new_note (aid), pdf);
  g_assert_nonnull (lines[0]);
  for (guint i = 0; lines[i] != NULL; i++)
    assert_says (text, lines[i]);
  assert_says (text, _ ("About your card payment"));
  forget (pdf);
}

static void
test_plan (void)
{
  g_autofree char *pdf = dup_path ("plan");
  g_autofree char *text = NULL;

  if (lacks ("pdftotext"))
    return;
  text = read_back (pfa_cards_new_plan (), pdf);
  for (guint i = 0; pfa_tasks[i].id != NULL; i++)
    assert_says (text, pfa_task_say (pfa_tasks[i].title));
  forget (pdf);
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
  int status;

  gtk_test_init (&argc, &argv, NULL);
  pfa_language_set_up (argc > 1 ? argv[1] : "en");
  adw_init ();
  stage = pfa_stage_new (NULL);
  pfa_stage_play_incident (stage);
  g_test_add_func ("/ui/print/card", test_card);
  g_test_add_func ("/ui/print/note", test_note);
  g_test_add_func ("/ui/print/plan", test_plan);
  g_test_add_func ("/ui/print/bad-folder-is-said", test_bad_folder_is_said);
  status = g_test_run ();
  pfa_stage_free (stage);
  return status;
}
