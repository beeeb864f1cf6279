/* pfa-station-button.h - one station of the path picture: mark, name and word
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pfa-aid.h"

G_BEGIN_DECLS

#define PFA_TYPE_STATION_BUTTON (pfa_station_button_get_type ())
G_DECLARE_FINAL_TYPE (PfaStationButton, pfa_station_button, PFA, STATION_BUTTON, GtkButton)

/* Mark above two lines of text, or, where the window is narrow, beside them. The path picture
 * measures it for both forms and says which one holds before it allocates it. */
PfaStationButton *pfa_station_button_new (const char *id);
/* "Router" in the person's language. (transfer none) */
const char *pfa_station_button_find_name (const char *id);
const char *pfa_station_button_get_id (PfaStationButton *self);
/* Sets shape, word and what a screen reader hears, together. */
void pfa_station_button_set (PfaStationButton *self, PfaStationState state, const char *text);
PfaStationState pfa_station_button_get_state (PfaStationButton *self);
/* What a screen reader hears: "Router: good. The router answers quickly." */
const char *pfa_station_button_get_spoken (PfaStationButton *self);

void pfa_station_button_set_beside (PfaStationButton *self, gboolean beside);
int pfa_station_button_get_width (PfaStationButton *self, gboolean beside);
int pfa_station_button_get_height (PfaStationButton *self, gboolean beside, int width);
/* The middle of the mark, in the button's own coordinates. */
void pfa_station_button_get_centre (PfaStationButton *self, double *x, double *y);

#define PFA_STATION_MARK_SIZE 40

G_END_DECLS
