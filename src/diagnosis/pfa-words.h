/* pfa-words.h - reasons and chances in words, never "certain" (troubleshooting.md A.3)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-diagnosis.h"

G_BEGIN_DECLS

/* What a person is shown at most. */
#define PFA_WORDS_MAX_FOR     3
#define PFA_WORDS_MAX_AGAINST 1

/* The phrases of data/knowledge/words.json, the same for window, command line and bundle. Immutable
 * and reference counted. @language as for pfa_text_get(). */
typedef struct _PfaWords PfaWords;

/* @json: pfa_knowledge_get_words(). */
PfaWords *pfa_words_new (JsonObject *json, GError **error);
PfaWords *pfa_words_ref (PfaWords *self);
void pfa_words_unref (PfaWords *self);

/* "strongly points to", by decibans either way; NULL when it is too little to be shown. */
PfaText *pfa_words_get_strength (const PfaWords *self, double db);
const char *pfa_words_get_strength_id (const PfaWords *self, double db);
/* "likely (about 7 in 10)"; the highest word stands for all above. */
PfaText *pfa_words_get_confidence (const PfaWords *self, double probability);
const char *pfa_words_get_confidence_id (const PfaWords *self, double probability);

/* "the provider" and "It is not your shop's network: …"; NULL for a place of another vocabulary. */
PfaText *pfa_words_get_place_name (const PfaWords *self, const char *place);
PfaText *pfa_words_get_place_headline (const PfaWords *self, const char *place);
/* The headline when @place leads with @probability: while that is in the lowest band, nothing is
 * said of any place. */
PfaText *pfa_words_get_headline (const PfaWords *self, const char *place, double probability);
/* What an id like "check_first" of a code says to "May I try again?"; NULL when there is none. */
PfaText *pfa_words_get_retry (const PfaWords *self, const char *retry);

/* "More than one thing may be wrong", and what to do then. */
PfaText *pfa_words_get_several_title (const PfaWords *self);
PfaText *pfa_words_get_several_advice (const PfaWords *self);
/* The warning of payments.md R5, with {time} in it: when the other run began. */
PfaText *pfa_words_get_open_payment (const PfaWords *self);

/* Of @reasons (element-type PfaReason), strongest first, those to show: at most three for, then one
 * against, none too weak. (transfer full, element-type PfaReason) */
GArray *pfa_words_select_reasons (const PfaWords *self, const GArray *reasons);
/* "The router does not answer: this strongly points to “The router is stuck”." @title: what the
 * reason speaks about. (transfer full) */
char *pfa_words_build_reason (const PfaWords *self,
                              const PfaModel *model,
                              const PfaReason *reason,
                              PfaText *title,
                              const char *language);
/* The bare clause: "the router does not answer". (transfer full) */
char *pfa_words_build_because (const PfaWords *self,
                               const PfaModel *model,
                               const PfaReason *reason,
                               const char *language);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaWords, pfa_words_unref)

G_END_DECLS
