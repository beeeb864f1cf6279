/* pfa-wrap-box.h - lays children in lines, as many on a line as fit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PFA_TYPE_WRAP_BOX (pfa_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (PfaWrapBox, pfa_wrap_box, PFA, WRAP_BOX, GtkWidget)

/* What lets every page shrink to 360 px and grow to 200 % text. Properties:
 *   spacing: between children and between lines.
 *   child-width: the width at which a child wants its place; 0: its natural width.
 *   justify: the first child stands at the start of its line, the others at its end; a child alone
 *     on its line fills it. */
GtkWidget *pfa_wrap_box_new (int spacing);
void pfa_wrap_box_append (PfaWrapBox *self, GtkWidget *child);
void pfa_wrap_box_clear (PfaWrapBox *self);

G_END_DECLS
