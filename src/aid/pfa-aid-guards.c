/* pfa-aid-guards.c - what the engine may not offer now
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

#include "pfa-guarding.h"

PfaEvidence *
pfa_aid_build_evidence (PfaAid *self)
{
  PfaModel *model = pfa_knowledge_get_model (self->knowledge);
  g_autoptr (GPtrArray) applying =
      pfa_guards_find_applying (pfa_knowledge_get_guards (self->knowledge),
                                model,
                                self->incident->evidence,
                                pfa_payment_get_state (self->payment),
                                NULL);

  /* Evidence that the model does not know fails in the decision; until then nothing is withheld
   * that was not withheld before. */
  if (applying != NULL)
    {
      g_clear_pointer (&self->guards, g_ptr_array_unref);
      self->guards = g_steal_pointer (&applying);
    }
  return pfa_guards_withhold (self->guards, model, self->incident->evidence);
}

GPtrArray *
pfa_aid_dup_guards (PfaAid *self)
{
  g_return_val_if_fail (PFA_IS_AID (self), NULL);

  return g_ptr_array_copy (self->guards, NULL, NULL);
}

gboolean
pfa_aid_is_allowed (PfaAid *self, const char *action, PfaText **why)
{
  const PfaGuard *guard;

  g_return_val_if_fail (PFA_IS_AID (self), FALSE);

  guard = pfa_guards_find_forbidding (self->guards, action);
  if (guard != NULL && why != NULL)
    *why = guard->text;
  return guard == NULL;
}
