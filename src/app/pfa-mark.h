/* pfa-mark.h - one state as a disc with its own shape: tick, exclamation mark, cross, ring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pfa-aid.h"

G_BEGIN_DECLS

#define PFA_TYPE_MARK (pfa_mark_get_type ())
G_DECLARE_FINAL_TYPE (PfaMark, pfa_mark, PFA, MARK, GtkWidget)

/* The shape alone tells the states apart; the colour only repeats it. Its word stands beside it, so
 * the mark itself is hidden from screen readers. */
GtkWidget *pfa_mark_new (int size);
void pfa_mark_set_state (PfaMark *self, PfaStationState state);

/* The style class and the translated word of @state. (transfer none) */
const char *pfa_mark_get_class (PfaStationState state);
const char *pfa_mark_get_word (PfaStationState state);
/* The state that a value of the knowledge shows: good, degraded, broken; all else NOT_CHECKED. */
PfaStationState pfa_mark_read_state (const char *state);

G_END_DECLS
