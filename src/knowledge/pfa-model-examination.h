/* pfa-model-examination.h - what the parts of the validator share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-fault-list.h"

G_BEGIN_DECLS

/* Sums of decimals that people write, in doubles. */
#define PFA_SUM_TOLERANCE 1e-5

/* Private to the validator. */
typedef struct
{
  PfaFaultList *faults;
  gboolean is_whole;
  GStrv languages;
  double floor;
  double total;
  GHashTable *causes;       /* id → itself */
  GHashTable *observations; /* id → JsonObject: all of them */
  GHashTable *earlier;      /* id → JsonObject: those before the one looked at */
  GHashTable *actions;      /* id → itself */
  JsonObject *safety;       /* may be NULL */
} PfaExamination;

/* Members that are absent or null are NULL; of another type: NULL and damage. */
JsonObject *pfa_examination_get_object (PfaExamination *self,
                                        JsonObject *object,
                                        const char *member,
                                        const char *path);
JsonArray *pfa_examination_get_array (PfaExamination *self,
                                      JsonObject *object,
                                      const char *member,
                                      const char *path);
/* A string that is there and not empty, else NULL and damage. */
const char *pfa_examination_require_word (PfaExamination *self,
                                          JsonObject *object,
                                          const char *member,
                                          const char *path);
void pfa_examination_check_optional_word (PfaExamination *self,
                                          JsonObject *object,
                                          const char *member,
                                          const char *path);
gboolean pfa_examination_read_number (JsonNode *node, double *value);
gboolean pfa_examination_require_number (PfaExamination *self,
                                         JsonObject *object,
                                         const char *member,
                                         const char *path,
                                         double *value);
void pfa_examination_check_text (PfaExamination *self,
                                 JsonObject *object,
                                 const char *member,
                                 const char *path,
                                 gboolean is_needed);
void pfa_examination_check_members (PfaExamination *self,
                                    JsonObject *object,
                                    const char *path,
                                    const char *const *known);
/* A list of strings without repeats; @lookup, if given, knows each of them. */
void pfa_examination_check_references (PfaExamination *self,
                                       JsonObject *object,
                                       const char *member,
                                       const char *path,
                                       GHashTable *lookup,
                                       const char *what);

/* One item each. Returns its “per_1000”. */
double pfa_examination_check_cause (PfaExamination *self, JsonObject *cause, const char *path);
void
pfa_examination_check_observation (PfaExamination *self, JsonObject *observation, const char *path);
void pfa_examination_check_action (PfaExamination *self, JsonObject *action, const char *path);

G_END_DECLS
