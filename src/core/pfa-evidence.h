/* pfa-evidence.h - all that is known in one run: observations, failed steps, skipped ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-observation.h"

G_BEGIN_DECLS

/* A plain value, owned by one incident. At most one observation an id: a new one replaces the old.
 * The order of arrival is kept. */
typedef struct
{
  GPtrArray *observations; /* (element-type PfaObservation) */
  GPtrArray *failed;       /* (element-type utf8): actions that did not help */
  GPtrArray *skipped;      /* (element-type utf8): actions or questions not to be offered */
} PfaEvidence;

PfaEvidence *pfa_evidence_new (void);
PfaEvidence *pfa_evidence_copy (const PfaEvidence *self);
void pfa_evidence_free (PfaEvidence *self);

/* Takes a reference of @observation. */
void pfa_evidence_set (PfaEvidence *self, PfaObservation *observation);
/* The same for an observation made on the spot. */
void pfa_evidence_take (PfaEvidence *self, PfaObservation *observation);
gboolean pfa_evidence_remove (PfaEvidence *self, const char *id);
PfaObservation *pfa_evidence_find (const PfaEvidence *self, const char *id);
/* The value, or NULL when not observed. */
const char *pfa_evidence_get_value (const PfaEvidence *self, const char *id);

void pfa_evidence_add_failed (PfaEvidence *self, const char *action);
void pfa_evidence_add_skipped (PfaEvidence *self, const char *id);
gboolean pfa_evidence_has_failed (const PfaEvidence *self, const char *action);
gboolean pfa_evidence_has_skipped (const PfaEvidence *self, const char *id);
void pfa_evidence_remove_failed (PfaEvidence *self, const char *action);
void pfa_evidence_remove_skipped (PfaEvidence *self, const char *id);

/* The short form of DESIGN.md 4.3: {"observations": {id: value}, "failed": […], "skipped": […]}. */
PfaEvidence *pfa_evidence_new_from_json (JsonObject *object, const char *where, GError **error);
JsonObject *pfa_evidence_to_json (const PfaEvidence *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaEvidence, pfa_evidence_free)

G_END_DECLS
