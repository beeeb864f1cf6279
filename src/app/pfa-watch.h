/* pfa-watch.h - looks every few minutes whether the line and the provider answer, and says so
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-context.h"

G_BEGIN_DECLS

#define PFA_TYPE_WATCH (pfa_watch_get_type ())
G_DECLARE_FINAL_TYPE (PfaWatch, pfa_watch, PFA, WATCH, GObject)

#define PFA_WATCH_PERIOD_S 300

typedef enum
{
  PFA_WATCH_UNKNOWN,
  PFA_WATCH_GOOD,
  PFA_WATCH_PROVIDER_DOWN, /* and the line was seen to work */
  PFA_WATCH_WAY_DOWN,      /* the provider; the line was not seen */
  PFA_WATCH_LINE_DOWN,
} PfaWatchState;

/* Asks the neutral site and the provider's own addresses every @period_s seconds (0: the default),
 * sooner after a first failure and while something is down, and when this computer's network
 * changes; nothing in between. Sends a notification when they fail twice running or are back, and
 * at most one reminder a day. Tells the context what it saw. */
PfaWatch *pfa_watch_new (GApplication *application, PfaContext *context, guint period_s);

/* By the worst that was seen of the line and of the provider; WAITING where nothing was. */
PfaWatchState pfa_watch_judge (PfaStationState line, PfaStationState provider);
/* The sentence of the notification for going from @before to @now; NULL: none. (transfer none) */
const char *pfa_watch_say (PfaWatchState before, PfaWatchState now);

G_END_DECLS
