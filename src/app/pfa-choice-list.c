/* pfa-choice-list.c - one question's answers, one of which can be picked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-choice-list.h"

#define ID_KEY "pfa-choice-id"

struct _PfaChoiceList
{
  GtkBox parent_instance;
  GtkCheckButton *first;
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PfaChoiceList, pfa_choice_list, GTK_TYPE_BOX)

static void
on_toggled_cb (GtkCheckButton *button, PfaChoiceList *self)
{
  if (gtk_check_button_get_active (button))
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, g_object_get_data (G_OBJECT (button), ID_KEY));
}

void
pfa_choice_list_clear (PfaChoiceList *self)
{
  GtkWidget *child;

  g_return_if_fail (PFA_IS_CHOICE_LIST (self));

  self->first = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_box_remove (GTK_BOX (self), child);
}

void
pfa_choice_list_add (PfaChoiceList *self, const char *id, const char *title)
{
  GtkWidget *button = gtk_check_button_new ();
  GtkWidget *label = gtk_label_new (title);

  g_return_if_fail (PFA_IS_CHOICE_LIST (self));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title,
                                  -1);
  gtk_widget_add_css_class (button, "choice");
  g_object_set_data_full (G_OBJECT (button), ID_KEY, g_strdup (id), g_free);

  if (self->first == NULL)
    self->first = GTK_CHECK_BUTTON (button);
  else
    gtk_check_button_set_group (GTK_CHECK_BUTTON (button), self->first);
  g_signal_connect (button, "toggled", G_CALLBACK (on_toggled_cb), self);
  gtk_box_append (GTK_BOX (self), button);
}

const char *
pfa_choice_list_get_chosen (PfaChoiceList *self)
{
  g_return_val_if_fail (PFA_IS_CHOICE_LIST (self), NULL);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_check_button_get_active (GTK_CHECK_BUTTON (child)))
      return g_object_get_data (G_OBJECT (child), ID_KEY);
  return NULL;
}

void
pfa_choice_list_choose (PfaChoiceList *self, const char *id)
{
  g_return_if_fail (PFA_IS_CHOICE_LIST (self));

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_strcmp0 (g_object_get_data (G_OBJECT (child), ID_KEY), id) == 0)
      gtk_check_button_set_active (GTK_CHECK_BUTTON (child), TRUE);
}

GtkWidget *
pfa_choice_list_new (void)
{
  return g_object_new (PFA_TYPE_CHOICE_LIST, NULL);
}

static void
pfa_choice_list_class_init (PfaChoiceListClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen",
                                         PFA_TYPE_CHOICE_LIST,
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
pfa_choice_list_init (PfaChoiceList *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "choices");
}
