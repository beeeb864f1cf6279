/* pfa-maintenance.c - is it maintenance time by the provider's calendar?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-maintenance.h"

#define MINUTES_A_DAY (24 * 60)
#define NEAR_MINUTES  30 /* payments.md 6.2 K21 */

/* Minutes since midnight of "HH:MM", or -1. */
static int
read_minutes (const char *text)
{
  guint64 hours;
  guint64 minutes;
  char *end = NULL;

  if (text == NULL || !g_ascii_isdigit (*text))
    return -1;
  hours = g_ascii_strtoull (text, &end, 10);
  if (end == NULL || *end != ':' || !g_ascii_isdigit (end[1]))
    return -1;
  minutes = g_ascii_strtoull (end + 1, &end, 10);
  return *end == '\0' && hours <= 24 && minutes < 60 ? (int) (hours * 60 + minutes) : -1;
}

/* 1 (Monday) … 7; 0: every day; -1: no such day. */
static int
read_day (const char *text)
{
  static const char *const days[] = { "day",      "monday", "tuesday",  "wednesday",
                                      "thursday", "friday", "saturday", "sunday" };

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    if (g_strcmp0 (text, days[i]) == 0)
      return (int) i;
  return -1;
}

/* Minutes until the window's next beginning on or after yesterday, 0 while inside. */
static int
count_minutes_until (const PfaMaintenance *window, GDateTime *now)
{
  g_autoptr (GTimeZone) zone = window->timezone != NULL
                                   ? g_time_zone_new_identifier (window->timezone)
                                   : g_time_zone_new_local ();
  g_autoptr (GDateTime) there = zone != NULL ? g_date_time_to_timezone (now, zone) : NULL;
  int from = read_minutes (window->from);
  int until = read_minutes (window->to);
  int day = read_day (window->every);
  int best = G_MAXINT;
  int minute;

  if (there == NULL || from < 0 || until < 0 || day < 0)
    return G_MAXINT;
  minute = g_date_time_get_hour (there) * 60 + g_date_time_get_minute (there);
  if (until <= from)
    until += MINUTES_A_DAY;
  for (int shift = -1; shift <= 1; shift++)
    {
      g_autoptr (GDateTime) begun = g_date_time_add_days (there, shift);
      int start = from + shift * MINUTES_A_DAY;

      if (day != 0 && g_date_time_get_day_of_week (begun) != day)
        continue;
      if (minute >= start && minute < until + shift * MINUTES_A_DAY)
        return 0;
      if (start > minute)
        best = MIN (best, start - minute);
    }
  return best;
}

const char *
pfa_maintenance_judge (GPtrArray *windows, GDateTime *now)
{
  int best = G_MAXINT;

  for (guint i = 0; i < windows->len; i++)
    best = MIN (best, count_minutes_until (g_ptr_array_index (windows, i), now));
  if (best == 0)
    return "inside";
  return best <= NEAR_MINUTES ? "near" : "outside";
}
