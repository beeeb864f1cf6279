/* bench-shops.c - 100,000 shops and one desk that was away: what the schedule makes of it
 *
 * Every shop has one bundle, made at a random moment of an outage. The desk takes so many a second
 * and answers the rest 503 with Retry-After; while it is away nobody answers. All by the program's
 * own schedule, in simulated time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-outbox-schedule.h"

#define SHOPS         100000
#define CAPACITY      200
#define RETRY_AFTER_S 60
#define HORIZON_S     (4 * 60 * 60)

typedef struct
{
  gint64 created;
  guint attempts;
  gint32 next_shop; /* in the list of those due in the same second; -1: last */
} Shop;

typedef struct
{
  guint served;
  guint expired;
  guint peak;        /* most calls in one second, after the desk is back */
  guint calls;       /* all that the desk answered */
  gint64 half, last; /* seconds after the desk is back until half and all are served */
} Result;

static void
put (gint32 *due, Shop *shops, gint32 shop, gint64 time)
{
  if (time >= HORIZON_S + PFA_OUTBOX_LIFE_S)
    return;
  shops[shop].next_shop = due[time];
  due[time] = shop;
}

static void
call (Result *result, gint32 *due, Shop *shops, gint32 shop, gint64 now, gboolean up, guint *taken)
{
  gint64 next;

  shops[shop].attempts++;
  if (up && *taken < CAPACITY)
    {
      (*taken)++;
      result->served++;
      return;
    }
  next = pfa_outbox_schedule_get_next (shops[shop].created,
                                       now,
                                       shops[shop].attempts,
                                       g_random_double (),
                                       up ? RETRY_AFTER_S : -1);
  if (next < 0)
    result->expired++;
  else
    put (due, shops, shop, next);
}

static Result
simulate (gint64 outage_s)
{
  g_autofree Shop *shops = g_new0 (Shop, SHOPS);
  g_autofree gint32 *due = g_new (gint32, HORIZON_S + PFA_OUTBOX_LIFE_S);
  Result result = { 0 };

  memset (due, 0xff, sizeof (gint32) * (HORIZON_S + PFA_OUTBOX_LIFE_S));
  for (gint32 i = 0; i < SHOPS; i++)
    {
      shops[i].created = g_random_int_range (0, (gint32) outage_s);
      put (due, shops, i, shops[i].created + g_random_int_range (0, PFA_OUTBOX_FIRST_SPREAD_S + 1));
    }
  for (gint64 now = 0;
       now < HORIZON_S + PFA_OUTBOX_LIFE_S && result.served + result.expired < SHOPS;
       now++)
    {
      gboolean up = now >= outage_s;
      guint calls = 0;
      guint taken = 0;

      for (gint32 shop = due[now], following; shop >= 0; shop = following)
        {
          following = shops[shop].next_shop;
          calls++;
          call (&result, due, shops, shop, now, up, &taken);
        }
      if (up)
        {
          result.calls += calls;
          result.peak = MAX (result.peak, calls);
          if (result.half == 0 && result.served >= SHOPS / 2)
            result.half = now - outage_s;
          if (result.served == SHOPS)
            result.last = now - outage_s;
        }
    }
  return result;
}

int
main (void)
{
  static const int outages_s[] = { 5 * 60, 30 * 60, 2 * 60 * 60 };

  g_print ("%d shops, a desk of %d a second, Retry-After %d s\n", SHOPS, CAPACITY, RETRY_AFTER_S);
  g_print ("%8s %8s %8s %12s %10s %10s\n",
           "outage",
           "served",
           "given up",
           "peak calls/s",
           "half after",
           "all after");
  for (guint i = 0; i < G_N_ELEMENTS (outages_s); i++)
    {
      Result result = simulate (outages_s[i]);

      g_print ("%6d m %8u %8u %12u %8" G_GINT64_FORMAT " s %8" G_GINT64_FORMAT " s   (%u calls)\n",
               outages_s[i] / 60,
               result.served,
               result.expired,
               result.peak,
               result.half,
               result.last,
               result.calls);
      if (result.served != SHOPS)
        return 1;
    }
  return 0;
}
