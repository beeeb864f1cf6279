/* pfa-outbox-schedule.c - when a waiting bundle is tried next; pure
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-outbox-schedule.h"

#define JITTER 0.2

static const gint64 pauses_s[] = { 15, 60, 5 * 60, 15 * 60, 60 * 60 };

gint64
pfa_outbox_schedule_get_pause (guint attempts, double random, gint64 retry_after)
{
  guint index = MIN (MAX (attempts, 1), (guint) G_N_ELEMENTS (pauses_s)) - 1;
  double pause = (double) pauses_s[index] * (1 - JITTER + 2 * JITTER * random);
  double asked =
      (double) CLAMP (retry_after, 0, PFA_OUTBOX_MAX_RETRY_AFTER_S) * (1 + JITTER * random);

  return (gint64) (MAX (pause, asked) + 0.5);
}

gint64
pfa_outbox_schedule_get_next (gint64 created,
                              gint64 now,
                              guint attempts,
                              double random,
                              gint64 retry_after)
{
  gint64 end = created + PFA_OUTBOX_LIFE_S;
  gint64 next = now + pfa_outbox_schedule_get_pause (attempts, random, retry_after);

  return next <= end ? next : -1;
}
