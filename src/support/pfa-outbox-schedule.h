/* pfa-outbox-schedule.h - when a waiting bundle is tried next; pure
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* After this nobody waits for it any more, and support would read old news. */
#define PFA_OUTBOX_LIFE_S (72 * 60 * 60)
/* A server that asks for more has a wrong clock or no good in mind: once a day it is asked again.
 */
#define PFA_OUTBOX_MAX_RETRY_AFTER_S (24 * 60 * 60)
/* The first attempt while the provider's status feed shows an incident: somewhere in here, so that
 * not all shops call in the same second. */
#define PFA_OUTBOX_FIRST_SPREAD_S 30

/* Seconds to wait after the @attempts-th attempt failed (1 is the first): 15 s, 1, 5, 15, 60 min,
 * then hourly, each ±20 %. @random in [0, 1). @retry_after: what the server asked for, -1: nothing;
 * up to a day it is never undercut, and spread by up to 20 % so that not all come back at once. */
gint64 pfa_outbox_schedule_get_pause (guint attempts, double random, gint64 retry_after);

/* When to try, in seconds since 1970; -1: no more, it has grown too old. */
gint64 pfa_outbox_schedule_get_next (gint64 created,
                                     gint64 now,
                                     guint attempts,
                                     double random,
                                     gint64 retry_after);

G_END_DECLS
