/* pfa-aid.c - the use case: from "it shows 96" to "solved" or "handed over"
 *
 * Every change goes through pfa_aid_refresh(): decide anew from all the evidence, save, tell. The
 * engine works from scratch each time, so undo and resume need nothing of their own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

#include "pfa-error.h"

enum
{
  SIGNAL_OBSERVED,
  SIGNAL_PROGRESSED,
  SIGNAL_CHANGED,
  SIGNAL_NOT_SAVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PfaAid, pfa_aid, G_TYPE_OBJECT)

static void
save (PfaAid *self)
{
  g_autoptr (GError) error = NULL;

  if (self->journal == NULL || self->incident == NULL ||
      pfa_journal_save (self->journal, self->incident, &error))
    return;

  g_info ("not saved: %s", error->message);
  if (!self->told_not_saved)
    g_signal_emit (self, signals[SIGNAL_NOT_SAVED], 0, error->message);
  self->told_not_saved = TRUE;
}

static void
decide (PfaAid *self)
{
  PfaModel *model = pfa_knowledge_get_model (self->knowledge);
  g_autoptr (PfaEvidence) evidence = pfa_aid_build_evidence (self);
  g_autoptr (GError) error = NULL;
  PfaDecision *decision;

  decision = pfa_diagnosis_decide_for (model,
                                       evidence,
                                       self->provider != NULL ? self->provider->support_minutes : 0,
                                       &error);
  if (decision == NULL)
    {
      /* Only an incident saved by a program with another vocabulary leads here. */
      g_info ("no decision: %s", error->message);
      return;
    }
  g_clear_pointer (&self->decision, pfa_decision_free);
  self->decision = decision;
  pfa_incident_set (&self->incident->cause, model->causes[decision->leading_cause].id);
  pfa_incident_set (&self->incident->place,
                    g_array_index (decision->places, PfaPlaceShare, 0).place);
}

void
pfa_aid_refresh (PfaAid *self)
{
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (self->incident != NULL)
    {
      decide (self);
      save (self);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
pfa_aid_set_state (PfaAid *self, PfaAidState state)
{
  self->state = state;
  pfa_aid_refresh (self);
  if (self->journal != NULL && self->incident != NULL)
    pfa_journal_sync_soon (self->journal);
}

static gboolean
on_refresh_due_cb (gpointer user_data)
{
  PfaAid *self = PFA_AID (user_data);

  self->refresh_source = 0;
  pfa_aid_refresh (self);
  return G_SOURCE_REMOVE;
}

/* Checks often report a dozen things in one turn of the main loop; a decision for each would hold
 * it up. One for all of them comes in the next turn. */
void
pfa_aid_add_observation (PfaAid *self, PfaObservation *observation)
{
  pfa_evidence_set (self->incident->evidence, observation);
  g_signal_emit (self, signals[SIGNAL_OBSERVED], 0, observation);
  if (self->refresh_source == 0)
    self->refresh_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_refresh_due_cb, self, NULL);
}

void
pfa_aid_emit_progress (PfaAid *self, guint done, guint total)
{
  self->checks_done = done;
  self->checks_total = total;
  g_signal_emit (self, signals[SIGNAL_PROGRESSED], 0, done, total);
}

static const char *
provider_id (PfaAid *self)
{
  return self->provider != NULL ? self->provider->id : "generic";
}

static void
start_over (PfaAid *self, PfaIncident *incident)
{
  if (self->run != NULL)
    g_clear_object (&self->run);
  g_clear_pointer (&self->incident, pfa_incident_free);
  g_clear_pointer (&self->decision, pfa_decision_free);
  g_clear_pointer (&self->payment, pfa_payment_unref);
  g_clear_pointer (&self->open_payment, pfa_incident_free);
  g_clear_pointer (&self->terminal_status, pfa_terminal_status_free);
  g_clear_pointer (&self->guards, g_ptr_array_unref);
  self->guards = g_ptr_array_new ();
  g_ptr_array_set_size (self->undo, 0);
  self->checks_done = 0;
  self->checks_total = 0;
  self->incident = incident;
  self->payment = pfa_payment_new (pfa_knowledge_get_payment (self->knowledge), NULL);
  pfa_payment_set_context (self->payment, incident->code, incident->answered);
}

void
pfa_aid_begin (PfaAid *self, const char *code, PfaProvider *provider)
{
  g_return_if_fail (PFA_IS_AID (self));
  g_return_if_fail (code != NULL);

  if (provider == NULL)
    provider = pfa_knowledge_find_provider (self->knowledge, "generic");
  g_clear_pointer (&self->provider, pfa_provider_unref);
  self->provider = provider != NULL ? pfa_provider_ref (provider) : NULL;

  start_over (self, pfa_incident_new (code));
  pfa_incident_set (&self->incident->provider, provider_id (self));
  pfa_aid_add_history (self);
  pfa_aid_find_open_payment (self);
  pfa_aid_set_state (self, PFA_AID_READY);
}

void
pfa_aid_resume (PfaAid *self, const PfaIncident *incident)
{
  PfaProvider *provider;

  g_return_if_fail (PFA_IS_AID (self));
  g_return_if_fail (incident != NULL);

  /* The caller may hand in what starting over frees. */
  start_over (self, pfa_incident_copy (incident));
  incident = self->incident;
  provider = incident->provider != NULL
                 ? pfa_knowledge_find_provider (self->knowledge, incident->provider)
                 : NULL;
  if (provider == NULL)
    provider = pfa_knowledge_find_provider (self->knowledge, "generic");
  g_clear_pointer (&self->provider, pfa_provider_unref);
  self->provider = provider != NULL ? pfa_provider_ref (provider) : NULL;
  pfa_aid_replay_payment (self->payment, self->incident);
  pfa_aid_find_open_payment (self);
  pfa_aid_set_state (self,
                     g_strcmp0 (incident->state, PFA_INCIDENT_OPEN) == 0 ? PFA_AID_READY
                                                                         : PFA_AID_ENDED);
}

void
pfa_aid_set_provider (PfaAid *self, PfaProvider *provider)
{
  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL && provider != NULL);

  pfa_provider_ref (provider);
  g_clear_pointer (&self->provider, pfa_provider_unref);
  self->provider = provider;
  pfa_incident_set (&self->incident->provider, provider->id);
  pfa_aid_refresh (self);
}

void
pfa_aid_set_terminal (PfaAid *self, const char *address)
{
  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL);

  pfa_incident_set (&self->incident->terminal, address);
  pfa_aid_refresh (self);
}

void
pfa_aid_set_practice (PfaAid *self, gboolean practice)
{
  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL);

  self->incident->practice = practice;
  pfa_aid_refresh (self);
}

static void
end (PfaAid *self, const char *state)
{
  if (self->incident == NULL)
    return;
  pfa_incident_set (&self->incident->state, state);
  self->incident->ended = g_get_real_time ();
  pfa_aid_set_state (self, PFA_AID_ENDED);
}

void
pfa_aid_give_up (PfaAid *self)
{
  end (self, PFA_INCIDENT_GIVEN_UP);
}

void
pfa_aid_set_solved (PfaAid *self, const char *action)
{
  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL);

  pfa_incident_set (&self->incident->solved_by, action);
  end (self, PFA_INCIDENT_SOLVED);
}

void
pfa_aid_set_handed_over (PfaAid *self, const char *ticket)
{
  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL);

  pfa_incident_set (&self->incident->ticket, ticket);
  end (self, PFA_INCIDENT_HANDED_OVER);
}

void
pfa_aid_take_guided_log (PfaAid *self, JsonArray *log)
{
  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL);

  g_clear_pointer (&self->incident->guided, json_array_unref);
  self->incident->guided = log;
  save (self);
}

void
pfa_aid_answer_payment (PfaAid *self, const char *question, const char *answer)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL);

  if (!pfa_payment_answer (self->payment, question, answer, &error))
    {
      g_info ("an answer about the payment is left out: %s", error->message);
      return;
    }
  json_object_set_string_member (self->incident->payment, question, answer);
  pfa_aid_refresh (self);
  if (self->journal != NULL)
    pfa_journal_sync_soon (self->journal);
}

PfaKnowledge *
pfa_aid_get_knowledge (PfaAid *self)
{
  return self->knowledge;
}

PfaJournal *
pfa_aid_get_journal (PfaAid *self)
{
  return self->journal;
}

PfaAidState
pfa_aid_get_state (PfaAid *self)
{
  return self->state;
}

const PfaIncident *
pfa_aid_get_incident (PfaAid *self)
{
  return self->incident;
}

PfaProvider *
pfa_aid_get_provider (PfaAid *self)
{
  return self->provider;
}

PfaPayment *
pfa_aid_get_payment (PfaAid *self)
{
  return self->payment;
}

const PfaDecision *
pfa_aid_get_decision (PfaAid *self)
{
  return self->decision;
}

void
pfa_aid_get_progress (PfaAid *self, guint *done, guint *total)
{
  *done = self->checks_done;
  *total = self->checks_total;
}

PfaAid *
pfa_aid_new (PfaKnowledge *knowledge, PfaJournal *journal)
{
  PfaAid *self;

  g_return_val_if_fail (PFA_IS_KNOWLEDGE (knowledge), NULL);

  self = g_object_new (PFA_TYPE_AID, NULL);
  self->knowledge = g_object_ref (knowledge);
  self->journal = journal != NULL ? g_object_ref (journal) : NULL;
  /* The knowledge was checked when it was loaded; its words are sound. */
  self->words = pfa_words_new (pfa_knowledge_get_words (knowledge), NULL);
  return self;
}

static void
pfa_aid_dispose (GObject *object)
{
  PfaAid *self = PFA_AID (object);

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (self->terminal_patience != NULL)
    g_source_destroy (self->terminal_patience);
  g_clear_pointer (&self->terminal_patience, g_source_unref);
  g_clear_object (&self->terminal_enough);
  g_clear_object (&self->run);
  g_clear_pointer (&self->decision, pfa_decision_free);
  g_clear_pointer (&self->payment, pfa_payment_unref);
  g_clear_pointer (&self->incident, pfa_incident_free);
  g_clear_pointer (&self->open_payment, pfa_incident_free);
  g_clear_pointer (&self->terminal_status, pfa_terminal_status_free);
  g_clear_pointer (&self->provider, pfa_provider_unref);
  g_clear_pointer (&self->words, pfa_words_unref);
  g_clear_object (&self->journal);
  g_clear_object (&self->knowledge);

  G_OBJECT_CLASS (pfa_aid_parent_class)->dispose (object);
}

static void
pfa_aid_finalize (GObject *object)
{
  PfaAid *self = PFA_AID (object);

  g_ptr_array_unref (self->guards);
  g_ptr_array_unref (self->undo);

  G_OBJECT_CLASS (pfa_aid_parent_class)->finalize (object);
}

static void
pfa_aid_class_init (PfaAidClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_aid_dispose;
  object_class->finalize = pfa_aid_finalize;

  signals[SIGNAL_OBSERVED] = g_signal_new ("observed",
                                           PFA_TYPE_AID,
                                           G_SIGNAL_RUN_LAST,
                                           0,
                                           NULL,
                                           NULL,
                                           NULL,
                                           G_TYPE_NONE,
                                           1,
                                           G_TYPE_POINTER);
  signals[SIGNAL_PROGRESSED] = g_signal_new ("progressed",
                                             PFA_TYPE_AID,
                                             G_SIGNAL_RUN_LAST,
                                             0,
                                             NULL,
                                             NULL,
                                             NULL,
                                             G_TYPE_NONE,
                                             2,
                                             G_TYPE_UINT,
                                             G_TYPE_UINT);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          PFA_TYPE_AID,
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
  signals[SIGNAL_NOT_SAVED] = g_signal_new ("not-saved",
                                            PFA_TYPE_AID,
                                            G_SIGNAL_RUN_LAST,
                                            0,
                                            NULL,
                                            NULL,
                                            NULL,
                                            G_TYPE_NONE,
                                            1,
                                            G_TYPE_STRING);
}

static void
pfa_aid_init (PfaAid *self)
{
  self->guards = g_ptr_array_new ();
  self->undo = g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_aid_undo_entry_free);
}
