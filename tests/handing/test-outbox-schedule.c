/* test-outbox-schedule.c - the schedule of DESIGN.md 4.7, to the second
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-outbox-schedule.h"

static void
test_pauses (void)
{
  static const gint64 pauses[] = { 15, 60, 300, 900, 3600, 3600, 3600 };

  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      g_assert_cmpint (pfa_outbox_schedule_get_pause (i + 1, 0.5, -1), ==, pauses[i]);
      g_assert_cmpint (pfa_outbox_schedule_get_pause (i + 1, 0, -1), ==, pauses[i] * 8 / 10);
      g_assert_cmpint (pfa_outbox_schedule_get_pause (i + 1, 0.999999, -1),
                       ==,
                       pauses[i] * 12 / 10);
    }
  g_assert_cmpint (pfa_outbox_schedule_get_pause (0, 0.5, -1), ==, 15);
  g_assert_cmpint (pfa_outbox_schedule_get_pause (G_MAXUINT, 0.5, -1), ==, 3600);
}

static void
test_retry_after_is_obeyed (void)
{
  for (guint i = 0; i < 100; i++)
    {
      gint64 pause = pfa_outbox_schedule_get_pause (1, g_test_rand_double (), 120);

      g_assert_cmpint (pause, >=, 120);
      g_assert_cmpint (pause, <=, 144);
    }
  /* Shorter than the schedule: the schedule holds. */
  g_assert_cmpint (pfa_outbox_schedule_get_pause (5, 0.5, 1), ==, 3600);
  /* Nonsense from a server does not overflow. */
  g_assert_cmpint (pfa_outbox_schedule_get_pause (1, 0.5, G_MAXINT64), >, 0);
}

static void
test_it_ends_after_three_days (void)
{
  gint64 now = 1000;
  guint attempts = 0;

  while (now >= 0)
    {
      gint64 next = pfa_outbox_schedule_get_next (1000, now, ++attempts, 0.5, -1);

      g_assert_true (next == -1 || (next > now && next <= 1000 + PFA_OUTBOX_LIFE_S));
      now = next;
    }
  /* Five quick ones, then hourly. */
  g_assert_cmpuint (attempts, >=, 72);
  g_assert_cmpuint (attempts, <=, 77);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/support/outbox-schedule/pauses", test_pauses);
  g_test_add_func ("/support/outbox-schedule/retry-after-is-obeyed", test_retry_after_is_obeyed);
  g_test_add_func ("/support/outbox-schedule/it-ends-after-three-days",
                   test_it_ends_after_three_days);
  return g_test_run ();
}
