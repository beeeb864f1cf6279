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

typedef struct
{
  gint64 time; /* of an incident, in µs since 1970 */
  gboolean money_open;
} PfaCalendarMark;

/* Takes all incidents; shows the month in view. A day on which money is open bears a "!". */
void pfa_calendar_view_set_marks (PfaCalendarView *self, const PfaCalendarMark *marks, guint n);
void pfa_calendar_view_show_month (PfaCalendarView *self, int year, int month);

G_END_DECLS
