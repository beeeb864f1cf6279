/* pfa-pattern.c - whether incidents come at certain times, by exact tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-pattern.h"

#include <math.h>

/* Hours that a pattern spans, and the fewest hours a day must have for two of them to stand out. */
#define SPAN_HOURS      2
#define LEAST_DAY_HOURS 6
/* Around midnight, when providers maintain their systems and days are closed. */
#define NIGHT_FROM 22
#define NIGHT_TO   4

double
pfa_pattern_binomial_tail (guint k, guint n, double p)
{
  double sum = 0;

  if (k == 0 || p >= 1)
    return 1;
  if (p <= 0 || k > n)
    return 0;
  /* From the smallest term up, so that nothing is rounded away. */
  for (guint i = n + 1; i > k; i--)
    {
      double j = i - 1;

      sum += exp (lgamma (n + 1.0) - lgamma (j + 1) - lgamma (n - j + 1) + j * log (p) +
                  (n - j) * log1p (-p));
    }
  return MIN (sum, 1);
}

static guint
count_all (const guint *counts, guint n)
{
  guint all = 0;

  for (guint i = 0; i < n; i++)
    all += counts[i];
  return all;
}

PfaPattern
pfa_pattern_find_hours (const guint counts[PFA_PATTERN_HOURS])
{
  PfaPattern best = { .chance = 1, .of = count_all (counts, PFA_PATTERN_HOURS) };
  int first = 0;
  int last = PFA_PATTERN_HOURS - 1;
  int hours;

  if (best.of < PFA_PATTERN_LEAST_EVENTS)
    return best;
  while (counts[first] == 0)
    first++;
  while (counts[last] == 0)
    last--;
  /* A cluster alone on its day says nothing of the day's length: then the usual opening hours. */
  first = MIN (first, 9);
  last = MAX (last, 20);
  hours = last - first + 1;
  if (hours < LEAST_DAY_HOURS)
    return best;

  for (int from = first; from + SPAN_HOURS - 1 <= last; from++)
    {
      guint events = count_all (counts + from, SPAN_HOURS);
      double chance = pfa_pattern_binomial_tail (events, best.of, (double) SPAN_HOURS / hours);

      chance = MIN (1, chance * (hours - SPAN_HOURS + 1));
      if (chance < best.chance)
        {
          best.from = from;
          best.to = from + SPAN_HOURS;
          best.events = events;
          best.chance = chance;
        }
    }
  best.found = best.chance < PFA_PATTERN_LEVEL;
  return best;
}

static gboolean
is_night (int hour)
{
  return hour >= NIGHT_FROM || hour < NIGHT_TO;
}

/* The day is also looked at from noon to noon: a cluster around midnight is torn apart else. */
PfaPatternTime
pfa_pattern_find_time (const guint counts[PFA_PATTERN_HOURS])
{
  guint turned[PFA_PATTERN_HOURS];
  PfaPattern day;
  PfaPattern night;
  int from;
  gboolean around_midnight;

  for (int i = 0; i < PFA_PATTERN_HOURS; i++)
    turned[i] = counts[(i + PFA_PATTERN_HOURS / 2) % PFA_PATTERN_HOURS];
  day = pfa_pattern_find_hours (counts);
  night = pfa_pattern_find_hours (turned);
  if (day.of < PFA_PATTERN_LEAST_EVENTS)
    return PFA_PATTERN_TOO_LITTLE;

  from = (night.from + PFA_PATTERN_HOURS / 2) % PFA_PATTERN_HOURS;
  around_midnight =
      night.found && is_night (from) && is_night ((from + SPAN_HOURS - 1) % PFA_PATTERN_HOURS);
  if (around_midnight && (!day.found || night.chance <= day.chance))
    return PFA_PATTERN_NIGHT;
  if (!day.found)
    return PFA_PATTERN_NONE;
  return is_night (day.from) && is_night (day.to - 1) ? PFA_PATTERN_NIGHT : PFA_PATTERN_PEAK_HOURS;
}

PfaPattern
pfa_pattern_find_weekday (const guint counts[PFA_PATTERN_WEEKDAYS])
{
  PfaPattern best = { .chance = 1, .of = count_all (counts, PFA_PATTERN_WEEKDAYS) };

  if (best.of < PFA_PATTERN_LEAST_EVENTS)
    return best;
  for (int day = 0; day < PFA_PATTERN_WEEKDAYS; day++)
    {
      double chance = pfa_pattern_binomial_tail (counts[day], best.of, 1.0 / PFA_PATTERN_WEEKDAYS);

      chance = MIN (1, chance * PFA_PATTERN_WEEKDAYS);
      if (chance < best.chance)
        {
          best.from = day;
          best.to = day + 1;
          best.events = counts[day];
          best.chance = chance;
        }
    }
  best.found = best.chance < PFA_PATTERN_LEVEL;
  return best;
}

PfaPattern
pfa_pattern_find_recent (guint recent, guint all, double share)
{
  PfaPattern pattern = { .events = recent, .of = all, .chance = 1 };

  if (all < PFA_PATTERN_LEAST_EVENTS || share <= 0 || share >= 1)
    return pattern;
  pattern.chance = pfa_pattern_binomial_tail (recent, all, share);
  pattern.found = pattern.chance < PFA_PATTERN_LEVEL;
  return pattern;
}
