/* test-codes.c - a code that is no fault of the line is explained before any check runs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-language.h"
#include "pfa-stage.h"

typedef struct
{
  const char *code;
  const char *sentence; /* must be read on the page */
} Case;

static const Case cases[] = {
  { "51", "This concerns the customer’s card. It is no fault of the terminal." },
  { "54", "This concerns the customer’s card. It is no fault of the terminal." },
  { "00", "Nothing is wrong with the terminal or your line." },
  { "ZQ9", "We do not know this code" },
};

static PfaStage *stage;

static GtkWidget *
find_entry (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_ENTRY (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_entry (child);
  return found;
}

static gboolean
is_read (GtkWidget *widget, const char *sentence)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), sentence))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (is_read (child, sentence))
      return TRUE;
  return FALSE;
}

static GtkWidget *
get_page (void)
{
  return GTK_WIDGET (pfa_window_get_page (stage->window));
}

static void
test_is_told_first (gconstpointer data)
{
  const Case *the = data;

  pfa_window_go (stage->window, "home");
  pfa_stage_settle (stage);
  gtk_editable_set_text (GTK_EDITABLE (find_entry (get_page ())), the->code);
  g_assert_true (gtk_widget_activate_action (get_page (), "home.start", NULL));
  pfa_stage_settle (stage);
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (get_page ()), ==, "PfaExplainPage");
  g_assert_true (is_read (get_page (), the->sentence));
  g_assert_null (pfa_aid_get_incident (pfa_context_get_aid (stage->context)));

  g_assert_true (gtk_widget_activate_action (get_page (), "explain.check", NULL));
  pfa_stage_settle (stage);
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (get_page ()), ==, "PfaHomePage");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_entry (get_page ()))), ==, the->code);
}

/* 96 differs from place to place and is what the checks are for: nobody's fault is denied. */
static void
test_fault_is_not_denied (void)
{
  pfa_window_go (stage->window, "explain:96");
  pfa_stage_settle (stage);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_false (is_read (get_page (), cases[i].sentence));
}

int
main (int argc, char *argv[])
{
  int status;

  pfa_language_set_up ("en");
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  stage = pfa_stage_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/codes/%s-is-told-first", cases[i].code);

      g_test_add_data_func (path, &cases[i], test_is_told_first);
    }
  g_test_add_func ("/ui/codes/fault-is-not-denied", test_fault_is_not_denied);
  status = g_test_run ();
  pfa_stage_free (stage);
  return status;
}
