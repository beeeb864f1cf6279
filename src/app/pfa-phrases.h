/* pfa-phrases.h - numbers of the engine as words for people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "pfa-provider.h"

G_BEGIN_DECLS

/* What a place means for the shop: "It is not your shop's network." (transfer none) */
const char *pfa_phrases_headline (const char *place);
/* "Very likely (about 9 in 10)". (transfer full) */
char *pfa_phrases_dup_likelihood (double probability);
/* "about 1 in 20", "more than 9 in 10". (transfer full) */
char *pfa_phrases_dup_share (double probability);
/* How strongly a reason speaks, for or against; @db as in PfaReason. (transfer none) */
const char *pfa_phrases_strength (double db);
/* The minutes a step takes: "about 5 minutes". (transfer full) */
char *pfa_phrases_dup_minutes (double minutes);
/* @clause with its first letter upper case and a full stop. (transfer full) */
char *pfa_phrases_dup_sentence (const char *clause);
/* @time in µs since 1970 as the shop's own "Sun 22 Nov, 09:41". (transfer full) */
char *pfa_phrases_dup_time (gint64 time);
/* The name, or that it is not known. */
const char *pfa_phrases_provider (const PfaProvider *provider);
/* How long ago; the time itself when that is days, or when the clock was set back since. */
char *pfa_phrases_dup_age (gint64 time, gint64 now);

G_END_DECLS
