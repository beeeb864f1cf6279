/* test-aid.c - one run, driven as the window drives it: answers, steps, guards, undo, resume
 *
 * The knowledge is the program's own; nothing is contacted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <math.h>

#include "pfa-aid.h"
#include "pfa-error.h"

typedef struct
{
  char *directory;
  PfaKnowledge *knowledge;
  PfaJournal *journal;
  PfaAid *aid;
  guint changes;
} Fixture;

static void
on_changed_cb (PfaAid *aid, gpointer user_data)
{
  ((Fixture *) user_data)->changes++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("pfa-aid-XXXXXX", NULL);
  fixture->knowledge = pfa_knowledge_new (NULL);
  fixture->journal = pfa_journal_open (fixture->directory, NULL);
  fixture->aid = pfa_aid_new (fixture->knowledge, fixture->journal);
  g_signal_connect (fixture->aid, "changed", G_CALLBACK (on_changed_cb), fixture);
  pfa_aid_begin (fixture->aid, "96", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  g_assert_finalize_object (fixture->aid);
  g_assert_finalize_object (fixture->journal);
  g_assert_finalize_object (fixture->knowledge);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
}

static void
answer (Fixture *fixture, const char *observation, const char *value)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pfa_aid_answer (fixture->aid, observation, value, &error));
  g_assert_no_error (error);
}

static double
sum_of_causes (PfaAid *aid)
{
  const PfaDecision *decision = pfa_aid_get_decision (aid);
  double sum = 0;

  for (guint i = 0; i < decision->n_causes; i++)
    sum += decision->posterior[i];
  return sum;
}

static void
test_answers_change_the_decision (Fixture *fixture, gconstpointer data)
{
  const PfaDecision *decision = pfa_aid_get_decision (fixture->aid);
  double before = decision->posterior[decision->leading_cause];
  guint changes = fixture->changes;

  answer (fixture, "connection", "lan");
  answer (fixture, "other-shops", "fail-too");
  decision = pfa_aid_get_decision (fixture->aid);
  g_assert_cmpuint (fixture->changes, ==, changes + 2);
  g_assert_cmpstr (pfa_aid_get_incident (fixture->aid)->place, ==, "provider");
  g_assert_cmpfloat (decision->posterior[decision->leading_cause], !=, before);
  g_assert_cmpfloat_with_epsilon (sum_of_causes (fixture->aid), 1, 1e-9);
}

static void
test_undo_gives_back_the_same_numbers (Fixture *fixture, gconstpointer data)
{
  const PfaDecision *decision = pfa_aid_get_decision (fixture->aid);
  g_autofree double *before = g_memdup2 (decision->posterior, decision->n_causes * sizeof (double));

  answer (fixture, "other-cards", "one-card");
  answer (fixture, "other-terminals", NULL);
  g_assert_true (pfa_aid_undo (fixture->aid));
  g_assert_true (pfa_aid_undo (fixture->aid));
  g_assert_false (pfa_aid_undo (fixture->aid));
  decision = pfa_aid_get_decision (fixture->aid);
  g_assert_cmpmem (decision->posterior,
                   decision->n_causes * sizeof (double),
                   before,
                   decision->n_causes * sizeof (double));
  g_assert_cmpuint (pfa_aid_get_incident (fixture->aid)->evidence->skipped->len, ==, 0);
}

static void
test_i_do_not_know_is_not_asked_again (Fixture *fixture, gconstpointer data)
{
  const PfaDecision *decision = pfa_aid_get_decision (fixture->aid);
  PfaModel *model = pfa_knowledge_get_model (fixture->knowledge);
  guint asked = 0;

  while (decision->next_kind == PFA_NEXT_QUESTION)
    {
      g_autofree char *id = g_strdup (model->observations[decision->next].id);

      answer (fixture, id, PFA_VALUE_UNKNOWN);
      decision = pfa_aid_get_decision (fixture->aid);
      if (decision->next_kind == PFA_NEXT_QUESTION)
        g_assert_cmpstr (model->observations[decision->next].id, !=, id);
      g_assert_cmpuint (++asked, <, 100);
    }
}

static void
test_nonsense_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) question = NULL;
  g_autoptr (GError) value = NULL;
  g_autoptr (GError) step = NULL;

  g_assert_false (pfa_aid_answer (fixture->aid, "no-such-question", "yes", &question));
  g_assert_error (question, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_assert_false (pfa_aid_answer (fixture->aid, "connection", "pigeon", &value));
  g_assert_error (value, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_assert_false (pfa_aid_begin_step (fixture->aid, "no-such-step", &step));
  g_assert_error (step, PFA_ERROR, PFA_ERROR_BAD_INPUT);
}

/* Whatever was answered, in whatever order: no step that sends a payment is next, nor can one be
 * begun, while the first payment's state is not known. */
static void
test_never_a_second_payment_before_the_state_is_known (Fixture *fixture, gconstpointer data)
{
  static const char *const paying[] = { "retry-once", "wait-and-retry", "other-card" };
  PfaModel *model = pfa_knowledge_get_model (fixture->knowledge);
  guint seen = 0;

  g_assert_false (pfa_payment_may_retry (pfa_aid_get_payment (fixture->aid)));
  for (guint i = 0; i < G_N_ELEMENTS (paying); i++)
    {
      g_autoptr (GError) error = NULL;

      if (pfa_model_find_action (model, paying[i]) < 0)
        continue;
      seen++;
      g_assert_false (pfa_aid_begin_step (fixture->aid, paying[i], &error));
      g_assert_error (error, PFA_ERROR, PFA_ERROR_REFUSED);
    }
  g_assert_cmpuint (seen, >, 0);

  for (guint round = 0; round < 300; round++)
    {
      const PfaObservationKind *kind =
          &model->observations[g_test_rand_int_range (0, (int) model->n_observations)];
      const PfaDecision *decision;

      answer (fixture, kind->id, kind->values[g_test_rand_int_range (0, (int) kind->n_values)].id);
      decision = pfa_aid_get_decision (fixture->aid);
      if (decision->next_kind != PFA_NEXT_ACTION)
        continue;
      for (guint i = 0; i < G_N_ELEMENTS (paying); i++)
        g_assert_cmpstr (model->actions[decision->next].id, !=, paying[i]);
    }
}

static void
test_tampering_ends_self_help (Fixture *fixture, gconstpointer data)
{
  const PfaDecision *decision;

  answer (fixture, "tampering", "signs");
  decision = pfa_aid_get_decision (fixture->aid);
  g_assert_cmpint (decision->next_kind, ==, PFA_NEXT_CALL_SUPPORT);
}

static void
test_no_restart_with_a_reversal_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  PfaText *why = NULL;

  answer (fixture, "waiting-payments", "reversal");
  g_assert_false (pfa_aid_is_allowed (fixture->aid, "restart-terminal", &why));
  g_assert_nonnull (why);
  g_assert_false (pfa_aid_begin_step (fixture->aid, "restart-terminal", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_REFUSED);
}

static void
test_a_failed_step_is_not_offered_again (Fixture *fixture, gconstpointer data)
{
  PfaModel *model = pfa_knowledge_get_model (fixture->knowledge);

  answer (fixture, "connection", "lan");
  for (guint round = 0; round < model->n_actions + 60; round++)
    {
      const PfaDecision *decision = pfa_aid_get_decision (fixture->aid);
      const char *id;

      if (decision->next_kind == PFA_NEXT_CALL_SUPPORT)
        return;
      if (decision->next_kind == PFA_NEXT_QUESTION)
        {
          answer (fixture, model->observations[decision->next].id, NULL);
          continue;
        }
      id = model->actions[decision->next].id;
      g_assert_false (pfa_evidence_has_failed (pfa_aid_get_incident (fixture->aid)->evidence, id));
      g_assert_true (pfa_aid_begin_step (fixture->aid, id, NULL));
      g_assert_true (pfa_aid_end_step (fixture->aid, id, "failed", NULL));
    }
  g_assert_not_reached ();
}

static void
test_worked_is_solved_and_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaIncident) kept = NULL;

  g_assert_true (pfa_aid_begin_step (fixture->aid, "sign-in-again", NULL));
  g_assert_cmpint (pfa_aid_get_state (fixture->aid), ==, PFA_AID_STEPPING);
  g_assert_true (pfa_aid_end_step (fixture->aid, "sign-in-again", "worked", NULL));
  g_assert_cmpint (pfa_aid_get_state (fixture->aid), ==, PFA_AID_ENDED);

  kept = pfa_journal_load (fixture->journal, pfa_aid_get_incident (fixture->aid)->id, NULL);
  g_assert_cmpstr (kept->state, ==, PFA_INCIDENT_SOLVED);
  g_assert_cmpstr (kept->solved_by, ==, "sign-in-again");
  g_assert_cmpint (kept->ended, >, 0);
}

/* A new aid on the same journal stands where the old one was left. */
static void
test_goes_on_where_it_was (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaIncident) open = NULL;
  g_autoptr (PfaAid) again = pfa_aid_new (fixture->knowledge, fixture->journal);
  const PfaDecision *before;
  const PfaDecision *after;

  answer (fixture, "connection", "wifi");
  answer (fixture, "other-terminals", "all");
  pfa_aid_answer_payment (fixture->aid, "terminal-list", "declined");
  before = pfa_aid_get_decision (fixture->aid);

  open = pfa_journal_load_newest (fixture->journal, TRUE, NULL);
  g_assert_nonnull (open);
  pfa_aid_resume (again, open);
  after = pfa_aid_get_decision (again);
  g_assert_cmpmem (after->posterior,
                   after->n_causes * sizeof (double),
                   before->posterior,
                   before->n_causes * sizeof (double));
  g_assert_cmpstr (pfa_aid_get_incident (again)->connection, ==, "wifi");
  g_assert_cmpstr (pfa_payment_get_state (pfa_aid_get_payment (again)),
                   ==,
                   pfa_payment_get_state (pfa_aid_get_payment (fixture->aid)));
}

static void
test_a_sim_terminal_makes_this_computer_say_nothing (Fixture *fixture, gconstpointer data)
{
  const PfaDecision *decision;
  g_autofree double *before = NULL;

  answer (fixture, "connection", "mobile");
  decision = pfa_aid_get_decision (fixture->aid);
  before = g_memdup2 (decision->posterior, decision->n_causes * sizeof (double));
  answer (fixture, "link", "down");
  answer (fixture, "router-answer", "none");
  decision = pfa_aid_get_decision (fixture->aid);
  for (guint i = 0; i < decision->n_causes; i++)
    g_assert_cmpfloat_with_epsilon (decision->posterior[i], before[i], 1e-12);
  g_assert_cmpuint (decision->ignored->len, ==, 2);
}

static void
test_report (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) report = NULL;
  JsonArray *causes;
  double sum = 0;

  answer (fixture, "connection", "lan");
  answer (fixture, "link", "down");
  report = pfa_aid_build_report (fixture->aid, "de");
  g_assert_cmpstr (json_object_get_string_member (report, "format"), ==, "pos-first-aid-report/1");
  causes = json_object_get_array_member (report, "causes");
  for (guint i = 0; i < json_array_get_length (causes); i++)
    sum += json_object_get_double_member (json_array_get_object_element (causes, i), "probability");
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-9);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (report, "computer")),
                    ==,
                    1);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (report, "payment"),
                                                  "state"),
                   ==,
                   "unknown");
  g_assert_false (json_object_get_boolean_member (json_object_get_object_member (report, "payment"),
                                                  "may_retry"));
}

static void
save_run (Fixture *fixture, gint64 started, const char *question, const char *answered)
{
  g_autoptr (PfaIncident) incident = pfa_incident_new ("96");

  incident->started = started;
  if (question != NULL)
    json_object_set_string_member (incident->payment, question, answered);
  g_assert_true (pfa_journal_save (fixture->journal, incident, NULL));
}

static const char *
find_pattern (Fixture *fixture)
{
  pfa_aid_begin (fixture->aid, "96", NULL);
  return pfa_evidence_get_value (pfa_aid_get_incident (fixture->aid)->evidence, "peak-pattern");
}

/* The times lie days back: nothing here depends on the hour at which the test runs. */
static void
test_the_journal_tells_peak_hours (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDateTime) noon = g_date_time_new_local (2026, 3, 2, 12, 10, 0);
  gint64 first = g_date_time_to_unix (noon) * G_USEC_PER_SEC;

  g_assert_cmpstr (find_pattern (fixture), ==, "too-little");
  for (guint i = 0; i < 20; i++)
    save_run (fixture, first + i * G_TIME_SPAN_DAY, NULL, NULL);
  g_assert_cmpstr (find_pattern (fixture), ==, "peak-hours");
}

static void
test_another_open_payment_is_told (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time ();
  g_autofree char *first = g_strdup (pfa_aid_get_incident (fixture->aid)->id);
  g_auto (GStrv) lines = NULL;

  /* The first run of the fixture has nothing before it. */
  g_assert_null (pfa_aid_get_open_payment (fixture->aid));
  g_assert_null (pfa_aid_dup_open_payment_lines (fixture->aid, "en"));
  pfa_aid_begin (fixture->aid, "96", NULL);
  g_assert_nonnull (pfa_aid_get_open_payment (fixture->aid));
  g_assert_cmpstr (pfa_aid_get_open_payment (fixture->aid)->id, ==, first);
  lines = pfa_aid_dup_open_payment_lines (fixture->aid, "en");
  g_assert_null (strstr (lines[0], "{time}"));

  /* Nobody is warned in practice, nor of what practice left, nor of what is long past. */
  pfa_aid_set_practice (fixture->aid, TRUE);
  g_assert_null (pfa_aid_get_open_payment (fixture->aid));
  g_assert_true (pfa_journal_delete (fixture->journal, first, NULL));
  save_run (fixture, now - 31 * G_TIME_SPAN_MINUTE, NULL, NULL);
  pfa_aid_begin (fixture->aid, "96", NULL);
  g_assert_null (pfa_aid_get_open_payment (fixture->aid));
}

static void
test_a_cleared_payment_is_not_told (Fixture *fixture, gconstpointer data)
{
  pfa_aid_answer_payment (fixture->aid, "terminal-list", "reversing");
  g_assert_cmpstr (pfa_payment_get_state (pfa_aid_get_payment (fixture->aid)), ==, "u4");
  pfa_aid_begin (fixture->aid, "96", NULL);
  g_assert_nonnull (pfa_aid_get_open_payment (fixture->aid));

  pfa_aid_resume (fixture->aid, pfa_aid_get_open_payment (fixture->aid));
  pfa_aid_answer_payment (fixture->aid, "terminal-list", "declined");
  pfa_aid_answer_payment (fixture->aid, "portal", "reversed");
  g_assert_cmpstr (pfa_payment_get_state (pfa_aid_get_payment (fixture->aid)), ==, "u3");
  /* The run in between is as open as ever; without it there is nothing to tell. */
  g_assert_nonnull (pfa_aid_get_open_payment (fixture->aid));
  g_assert_true (
      pfa_journal_delete (fixture->journal, pfa_aid_get_open_payment (fixture->aid)->id, NULL));
  pfa_aid_begin (fixture->aid, "96", NULL);
  g_assert_null (pfa_aid_get_open_payment (fixture->aid));
}

static void
test_one_fault_is_one_fault (Fixture *fixture, gconstpointer data)
{
  g_assert_false (pfa_aid_has_several_faults (fixture->aid));
  answer (fixture, "connection", "lan");
  answer (fixture, "router-answer", "none");
  g_assert_false (pfa_aid_has_several_faults (fixture->aid));
  g_assert_null (pfa_aid_dup_several_title (fixture->aid, "en"));
}

static void
test_findings_that_do_not_agree_are_told (Fixture *fixture, gconstpointer data)
{
  g_autofree char *title = NULL;
  g_auto (GStrv) lines = NULL;

  answer (fixture, "connection", "lan");
  answer (fixture, "terminal-hardware", "faulty");
  answer (fixture, "resolver", "dead");
  answer (fixture, "provider-feed", "down");
  g_assert_cmpfloat (pfa_aid_get_decision (fixture->aid)->conflict_bits, >, 0);
  g_assert_true (pfa_aid_has_several_faults (fixture->aid));
  title = pfa_aid_dup_several_title (fixture->aid, "zh_CN");
  lines = pfa_aid_dup_several_lines (fixture->aid, "de");
  g_assert_cmpstr (title, !=, "");
  g_assert_cmpuint (g_strv_length (lines), >, 1);
}

/* Three that should have helped and did not; one that had little chance ends the row. */
static void
test_promising_steps_that_failed (Fixture *fixture, gconstpointer data)
{
  static const char *const steps[] = { "restart-terminal", "sign-in-again", "reseat-cables" };
  g_autoptr (PfaIncident) run = pfa_incident_new ("96");
  PfaIncidentStep *last = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      last = pfa_incident_add_step (run, steps[i], "failed");
      last->chance = 0.6;
    }
  pfa_aid_resume (fixture->aid, run);
  g_assert_true (pfa_aid_has_several_faults (fixture->aid));

  last->chance = 0.1;
  pfa_aid_resume (fixture->aid, run);
  g_assert_false (pfa_aid_has_several_faults (fixture->aid));
}

static void
test_a_step_keeps_the_chance_it_had (Fixture *fixture, gconstpointer data)
{
  const PfaActionRank *rank =
      &g_array_index (pfa_aid_get_decision (fixture->aid)->actions, PfaActionRank, 0);
  const char *id = pfa_knowledge_get_model (fixture->knowledge)->actions[rank->action].id;
  double chance = rank->p;
  g_autoptr (PfaIncident) kept = NULL;

  g_assert_true (pfa_aid_begin_step (fixture->aid, id, NULL));
  g_assert_true (pfa_aid_end_step (fixture->aid, id, "failed", NULL));
  kept = pfa_journal_load (fixture->journal, pfa_aid_get_incident (fixture->aid)->id, NULL);
  g_assert_cmpfloat_with_epsilon (pfa_incident_find_step (kept, id)->chance, chance, 1e-12);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/aid/aid/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("answers-change-the-decision", test_answers_change_the_decision);
  ADD ("undo-gives-back-the-same-numbers", test_undo_gives_back_the_same_numbers);
  ADD ("i-do-not-know-is-not-asked-again", test_i_do_not_know_is_not_asked_again);
  ADD ("nonsense-is-refused", test_nonsense_is_refused);
  ADD ("never-a-second-payment-before-the-state-is-known",
       test_never_a_second_payment_before_the_state_is_known);
  ADD ("tampering-ends-self-help", test_tampering_ends_self_help);
  ADD ("no-restart-with-a-reversal-waiting", test_no_restart_with_a_reversal_waiting);
  ADD ("a-failed-step-is-not-offered-again", test_a_failed_step_is_not_offered_again);
  ADD ("worked-is-solved-and-kept", test_worked_is_solved_and_kept);
  ADD ("goes-on-where-it-was", test_goes_on_where_it_was);
  ADD ("a-sim-terminal-makes-this-computer-say-nothing",
       test_a_sim_terminal_makes_this_computer_say_nothing);
  ADD ("report", test_report);
  ADD ("the-journal-tells-peak-hours", test_the_journal_tells_peak_hours);
  ADD ("another-open-payment-is-told", test_another_open_payment_is_told);
  ADD ("a-cleared-payment-is-not-told", test_a_cleared_payment_is_not_told);
  ADD ("one-fault-is-one-fault", test_one_fault_is_one_fault);
  ADD ("findings-that-do-not-agree-are-told", test_findings_that_do_not_agree_are_told);
  ADD ("promising-steps-that-failed", test_promising_steps_that_failed);
  ADD ("a-step-keeps-the-chance-it-had", test_a_step_keeps_the_chance_it_had);
  return g_test_run ();
}
