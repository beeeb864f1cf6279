/* pfa-calendar-view.h - one month of days, each with its number of incidents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PFA_TYPE_CALENDAR_VIEW (pfa_calendar_view_get_type ())
G_DECLARE_FINAL_TYPE (PfaCalendarView, pfa_calendar_view, PFA, CALENDAR_VIEW, GtkBox)

/* GtkCalendar can only mark a day, not say how much happened on it.
 * Signal: day-chosen (int year, int month, int day). */
/* Takes the times of all incidents, in µs since 1970; shows the month in view. */
void pfa_calendar_view_set_times (PfaCalendarView *self, const gint64 *times, guint n);
void pfa_calendar_view_show_month (PfaCalendarView *self, int year, int month);

G_END_DECLS
