/* pfa-sampler-statistics.c - the figures of a row of round trips
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-sampler.h"

#include <math.h>
#include <string.h>

#define PARTS    8
#define QUARTERS 4

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
pick (const double *sorted, guint count, double share)
{
  return count > 0 ? sorted[MIN (count - 1, (guint) (share * count))] : 0;
}

static double
median_of (const double *values, guint count)
{
  g_autofree double *sorted = g_memdup2 (values, count * sizeof *values);

  qsort (sorted, count, sizeof *sorted, (int (*) (const void *, const void *)) compare_doubles);
  return pick (sorted, count, 0.5);
}

static double
compute_drift (const double *answered, guint count)
{
  guint size = count / PARTS;
  double lowest = HUGE_VAL;
  double highest = 0;

  if (size < 2)
    return 0;
  for (guint part = 0; part < PARTS; part++)
    {
      double middle = median_of (answered + part * size, size);

      lowest = MIN (lowest, middle);
      highest = MAX (highest, middle);
    }
  return highest - lowest;
}

static double
compute_trend (const double *answered, guint count)
{
  guint size = count / QUARTERS;
  double before = 0;
  double first = 0;

  if (size < 4)
    return 0;
  for (guint i = 0; i < QUARTERS; i++)
    {
      double middle = median_of (answered + i * size, size);

      if (i == 0)
        first = middle;
      else if (middle <= before)
        return 0;
      before = middle;
    }
  return before - first;
}

void
pfa_sampler_compute (const double *round_trips, guint count, PfaSamplerStatistics *statistics)
{
  g_autofree double *answered = g_new (double, count + 1);
  guint received = 0;
  double differences = 0;

  for (guint i = 0; i < count; i++)
    if (round_trips[i] >= 0)
      {
        if (received > 0)
          differences += fabs (round_trips[i] - answered[received - 1]);
        answered[received++] = round_trips[i];
      }
  statistics->sent = count;
  statistics->received = received;
  statistics->loss_percent = count > 0 ? 100.0 * (count - received) / count : 0;
  statistics->jitter = received > 1 ? differences / (received - 1) : 0;
  statistics->drift = compute_drift (answered, received);
  statistics->trend = compute_trend (answered, received);
  qsort (answered,
         received,
         sizeof *answered,
         (int (*) (const void *, const void *)) compare_doubles);
  statistics->minimum = pick (answered, received, 0);
  statistics->median = pick (answered, received, 0.5);
  statistics->p90 = pick (answered, received, 0.9);
  statistics->maximum = received > 0 ? answered[received - 1] : 0;
}
