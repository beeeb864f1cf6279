/* bench-terminal.c - a status read over loopback: our own time, and what one connection keeps
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <malloc.h>
#include <stdlib.h>

#include "pfa-terminal-fixture.h"

#define READS 500

static int
compare (const void *a, const void *b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

static void
measure (const char *name, PfaTerminalFixture *fixture)
{
  gint64 times[READS];
  gsize before = 0;

  for (guint i = 0; i < READS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (PfaTerminalStatus) status =
          pfa_terminal_fixture_read (fixture->address, NULL, NULL, NULL);

      times[i] = g_get_monotonic_time () - start;
      g_assert_true (pfa_terminal_status_is_ready (status));
      if (i == READS / 10)
        before = mallinfo2 ().uordblks;
    }
  qsort (times, READS, sizeof times[0], compare);
  g_print ("%-12s p50 %6.3f ms   p99 %6.3f ms   worst %6.3f ms   kept a read %+ld B\n",
           name,
           (double) times[READS / 2] / 1000,
           (double) times[READS * 99 / 100] / 1000,
           (double) times[READS - 1] / 1000,
           ((long) mallinfo2 ().uordblks - (long) before) / (READS - READS / 10));
}

int
main (void)
{
  const char *const tcp[] = { "zvt", "ecr17", "echo", "poslink" };
  PfaTerminalFixture serial = { NULL, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (tcp); i++)
    {
      PfaTerminalFixture fixture = { NULL, NULL };
      g_autofree char *scheme = g_strconcat (tcp[i], "+tcp", NULL);

      pfa_terminal_fixture_listen (&fixture, tcp[i], scheme, "", "{}");
      measure (scheme, &fixture);
      pfa_terminal_fixture_clear (&fixture);
    }
  pfa_terminal_fixture_open_pty (&serial, "zvt", "zvt+serial", "{}");
  measure ("zvt+serial", &serial);
  pfa_terminal_fixture_clear (&serial);
  return 0;
}
