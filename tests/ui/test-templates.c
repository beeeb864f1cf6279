/* test-templates.c - every page comes up from its template, without a warning, and goes again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-language.h"
#include "pfa-stage.h"
#include "pfa-wrap-box.h"

/* The least side of what is pressed, in pixels (B.2 of the rules for every screen). */
#define LEAST_TARGET       48
#define LEAST_TARGET_ELDER 60
/* In the elder view, in points. */
#define LEAST_TEXT_ELDER 18

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

/* Window controls are the desktop's; a menu's rows are GTK's. */
static gboolean
is_target (GtkWidget *widget)
{
  if (GTK_IS_LIST_BOX_ROW (widget) && !gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (widget)))
    return FALSE;
  if (!GTK_IS_BUTTON (widget) && !GTK_IS_CHECK_BUTTON (widget) && !GTK_IS_LIST_BOX_ROW (widget) &&
      !GTK_IS_ENTRY (widget) && !GTK_IS_SWITCH (widget))
    return FALSE;
  return gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) == NULL &&
         gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER) == NULL;
}

static void
assert_targets (GtkWidget *widget, const char *page, int least)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (is_target (widget))
    {
      int width = gtk_widget_get_allocated_width (widget);
      int height = gtk_widget_get_allocated_height (widget);

      /* Seven days share a line of the narrowest window. */
      if (width < (gtk_widget_has_css_class (widget, "day") ? LEAST_TARGET : least) ||
          height < least)
        {
          g_test_message ("%s: a %s is %d × %d", page, G_OBJECT_TYPE_NAME (widget), width, height);
          g_test_fail ();
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_targets (child, page, least);
}

static void
test_targets_are_large (gconstpointer data)
{
  pfa_window_go (stage->window, data);
  pfa_stage_settle (stage);
  assert_targets (GTK_WIDGET (stage->window), data, LEAST_TARGET);
}

static void
assert_large_text (GtkWidget *widget, const char *page)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_LABEL (widget) && *gtk_label_get_text (GTK_LABEL (widget)) != '\0')
    {
      PangoContext *context = gtk_widget_get_pango_context (widget);
      const PangoFontDescription *font = pango_context_get_font_description (context);
      /* The style sheet sets pixels; 96 of them are an inch. */
      double points = (double) pango_font_description_get_size (font) / PANGO_SCALE *
                      (pango_font_description_get_size_is_absolute (font) ? 0.75 : 1);

      if (points < LEAST_TEXT_ELDER - 0.1)
        {
          g_test_message ("%s: “%s” has %.1f pt",
                          page,
                          gtk_label_get_text (GTK_LABEL (widget)),
                          points);
          g_test_fail ();
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_large_text (child, page);
}

/* No two columns: what stands in a box of columns begins at the same edge. */
static void
assert_one_column (GtkWidget *widget, const char *page)
{
  int width = 0;

  if (!gtk_widget_get_mapped (widget))
    return;
  if (PFA_IS_WRAP_BOX (widget))
    g_object_get (widget, "child-width", &width, NULL);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t place;

      if (width > 0 && gtk_widget_get_mapped (child) &&
          gtk_widget_compute_bounds (child, widget, &place) && place.origin.x > 0.5)
        {
          g_test_message ("%s: a second column", page);
          g_test_fail ();
        }
      assert_one_column (child, page);
    }
}

static void
test_elder_view (gconstpointer data)
{
  gtk_widget_add_css_class (GTK_WIDGET (stage->window), "elder");
  pfa_window_go (stage->window, data);
  pfa_stage_settle (stage);
  assert_targets (GTK_WIDGET (stage->window), data, LEAST_TARGET_ELDER);
  assert_large_text (GTK_WIDGET (stage->window), data);
  assert_one_column (GTK_WIDGET (stage->window), data);
  gtk_widget_remove_css_class (GTK_WIDGET (stage->window), "elder");
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
      g_autofree char *elder = g_strdup_printf ("/ui/elder/%s", names[i]);
      g_autofree char *targets = g_strdup_printf ("/ui/targets/%s", names[i]);

      g_test_add_data_func (path, names[i], test_page_comes_up);
      g_test_add_data_func (targets, names[i], test_targets_are_large);
      g_test_add_data_func (elder, names[i], test_elder_view);
    }
  g_test_add_func ("/ui/verdict/several-faults-are-told", test_several_faults_are_told);
  status = g_test_run ();
  pfa_stage_free (stage);
  return status;
}
