/* pfa-model.h - what the engine reasons with: causes, observations, actions, in one value
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-text.h"

G_BEGIN_DECLS

/* The numbers and texts of one model file (format "pos96-model/1", DESIGN.md 4.3). Immutable and
 * reference counted once loaded. Indices into the arrays below are stable for its life and follow
 * the order of the file, which decides ties. */
typedef struct _PfaModel PfaModel;

typedef struct
{
  char *id;
  char *where; /* a place of reference/vocabulary.json */
  char *source;
  double prior; /* per_1000 / prior_total */
  double log_prior;
  PfaText *title;
  PfaText *explanation;  /* one to three short sentences; may be NULL in a foreign model */
  PfaText *tell_support; /* may be NULL */
} PfaCause;

typedef struct
{
  char *id;
  PfaText *because; /* a clause: "the router answers quickly" */
  PfaText *label;   /* what a person picks as an answer; may be NULL */
  char *state;      /* good, degraded, broken, neutral: for the path picture; NULL: neutral */
} PfaValue;

/* An upstream observation that silences this one while it has one of the values. */
typedef struct
{
  guint observation;
  guint n_values;
  guint *values;
} PfaBlock;

typedef struct
{
  char *id;
  char *kind;    /* check, terminal, feed, history, setting, question */
  char *station; /* terminal, link, router, internet, provider, computer; may be NULL */
  char *source;
  double minutes; /* what asking costs; 0 where nobody is asked */
  PfaText *title;
  PfaText *hint; /* where to look for the answer; may be NULL */
  guint n_values;
  PfaValue *values;
  gboolean is_question;
  gboolean is_setting;    /* a circumstance: no part of the conflict measure */
  double *likelihood;     /* [value * n_causes + cause], as in the file */
  double *log_likelihood; /* the same, natural logarithm, tempered where it is a check */
  guint n_blocks;
  PfaBlock *blocks;
} PfaObservationKind;

typedef struct
{
  guint cause;
  double chance;
} PfaFix;

typedef struct
{
  char *id;
  char *family;     /* NULL: alone */
  int family_index; /* 0 … n_families-1; -1: alone */
  char *risk;       /* safe, caution */
  char *who;        /* staff, provider, customer, technician; may be NULL */
  char *source;
  double minutes;
  guint n_fixes;
  PfaFix *fixes;
  guint n_blocks; /* blocked_when: not offered while … */
  PfaBlock *blocks;
  GStrv safety;  /* ids of the model's safety texts, shown before the step */
  GStrv recheck; /* observations that the step makes stale */
  PfaText *title;
  PfaText *how;        /* one to six short lines; may be NULL */
  PfaText *interrupts; /* may be NULL */
  PfaText *undo;       /* may be NULL */
} PfaAction;

struct _PfaModel
{
  gatomicrefcount references;
  char *version;
  char *code;
  GStrv languages;
  JsonNode *json; /* the file as read, for `pos-first-aid model` */
  double min_probability;
  double prior_total;
  double temper_checks;
  double question_margin_minutes;
  char *service_id;
  double service_minutes;
  PfaText *service_title;
  guint n_causes;
  PfaCause *causes;
  guint n_observations;
  PfaObservationKind *observations;
  guint n_actions;
  PfaAction *actions;
  guint n_families;
  GHashTable *safety; /* id → PfaText */
};

/* @json is a whole model file. Everything that the engine relies on is checked; the first fault
 * ends in PFA_ERROR_BAD_INPUT that names @name and the member. Texts may be missing: the title is
 * then the id. For all faults see pfa_model_validate(). */
PfaModel *pfa_model_new_from_json (JsonNode *json, const char *name, GError **error);
PfaModel *pfa_model_ref (PfaModel *self);
void pfa_model_unref (PfaModel *self);

/* -1 when there is none of that id. */
int pfa_model_find_cause (const PfaModel *self, const char *id);
int pfa_model_find_observation (const PfaModel *self, const char *id);
int pfa_model_find_action (const PfaModel *self, const char *id);
int pfa_observation_kind_find_value (const PfaObservationKind *self, const char *id);

#define PFA_WARNING_PREFIX "warning: "

/* All faults and warnings of reference/troubleshooting.md A.6, one line each, with member paths.
 * Warnings, behind the faults, begin with PFA_WARNING_PREFIX. Empty: sound. (transfer full) */
GStrv pfa_model_validate (JsonNode *json, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaModel, pfa_model_unref)

G_END_DECLS
