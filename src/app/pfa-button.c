/* pfa-button.c - a button whose text wraps, shows its mnemonic and is read out once; a key acts at
 * once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-button.h"

struct _PfaButton
{
  GtkButton parent_instance;
  GtkWidget *label;
};

enum
{
  PROP_0,
  PROP_TEXT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PfaButton, pfa_button, GTK_TYPE_BUTTON)

GtkWidget *
pfa_button_new (const char *text)
{
  return g_object_new (PFA_TYPE_BUTTON, "text", text, NULL);
}

void
pfa_button_set_text (PfaButton *self, const char *text)
{
  g_return_if_fail (PFA_IS_BUTTON (self));

  gtk_label_set_text_with_mnemonic (GTK_LABEL (self->label), text != NULL ? text : "");
}

static void
pfa_button_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  if (id == PROP_TEXT)
    pfa_button_set_text (PFA_BUTTON (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

/* GtkButton shows a pressed look for a quarter of a second before a key acts; whoever waits with a
 * customer would look at nothing for that long. */
static void
pfa_button_activate (GtkButton *button)
{
  g_signal_emit_by_name (button, "clicked");
}

static void
pfa_button_class_init (PfaButtonClass *klass)
{
  G_OBJECT_CLASS (klass)->set_property = pfa_button_set_property;
  GTK_BUTTON_CLASS (klass)->activate = pfa_button_activate;

  properties[PROP_TEXT] =
      g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
pfa_button_init (PfaButton *self)
{
  self->label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD);
  gtk_label_set_justify (GTK_LABEL (self->label), GTK_JUSTIFY_CENTER);
  gtk_label_set_mnemonic_widget (GTK_LABEL (self->label), GTK_WIDGET (self));
  gtk_button_set_child (GTK_BUTTON (self), self->label);
}
