/* pfa-status-feed.h - what a provider's public status feed says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-provider.h"

G_BEGIN_DECLS

typedef struct
{
  const char *value; /* "none", "degraded", "down", "maintenance", "unknown" */
  char *title;       /* of the incident shown first; plain text, may be NULL */
  char *updated;
} PfaStatusFeed;

/* @kind: one of pfa_provider_feed_kinds. What cannot be read is "unknown", never "none"; so is a
 * page that was last touched more than 7 days before @now, or after it. @components: words of the
 * components that count; without any all do. Pure: may run in any thread. */
void pfa_status_feed_parse (const char *kind,
                            const char *text,
                            gsize length,
                            const char *const *components,
                            GDateTime *now,
                            PfaStatusFeed *feed);
void pfa_status_feed_clear (PfaStatusFeed *feed);
gboolean pfa_status_feed_knows (const char *kind);

/* The worse of two values: what is not known is worse than "none" and never hides a fault. */
const char *pfa_status_feed_worse (const char *a, const char *b);
/* One line of plain text, whatever the feed holds: nothing that hides, turns or breaks it. */
char *pfa_status_feed_dup_plain (const char *text);

G_END_DECLS
