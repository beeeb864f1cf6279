/* pfa-history-text.h - incidents and patterns as sentences, names of hours and days, and CSV
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-incident.h"
#include "pfa-knowledge.h"
#include "pfa-pattern.h"

G_BEGIN_DECLS

GStrv pfa_history_text_dup_hours (void);
GStrv pfa_history_text_dup_weekdays (void);
/* NULL where the exact test finds none. (transfer full) */
char *pfa_history_text_dup_hour_pattern (const PfaPattern *pattern);
char *pfa_history_text_dup_weekday_pattern (const PfaPattern *pattern);
char *pfa_history_text_dup_title (const PfaIncident *incident);
/* The person told of the payment, and nobody knows yet whether the customer was charged. Where the
 * questions were never answered nothing is claimed. */
gboolean pfa_history_text_is_money_open (const PfaIncident *incident, PfaKnowledge *knowledge);
char *pfa_history_text_dup_subtitle (const PfaIncident *incident, PfaKnowledge *knowledge);
/* RFC 4180 with a head line; times in the shop's own zone with its offset. (transfer full) */
char *pfa_history_text_dup_csv (GPtrArray *incidents);

G_END_DECLS
