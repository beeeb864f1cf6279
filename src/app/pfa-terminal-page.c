/* pfa-terminal-page.c - reads a terminal, on a click, with the person told before
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-page.h"

#include <glib/gi18n.h>

#include "pfa-json.h"
#include "pfa-row.h"
#include "pfa-terminal-address.h"

struct _PfaTerminalPage
{
  PfaPage parent_instance;
  GtkCheckButton *online_check;
  GtkCheckButton *quiet_check;
  GtkEditable *address_entry;
  GtkListBox *results;
  GtkSpinner *spinner;
  GtkWidget *read_button;
  GtkWidget *result_box;
  GCancellable *reading;
};

G_DEFINE_FINAL_TYPE (PfaTerminalPage, pfa_terminal_page, PFA_TYPE_PAGE)

static void
add (PfaTerminalPage *self, const char *title, const char *value)
{
  if (value != NULL && *value != '\0')
    gtk_list_box_append (self->results, pfa_row_new (value, title));
}

static void
add_clock (PfaTerminalPage *self, JsonObject *status)
{
  double offset = pfa_json_peek_double (status, "clock_offset_s", 0);
  g_autofree char *text = NULL;

  if (pfa_json_peek_string (status, "clock") == NULL)
    return;
  if (ABS (offset) < 120)
    text = g_strdup (_ ("The clock is right"));
  else
    text = g_strdup_printf (_ ("The clock is wrong by %d minutes"), (int) (ABS (offset) / 60));
  add (self, _ ("Clock"), text);
}

/* What the terminal did not say is left out: unknown is not "ready". */
static void
show_status (PfaTerminalPage *self, JsonObject *status)
{
  JsonObject *identity = pfa_json_peek_object (status, "identity");
  JsonObject *state = pfa_json_peek_object (status, "state");
  JsonObject *problem = pfa_json_peek_object (status, "problem");
  JsonObject *last = pfa_json_peek_object (status, "last_result");
  const char *made_by = last != NULL ? pfa_json_peek_string (last, "made_by") : NULL;

  if (problem != NULL)
    add (self, _ ("It could not be read"), pfa_json_peek_string (problem, "text"));
  if (state != NULL)
    add (self, _ ("State"), pfa_json_peek_string (state, "text"));
  if (identity != NULL)
    {
      add (self, _ ("Model"), pfa_json_peek_string (identity, "model"));
      add (self, _ ("Serial number, partly hidden"), pfa_json_peek_string (identity, "serial"));
    }
  add (self, _ ("Software"), pfa_json_peek_string (status, "software"));
  add_clock (self, status);
  if (last != NULL && g_strcmp0 (made_by, "host") == 0)
    add (self, _ ("Last result, made by the provider"), pfa_json_peek_string (last, "text"));
  else if (last != NULL)
    add (self, _ ("Last result, made by the terminal"), pfa_json_peek_string (last, "text"));
  add (self, _ ("Printer"), pfa_json_peek_string (status, "printer"));
}

static void
pfa_terminal_page_refresh (PfaPage *page)
{
  PfaTerminalPage *self = PFA_TERMINAL_PAGE (page);
  const PfaIncident *incident = pfa_aid_get_incident (pfa_page_get_aid (page));
  gboolean reading = self->reading != NULL;

  pfa_row_clear_list (self->results);
  if (incident != NULL && incident->terminal_status != NULL && !reading)
    show_status (self, incident->terminal_status);
  gtk_widget_set_visible (self->result_box,
                          gtk_widget_get_first_child (GTK_WIDGET (self->results)) != NULL);
  gtk_spinner_set_spinning (self->spinner, reading);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), reading);
  gtk_widget_set_sensitive (self->read_button,
                            !reading && gtk_check_button_get_active (self->quiet_check));
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaTerminalPage) self = PFA_TERMINAL_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  pfa_aid_read_terminal_finish (PFA_AID (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  pfa_terminal_page_refresh (PFA_PAGE (self));
}

/* DESIGN.md 5.3: only on this click, only while no payment runs, read-only; going online is asked
 * for apart. */
static void
on_start_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaTerminalPage *self = PFA_TERMINAL_PAGE (widget);
  PfaAid *aid = pfa_page_get_aid (PFA_PAGE (self));
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address_entry)));
  g_autoptr (PfaTerminalAddress) parsed = pfa_terminal_address_parse (address, NULL);

  if (parsed == NULL)
    {
      pfa_context_say (pfa_page_get_context (PFA_PAGE (self)),
                       _ ("We do not understand that address. An example: zvt+tcp://192.168.1.50"));
      return;
    }
  if (self->reading != NULL)
    return;
  if (pfa_aid_get_incident (aid) == NULL)
    pfa_aid_begin (aid, "96", pfa_context_find_provider (pfa_page_get_context (PFA_PAGE (self))));
  pfa_aid_set_terminal (aid, address);
  self->reading = g_cancellable_new ();
  pfa_aid_read_terminal_async (aid,
                               gtk_check_button_get_active (self->online_check),
                               0,
                               self->reading,
                               on_read_cb,
                               g_object_ref (self));
  pfa_terminal_page_refresh (PFA_PAGE (self));
}

static void
on_quiet_toggled_cb (PfaTerminalPage *self)
{
  pfa_terminal_page_refresh (PFA_PAGE (self));
}

static void
pfa_terminal_page_shown (PfaPage *page, const char *parameter)
{
  PfaTerminalPage *self = PFA_TERMINAL_PAGE (page);
  GSettings *settings = pfa_context_get_settings (pfa_page_get_context (page));
  g_auto (GStrv) saved = settings != NULL ? g_settings_get_strv (settings, "terminals") : NULL;

  gtk_check_button_set_active (self->quiet_check, FALSE);
  gtk_check_button_set_active (self->online_check, FALSE);
  if (parameter != NULL)
    gtk_editable_set_text (self->address_entry, parameter);
  else if (*gtk_editable_get_text (self->address_entry) == '\0' && saved != NULL &&
           saved[0] != NULL)
    gtk_editable_set_text (self->address_entry, saved[0]);
}

static void
pfa_terminal_page_left (PfaPage *page)
{
  PfaTerminalPage *self = PFA_TERMINAL_PAGE (page);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
pfa_terminal_page_dispose (GObject *object)
{
  pfa_terminal_page_left (PFA_PAGE (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_TERMINAL_PAGE);
  G_OBJECT_CLASS (pfa_terminal_page_parent_class)->dispose (object);
}

static void
pfa_terminal_page_class_init (PfaTerminalPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_terminal_page_dispose;
  PFA_PAGE_CLASS (klass)->refresh = pfa_terminal_page_refresh;
  PFA_PAGE_CLASS (klass)->shown = pfa_terminal_page_shown;
  PFA_PAGE_CLASS (klass)->left = pfa_terminal_page_left;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-terminal-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaTerminalPage, address_entry);
  gtk_widget_class_bind_template_child (widget_class, PfaTerminalPage, online_check);
  gtk_widget_class_bind_template_child (widget_class, PfaTerminalPage, quiet_check);
  gtk_widget_class_bind_template_child (widget_class, PfaTerminalPage, read_button);
  gtk_widget_class_bind_template_child (widget_class, PfaTerminalPage, result_box);
  gtk_widget_class_bind_template_child (widget_class, PfaTerminalPage, results);
  gtk_widget_class_bind_template_child (widget_class, PfaTerminalPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, on_quiet_toggled_cb);
  gtk_widget_class_install_action (widget_class, "terminal.read", NULL, on_start_cb);
}

static void
pfa_terminal_page_init (PfaTerminalPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
