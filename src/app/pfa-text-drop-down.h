/* pfa-text-drop-down.h - a choice of texts with ids that wraps where the window is narrow
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PFA_TYPE_TEXT_DROP_DOWN (pfa_text_drop_down_get_type ())
G_DECLARE_FINAL_TYPE (PfaTextDropDown, pfa_text_drop_down, PFA, TEXT_DROP_DOWN, GtkWidget)

/* Property: label, shown above it and read aloud. Signal: chosen (). */
void pfa_text_drop_down_add (PfaTextDropDown *self, const char *id, const char *text);
void pfa_text_drop_down_clear (PfaTextDropDown *self);
/* NULL when it is empty. (transfer none) */
const char *pfa_text_drop_down_get_chosen (PfaTextDropDown *self);
/* Does nothing when there is no such id. */
void pfa_text_drop_down_choose (PfaTextDropDown *self, const char *id);

G_END_DECLS
