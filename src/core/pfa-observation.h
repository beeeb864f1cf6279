/* pfa-observation.h - one thing that was looked at, and what was seen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What could not be looked at has this value and a reason; it is never left out in silence. */
#define PFA_VALUE_CANNOT_CHECK "cannot-check"
/* Not observed; a question answered so is not asked again. */
#define PFA_VALUE_UNKNOWN "unknown"

/* Where an observation came from (DESIGN.md 4.2, "from"). */
#define PFA_FROM_CHECK    "check"
#define PFA_FROM_TERMINAL "terminal"
#define PFA_FROM_PERSON   "person"
#define PFA_FROM_FEED     "feed"
#define PFA_FROM_HISTORY  "history"

/* Immutable once shared, reference counted. @id and @value are those of data/knowledge. */
typedef struct
{
  gatomicrefcount references;
  char *id;
  char *value;
  char *from;
  /* English, lower case, no full stop: why the value is cannot-check. NULL otherwise. */
  char *reason;
  guint elapsed_ms;
  /* Measured figures, never secrets; keys are words with underscores. May be NULL. */
  JsonObject *facts;
} PfaObservation;

PfaObservation *pfa_observation_new (const char *id, const char *value, const char *from);
PfaObservation *
pfa_observation_new_cannot_check (const char *id, const char *from, const char *reason);
PfaObservation *pfa_observation_ref (PfaObservation *self);
void pfa_observation_unref (PfaObservation *self);

/* Before the observation is shared. */
void pfa_observation_set_elapsed (PfaObservation *self, guint elapsed_ms);
void pfa_observation_set_reason (PfaObservation *self, const char *reason);
void pfa_observation_set_fact_string (PfaObservation *self, const char *name, const char *value);
void pfa_observation_set_fact_int (PfaObservation *self, const char *name, gint64 value);
void pfa_observation_set_fact_double (PfaObservation *self, const char *name, double value);
void pfa_observation_set_fact_boolean (PfaObservation *self, const char *name, gboolean value);
void pfa_observation_take_facts (PfaObservation *self, JsonObject *facts);

JsonObject *pfa_observation_to_json (PfaObservation *self);
PfaObservation *pfa_observation_new_from_json (JsonObject *object, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaObservation, pfa_observation_unref)

G_END_DECLS
