/* pfa-knowledge.h - all that is known beforehand, as compiled in or updated by the provider
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-code.h"
#include "pfa-guard.h"
#include "pfa-model.h"
#include "pfa-provider.h"
#include "pfa-topic.h"

G_BEGIN_DECLS

#define PFA_TYPE_KNOWLEDGE (pfa_knowledge_get_type ())
G_DECLARE_FINAL_TYPE (PfaKnowledge, pfa_knowledge, PFA, KNOWLEDGE, GObject)

/* The copy compiled into the program. It is checked by the tests, so it loads; NULL and an error
 * only when the build is damaged. */
PfaKnowledge *pfa_knowledge_new (GError **error);
/* As above with what lies in @user_data_dir ("…/pos-first-aid"): providers/ID.json and, where a
 * provider sent one, knowledge/model.json. What is broken there is left out, and @problems says so
 * in one sentence each (transfer full; may be NULL). */
PfaKnowledge *
pfa_knowledge_new_for_user (const char *user_data_dir, GStrv *problems, GError **error);

/* A model that came later must be sound in every respect, and the guards of @self must still fit
 * it; the first fault ends in PFA_ERROR_BAD_INPUT. Changes nothing here. (transfer full) */
PfaModel *
pfa_knowledge_examine_model (PfaKnowledge *self, JsonNode *json, const char *name, GError **error);

/* (transfer none), living as long as @self. */
PfaModel *pfa_knowledge_get_model (PfaKnowledge *self);
const PfaCause *pfa_knowledge_find_cause (PfaKnowledge *self, const char *id);
const PfaObservationKind *pfa_knowledge_find_observation (PfaKnowledge *self, const char *id);
const PfaAction *pfa_knowledge_find_action (PfaKnowledge *self, const char *id);

/* (element-type PfaGuard) */
GPtrArray *pfa_knowledge_get_guards (PfaKnowledge *self);

/* (transfer none): PfaCode or NULL; @code in any case. */
PfaCode *pfa_knowledge_find_code (PfaKnowledge *self, const char *code);
/* The same for what a person typed: "Code 96", "9 6", "O5". (transfer none) */
PfaCode *pfa_knowledge_find_typed_code (PfaKnowledge *self, const char *typed);
/* (element-type PfaCode) sorted by code. */
GPtrArray *pfa_knowledge_get_codes (PfaKnowledge *self);
/* Codes whose meaning or screen words hold @words, best first. (transfer container) */
GPtrArray *pfa_knowledge_search_codes (PfaKnowledge *self, const char *words, const char *language);

/* Advice in the order of reading. (element-type PfaTopic) */
GPtrArray *pfa_knowledge_get_topics (PfaKnowledge *self);
/* NULL when there is none of that id. */
const PfaTopic *pfa_knowledge_find_topic (PfaKnowledge *self, const char *id);

/* Built-in ones and the person's own, "generic" first, then by name. (element-type PfaProvider) */
GPtrArray *pfa_knowledge_get_providers (PfaKnowledge *self);
PfaProvider *pfa_knowledge_find_provider (PfaKnowledge *self, const char *id);

/* For pfa_payment_new() and pfa_words_new(). (transfer none) */
JsonObject *pfa_knowledge_get_payment (PfaKnowledge *self);
JsonObject *pfa_knowledge_get_words (PfaKnowledge *self);

G_END_DECLS
