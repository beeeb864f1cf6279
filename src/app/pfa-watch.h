/* pfa-watch.h - looks every few minutes whether the line and the provider answer, and says so
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-context.h"

G_BEGIN_DECLS

#define PFA_TYPE_WATCH (pfa_watch_get_type ())
G_DECLARE_FINAL_TYPE (PfaWatch, pfa_watch, PFA, WATCH, GObject)

/* One TCP connection to a neutral site and one to the provider every five minutes, and when this
 * computer's network changes; nothing is sent over them. A notification when either fails or is
 * back, and for tasks that are due. No wake-ups beyond that. */
PfaWatch *pfa_watch_new (GApplication *application, PfaContext *context);

typedef enum
{
  PFA_WATCH_UNKNOWN,
  PFA_WATCH_GOOD,
  PFA_WATCH_PROVIDER_DOWN,
  PFA_WATCH_LINE_DOWN,
} PfaWatchState;

PfaWatchState pfa_watch_judge (gboolean line_answers, gboolean provider_answers);
/* The sentence of the notification for going from @before to @now; NULL: none. (transfer none) */
const char *pfa_watch_say (PfaWatchState before, PfaWatchState now);

G_END_DECLS
