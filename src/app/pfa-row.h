/* pfa-row.h - a row of a list: mark, title, subtitle, and what stands behind them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "pfa-aid.h"

G_BEGIN_DECLS

#define PFA_TYPE_ROW (pfa_row_get_type ())
G_DECLARE_FINAL_TYPE (PfaRow, pfa_row, PFA, ROW, AdwPreferencesRow)

/* Unlike AdwActionRow 1.2 it reads its subtitle aloud, and wraps all text. Properties (so that
 * templates can fill it): title (of AdwPreferencesRow), subtitle, action-name, action-target,
 * icon-name. A row with an action can be activated and shows an arrow. */
GtkWidget *pfa_row_new (const char *title, const char *subtitle);
void pfa_row_set_subtitle (PfaRow *self, const char *subtitle);
/* Shows the mark of @state in front and says its word. */
void pfa_row_set_state (PfaRow *self, PfaStationState state);
void pfa_row_add_prefix (PfaRow *self, GtkWidget *widget);
void pfa_row_add_suffix (PfaRow *self, GtkWidget *widget);
/* Below the texts: what needs the row's whole width. */
void pfa_row_add_below (PfaRow *self, GtkWidget *widget);

/* A list with a frame whose name a screen reader hears. */
GtkWidget *pfa_row_new_list (const char *name);
void pfa_row_clear_list (GtkListBox *list);

G_END_DECLS
