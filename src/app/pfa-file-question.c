/* pfa-file-question.c - asks the person for a file; where the program is confined, the portal asks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-file-question.h"

void
pfa_file_question_ask (GtkWidget *widget,
                       const char *title,
                       const char *save_as,
                       GCallback answered)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title,
                                   GTK_WINDOW (gtk_widget_get_root (widget)),
                                   save_as != NULL ? GTK_FILE_CHOOSER_ACTION_SAVE
                                                   : GTK_FILE_CHOOSER_ACTION_OPEN,
                                   NULL,
                                   NULL);

  if (save_as != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), save_as);
  g_signal_connect_object (dialog, "response", answered, widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

GFile *
pfa_file_question_take (GtkNativeDialog *dialog, int response)
{
  GFile *file = response == GTK_RESPONSE_ACCEPT
                    ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                    : NULL;

  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
  return file;
}
