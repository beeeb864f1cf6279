/* pfa-text-drop-down.c - a choice of texts with ids that wraps where the window is narrow
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-text-drop-down.h"

struct _PfaTextDropDown
{
  GtkWidget parent_instance;
  GtkWidget *box;
  GtkWidget *label;
  GtkWidget *drop_down;
  GtkStringList *texts;
  GPtrArray *ids; /* (element-type utf8) */
};

enum
{
  PROP_0,
  PROP_LABEL,
  N_PROPS,
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PfaTextDropDown, pfa_text_drop_down, GTK_TYPE_WIDGET)

static void
on_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
  gtk_list_item_set_child (item, label);
}

static void
on_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

/* What a screen reader hears: what is chosen, and of what. */
static void
update_spoken (PfaTextDropDown *self)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->drop_down));
  const char *text = selected != GTK_INVALID_LIST_POSITION
                         ? gtk_string_list_get_string (self->texts, selected)
                         : "";
  GtkWidget *button = gtk_widget_get_first_child (self->drop_down);
  g_autofree char *spoken =
      g_strdup_printf ("%s: %s", gtk_label_get_text (GTK_LABEL (self->label)), text);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->drop_down),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken,
                                  -1);
  /* The part of it that takes the focus. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken,
                                  -1);
}

static void
on_selected_cb (PfaTextDropDown *self)
{
  update_spoken (self);
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
}

void
pfa_text_drop_down_add (PfaTextDropDown *self, const char *id, const char *text)
{
  g_return_if_fail (PFA_IS_TEXT_DROP_DOWN (self));

  g_ptr_array_add (self->ids, g_strdup (id));
  gtk_string_list_append (self->texts, text);
  update_spoken (self);
}

void
pfa_text_drop_down_clear (PfaTextDropDown *self)
{
  g_return_if_fail (PFA_IS_TEXT_DROP_DOWN (self));

  gtk_string_list_splice (self->texts, 0, self->ids->len, NULL);
  g_ptr_array_set_size (self->ids, 0);
}

const char *
pfa_text_drop_down_get_chosen (PfaTextDropDown *self)
{
  guint selected;

  g_return_val_if_fail (PFA_IS_TEXT_DROP_DOWN (self), NULL);

  selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->drop_down));
  return selected < self->ids->len ? g_ptr_array_index (self->ids, selected) : NULL;
}

void
pfa_text_drop_down_choose (PfaTextDropDown *self, const char *id)
{
  guint index;

  g_return_if_fail (PFA_IS_TEXT_DROP_DOWN (self));

  if (id != NULL && g_ptr_array_find_with_equal_func (self->ids, id, g_str_equal, &index))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->drop_down), index);
}

static void
pfa_text_drop_down_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  PfaTextDropDown *self = PFA_TEXT_DROP_DOWN (object);

  if (id == PROP_LABEL)
    {
      gtk_label_set_text_with_mnemonic (GTK_LABEL (self->label), g_value_get_string (value));
      update_spoken (self);
    }
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
pfa_text_drop_down_dispose (GObject *object)
{
  g_clear_pointer (&PFA_TEXT_DROP_DOWN (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (pfa_text_drop_down_parent_class)->dispose (object);
}

static void
pfa_text_drop_down_finalize (GObject *object)
{
  g_ptr_array_unref (PFA_TEXT_DROP_DOWN (object)->ids);
  G_OBJECT_CLASS (pfa_text_drop_down_parent_class)->finalize (object);
}

static void
pfa_text_drop_down_class_init (PfaTextDropDownClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_text_drop_down_dispose;
  object_class->finalize = pfa_text_drop_down_finalize;
  object_class->set_property = pfa_text_drop_down_set_property;
  properties[PROP_LABEL] =
      g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen",
                                         PFA_TYPE_TEXT_DROP_DOWN,
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pfa_text_drop_down_init (PfaTextDropDown *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->texts = gtk_string_list_new (NULL);
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cb), NULL);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  self->label = g_object_new (GTK_TYPE_LABEL,
                              "wrap",
                              TRUE,
                              "wrap-mode",
                              PANGO_WRAP_WORD_CHAR,
                              "xalign",
                              0.0,
                              NULL);
  self->drop_down = gtk_drop_down_new (G_LIST_MODEL (self->texts), NULL);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (self->drop_down), factory);
  g_object_unref (factory);
  gtk_label_set_mnemonic_widget (GTK_LABEL (self->label), self->drop_down);
  gtk_box_append (GTK_BOX (self->box), self->label);
  gtk_box_append (GTK_BOX (self->box), self->drop_down);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  g_signal_connect_swapped (self->drop_down, "notify::selected", G_CALLBACK (on_selected_cb), self);
}
