/* pfa-settings-page.c - provider, terminals, language, size of text, watch, history
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-settings-page.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#include "pfa-button.h"
#include "pfa-language.h"
#include "pfa-phrases.h"
#include "pfa-row.h"
#include "pfa-terminal-address.h"
#include "pfa-text-drop-down.h"
#include "pfa-usb-list.h"
#include "pfa-wrap-box.h"

struct _PfaSettingsPage
{
  PfaPage parent_instance;
  GtkAdjustment *text_size;
  GtkEditable *terminal_entry;
  GtkListBox *terminals_list;
  GtkCheckButton *elder_check;
  GtkCheckButton *throughput_check;
  GtkCheckButton *watch_check;
  GtkWidget *settings_box;
  GtkWidget *unkept_label;
  PfaTextDropDown *language_choice;
  PfaTextDropDown *provider_choice;
  PfaTextDropDown *retention_choice;
  PfaUsbList *usb_list;
  gboolean filling;
};

typedef struct
{
  const char *id;
  const char *title;
} Choice;

static const Choice languages[] = {
  { "system", N_ ("As this computer") },
  { "en", "English" },
  { "zh_CN", "简体中文" },
  { "de", "Deutsch" },
};

static const Choice retentions[] = {
  { "30", N_ ("One month") },
  { "90", N_ ("Three months") },
  { "365", N_ ("One year") },
  { "1825", N_ ("Five years") },
};

G_DEFINE_FINAL_TYPE (PfaSettingsPage, pfa_settings_page, PFA_TYPE_PAGE)

static GSettings *
get_settings (PfaSettingsPage *self)
{
  return pfa_context_get_settings (pfa_page_get_context (PFA_PAGE (self)));
}

static void
on_provider_chosen_cb (PfaSettingsPage *self)
{
  if (!self->filling && get_settings (self) != NULL)
    g_settings_set_string (get_settings (self),
                           "provider",
                           pfa_text_drop_down_get_chosen (self->provider_choice));
}

static void
on_language_chosen_cb (PfaSettingsPage *self)
{
  if (self->filling || get_settings (self) == NULL)
    return;
  g_settings_set_string (get_settings (self),
                         "language",
                         pfa_text_drop_down_get_chosen (self->language_choice));
  pfa_context_say (pfa_page_get_context (PFA_PAGE (self)),
                   _ ("The new language holds from the next start."));
}

static void
on_retention_chosen_cb (PfaSettingsPage *self)
{
  if (!self->filling && get_settings (self) != NULL)
    g_settings_set_int (get_settings (self),
                        "retention-days",
                        atoi (pfa_text_drop_down_get_chosen (self->retention_choice)));
}

static void
change_terminals (PfaSettingsPage *self, const char *add, const char *remove)
{
  g_auto (GStrv) old = g_settings_get_strv (get_settings (self), "terminals");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; old[i] != NULL; i++)
    if (g_strcmp0 (old[i], remove) != 0 && g_strcmp0 (old[i], add) != 0)
      g_strv_builder_add (builder, old[i]);
  if (add != NULL)
    g_strv_builder_add (builder, add);
  list = g_strv_builder_end (builder);
  g_settings_set_strv (get_settings (self), "terminals", (const char *const *) list);
}

static GtkWidget *
make_terminal_row (const char *address)
{
  GtkWidget *row = pfa_row_new (address, NULL);
  GtkWidget *buttons = pfa_wrap_box_new (12);
  GtkWidget *test = pfa_button_new (_ ("Test"));
  GtkWidget *remove = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *target = g_strdup_printf ("terminal:%s", address);
  g_autofree char *spoken = g_strdup_printf (_ ("Remove %s"), address);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (test), "win.go");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (test), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (remove), "settings.remove-terminal");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (remove), "s", address);
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken,
                                  -1);
  gtk_widget_add_css_class (remove, "target");
  pfa_wrap_box_append (PFA_WRAP_BOX (buttons), test);
  pfa_wrap_box_append (PFA_WRAP_BOX (buttons), remove);
  pfa_row_add_below (PFA_ROW (row), buttons);
  return row;
}

static void
show_terminals (PfaSettingsPage *self)
{
  g_auto (GStrv) list = g_settings_get_strv (get_settings (self), "terminals");

  pfa_row_clear_list (self->terminals_list);
  for (guint i = 0; list[i] != NULL; i++)
    gtk_list_box_append (self->terminals_list, make_terminal_row (list[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->terminals_list), list[0] != NULL);
  pfa_usb_list_set_kept (self->usb_list, (const char *const *) list);
}

static void
on_add_terminal_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaSettingsPage *self = PFA_SETTINGS_PAGE (widget);
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->terminal_entry)));
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaTerminalAddress) parsed = NULL;

  if (get_settings (self) == NULL)
    return;
  parsed = pfa_terminal_address_parse (address, &error);
  if (parsed == NULL)
    {
      pfa_context_say (pfa_page_get_context (PFA_PAGE (self)),
                       _ ("We do not understand that address. An example: zvt+tcp://192.168.1.50"));
      return;
    }
  change_terminals (self, address, NULL);
  gtk_editable_set_text (self->terminal_entry, "");
  show_terminals (self);
}

static void
on_add_found_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaSettingsPage *self = PFA_SETTINGS_PAGE (widget);

  if (get_settings (self) == NULL)
    return;
  change_terminals (self, g_variant_get_string (parameter, NULL), NULL);
  show_terminals (self);
}

static void
on_remove_terminal_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  change_terminals (PFA_SETTINGS_PAGE (widget), NULL, g_variant_get_string (parameter, NULL));
  show_terminals (PFA_SETTINGS_PAGE (widget));
}

static void
delete_all (PfaSettingsPage *self)
{
  PfaJournal *journal = pfa_context_get_journal (pfa_page_get_context (PFA_PAGE (self)));
  g_autoptr (GPtrArray) incidents = NULL;
  g_autoptr (GError) error = NULL;

  if (journal != NULL)
    incidents = pfa_journal_list (journal, 0, &error);
  for (guint i = 0; incidents != NULL && error == NULL && i < incidents->len; i++)
    pfa_journal_delete (journal, ((PfaIncident *) g_ptr_array_index (incidents, i))->id, &error);
  pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  if (error == NULL)
    pfa_context_say (pfa_page_get_context (PFA_PAGE (self)), _ ("The history is deleted."));
}

static void
on_delete_answered_cb (PfaSettingsPage *self, const char *response)
{
  if (g_str_equal (response, "delete"))
    delete_all (self);
}

static void
on_delete_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkWidget *dialog =
      adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)),
                              _ ("Delete the whole history?"),
                              _ ("All earlier incidents go. This cannot be undone."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "keep",
                                    _ ("Keep it"),
                                    "delete",
                                    _ ("Delete"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog),
                                              "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog,
                           "response",
                           G_CALLBACK (on_delete_answered_cb),
                           widget,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
fill_choices (PfaSettingsPage *self)
{
  GPtrArray *providers = pfa_knowledge_get_providers (
      pfa_context_get_knowledge (pfa_page_get_context (PFA_PAGE (self))));

  for (guint i = 0; i < providers->len; i++)
    {
      PfaProvider *provider = g_ptr_array_index (providers, i);

      pfa_text_drop_down_add (self->provider_choice, provider->id, pfa_phrases_provider (provider));
    }
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    pfa_text_drop_down_add (self->language_choice, languages[i].id, _ (languages[i].title));
  for (guint i = 0; i < G_N_ELEMENTS (retentions); i++)
    pfa_text_drop_down_add (self->retention_choice, retentions[i].id, _ (retentions[i].title));
}

static void
pfa_settings_page_shown (PfaPage *page, const char *parameter)
{
  PfaSettingsPage *self = PFA_SETTINGS_PAGE (page);
  PfaContext *context = pfa_page_get_context (page);
  g_autofree char *provider = pfa_context_dup_string (context, "provider");
  g_autofree char *language = pfa_context_dup_string (context, "language");
  g_autofree char *retention =
      g_strdup_printf ("%d", pfa_context_get_number (context, "retention-days", 365));

  self->filling = TRUE;
  pfa_text_drop_down_choose (self->provider_choice, provider);
  pfa_text_drop_down_choose (self->language_choice, language);
  pfa_text_drop_down_choose (self->retention_choice, retention);
  self->filling = FALSE;
  if (get_settings (self) != NULL)
    show_terminals (self);
}

static void
pfa_settings_page_constructed (GObject *object)
{
  PfaSettingsPage *self = PFA_SETTINGS_PAGE (object);
  GSettings *settings = get_settings (self);

  G_OBJECT_CLASS (pfa_settings_page_parent_class)->constructed (object);
  self->filling = TRUE;
  fill_choices (self);
  gtk_widget_set_sensitive (self->settings_box, settings != NULL);
  gtk_widget_set_visible (self->unkept_label, settings == NULL);
  if (settings != NULL)
    {
      g_settings_bind (settings, "text-size", self->text_size, "value", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings,
                       "elder-view",
                       self->elder_check,
                       "active",
                       G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings,
                       "throughput",
                       self->throughput_check,
                       "active",
                       G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "watch", self->watch_check, "active", G_SETTINGS_BIND_DEFAULT);
    }
  self->filling = FALSE;
}

static void
pfa_settings_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_SETTINGS_PAGE);
  G_OBJECT_CLASS (pfa_settings_page_parent_class)->dispose (object);
}

static void
pfa_settings_page_class_init (PfaSettingsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_settings_page_dispose;
  G_OBJECT_CLASS (klass)->constructed = pfa_settings_page_constructed;
  PFA_PAGE_CLASS (klass)->shown = pfa_settings_page_shown;
  g_type_ensure (PFA_TYPE_TEXT_DROP_DOWN);
  g_type_ensure (PFA_TYPE_USB_LIST);

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-settings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, elder_check);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, language_choice);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, provider_choice);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, retention_choice);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, settings_box);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, terminal_entry);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, terminals_list);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, text_size);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, throughput_check);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, unkept_label);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, usb_list);
  gtk_widget_class_bind_template_child (widget_class, PfaSettingsPage, watch_check);
  gtk_widget_class_bind_template_callback (widget_class, on_language_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_provider_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retention_chosen_cb);
  gtk_widget_class_install_action (widget_class, "settings.add-terminal", NULL, on_add_terminal_cb);
  gtk_widget_class_install_action (widget_class, "settings.add-found", "s", on_add_found_cb);
  gtk_widget_class_install_action (widget_class,
                                   "settings.remove-terminal",
                                   "s",
                                   on_remove_terminal_cb);
  gtk_widget_class_install_action (widget_class, "settings.delete-history", NULL, on_delete_cb);
}

static void
pfa_settings_page_init (PfaSettingsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
