/* test-guards.c - each guard against a thousand attempts to get past it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model-tools.h"
#include "pfa-diagnosis.h"
#include "pfa-guarding.h"
#include "pfa-knowledge.h"

#define ATTEMPTS 150

static const char *const second_payments[] = { "retry-once",
                                               "wait-and-retry",
                                               "other-card",
                                               "enter-amount-again",
                                               NULL };
static const char *const restarts[] = { "restart-terminal",    "update-terminal",
                                        "download-parameters", "replace-terminal",
                                        "reseat-sim",          NULL };
static const char *const network_steps[] = { "restart-router",
                                             "set-name-service",
                                             "allow-provider",
                                             "automatic-address",
                                             "swap-cable",
                                             "reseat-cables",
                                             "one-network",
                                             "fit-data-size",
                                             "switch-off-newer-addresses",
                                             NULL };

/* Something that always holds, whatever else is seen. */
typedef struct
{
  const char *name;
  const char *observation; /* set to the value; may be NULL */
  const char *value;
  const char *payment_state;    /* NULL: unknown */
  const char *const *forbidden; /* NULL: all actions */
  gboolean among_answers;       /* what else is seen is what a person says: no check contradicts */
} Attempt;

static const Attempt attempts[] = {
  { "no-second-payment-while-unknown", NULL, NULL, NULL, second_payments, FALSE },
  { "no-second-payment-when-charged", NULL, NULL, "u2", second_payments, FALSE },
  { "no-second-payment-while-reversing", NULL, NULL, "u4", second_payments, FALSE },
  { "no-second-payment-after-a-debit-message", NULL, NULL, "u5", second_payments, FALSE },
  { "no-second-payment-when-nobody-can-look", NULL, NULL, "u6", second_payments, FALSE },
  { "no-second-payment-after-94", NULL, NULL, "u7", second_payments, FALSE },
  { "no-second-payment-after-68", NULL, NULL, "u8", second_payments, FALSE },
  { "no-second-payment-when-offline-approved", NULL, NULL, "u9", second_payments, FALSE },
  { "no-second-payment-when-the-slip-is-approved", NULL, NULL, "u10", second_payments, FALSE },
  { "no-restart-with-a-reversal-waiting", "waiting-payments", "reversal", NULL, restarts, FALSE },
  { "no-restart-with-a-reversal-running", NULL, NULL, "u4", restarts, FALSE },
  { "no-restart-with-offline-payments",
    "waiting-payments",
    "offline-payments",
    NULL,
    restarts,
    FALSE },
  { "no-restart-when-accepted-offline", NULL, NULL, "u9", restarts, FALSE },
  { "no-network-step-when-the-provider-reports-a-fault",
    "provider-feed",
    "down",
    NULL,
    network_steps,
    TRUE },
  { "no-network-step-during-maintenance",
    "provider-feed",
    "maintenance",
    NULL,
    network_steps,
    TRUE },
  { "no-self-help-after-tampering", "tampering", "signs", "u1", NULL, FALSE },
};

static gboolean
is_forbidden (const Attempt *attempt, const char *action)
{
  return attempt->forbidden == NULL || g_strv_contains (attempt->forbidden, action);
}

static PfaEvidence *
make_evidence (const Attempt *attempt, const PfaModel *model, GRand *random)
{
  g_autoptr (PfaEvidence) all = tools_make_evidence (model,
                                                     random,
                                                     g_rand_int_range (random, 0, 60),
                                                     (guint) g_rand_int_range (random, 0, 3));
  g_autoptr (PfaEvidence) evidence = pfa_evidence_new ();

  for (guint i = 0; i < all->observations->len; i++)
    {
      PfaObservation *seen = all->observations->pdata[i];

      if (!attempt->among_answers ||
          model->observations[pfa_model_find_observation (model, seen->id)].is_question)
        pfa_evidence_set (evidence, seen);
    }
  for (guint i = 0; i < all->failed->len; i++)
    pfa_evidence_add_failed (evidence, all->failed->pdata[i]);
  if (attempt->observation != NULL)
    pfa_evidence_take (evidence,
                       pfa_observation_new (attempt->observation, attempt->value, PFA_FROM_PERSON));
  return g_steal_pointer (&evidence);
}

static void
check (const Attempt *attempt, const PfaModel *model, const PfaDecision *decision)
{
  for (guint i = 0; i < decision->actions->len; i++)
    {
      const char *action =
          model->actions[g_array_index (decision->actions, PfaActionRank, i).action].id;

      if (is_forbidden (attempt, action))
        g_error ("%s is offered", action);
    }
  if (attempt->forbidden == NULL)
    g_assert_cmpint (decision->next_kind, ==, PFA_NEXT_CALL_SUPPORT);
}

static void
test_attempt (gconstpointer data)
{
  const Attempt *attempt = data;
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (NULL);
  PfaModel *model = pfa_knowledge_get_model (knowledge);

  for (guint round = 0; round < ATTEMPTS; round++)
    {
      g_autoptr (PfaEvidence) evidence = make_evidence (attempt, model, random);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) applying =
          pfa_guards_find_applying (pfa_knowledge_get_guards (knowledge),
                                    model,
                                    evidence,
                                    attempt->payment_state,
                                    &error);
      g_autoptr (PfaEvidence) guarded = NULL;
      g_autoptr (PfaDecision) decision = NULL;

      g_assert_no_error (error);
      guarded = pfa_guards_withhold (applying, model, evidence);
      decision = pfa_diagnosis_decide (model, guarded, &error);
      g_assert_no_error (error);
      check (attempt, model, decision);
    }
}

/* A step that carries the warning is one that the guard stops. */
static void
test_warned_steps_are_guarded (void)
{
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (NULL);
  PfaModel *model = pfa_knowledge_get_model (knowledge);

  for (guint a = 0; a < model->n_actions; a++)
    if (g_strv_contains ((const char *const *) model->actions[a].safety, "check-not-charged") !=
        g_strv_contains (second_payments, model->actions[a].id))
      g_error ("%s", model->actions[a].id);
}

/* With the state known, a retry is possible again. */
static void
test_guards_let_go (void)
{
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (NULL);
  PfaModel *model = pfa_knowledge_get_model (knowledge);
  g_autoptr (PfaEvidence) evidence = pfa_evidence_new ();
  g_autoptr (GPtrArray) applying =
      pfa_guards_find_applying (pfa_knowledge_get_guards (knowledge), model, evidence, "u1", NULL);

  for (guint i = 0; second_payments[i] != NULL; i++)
    g_assert_null (pfa_guards_find_forbidding (applying, second_payments[i]));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      g_autofree char *path = g_strdup_printf ("/diagnosis/guards/%s", attempts[i].name);

      g_test_add_data_func (path, &attempts[i], test_attempt);
    }
  g_test_add_func ("/diagnosis/guards/warned-steps-are-guarded", test_warned_steps_are_guarded);
  g_test_add_func ("/diagnosis/guards/let-go-when-the-state-is-known", test_guards_let_go);
  return g_test_run ();
}
