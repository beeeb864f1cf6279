/* test-judges.c - pure verdicts: the line, the calendar, the status feed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-cross-check.h"
#include "pfa-line-judge.h"
#include "pfa-maintenance.h"
#include "pfa-status-feed.h"

#define SAMPLES 100
#define ROUNDS  20000

/* Round trips in milliseconds by number; negative: lost. */
typedef double (*RoundTrip) (guint number);

static double
steady_20 (guint number)
{
  return 20 + number % 3;
}

static double
steady_800 (guint number)
{
  return 801 + number % 4;
}

static double
loses_one (guint number)
{
  return number == 50 ? -1 : 20;
}

static double
loses_5_percent (guint number)
{
  return number % 20 == 7 ? -1 : 20;
}

static double
jumps (guint number)
{
  return 40 + (number * 37) % 200;
}

/* Behind a web page on a thin line. */
static double
late_in_a_row (guint number)
{
  return number >= 40 && number < 70 ? 20 + (number % 30) * 6 : 20;
}

/* Long and thin: 1.2 s and more, but smoothly. */
static double
thin_and_full (guint number)
{
  return 50 + (number % 120 < 60 ? number % 60 : 60 - number % 60) * 20 + number % 2;
}

static double
late_singly (guint number)
{
  return number % 4 == 1 ? 220 : 20;
}

static double
breathes (guint number)
{
  return 600 + (number % 50) * 5;
}

static double
fills (guint number)
{
  return 30 + number * 6;
}

static const struct
{
  const char *name;
  RoundTrip round_trip;
  const char *expected;
} line_cases[] = {
  { "steady", steady_20, "good" },
  { "one-lost-may-be-chance", loses_one, "good" },
  { "five-percent-lost", loses_5_percent, "lossy" },
  { "far-away", steady_800, "latency" },
  { "jumping", jumps, "jitter" },
  { "late-behind-our-own-page", late_in_a_row, "good" },
  { "a-thin-line-that-is-full", thin_and_full, "congested" },
  { "late-singly", late_singly, "jitter" },
  { "a-full-queue-breathes", breathes, "congested" },
  { "our-own-questions-fill-it", fills, "slow" },
};

static void
test_line (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  double round_trips[SAMPLES];
  PfaSamplerStatistics statistics = { 0 };

  for (guint i = 0; i < SAMPLES; i++)
    round_trips[i] = line_cases[index].round_trip (i);
  pfa_sampler_compute (round_trips, SAMPLES, &statistics);
  g_assert_cmpstr (pfa_line_judge (&statistics, NULL, NULL), ==, line_cases[index].expected);
}

static void
test_calm (void)
{
  PfaSamplerStatistics quiet = { .sent = 12,
                                 .received = 12,
                                 .median = 25,
                                 .minimum = 20,
                                 .p90 = 40 };

  g_assert_true (pfa_line_is_calm (&quiet));
  quiet.p90 = 90;
  g_assert_false (pfa_line_is_calm (&quiet));
  quiet.p90 = 40;
  quiet.received = 11;
  g_assert_false (pfa_line_is_calm (&quiet));
}

/* What is lost on the way to the router is not the line's. */
static void
test_router_losses (void)
{
  PfaSamplerStatistics line = { .sent = 100,
                                .received = 88,
                                .loss_percent = 12,
                                .median = 20,
                                .minimum = 20,
                                .p90 = 21 };
  PfaSamplerStatistics router = { .sent = 100, .received = 88, .loss_percent = 12 };

  g_assert_cmpstr (pfa_line_judge (&line, NULL, NULL), ==, "lossy");
  g_assert_cmpstr (pfa_line_judge (&line, &router, NULL), ==, "good");
}

static const struct
{
  const char *name;
  const char *window[4]; /* every, from, to, timezone */
  const char *now;       /* UTC */
  const char *expected;
} calendar_cases[] = {
  { "over-midnight-before",
    { "day", "23:30", "00:30", "Asia/Shanghai" },
    "2026-11-22T15:45:00Z",
    "inside" },
  { "over-midnight-after",
    { "day", "23:30", "00:30", "Asia/Shanghai" },
    "2026-11-22T16:29:00Z",
    "inside" },
  { "over-midnight-done",
    { "day", "23:30", "00:30", "Asia/Shanghai" },
    "2026-11-22T16:30:00Z",
    "outside" },
  { "half-an-hour-before",
    { "day", "23:30", "00:30", "Asia/Shanghai" },
    "2026-11-22T15:05:00Z",
    "near" },
  { "long-before",
    { "day", "23:30", "00:30", "Asia/Shanghai" },
    "2026-11-22T12:00:00Z",
    "outside" },
  { "right-weekday", { "sunday", "02:00", "04:00", "UTC" }, "2026-11-22T03:00:00Z", "inside" },
  { "wrong-weekday", { "monday", "02:00", "04:00", "UTC" }, "2026-11-22T03:00:00Z", "outside" },
  { "sunday-night-into-monday",
    { "sunday", "23:00", "01:00", "UTC" },
    "2026-11-23T00:30:00Z",
    "inside" },
  { "near-over-midnight", { "day", "00:10", "01:00", "UTC" }, "2026-11-22T23:50:00Z", "near" },
  { "no-such-time", { "day", "25:00", "x", "UTC" }, "2026-11-22T03:00:00Z", "outside" },
  { "no-such-day", { "someday", "00:00", "24:00", "UTC" }, "2026-11-22T03:00:00Z", "outside" },
};

static void
test_calendar (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr (GPtrArray) windows = g_ptr_array_new ();
  const char *const *words = calendar_cases[index].window;
  PfaMaintenance window = { .every = (char *) words[0],
                            .from = (char *) words[1],
                            .to = (char *) words[2],
                            .timezone = (char *) words[3] };
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 (calendar_cases[index].now, NULL);

  g_ptr_array_add (windows, &window);
  g_assert_cmpstr (pfa_maintenance_judge (windows, now), ==, calendar_cases[index].expected);
}

static const struct
{
  const char *name;
  const char *kind;
  const char *text;
  const char *components;
  const char *expected;
} feed_cases[] = {
  { "all-well", "statuspage-v2", "{\"status\":{\"indicator\":\"none\"}}", NULL, "none" },
  { "minor", "statuspage-v2", "{\"status\":{\"indicator\":\"minor\"}}", NULL, "degraded" },
  { "critical",
    "statuspage-v2",
    "{\"status\":{\"indicator\":\"critical\"},\"incidents\":[{\"name\":\"x\"}]}",
    NULL,
    "down" },
  { "a-new-word", "statuspage-v2", "{\"status\":{\"indicator\":\"splendid\"}}", NULL, "unknown" },
  { "no-status", "statuspage-v2", "{\"page\":{}}", NULL, "unknown" },
  { "html", "statuspage-v2", "<html>status</html>", NULL, "unknown" },
  { "an-array", "statuspage-v2", "[1]", NULL, "unknown" },
  { "members-of-wrong-types",
    "statuspage-v2",
    "{\"status\":7,\"components\":{},\"incidents\":\"x\",\"page\":[]}",
    NULL,
    "unknown" },
  { "running-maintenance",
    "statuspage-v2",
    "{\"status\":{\"indicator\":\"none\"},\"scheduled_maintenances\":[{\"status\":\"in_progress\"}]"
    "}",
    NULL,
    "maintenance" },
  { "planned-maintenance-is-not-now",
    "statuspage-v2",
    "{\"status\":{\"indicator\":\"none\"},\"scheduled_maintenances\":[{\"status\":\"scheduled\"}]}",
    NULL,
    "none" },
  { "another-component-is-down",
    "statuspage-v2",
    "{\"status\":{\"indicator\":\"major\"},\"components\":[{\"name\":\"Card "
    "present\",\"status\":\"operational\"},{\"name\":\"Reports\",\"status\":\"major_outage\"}]}",
    "card PRESENT",
    "none" },
  { "our-component-is-down",
    "statuspage-v2",
    "{\"status\":{\"indicator\":\"minor\"},\"components\":[{\"name\":\"Card "
    "present\",\"status\":\"major_outage\"}]}",
    "Card present",
    "down" },
  { "our-component-is-not-listed",
    "statuspage-v2",
    "{\"status\":{\"indicator\":\"minor\"},\"components\":[]}",
    "Card present",
    "degraded" },
  { "stale",
    "statuspage-v2",
    "{\"status\":{\"indicator\":\"none\"},\"page\":{\"updated_at\":\"2026-11-01T00:00:00Z\"}}",
    NULL,
    "unknown" },
  { "fresh",
    "statuspage-v2",
    "{\"status\":{\"indicator\":\"none\"},\"page\":{\"updated_at\":\"2026-11-22T00:00:00Z\"}}",
    NULL,
    "none" },
  { "stripe", "stripe-current", "{\"largestatus\":\"down\",\"message\":\"x\"}", NULL, "down" },
  { "better-stack",
    "better-stack",
    "{\"data\":{\"attributes\":{\"aggregate_state\":\"downtime\"}}}",
    NULL,
    "down" },
  { "rootly", "rootly", "{\"indicator\":\"maintenance\"}", NULL, "maintenance" },
  { "no-such-kind", "smoke-signals", "{\"status\":{\"indicator\":\"none\"}}", NULL, "unknown" },
};

static void
test_feed (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  const char *components[] = { feed_cases[index].components, NULL };
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 22, 3, 0, 0);
  PfaStatusFeed feed;

  pfa_status_feed_parse (feed_cases[index].kind,
                         feed_cases[index].text,
                         strlen (feed_cases[index].text),
                         components,
                         now,
                         &feed);
  g_assert_cmpstr (feed.value, ==, feed_cases[index].expected);
  pfa_status_feed_clear (&feed);
}

static void
test_random_feed (void)
{
  static const char good[] =
      "{\"status\":{\"indicator\":\"none\"},\"components\":[{\"name\":\"a\"}]}";
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 22, 3, 0, 0);
  const char *components[] = { "a", NULL };

  for (guint round = 0; round < ROUNDS; round++)
    {
      char text[sizeof good];
      PfaStatusFeed feed;

      memcpy (text, good, sizeof good);
      text[g_test_rand_int_range (0, sizeof good - 1)] = (char) g_test_rand_int_range (1, 127);
      pfa_status_feed_parse ("statuspage-v2", text, strlen (text), components, now, &feed);
      pfa_status_feed_clear (&feed);
    }
}

static void
test_cross_check (void)
{
  double opened[30];

  for (guint i = 0; i < G_N_ELEMENTS (opened); i++)
    opened[i] = 20 + i % 5;
  g_assert_cmpint (pfa_cross_check_judge (opened, 30), ==, PFA_CROSS_CLEAN);
  g_assert_cmpint (pfa_cross_check_judge (opened, 10), ==, PFA_CROSS_UNKNOWN);
  opened[7] = 1024; /* its first packet was repeated */
  g_assert_cmpint (pfa_cross_check_judge (opened, 30), ==, PFA_CROSS_LOSES);
  opened[7] = -1;
  g_assert_cmpint (pfa_cross_check_judge (opened, 30), ==, PFA_CROSS_LOSES);
  for (guint i = 0; i < G_N_ELEMENTS (opened); i++)
    opened[i] = 820; /* a satellite is slow, not lossy */
  g_assert_cmpint (pfa_cross_check_judge (opened, 30), ==, PFA_CROSS_CLEAN);
  g_assert_cmpint (pfa_cross_check_judge (opened, 0), ==, PFA_CROSS_UNKNOWN);
}

static void
test_wifi (void)
{
  g_assert_cmpstr (pfa_wifi_judge (-67, -1), ==, "good");
  g_assert_cmpstr (pfa_wifi_judge (-68, -1), ==, "fair");
  g_assert_cmpstr (pfa_wifi_judge (-75, 29), ==, "fair");
  g_assert_cmpstr (pfa_wifi_judge (-75, 30), ==, "noisy");
  g_assert_cmpstr (pfa_wifi_judge (-40, 60), ==, "noisy");
  /* Weak explains that much is sent again. */
  g_assert_cmpstr (pfa_wifi_judge (-76, 60), ==, "weak");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (line_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/checks/line/%s", line_cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_line);
    }
  g_test_add_func ("/checks/line-judge/calm", test_calm);
  g_test_add_func ("/checks/line/the-routers-losses-are-not-the-lines", test_router_losses);
  for (guint i = 0; i < G_N_ELEMENTS (calendar_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/checks/calendar/%s", calendar_cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_calendar);
    }
  for (guint i = 0; i < G_N_ELEMENTS (feed_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/checks/feed/%s", feed_cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_feed);
    }
  g_test_add_func ("/checks/feed/random-damage", test_random_feed);
  g_test_add_func ("/checks/cross-check/connections-tell-the-line-from-the-server",
                   test_cross_check);
  g_test_add_func ("/checks/wifi/strength-and-what-is-sent-again", test_wifi);
  return g_test_run ();
}
