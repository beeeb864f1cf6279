/* pfa-keypad.h - twelve keys like those of a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PFA_TYPE_KEYPAD (pfa_keypad_get_type ())
G_DECLARE_FINAL_TYPE (PfaKeypad, pfa_keypad, PFA, KEYPAD, GtkWidget)

/* Signal: key (const char *): "0" to "9", or "erase". */

G_END_DECLS
