/* pfa-row.c - a row of a list: mark, title, subtitle, and what stands behind them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-row.h"

#include "pfa-mark.h"

#define MARK_SIZE 24

struct _PfaRow
{
  AdwPreferencesRow parent_instance;
  GtkWidget *box;
  GtkWidget *mark;
  GtkWidget *icon;
  GtkWidget *title;
  GtkWidget *subtitle;
  GtkWidget *arrow;
  GtkWidget *texts;
  gboolean has_state;
  PfaStationState state;
};

enum
{
  PROP_0,
  PROP_SUBTITLE,
  PROP_ICON_NAME,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PfaRow, pfa_row, ADW_TYPE_PREFERENCES_ROW)

static void
update_spoken (PfaRow *self)
{
  const char *title = gtk_label_get_text (GTK_LABEL (self->title));
  const char *subtitle = gtk_label_get_text (GTK_LABEL (self->subtitle));
  g_autoptr (GString) spoken = g_string_new (title);

  if (*subtitle != '\0')
    g_string_append_printf (spoken, ". %s", subtitle);
  if (self->has_state)
    g_string_append_printf (spoken, ": %s", pfa_mark_get_word (self->state));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken->str,
                                  -1);
}

static void
on_title_changed_cb (PfaRow *self)
{
  gtk_label_set_text (GTK_LABEL (self->title),
                      adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));
  update_spoken (self);
}

static void
on_action_changed_cb (PfaRow *self)
{
  gboolean acts = gtk_actionable_get_action_name (GTK_ACTIONABLE (self)) != NULL;

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), acts);
  gtk_widget_set_visible (self->arrow, acts);
}

void
pfa_row_set_subtitle (PfaRow *self, const char *subtitle)
{
  g_return_if_fail (PFA_IS_ROW (self));

  gtk_label_set_text (GTK_LABEL (self->subtitle), subtitle != NULL ? subtitle : "");
  gtk_widget_set_visible (self->subtitle, subtitle != NULL && *subtitle != '\0');
  update_spoken (self);
}

void
pfa_row_set_state (PfaRow *self, PfaStationState state)
{
  g_return_if_fail (PFA_IS_ROW (self));

  self->has_state = TRUE;
  self->state = state;
  pfa_mark_set_state (PFA_MARK (self->mark), state);
  gtk_widget_set_visible (self->mark, TRUE);
  update_spoken (self);
}

void
pfa_row_add_prefix (PfaRow *self, GtkWidget *widget)
{
  g_return_if_fail (PFA_IS_ROW (self));

  gtk_box_prepend (GTK_BOX (self->box), widget);
}

void
pfa_row_add_suffix (PfaRow *self, GtkWidget *widget)
{
  g_return_if_fail (PFA_IS_ROW (self));

  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_box_insert_child_after (GTK_BOX (self->box),
                              widget,
                              gtk_widget_get_prev_sibling (self->arrow));
}

void
pfa_row_add_below (PfaRow *self, GtkWidget *widget)
{
  g_return_if_fail (PFA_IS_ROW (self));

  gtk_widget_set_margin_top (widget, 6);
  gtk_box_append (GTK_BOX (self->texts), widget);
}

GtkWidget *
pfa_row_new (const char *title, const char *subtitle)
{
  return g_object_new (PFA_TYPE_ROW, "title", title, "subtitle", subtitle, NULL);
}

GtkWidget *
pfa_row_new_list (const char *name)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return list;
}

void
pfa_row_clear_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

static void
pfa_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  PfaRow *self = PFA_ROW (object);

  switch (id)
    {
    case PROP_SUBTITLE:
      pfa_row_set_subtitle (self, g_value_get_string (value));
      break;
    case PROP_ICON_NAME:
      gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), g_value_get_string (value));
      gtk_widget_set_visible (self->icon, g_value_get_string (value) != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
pfa_row_class_init (PfaRowClass *klass)
{
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  G_OBJECT_CLASS (klass)->set_property = pfa_row_set_property;
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static GtkWidget *
make_label (const char *style_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, style_class);
  return label;
}

static GtkWidget *
make_icon (const char *name)
{
  return g_object_new (GTK_TYPE_IMAGE,
                       "icon-name",
                       name,
                       "accessible-role",
                       GTK_ACCESSIBLE_ROLE_PRESENTATION,
                       "visible",
                       FALSE,
                       NULL);
}

static void
pfa_row_init (PfaRow *self)
{
  self->texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (self->box, "row-box");
  self->mark = pfa_mark_new (MARK_SIZE);
  gtk_widget_set_visible (self->mark, FALSE);
  self->icon = make_icon (NULL);
  self->arrow = make_icon ("go-next-symbolic");
  self->title = make_label ("row-title");
  self->subtitle = make_label ("row-subtitle");
  gtk_widget_set_visible (self->subtitle, FALSE);
  gtk_box_append (GTK_BOX (self->texts), self->title);
  gtk_box_append (GTK_BOX (self->texts), self->subtitle);
  gtk_widget_set_hexpand (self->texts, TRUE);
  gtk_widget_set_valign (self->texts, GTK_ALIGN_CENTER);

  gtk_box_append (GTK_BOX (self->box), self->icon);
  gtk_box_append (GTK_BOX (self->box), self->mark);
  gtk_box_append (GTK_BOX (self->box), self->texts);
  gtk_box_append (GTK_BOX (self->box), self->arrow);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), self->box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  /* Else Enter on a row would press the page's blue button. */
  gtk_widget_set_receives_default (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "notify::title", G_CALLBACK (on_title_changed_cb), NULL);
  g_signal_connect (self, "notify::action-name", G_CALLBACK (on_action_changed_cb), NULL);
}
