/* pfa-diagnosis.h - what is most likely wrong, and what to do next
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-evidence.h"
#include "pfa-model.h"

G_BEGIN_DECLS

typedef enum
{
  PFA_NEXT_ACTION,
  PFA_NEXT_QUESTION,
  PFA_NEXT_CALL_SUPPORT,
} PfaNextKind;

/* One reason for (db > 0) or against (db < 0) a cause or a place: its leave-one-out weight. It is
 * an observation, or (observation -1) a step that did not help. */
typedef struct
{
  int observation;
  guint value;
  int action;
  double db;           /* decibans */
  double against_next; /* a cause only: the same against the strongest rival; these add up */
} PfaReason;

/* How far the evidence has moved the odds of a cause or a place. */
typedef struct
{
  int rival; /* the likeliest cause that is no part of it; -1: there is no other */
  double prior_db;
  double posterior_db;
  GArray *reasons; /* PfaReason, strongest first */
} PfaExplanation;

typedef struct
{
  guint action;
  double p;
  double efficiency;
} PfaActionRank;

typedef struct
{
  guint question;
  double ecr_if_asked; /* expected minutes */
  double worth;        /* minutes saved by asking */
} PfaQuestionRank;

typedef struct
{
  char *place;
  double probability;
} PfaPlaceShare;

/* One decision. All arrays follow the model's order unless they say otherwise. Owned by the
 * caller; refers to the model by index, so the model must outlive it. */
typedef struct
{
  guint n_causes;
  double *posterior;
  guint leading_cause;
  GArray *places; /* PfaPlaceShare, likeliest first */
  PfaNextKind next_kind;
  int next; /* index of the action or observation; -1 for the service call */
  double ecr;
  GArray *plan;         /* guint, indices of actions; the call at the end is implied */
  GArray *actions;      /* PfaActionRank, best first; those withheld or blocked are not in it */
  guint n_best;         /* how many of them do equally much a minute as the best */
  GArray *questions;    /* PfaQuestionRank, in file order */
  PfaExplanation cause; /* for and against the leading cause */
  PfaExplanation place; /* the same for the leading place */
  GArray *ignored;      /* guint, observations that say nothing because of blocked_by */
  double conflict_bits;
} PfaDecision;

/* Pure: no clock, no input or output, no random numbers. Fails with PFA_ERROR_BAD_INPUT when the
 * evidence names what the model does not know. Values unknown and cannot-check that the model does
 * not list are taken as not observed. */
PfaDecision *
pfa_diagnosis_decide (const PfaModel *model, const PfaEvidence *evidence, GError **error);
/* The same for a provider whose support takes @service_minutes on the telephone; 0: as the model
 * says. A quick support is called sooner. */
PfaDecision *pfa_diagnosis_decide_for (const PfaModel *model,
                                       const PfaEvidence *evidence,
                                       double service_minutes,
                                       GError **error);
void pfa_decision_free (PfaDecision *self);

/* The places alone, likeliest first: a fraction of the work of a decision. NULL and
 * PFA_ERROR_BAD_INPUT as above. (transfer full, element-type PfaPlaceShare) */
GArray *
pfa_diagnosis_find_places (const PfaModel *model, const PfaEvidence *evidence, GError **error);

/* Reasons for and against any cause or place, strongest first. (transfer full) */
GArray *
pfa_diagnosis_explain_cause (const PfaModel *model, const PfaEvidence *evidence, guint cause);
GArray *
pfa_diagnosis_explain_place (const PfaModel *model, const PfaEvidence *evidence, const char *place);

/* The answer of `pos-first-aid diagnose --json` (DESIGN.md 4.3). (transfer full) */
JsonObject *pfa_decision_to_json (const PfaDecision *self, const PfaModel *model);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDecision, pfa_decision_free)

G_END_DECLS
