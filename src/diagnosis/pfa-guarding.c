/* pfa-guarding.c - the guards before the arithmetic: what they forbid is skipped
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guarding.h"

static GHashTable *
collect_places (GArray *shares)
{
  GHashTable *places = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < shares->len; i++)
    {
      PfaPlaceShare *share = &g_array_index (shares, PfaPlaceShare, i);

      g_hash_table_insert (places, share->place, &share->probability);
    }
  return places;
}

GPtrArray *
pfa_guards_find_applying (GPtrArray *guards,
                          const PfaModel *model,
                          const PfaEvidence *evidence,
                          const char *payment_state,
                          GError **error)
{
  g_autoptr (GArray) shares = pfa_diagnosis_find_places (model, evidence, error);
  g_autoptr (PfaEvidence) known = NULL;
  g_autoptr (GHashTable) places = NULL;
  GPtrArray *applying;

  if (shares == NULL)
    return NULL;
  places = collect_places (shares);
  known = pfa_evidence_copy (evidence);
  pfa_evidence_take (known,
                     pfa_observation_new (PFA_GUARD_PAYMENT_STATE,
                                          payment_state != NULL ? payment_state : PFA_VALUE_UNKNOWN,
                                          PFA_FROM_PERSON));
  applying = g_ptr_array_new ();
  for (guint i = 0; i < guards->len; i++)
    if (pfa_guard_applies (guards->pdata[i], known, places))
      g_ptr_array_add (applying, guards->pdata[i]);
  return applying;
}

const PfaGuard *
pfa_guards_find_forbidding (GPtrArray *applying, const char *action)
{
  for (guint i = 0; i < applying->len; i++)
    if (pfa_guard_forbids (applying->pdata[i], action))
      return applying->pdata[i];
  return NULL;
}

PfaEvidence *
pfa_guards_withhold (GPtrArray *applying, const PfaModel *model, const PfaEvidence *evidence)
{
  PfaEvidence *guarded = pfa_evidence_copy (evidence);

  for (guint a = 0; a < model->n_actions; a++)
    if (pfa_guards_find_forbidding (applying, model->actions[a].id) != NULL)
      pfa_evidence_add_skipped (guarded, model->actions[a].id);
  return guarded;
}
