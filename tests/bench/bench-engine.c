/* bench-engine.c - how long one decision takes, and how long loading all knowledge takes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <time.h>

#include "model-tools.h"
#include "pfa-diagnosis.h"
#include "pfa-guarding.h"
#include "pfa-knowledge.h"
#include "pfa-payment.h"
#include "pfa-words.h"

#define LOADS     30
#define DECISIONS 2000

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

static void
print_row (const char *what, GArray *times, double goal_ms)
{
  double sum = 0;

  g_array_sort (times, compare_doubles);
  for (guint i = 0; i < times->len; i++)
    sum += g_array_index (times, double, i);
  g_print ("%-44s %9.3f %9.3f %9.3f %9.3f %9g\n",
           what,
           sum / times->len,
           g_array_index (times, double, times->len / 2),
           g_array_index (times, double, times->len * 95 / 100),
           g_array_index (times, double, times->len - 1),
           goal_ms);
}

static void
note_time (GArray *times, gint64 started)
{
  double ms = (double) (g_get_monotonic_time () - started) / 1000;

  g_array_append_val (times, ms);
}

static double
get_processor_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* Everything: parsed, checked, and ready to be asked. */
static void
bench_loading (void)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) processor = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i < LOADS; i++)
    {
      gint64 started = g_get_monotonic_time ();
      double spent = get_processor_ms ();
      g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (NULL);
      g_autoptr (PfaPayment) payment =
          pfa_payment_new (pfa_knowledge_get_payment (knowledge), NULL);
      g_autoptr (PfaWords) words = pfa_words_new (pfa_knowledge_get_words (knowledge), NULL);

      g_assert_nonnull (payment);
      g_assert_nonnull (words);
      note_time (times, started);
      spent = get_processor_ms () - spent;
      g_array_append_val (processor, spent);
    }
  print_row ("all knowledge loaded and checked", times, 30);
  print_row ("the same, processor time alone", processor, 30);
}

static void
bench_validation (PfaModel *model)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i < LOADS; i++)
    {
      gint64 started = g_get_monotonic_time ();
      g_auto (GStrv) lines = pfa_model_validate (model->json, "model");

      g_assert_nonnull (lines);
      note_time (times, started);
    }
  print_row ("the model validated with every warning", times, 30);
}

static void
bench_decisions (PfaKnowledge *knowledge, int percent, guint n_failed)
{
  PfaModel *model = pfa_knowledge_get_model (knowledge);
  g_autoptr (GRand) random = g_rand_new_with_seed (96);
  g_autoptr (GArray) bare = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) guarded = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree char *what =
      g_strdup_printf ("one decision, %d %% observed, %u failed", percent, n_failed);

  for (int i = 0; i < DECISIONS; i++)
    {
      g_autoptr (PfaEvidence) evidence = tools_make_evidence (model, random, percent, n_failed);
      gint64 started = g_get_monotonic_time ();
      g_autoptr (PfaDecision) decision = pfa_diagnosis_decide (model, evidence, NULL);

      g_assert_nonnull (decision);
      note_time (bare, started);
      if (percent == 50)
        {
          g_autoptr (GPtrArray) applying = NULL;
          g_autoptr (PfaEvidence) left = NULL;
          g_autoptr (PfaDecision) after = NULL;

          started = g_get_monotonic_time ();
          applying = pfa_guards_find_applying (pfa_knowledge_get_guards (knowledge),
                                               model,
                                               evidence,
                                               NULL,
                                               NULL);
          left = pfa_guards_withhold (applying, model, evidence);
          after = pfa_diagnosis_decide (model, left, NULL);
          g_assert_nonnull (after);
          note_time (guarded, started);
        }
    }
  print_row (what, bare, 1);
  if (guarded->len > 0)
    print_row ("the same with the guards before it", guarded, 1);
}

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (&error);
  PfaModel *model;

  g_assert_no_error (error);
  model = pfa_knowledge_get_model (knowledge);
  g_print ("%u causes, %u observations, %u actions\n\n",
           model->n_causes,
           model->n_observations,
           model->n_actions);
  g_print ("%-44s %9s %9s %9s %9s %9s\n", "milliseconds", "mean", "median", "p95", "most", "goal");
  bench_loading ();
  bench_validation (model);
  bench_decisions (knowledge, 0, 0);
  bench_decisions (knowledge, 50, 2);
  bench_decisions (knowledge, 100, 5);
  return 0;
}
