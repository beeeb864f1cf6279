/* test-watch.c - what the watch concludes, and when it speaks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-watch.h"

typedef struct
{
  const char *name;
  PfaWatchState before;
  PfaWatchState now;
  gboolean speaks;
} SayCase;

static const SayCase say_cases[] = {
  { "well-from-the-start", PFA_WATCH_UNKNOWN, PFA_WATCH_GOOD, FALSE },
  { "still-well", PFA_WATCH_GOOD, PFA_WATCH_GOOD, FALSE },
  { "provider-fails", PFA_WATCH_GOOD, PFA_WATCH_PROVIDER_DOWN, TRUE },
  { "provider-fails-behind-an-unseen-line", PFA_WATCH_GOOD, PFA_WATCH_WAY_DOWN, TRUE },
  { "provider-still-down", PFA_WATCH_PROVIDER_DOWN, PFA_WATCH_PROVIDER_DOWN, FALSE },
  { "provider-still-down-line-unseen", PFA_WATCH_PROVIDER_DOWN, PFA_WATCH_WAY_DOWN, FALSE },
  { "line-fails", PFA_WATCH_GOOD, PFA_WATCH_LINE_DOWN, TRUE },
  { "back-again", PFA_WATCH_LINE_DOWN, PFA_WATCH_GOOD, TRUE },
  { "down-from-the-start", PFA_WATCH_UNKNOWN, PFA_WATCH_LINE_DOWN, TRUE },
};

static void
test_say (gconstpointer data)
{
  const SayCase *row = data;

  g_assert_cmpint (pfa_watch_say (row->before, row->now) != NULL, ==, row->speaks);
}

typedef struct
{
  const char *name;
  PfaStationState line;
  PfaStationState provider;
  PfaWatchState state;
} JudgeCase;

static const JudgeCase judge_cases[] = {
  { "all-well", PFA_STATION_GOOD, PFA_STATION_GOOD, PFA_WATCH_GOOD },
  { "slow-is-up", PFA_STATION_DEGRADED, PFA_STATION_DEGRADED, PFA_WATCH_GOOD },
  { "neutral-site-has-a-bad-day", PFA_STATION_BROKEN, PFA_STATION_GOOD, PFA_WATCH_GOOD },
  { "provider-alone", PFA_STATION_GOOD, PFA_STATION_BROKEN, PFA_WATCH_PROVIDER_DOWN },
  { "provider-with-unseen-line", PFA_STATION_WAITING, PFA_STATION_BROKEN, PFA_WATCH_WAY_DOWN },
  { "line-and-provider", PFA_STATION_BROKEN, PFA_STATION_BROKEN, PFA_WATCH_LINE_DOWN },
  { "line-hides-provider", PFA_STATION_BROKEN, PFA_STATION_WAITING, PFA_WATCH_LINE_DOWN },
  { "no-address-of-the-provider", PFA_STATION_GOOD, PFA_STATION_WAITING, PFA_WATCH_GOOD },
  { "nothing-seen", PFA_STATION_WAITING, PFA_STATION_WAITING, PFA_WATCH_UNKNOWN },
};

static void
test_judge (gconstpointer data)
{
  const JudgeCase *row = data;

  g_assert_cmpint (pfa_watch_judge (row->line, row->provider), ==, row->state);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (say_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/app/watch/say/%s", say_cases[i].name);

      g_test_add_data_func (path, &say_cases[i], test_say);
    }
  for (guint i = 0; i < G_N_ELEMENTS (judge_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/app/watch/judge/%s", judge_cases[i].name);

      g_test_add_data_func (path, &judge_cases[i], test_judge);
    }
  return g_test_run ();
}
