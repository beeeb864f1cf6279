/* test-templates.c - every page comes up from its template, without a warning, and goes again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-language.h"
#include "pfa-stage.h"

/* The least side of what is pressed, in pixels (B.2 of the rules for every screen). */
#define LEAST_TARGET 48

static PfaStage *stage;

static void
test_page_comes_up (gconstpointer data)
{
  pfa_window_go (stage->window, data);
  pfa_stage_settle (stage);
  g_assert_nonnull (pfa_window_get_page (stage->window));
  g_assert_cmpstr (pfa_page_get_title (pfa_window_get_page (stage->window)), !=, "");
  g_assert_nonnull (pfa_page_get_topic (pfa_window_get_page (stage->window)));
}

/* A switch, a scale and an entry are reached by their row or by the keyboard; window controls are
 * the desktop's. */
static gboolean
is_target (GtkWidget *widget)
{
  if (GTK_IS_LIST_BOX_ROW (widget) && !gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (widget)))
    return FALSE;
  if (!GTK_IS_BUTTON (widget) && !GTK_IS_CHECK_BUTTON (widget) && !GTK_IS_LIST_BOX_ROW (widget))
    return FALSE;
  return gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) == NULL &&
         gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER) == NULL;
}

static void
assert_targets (GtkWidget *widget, const char *page)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (is_target (widget))
    {
      int width = gtk_widget_get_allocated_width (widget);
      int height = gtk_widget_get_allocated_height (widget);

      if (width < LEAST_TARGET || height < LEAST_TARGET)
        {
          g_test_message ("%s: a %s is %d × %d", page, G_OBJECT_TYPE_NAME (widget), width, height);
          g_test_fail ();
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_targets (child, page);
}

static void
test_targets_are_large (gconstpointer data)
{
  pfa_window_go (stage->window, data);
  pfa_stage_settle (stage);
  assert_targets (GTK_WIDGET (stage->window), data);
}

static gboolean
shows (const char *child)
{
  GtkWidget *page;
  GObject *box;

  pfa_window_go (stage->window, "verdict");
  pfa_stage_settle (stage);
  page = GTK_WIDGET (pfa_window_get_page (stage->window));
  box = gtk_widget_get_template_child (page, G_OBJECT_TYPE (page), child);
  return gtk_widget_get_visible (GTK_WIDGET (box));
}

/* Last: it changes the incident that all pages show. */
static void
test_several_faults_are_told (void)
{
  PfaAid *aid = pfa_context_get_aid (stage->context);

  g_assert_false (shows ("several_box"));
  g_assert_true (pfa_aid_answer (aid, "terminal-hardware", "faulty", NULL));
  g_assert_true (pfa_aid_answer (aid, "provider-feed", "down", NULL));
  g_assert_true (pfa_aid_has_several_faults (aid));
  g_assert_true (shows ("several_box"));
  /* A step that did not help is among the reasons then, and is no observation. */
  g_assert_true (pfa_aid_end_step (aid, "restart-router", "failed", NULL));
  g_assert_true (shows ("several_box"));
}

int
main (int argc, char *argv[])
{
  const char *const *names;
  int status;

  pfa_language_set_up ("en");
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  stage = pfa_stage_new (NULL);
  pfa_stage_fill_history (stage, 12);
  pfa_stage_play_incident (stage);
  names = pfa_window_get_page_names ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/templates/%s-comes-up", names[i]);
      g_autofree char *targets = g_strdup_printf ("/ui/targets/%s", names[i]);

      g_test_add_data_func (path, names[i], test_page_comes_up);
      g_test_add_data_func (targets, names[i], test_targets_are_large);
    }
  g_test_add_func ("/ui/verdict/several-faults-are-told", test_several_faults_are_told);
  status = g_test_run ();
  pfa_stage_free (stage);
  return status;
}
