/* pfa-guard.h - what must not be offered, whatever the arithmetic says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-condition.h"
#include "pfa-evidence.h"
#include "pfa-text.h"

G_BEGIN_DECLS

/* One file of data/knowledge/guards. A guard forbids its actions while it applies:
 * when every "when" condition holds (none given: always), some "at_place" probability is reached
 * (none given: any), and no "unless" condition holds. */
typedef struct
{
  char *id;
  GStrv forbids;        /* action ids, or "*" for all */
  GPtrArray *when;      /* (element-type PfaCondition) */
  GPtrArray *unless;    /* (element-type PfaCondition) */
  GHashTable *at_place; /* place → double *: the least probability; any one suffices */
  PfaText *text;        /* why not, for the person */
} PfaGuard;

PfaGuard *pfa_guard_new_from_json (JsonObject *object, const char *where, GError **error);
void pfa_guard_free (PfaGuard *self);

gboolean pfa_guard_forbids (const PfaGuard *self, const char *action);
/* @places: place → double *, from the decision without guards; may be NULL. */
gboolean pfa_guard_applies (const PfaGuard *self, const PfaEvidence *evidence, GHashTable *places);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaGuard, pfa_guard_free)

G_END_DECLS
