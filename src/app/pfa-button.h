/* pfa-button.h - a button whose text wraps, shows its mnemonic and is read out once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PFA_TYPE_BUTTON (pfa_button_get_type ())
G_DECLARE_FINAL_TYPE (PfaButton, pfa_button, PFA, BUTTON, GtkButton)

/* GTK 4.8 reads a GtkButton with use-underline aloud as "_Send Send", and never wraps its label.
 * @text may hold one underscore before the mnemonic letter. */
GtkWidget *pfa_button_new (const char *text);
void pfa_button_set_text (PfaButton *self, const char *text);

G_END_DECLS
