/* pfa-path-picture.h - the way of a payment, from the terminal to the provider
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pfa-station-button.h"

G_BEGIN_DECLS

#define PFA_TYPE_PATH_PICTURE (pfa_path_picture_get_type ())
G_DECLARE_FINAL_TYPE (PfaPathPicture, pfa_path_picture, PFA, PATH_PICTURE, GtkWidget)

/* Five stations in a row with links between them, and this computer beside the path; in a narrow
 * window, or with large text, one below the other. Left and Right move, Enter activates.
 *
 * Signal: station-activated (const char *id). */
GtkWidget *pfa_path_picture_new (void);
/* @stations: as pfa_aid_dup_stations() gives them. */
void pfa_path_picture_set_stations (PfaPathPicture *self, GArray *stations);
/* All that the picture shows, as one sentence a station. (transfer full) */
char *pfa_path_picture_dup_spoken (PfaPathPicture *self);

G_END_DECLS
