/* pfa-status-notices.h - a status feed that is a row of notices: RSS or Atom
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-status-feed.h"

G_BEGIN_DECLS

/* A notice says in words how far its incident is; the newest word counts, and stands first
 * ("Resolved – … Investigating – …"). One that is open and was changed within a day is "degraded"
 * or "maintenance"; an older one that was never closed is "unknown", for many are forgotten; beyond
 * a week they are not read. "none" needs at least one notice that could be read. How bad it is and
 * which component it concerns is not told in such a feed. Sets value, title and updated. */
void pfa_status_notices_parse (const char *text, gsize length, GDateTime *now, PfaStatusFeed *feed);

G_END_DECLS
