/* pfa-print.h - brings a document to the printer or into a PDF file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pfa-document.h"

G_BEGIN_DECLS

/* Opens the print dialogue. @document: (transfer full) */
void pfa_print_run (PfaDocument *document, GtkWindow *parent);
/* Writes the same page as PDF without asking. @document: (transfer full) */
gboolean pfa_print_export (PfaDocument *document, const char *path, GError **error);

G_END_DECLS
