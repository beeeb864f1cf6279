/* test-payment.c - "not charged" is never said too early, whatever is answered in whatever order
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "model-tools.h"
#include "pfa-error.h"
#include "pfa-knowledge.h"
#include "pfa-payment.h"

static const char *const codes[] = { "96", "94", "68", "98", "TO", "Y1", "00", NULL };
static const char *const stages[] = { "host", "terminal", "reversal", "sign-in", "unknown", NULL };
static const char *const questions[] = { "terminal-list",
                                         "portal",
                                         "customer-debit",
                                         "till",
                                         NULL };

static PfaKnowledge *
load_knowledge (void)
{
  g_autoptr (GError) error = NULL;
  PfaKnowledge *knowledge = pfa_knowledge_new (&error);

  g_assert_no_error (error);
  return knowledge;
}

static PfaPayment *
load (void)
{
  g_autoptr (PfaKnowledge) knowledge = load_knowledge ();
  g_autoptr (GError) error = NULL;
  PfaPayment *payment = pfa_payment_new (pfa_knowledge_get_payment (knowledge), &error);

  g_assert_no_error (error);
  return payment;
}

static void
answer (PfaPayment *payment, const char *question, const char *value)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pfa_payment_answer (payment, question, value, &error));
  g_assert_no_error (error);
}

/* What holds whatever is known. */
static void
check_rules (PfaPayment *payment, const char *code)
{
  const char *state = pfa_payment_get_state (payment);
  const char *list = pfa_payment_get_answer (payment, "terminal-list");
  const char *portal = pfa_payment_get_answer (payment, "portal");
  gboolean is_not_charged = g_str_equal (pfa_payment_get_charged (payment), "no");

  /* R1 */
  if (is_not_charged)
    {
      g_assert_true (g_str_equal (state, "u1") || g_str_equal (state, "u3"));
      g_assert_true (list != NULL && !g_str_equal (list, "unknown") &&
                     !g_str_equal (list, "approved"));
      g_assert_true (portal != NULL &&
                     (g_str_equal (portal, "declined") || g_str_equal (portal, "reversed")));
    }
  /* R3, and the table's last column */
  if (pfa_payment_may_retry (payment))
    {
      g_assert_true (g_str_equal (state, "u1") || g_str_equal (state, "u3") ||
                     g_str_equal (state, "u11"));
      g_assert_nonnull (portal);
      g_assert_cmpstr (portal, !=, "approved");
      g_assert_cmpstr (code, !=, "94");
    }
  else
    g_assert_cmpint (pfa_payment_get_retry_minutes (payment, 0), ==, -1);
  if (g_strcmp0 (portal, "approved") == 0 || g_strcmp0 (list, "reversing") == 0)
    g_assert_false (pfa_payment_may_retry (payment));
  if (g_strcmp0 (list, "reversing") == 0)
    g_assert_cmpstr (state, ==, "u4");
  for (guint i = 0; pfa_text_languages[i] != NULL; i++)
    {
      g_assert_cmpstr (pfa_text_get (pfa_payment_get_title (payment), pfa_text_languages[i]),
                       !=,
                       "");
      g_assert_cmpstr (pfa_text_get (pfa_payment_get_advice (payment), pfa_text_languages[i]),
                       !=,
                       "");
      g_assert_cmpstr (pfa_text_get (pfa_payment_get_customer_note (payment),
                                     pfa_text_languages[i]),
                       !=,
                       "");
    }
}

static GPtrArray *
get_answers (PfaPayment *payment, guint question)
{
  GPtrArray *all = pfa_payment_get_questions (payment);

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (((PfaPaymentQuestion *) all->pdata[i])->id, questions[question]))
      return ((PfaPaymentQuestion *) all->pdata[i])->answers;
  g_error ("there is no question %s", questions[question]);
}

/* Every combination of answers, each question also left out. */
static void
try_all_answers (PfaPayment *payment, guint question, const char *code)
{
  GPtrArray *answers;

  if (questions[question] == NULL)
    {
      check_rules (payment, code);
      return;
    }
  answers = get_answers (payment, question);
  for (guint i = 0; i < answers->len; i++)
    {
      answer (payment, questions[question], ((PfaPaymentAnswer *) answers->pdata[i])->id);
      try_all_answers (payment, question + 1, code);
    }
  answer (payment, questions[question], NULL);
  try_all_answers (payment, question + 1, code);
}

static void
test_all_answers (void)
{
  g_autoptr (PfaPayment) payment = load ();

  for (guint c = 0; codes[c] != NULL; c++)
    for (guint s = 0; stages[s] != NULL; s++)
      {
        pfa_payment_set_context (payment, codes[c], stages[s]);
        try_all_answers (payment, 0, codes[c]);
      }
}

/* Follows the wizard as a person does; every way ends, and no state is out of reach. */
static void
walk (PfaPayment *payment, const char *code, guint depth, GHashTable *reached)
{
  const PfaPaymentQuestion *question = pfa_payment_get_question (payment);

  check_rules (payment, code);
  g_assert_cmpuint (depth, <, 8);
  if (question == NULL)
    {
      g_hash_table_add (reached, g_strdup (pfa_payment_get_state (payment)));
      return;
    }
  g_assert_cmpstr (((PfaPaymentAnswer *) question->answers->pdata[question->answers->len - 1])->id,
                   ==,
                   "unknown");
  for (guint i = 0; i < question->answers->len; i++)
    {
      g_autofree char *id = g_strdup (question->id);

      answer (payment, id, ((PfaPaymentAnswer *) question->answers->pdata[i])->id);
      walk (payment, code, depth + 1, reached);
      answer (payment, id, NULL);
    }
}

static void
test_every_way_ends (void)
{
  g_autoptr (PfaPayment) payment = load ();
  g_autoptr (GHashTable) reached = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint c = 0; codes[c] != NULL; c++)
    for (guint s = 0; stages[s] != NULL; s++)
      {
        pfa_payment_set_context (payment, codes[c], stages[s]);
        walk (payment, codes[c], 0, reached);
      }
  for (guint u = 1; u <= 11; u++)
    {
      g_autofree char *state = g_strdup_printf ("u%u", u);

      if (!g_hash_table_contains (reached, state))
        g_error ("nothing leads to %s", state);
    }
}

/* The rows of payments.md 2.2. */
static const struct
{
  const char *name;
  const char *code;
  const char *answered;
  const char *answers[4]; /* as questions[]; NULL: not asked */
  const char *state;
  gboolean may_retry;
} rows[] = {
  { "nothing-known", "96", "unknown", { NULL, NULL, NULL, NULL }, "unknown", FALSE },
  { "u1", "96", "host", { "declined", "declined", "no", NULL }, "u1", TRUE },
  { "list-alone-is-not-u1", "96", "host", { "declined", NULL, "no", NULL }, "unknown", FALSE },
  { "portal-alone-is-not-u1", "96", "host", { NULL, "declined", "no", NULL }, "unknown", FALSE },
  { "u2", "96", "host", { "declined", "approved", NULL, NULL }, "u2", FALSE },
  { "u3", "96", "host", { "declined", "reversed", "yes", NULL }, "u3", TRUE },
  { "u4", "96", "host", { "reversing", "declined", "no", NULL }, "u4", FALSE },
  { "u4-outlasts-the-portal", "96", "host", { "reversing", "reversed", NULL, NULL }, "u4", FALSE },
  { "reversal-not-arrived", "96", "reversal", { "reversed", "approved", NULL, NULL }, "u4", FALSE },
  { "u5", "96", "host", { "declined", "nothing", "yes", NULL }, "u5", FALSE },
  { "u5-though-both-declined", "96", "host", { "declined", "declined", "yes", NULL }, "u5", FALSE },
  { "u6", "96", "host", { "unknown", "cannot-look", "unknown", NULL }, "u6", FALSE },
  { "u7", "94", "host", { NULL, NULL, NULL, NULL }, "u7", FALSE },
  { "u7-whatever-this-one-shows",
    "94",
    "host",
    { "declined", "declined", "no", NULL },
    "u7",
    FALSE },
  { "u8", "68", "terminal", { NULL, NULL, NULL, NULL }, "u8", FALSE },
  { "u8-lower-case", "to", "terminal", { NULL, NULL, NULL, NULL }, "u8", FALSE },
  { "u9", "96", "terminal", { "offline-approved", "nothing", NULL, NULL }, "u9", FALSE },
  { "u9-by-code", "Y1", "terminal", { NULL, NULL, NULL, NULL }, "u9", FALSE },
  { "u10", "96", "unknown", { "approved", "cannot-look", NULL, "failed" }, "u10", FALSE },
  { "slip-against-records",
    "96",
    "unknown",
    { "approved", "nothing", NULL, "failed" },
    "u6",
    FALSE },
  { "u11", "96", "reversal", { "reversed", "nothing", NULL, NULL }, "u11", TRUE },
  { "u11-not-before-the-records",
    "96",
    "reversal",
    { "reversed", NULL, NULL, NULL },
    "unknown",
    FALSE },
};

static void
test_row (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (PfaPayment) payment = load ();

  pfa_payment_set_context (payment, rows[i].code, rows[i].answered);
  for (guint q = 0; questions[q] != NULL; q++)
    answer (payment, questions[q], rows[i].answers[q]);
  g_assert_cmpstr (pfa_payment_get_state (payment), ==, rows[i].state);
  g_assert_cmpint (pfa_payment_may_retry (payment), ==, rows[i].may_retry);
}

static void
test_retries (void)
{
  g_autoptr (PfaPayment) payment = load ();

  answer (payment, "terminal-list", "declined");
  answer (payment, "portal", "declined");
  answer (payment, "customer-debit", "no");
  g_assert_cmpint (pfa_payment_get_retry_minutes (payment, 0), <=, 2);
  g_assert_cmpint (pfa_payment_get_retry_minutes (payment, 1), >=, 10);
  g_assert_cmpint (pfa_payment_get_retry_minutes (payment, 2), ==, -1);
}

static void
test_wrong_answers (void)
{
  g_autoptr (PfaPayment) payment = load ();
  g_autoptr (GError) error = NULL;

  g_assert_false (pfa_payment_answer (payment, "ghost", "yes", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_clear_error (&error);
  g_assert_false (pfa_payment_answer (payment, "portal", "ghost", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
}

/* Data that would break R1 or R3 never gets in. */
static const struct
{
  const char *name;
  const char *from;
  const char *to;
} breaks[] = {
  { "not-charged-by-list-alone",
    "\"when\":{\"terminal-list\":[\"reversing\"]},\"state\":\"u4\"",
    "\"when\":{\"terminal-list\":[\"declined\"]},\"state\":\"u1\"" },
  { "not-charged-by-dont-know",
    "\"portal\":[\"declined\"],\"customer-debit\":[\"no\"",
    "\"portal\":[\"declined\",\"unknown\"],\"customer-debit\":[\"no\"" },
  { "nothing-confirms", "\"confirmed_by\":[\"terminal-list\",\"portal\"]", "\"confirmed_by\":[]" },
  { "unknown-state", "\"state\":\"u4\"", "\"state\":\"u44\"" },
  { "unknown-answer", "\"terminal-list\":[\"reversing\"]", "\"terminal-list\":[\"ghost\"]" },
};

static void
test_break (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (PfaKnowledge) knowledge = load_knowledge ();
  g_autofree char *written = pfa_json_write_object (pfa_knowledge_get_payment (knowledge), FALSE);
  g_autoptr (GString) text = g_string_new (written);
  g_autoptr (JsonObject) json = NULL;
  g_autoptr (GError) error = NULL;

  /* The order of the two members is the writer's. */
  if (g_string_replace (text, breaks[i].from, breaks[i].to, 1) == 0)
    {
      g_autoptr (GString) from =
          g_string_new ("\"state\":\"u4\",\"when\":{\"terminal-list\":[\"reversing\"]}");

      g_assert_cmpuint (
          g_string_replace (text,
                            from->str,
                            "\"state\":\"u1\",\"when\":{\"terminal-list\":[\"declined\"]}",
                            1),
          ==,
          1);
    }
  json = pfa_json_parse_object (text->str, -1, "payment", &error);
  g_assert_no_error (error);
  g_assert_null (pfa_payment_new (json, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
}

static void
test_retry_for_a_charged_state (void)
{
  g_autoptr (PfaKnowledge) knowledge = load_knowledge ();
  g_autofree char *written = pfa_json_write_object (pfa_knowledge_get_payment (knowledge), FALSE);
  g_autoptr (GString) text = g_string_new (written);
  g_autoptr (JsonObject) json = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_string_replace (text, "\"may_retry\":false", "\"may_retry\":true", 0), >, 5);
  json = pfa_json_parse_object (text->str, -1, "payment", &error);
  g_assert_null (pfa_payment_new (json, &error));
  g_assert_nonnull (strstr (error->message, "retry"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/payment/all-answers-keep-the-rules", test_all_answers);
  g_test_add_func ("/diagnosis/payment/every-way-ends-and-every-state-is-reached",
                   test_every_way_ends);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/diagnosis/payment/row/%s", rows[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
    }
  g_test_add_func ("/diagnosis/payment/two-retries-then-another-way", test_retries);
  g_test_add_func ("/diagnosis/payment/wrong-answers-are-refused", test_wrong_answers);
  for (guint i = 0; i < G_N_ELEMENTS (breaks); i++)
    {
      g_autofree char *path = g_strdup_printf ("/diagnosis/payment/refused/%s", breaks[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_break);
    }
  g_test_add_func ("/diagnosis/payment/refused/retry-for-a-charged-state",
                   test_retry_for_a_charged_state);
  return g_test_run ();
}
