/* pfa-pattern.h - whether incidents come at certain times, by exact tests
 *
 * Pure: no GTK, no clock, no input or output.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PFA_PATTERN_HOURS    24
#define PFA_PATTERN_WEEKDAYS 7
/* Fewer events than this never make a pattern, whatever the arithmetic says. */
#define PFA_PATTERN_LEAST_EVENTS 6
#define PFA_PATTERN_LEVEL        0.01

typedef struct
{
  gboolean found;
  int from;     /* first hour or weekday (0: Monday) */
  int to;       /* the hour after the last one; for weekdays from + 1 */
  guint events; /* within it */
  guint of;     /* all events */
  double
      chance; /* that so many or more fall there by accident, corrected for all places looked at */
} PfaPattern;

/* P(X >= k) of a binomial distribution, exact. */
double pfa_pattern_binomial_tail (guint k, guint n, double p);

/* Two hours in a row that hold more than their share of the hours between the day's first and last
 * incident: nights, when the shop is closed, would make any lunch hour look special. */
PfaPattern pfa_pattern_find_hours (const guint counts[PFA_PATTERN_HOURS]);
/* The same, and which time of the day it is. */
typedef enum
{
  PFA_PATTERN_TOO_LITTLE,
  PFA_PATTERN_NONE,
  PFA_PATTERN_PEAK_HOURS,
  PFA_PATTERN_NIGHT,
} PfaPatternTime;
PfaPatternTime pfa_pattern_find_time (const guint counts[PFA_PATTERN_HOURS]);
PfaPattern pfa_pattern_find_weekday (const guint counts[PFA_PATTERN_WEEKDAYS]);
/* More lately: @recent of @all events fell into the last @share of the time. Given how many there
 * were, a Poisson stream spreads them binomially, so this is the exact test of two rates. */
PfaPattern pfa_pattern_find_recent (guint recent, guint all, double share);

G_END_DECLS
