/* pfa-chart.h - counts as bars, with the same figures as a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PFA_TYPE_CHART (pfa_chart_get_type ())
G_DECLARE_FINAL_TYPE (PfaChart, pfa_chart, PFA, CHART, GtkWidget)

/* Bars with a label below every @label_step of them. A screen reader hears @title and the figures.
 */
void pfa_chart_set_values (PfaChart *self,
                           const char *title,
                           const guint *values,
                           const char *const *labels,
                           guint n,
                           guint label_step);
/* The same figures as a list, for the person who asks for a table. (transfer floating) */
GtkWidget *pfa_chart_make_table (PfaChart *self);

G_END_DECLS
