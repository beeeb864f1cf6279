/* pfa-print.c - brings a document to the printer or into a PDF file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-print.h"

#include "pfa-error.h"

#define MARGIN_MM 10.0

static void
on_draw_page_cb (GtkPrintOperation *operation,
                 GtkPrintContext *context,
                 int page,
                 PfaDocument *document)
{
  pfa_document_draw (document,
                     (guint) page,
                     gtk_print_context_get_cairo_context (context),
                     gtk_print_context_get_width (context),
                     gtk_print_context_get_height (context));
}

static void
free_document (gpointer data, GClosure *closure)
{
  pfa_document_free (data);
}

static GtkPrintOperation *
make_operation (PfaDocument *document)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) paper = gtk_paper_size_new (GTK_PAPER_NAME_A5);

  gtk_page_setup_set_paper_size (setup, paper);
  gtk_page_setup_set_top_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_bottom_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_left_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_page_setup_set_right_margin (setup, MARGIN_MM, GTK_UNIT_MM);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_n_pages (operation, (int) pfa_document_count_pages (document));
  gtk_print_operation_set_job_name (operation, pfa_document_get_title (document));
  g_signal_connect_data (operation,
                         "draw-page",
                         G_CALLBACK (on_draw_page_cb),
                         document,
                         free_document,
                         0);
  return operation;
}

void
pfa_print_run (PfaDocument *document, GtkWindow *parent)
{
  g_autoptr (GtkPrintOperation) operation = make_operation (document);

  gtk_print_operation_set_allow_async (operation, TRUE);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
}

gboolean
pfa_print_export (PfaDocument *document, const char *path, GError **error)
{
  g_autoptr (GtkPrintOperation) operation = make_operation (document);
  g_autoptr (GError) problem = NULL;

  gtk_print_operation_set_export_filename (operation, path);
  if (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &problem) ==
      GTK_PRINT_OPERATION_RESULT_APPLY)
    return TRUE;
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_STORAGE,
               "%s: %s",
               path,
               problem != NULL ? problem->message : "not written");
  return FALSE;
}
