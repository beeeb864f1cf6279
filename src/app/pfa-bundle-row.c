/* pfa-bundle-row.c - one file of the bundle in the preview's list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-row.h"

#include <glib/gi18n.h>

#include "pfa-bundle-text.h"
#include "pfa-row.h"

static void
set_spoken (GtkWidget *widget, const char *text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
on_included_toggled_cb (GtkCheckButton *button, PfaBundle *bundle)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "pfa-index"));

  if (index < pfa_bundle_get_n_members (bundle))
    pfa_bundle_set_included (bundle, index, gtk_check_button_get_active (button));
}

static GtkWidget *
make_check (PfaBundle *bundle, guint index)
{
  const PfaBundleMember *member = pfa_bundle_get_member (bundle, index);
  g_autofree char *spoken = g_strdup_printf (_ ("Send %s"), member->name);
  GtkWidget *check = gtk_check_button_new ();

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), member->included);
  gtk_widget_set_sensitive (check,
                            member->effect != PFA_BUNDLE_EFFECT_REQUIRED &&
                                member->dropped == NULL);
  set_spoken (check, spoken);
  gtk_widget_add_css_class (check, "target");
  g_object_set_data (G_OBJECT (check), "pfa-index", GUINT_TO_POINTER (index));
  g_signal_connect_object (check, "toggled", G_CALLBACK (on_included_toggled_cb), bundle, 0);
  return check;
}

static GtkWidget *
make_remove_button (PfaBundle *bundle, guint index)
{
  const PfaBundleMember *member = pfa_bundle_get_member (bundle, index);
  g_autofree char *spoken = g_strdup_printf (_ ("Take out %s again"), member->name);
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  set_spoken (button, spoken);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "target");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "bundle.remove");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", index);
  return button;
}

GtkWidget *
pfa_bundle_row_new (PfaBundle *bundle, guint index)
{
  const PfaBundleMember *member = pfa_bundle_get_member (bundle, index);
  const gboolean added = pfa_bundle_is_added (bundle, index);
  g_autofree char *about = pfa_bundle_text_dup_member (member);
  /* The person knows the file by its own name. */
  g_autofree char *subtitle = added ? g_strdup_printf ("%s · %s", member->source, about) : NULL;
  g_autofree char *title = pfa_bundle_text_dup_title (member);
  GtkWidget *row = pfa_row_new (title, added ? subtitle : about);

  pfa_row_add_prefix (PFA_ROW (row), make_check (bundle, index));
  if (added)
    pfa_row_add_suffix (PFA_ROW (row), make_remove_button (bundle, index));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "bundle.view");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "u", index);
  return row;
}
