/* test-history-text.c - which earlier incidents leave the customer's money open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-history-text.h"

typedef struct
{
  const char *name;
  const char *answers; /* question=answer, comma between */
  gboolean practice;
  gboolean open;
} Case;

static const Case cases[] = {
  { "never-asked", "", FALSE, FALSE },
  { "list-not-seen", "terminal-list=unknown,portal=cannot-look", FALSE, TRUE },
  { "being-reversed", "terminal-list=reversing", FALSE, TRUE },
  { "charged", "portal=approved", FALSE, FALSE },
  { "not-charged", "terminal-list=declined,portal=declined,customer-debit=no", FALSE, FALSE },
  { "practice", "terminal-list=reversing", TRUE, FALSE },
};

static void
test_money_open (gconstpointer data)
{
  const Case *the = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (&error);
  g_autoptr (PfaIncident) incident = pfa_incident_new ("96");
  g_auto (GStrv) answers = g_strsplit (the->answers, ",", -1);

  g_assert_no_error (error);
  incident->practice = the->practice;
  for (guint i = 0; answers[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (answers[i], "=", 2);

      json_object_set_string_member (incident->payment, pair[0], pair[1]);
    }
  g_assert_cmpint (pfa_history_text_is_money_open (incident, knowledge), ==, the->open);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/app/history-text/money-open/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_money_open);
    }
  return g_test_run ();
}
