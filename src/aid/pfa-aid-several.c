/* pfa-aid-several.c - signs that more than one thing is wrong (troubleshooting.md A.2)
 *
 * The model knows one fault at a time; pairs would be hundreds of states. Two faults at once show
 * in three ways instead: findings that no one fault explains together, much left for what is not
 * known, and steps that should have helped and did not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

#define CAUSE_UNKNOWN "unknown"
#define PLACE_NONE    "none"
/* The sum of logarithms is zero to this; it is about rounding alone. */
#define CONFLICT_BITS_FROM 1e-9
#define UNKNOWN_FROM       0.25
#define FAILED_IN_A_ROW    3
#define PROMISING_FROM     0.5

double
pfa_aid_get_chance (PfaAid *self, const char *action)
{
  int index = pfa_model_find_action (pfa_knowledge_get_model (self->knowledge), action);

  if (self->decision == NULL || index < 0)
    return 0;
  for (guint i = 0; i < self->decision->actions->len; i++)
    {
      const PfaActionRank *rank = &g_array_index (self->decision->actions, PfaActionRank, i);

      if (rank->action == (guint) index)
        return rank->p;
    }
  return 0;
}

/* What the person could not do was not tried, and does not end the row. */
static gboolean
promising_steps_failed (const PfaIncident *incident)
{
  guint failed = 0;

  for (guint i = incident->steps->len; i > 0 && failed < FAILED_IN_A_ROW; i--)
    {
      const PfaIncidentStep *step = incident->steps->pdata[i - 1];

      if (g_str_equal (step->outcome, "skipped") || g_str_equal (step->outcome, "doing"))
        continue;
      if (!g_str_equal (step->outcome, "failed") || !(step->chance > PROMISING_FROM))
        return FALSE;
      failed++;
    }
  return failed == FAILED_IN_A_ROW;
}

gboolean
pfa_aid_has_several_faults (PfaAid *self)
{
  PfaModel *model;
  int unknown;

  g_return_val_if_fail (PFA_IS_AID (self), FALSE);

  if (self->incident == NULL || self->decision == NULL)
    return FALSE;
  if (promising_steps_failed (self->incident))
    return TRUE;
  /* Where nothing seems wrong any more, there are no two faults to speak of. */
  if (g_str_equal (g_array_index (self->decision->places, PfaPlaceShare, 0).place, PLACE_NONE))
    return FALSE;
  model = pfa_knowledge_get_model (self->knowledge);
  unknown = pfa_model_find_cause (model, CAUSE_UNKNOWN);
  return self->decision->conflict_bits > CONFLICT_BITS_FROM ||
         (unknown >= 0 && self->decision->posterior[unknown] > UNKNOWN_FROM);
}
