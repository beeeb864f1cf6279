/* test-wrap-box.c - Tab goes through columns in their order, however long each is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gtk/gtk.h>

#include "pfa-wrap-box.h"

typedef struct
{
  const char *name;
  int heights[3];
} ColumnCase;

static const ColumnCase column_cases[] = {
  { "equal", { 50, 50, 50 } },
  { "the-first-is-longest", { 300, 100, 50 } },
  { "the-last-is-longest", { 50, 100, 300 } },
};

static void
test_columns (gconstpointer data)
{
  const ColumnCase *row = data;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = pfa_wrap_box_new (6);
  GtkWidget *children[G_N_ELEMENTS (row->heights)];
  int n = G_N_ELEMENTS (children);

  for (int i = 0; i < n; i++)
    {
      children[i] = gtk_button_new_with_label ("x");
      gtk_widget_set_valign (children[i], GTK_ALIGN_START);
      gtk_widget_set_size_request (children[i], 50, row->heights[i]);
      pfa_wrap_box_append (PFA_WRAP_BOX (box), children[i]);
    }
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);
  gtk_window_set_focus (GTK_WINDOW (window), NULL);

  for (int i = 0; i < n; i++)
    {
      g_assert_true (gtk_widget_child_focus (box, GTK_DIR_TAB_FORWARD));
      g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == children[i]);
    }
  g_assert_false (gtk_widget_child_focus (box, GTK_DIR_TAB_FORWARD));
  for (int i = n - 2; i >= 0; i--)
    {
      g_assert_true (gtk_widget_child_focus (box, GTK_DIR_TAB_BACKWARD));
      g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == children[i]);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (column_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/wrap-box/%s", column_cases[i].name);

      g_test_add_data_func (path, &column_cases[i], test_columns);
    }
  return g_test_run ();
}
