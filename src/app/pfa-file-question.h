/* pfa-file-question.h - asks the person for a file; where the program is confined, the portal asks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @save_as: the name proposed for a new file, or NULL to open one. @answered is a handler of
 * GtkNativeDialog::response with @widget as its data; it ends with pfa_file_question_take(). */
void pfa_file_question_ask (GtkWidget *widget,
                            const char *title,
                            const char *save_as,
                            GCallback answered);
/* The file, or NULL when the person wants none. The dialogue is gone then. (transfer full) */
GFile *pfa_file_question_take (GtkNativeDialog *dialog, int response);

G_END_DECLS
