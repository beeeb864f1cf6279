/* pfa-aid-guards.c - what the engine may not offer now
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

/* The payment's state is no observation of the model (it says nothing about the cause), but guards
 * speak of it by this id. */
#define PAYMENT_STATE "payment-state"

PfaEvidence *
pfa_aid_build_evidence (PfaAid *self)
{
  return pfa_evidence_copy (self->incident->evidence);
}

/* What guards look at: the evidence and the payment's state. */
static PfaEvidence *
build_guarded_evidence (PfaAid *self, const PfaEvidence *evidence)
{
  PfaEvidence *guarded = pfa_evidence_copy (evidence);

  pfa_evidence_take (guarded, pfa_observation_new (PAYMENT_STATE,
                                                   pfa_payment_get_state (self->payment),
                                                   PFA_FROM_PERSON));
  return guarded;
}

static GHashTable *
build_places (PfaAid *self, const PfaEvidence *evidence)
{
  GHashTable *places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (PfaDecision) decision =
      pfa_diagnosis_decide (pfa_knowledge_get_model (self->knowledge), evidence, NULL);

  for (guint i = 0; decision != NULL && i < decision->places->len; i++)
    {
      PfaPlaceShare *share = &g_array_index (decision->places, PfaPlaceShare, i);

      g_hash_table_insert (places, g_strdup (share->place),
                           g_memdup2 (&share->probability, sizeof share->probability));
    }
  return places;
}

static gboolean
forbids (const PfaGuard *guard, const char *action)
{
  return g_strv_contains ((const char *const *) guard->forbids, action) ||
         g_strv_contains ((const char *const *) guard->forbids, "*");
}

static void
skip_forbidden (PfaAid *self, const PfaGuard *guard, PfaEvidence *evidence)
{
  PfaModel *model = pfa_knowledge_get_model (self->knowledge);

  for (guint i = 0; i < model->n_actions; i++)
    if (forbids (guard, model->actions[i].id))
      pfa_evidence_add_skipped (evidence, model->actions[i].id);
}

void
pfa_aid_apply_guards (PfaAid *self, PfaEvidence *evidence)
{
  g_autoptr (PfaEvidence) guarded = build_guarded_evidence (self, evidence);
  g_autoptr (GHashTable) places = build_places (self, evidence);
  GPtrArray *guards = pfa_knowledge_get_guards (self->knowledge);

  g_ptr_array_set_size (self->guards, 0);
  for (guint i = 0; i < guards->len; i++)
    {
      PfaGuard *guard = guards->pdata[i];

      if (!pfa_guard_applies (guard, guarded, places))
        continue;
      g_ptr_array_add (self->guards, guard);
      skip_forbidden (self, guard, evidence);
    }
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
  g_return_val_if_fail (PFA_IS_AID (self), FALSE);

  for (guint i = 0; i < self->guards->len; i++)
    {
      PfaGuard *guard = self->guards->pdata[i];

      if (!forbids (guard, action))
        continue;
      if (why != NULL)
        *why = guard->text;
      return FALSE;
    }
  return TRUE;
}
