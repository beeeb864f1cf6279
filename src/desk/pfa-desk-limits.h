/* pfa-desk-limits.h - how much one address may ask for, and how long it may keep a connection idle
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-desk-server.h"

G_BEGIN_DECLS

#define PFA_TYPE_DESK_LIMITS (pfa_desk_limits_get_type ())
G_DECLARE_FINAL_TYPE (PfaDeskLimits, pfa_desk_limits, PFA, DESK_LIMITS, GObject)

/* A token bucket an address, or /64 network of IPv6: @per_minute requests on average, as many at
 * once. 0: no limit.
 * Loopback is not limited. */
PfaDeskLimits *pfa_desk_limits_new (guint per_minute);
/* 0: go on. Else seconds to wait. @now_us: monotonic. */
guint pfa_desk_limits_take (PfaDeskLimits *self, const char *client, gint64 now_us);

/* Asks the desk's limits ("limits") for @message; when there have been too many, answers 429 with
 * Retry-After and returns FALSE. */
gboolean pfa_desk_limits_pass (PfaDeskServer *desk, SoupServerMessage *message);

/* libsoup's server waits for ever: connections on which nothing moved for @idle_s seconds while
 * the client had the word are shut. Lives as long as the desk. */
void pfa_desk_limits_watch_idle (PfaDeskServer *desk, guint idle_s);

G_END_DECLS
