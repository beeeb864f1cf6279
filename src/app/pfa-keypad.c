/* pfa-keypad.c - twelve keys like those of a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-keypad.h"

#include <glib/gi18n.h>

#define COLUMNS 3
#define SPACING 6

struct _PfaKeypad
{
  GtkWidget parent_instance;
};

enum
{
  SIGNAL_KEY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *const keys[] = {
  "1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "0", "erase"
};

G_DEFINE_FINAL_TYPE (PfaKeypad, pfa_keypad, GTK_TYPE_WIDGET)

static void
on_clicked_cb (GtkButton *button, PfaKeypad *self)
{
  g_signal_emit (self, signals[SIGNAL_KEY], 0, gtk_widget_get_name (GTK_WIDGET (button)));
}

static GtkWidget *
make_key (PfaKeypad *self, const char *key)
{
  GtkWidget *button;

  if (g_str_equal (key, "erase"))
    {
      button = gtk_button_new_from_icon_name ("edit-clear-symbolic");
      gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("Erase the last digit"),
                                      -1);
      gtk_widget_add_css_class (button, "erase");
    }
  else
    button = gtk_button_new_with_label (key);
  gtk_widget_set_name (button, key);
  gtk_widget_set_hexpand (button, TRUE);
  g_signal_connect (button, "clicked", G_CALLBACK (on_clicked_cb), self);
  return button;
}

static void
pfa_keypad_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (pfa_keypad_parent_class)->dispose (object);
}

static void
pfa_keypad_class_init (PfaKeypadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_keypad_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  signals[SIGNAL_KEY] = g_signal_new ("key",
                                      PFA_TYPE_KEYPAD,
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
pfa_keypad_init (PfaKeypad *self)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_row_spacing (GTK_GRID (grid), SPACING);
  gtk_grid_set_column_spacing (GTK_GRID (grid), SPACING);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_widget_add_css_class (grid, "keypad");
  for (int i = 0; i < (int) G_N_ELEMENTS (keys); i++)
    gtk_grid_attach (GTK_GRID (grid), make_key (self, keys[i]), i % COLUMNS, i / COLUMNS, 1, 1);
  gtk_widget_set_parent (grid, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Keypad"),
                                  -1);
}
