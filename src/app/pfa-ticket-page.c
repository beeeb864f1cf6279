/* pfa-ticket-page.c - what waits, what was sent, and the ticket for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-ticket-page.h"

#include <glib/gi18n.h>

#include "pfa-button.h"
#include "pfa-outbox.h"
#include "pfa-qr.h"
#include "pfa-row.h"
#include "pfa-wrap-box.h"

struct _PfaTicketPage
{
  PfaPage parent_instance;
  GtkLabel *state_label;
  GtkLabel *ticket_label;
  GtkListBox *items_list;
  GtkProgressBar *progress;
  GtkWidget *ticket_box;
  PfaQr *qr;
  PfaOutbox *outbox;   /* NULL: it cannot be opened */
  PfaOutboxItem *item; /* the newest, which the page is about */
};

G_DEFINE_FINAL_TYPE (PfaTicketPage, pfa_ticket_page, PFA_TYPE_PAGE)

static const char *
say_state (PfaOutboxItem *item)
{
  switch (pfa_outbox_item_get_state (item))
    {
    case PFA_OUTBOX_SENDING:
      return _ ("It is being sent.");
    case PFA_OUTBOX_SENT:
      return _ ("Support has it.");
    case PFA_OUTBOX_REFUSED:
      return _ ("Your provider did not take it. Please ring its support.");
    case PFA_OUTBOX_CANCELLED:
      return _ ("You have stopped it.");
    case PFA_OUTBOX_EXPIRED:
      return _ ("It could not be sent in three days.");
    case PFA_OUTBOX_PAUSED:
      return _ ("You have paused it.");
    case PFA_OUTBOX_WITHDRAWN:
      return _ ("You took it back. Support has deleted it.");
    case PFA_OUTBOX_WITHDRAWING:
      return _ ("You have stopped it. What support may have is still to be deleted.");
    case PFA_OUTBOX_PENDING:
    default:
      return _ (
          "It waits. It will be sent by itself when the line is back. You can close the window.");
    }
}

static gboolean
is_waiting (PfaOutboxState state)
{
  return state == PFA_OUTBOX_PENDING || state == PFA_OUTBOX_SENDING || state == PFA_OUTBOX_PAUSED;
}

static void
add_button (GtkWidget *box, const char *text, const char *action, const char *id)
{
  GtkWidget *button = pfa_button_new (text);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
  pfa_wrap_box_append (PFA_WRAP_BOX (box), button);
}

static GtkWidget *
make_item_row (PfaOutboxItem *item)
{
  const char *ticket = pfa_outbox_item_get_ticket (item);
  const char *id = pfa_outbox_item_get_id (item);
  PfaOutboxState state = pfa_outbox_item_get_state (item);
  GtkWidget *row =
      pfa_row_new (ticket != NULL ? ticket : pfa_outbox_item_get_provider (item), say_state (item));
  GtkWidget *buttons = pfa_wrap_box_new (12);

  if (state == PFA_OUTBOX_PAUSED)
    add_button (buttons, _ ("Go on"), "ticket.resume", id);
  else if (is_waiting (state))
    add_button (buttons, _ ("Pause"), "ticket.pause", id);
  if (is_waiting (state))
    add_button (buttons, _ ("Do not send"), "ticket.cancel", id);
  else if (state == PFA_OUTBOX_SENT)
    add_button (buttons, _ ("Take it back"), "ticket.withdraw", id);
  pfa_row_add_below (PFA_ROW (row), buttons);
  return row;
}

static void
show_item (PfaTicketPage *self)
{
  const char *ticket = self->item != NULL ? pfa_outbox_item_get_ticket (self->item) : NULL;
  const char *url = self->item != NULL ? pfa_outbox_item_get_ticket_url (self->item) : NULL;
  gboolean sending =
      self->item != NULL && pfa_outbox_item_get_state (self->item) == PFA_OUTBOX_SENDING;
  double progress = 0;

  gtk_label_set_text (self->state_label,
                      self->item != NULL ? say_state (self->item)
                                         : _ ("Nothing waits to be sent."));
  gtk_widget_set_visible (self->ticket_box, ticket != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), sending);
  if (sending)
    g_object_get (self->item, "progress", &progress, NULL);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (progress, 0, 1));
  gtk_label_set_text (self->ticket_label, ticket != NULL ? ticket : "");
  pfa_qr_set_text (self->qr,
                   url != NULL ? url : ticket,
                   _ ("The ticket as a picture for a camera"));
  pfa_page_set_title (PFA_PAGE (self), ticket != NULL ? _ ("Your ticket") : _ ("Handing over"));
}

static void
show_all (PfaTicketPage *self)
{
  guint n = self->outbox != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->outbox)) : 0;

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  pfa_row_clear_list (self->items_list);
  for (guint i = n; i > 0; i--)
    {
      g_autoptr (PfaOutboxItem) item = g_list_model_get_item (G_LIST_MODEL (self->outbox), i - 1);

      if (self->item == NULL)
        self->item = g_object_ref (item);
      gtk_list_box_append (self->items_list, make_item_row (item));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->items_list), n > 0);
  if (self->item != NULL)
    {
      g_signal_connect_swapped (self->item, "notify::state", G_CALLBACK (show_all), self);
      g_signal_connect_swapped (self->item, "notify::progress", G_CALLBACK (show_item), self);
    }
  show_item (self);
}

static void
on_sent_cb (PfaTicketPage *self, PfaOutboxItem *item)
{
  PfaAid *aid = pfa_page_get_aid (PFA_PAGE (self));
  const PfaIncident *incident = pfa_aid_get_incident (aid);

  if (incident != NULL && g_strcmp0 (incident->id, pfa_outbox_item_get_incident (item)) == 0)
    pfa_aid_set_handed_over (aid, pfa_outbox_item_get_ticket (item));
}

static void
pfa_ticket_page_shown (PfaPage *page, const char *parameter)
{
  PfaTicketPage *self = PFA_TICKET_PAGE (page);
  g_autoptr (GError) error = NULL;

  if (self->outbox == NULL)
    {
      self->outbox = pfa_context_ensure_outbox (pfa_page_get_context (page), &error);
      pfa_context_report (pfa_page_get_context (page), error);
      if (self->outbox != NULL)
        {
          g_object_ref (self->outbox);
          g_signal_connect_object (self->outbox,
                                   "items-changed",
                                   G_CALLBACK (show_all),
                                   self,
                                   G_CONNECT_SWAPPED);
          g_signal_connect_object (self->outbox,
                                   "item-sent",
                                   G_CALLBACK (on_sent_cb),
                                   self,
                                   G_CONNECT_SWAPPED);
        }
    }
  show_all (self);
}

static PfaOutboxItem *
find_item (PfaTicketPage *self, GVariant *parameter)
{
  return self->outbox != NULL
             ? pfa_outbox_find (self->outbox, g_variant_get_string (parameter, NULL))
             : NULL;
}

static void
set_paused (PfaTicketPage *self, GVariant *parameter, gboolean paused)
{
  PfaOutboxItem *item = find_item (self, parameter);
  g_autoptr (GError) error = NULL;

  if (item != NULL && !pfa_outbox_set_paused (self->outbox, item, paused, &error))
    pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  if (!paused && item != NULL)
    pfa_outbox_hurry (self->outbox, item);
  show_all (self);
}

static void
on_pause_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  set_paused (PFA_TICKET_PAGE (widget), parameter, TRUE);
}

static void
on_resume_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  set_paused (PFA_TICKET_PAGE (widget), parameter, FALSE);
}

static void
on_cancel_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaTicketPage *self = PFA_TICKET_PAGE (widget);
  PfaOutboxItem *item = find_item (self, parameter);
  g_autoptr (GError) error = NULL;

  if (item != NULL && !pfa_outbox_cancel (self->outbox, item, &error))
    pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  show_all (self);
}

static void
on_withdrawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaTicketPage) self = PFA_TICKET_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) receipt = pfa_outbox_withdraw_finish (PFA_OUTBOX (source), result, &error);

  if (receipt == NULL)
    pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  show_all (self);
}

static void
on_withdraw_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaTicketPage *self = PFA_TICKET_PAGE (widget);
  PfaOutboxItem *item = find_item (self, parameter);

  if (item != NULL)
    pfa_outbox_withdraw_async (self->outbox, item, NULL, on_withdrawn_cb, g_object_ref (self));
}

static void
on_copy_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          gtk_label_get_text (PFA_TICKET_PAGE (widget)->ticket_label));
}

static void
forget (PfaTicketPage *self)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  g_clear_object (&self->outbox);
}

static void
pfa_ticket_page_dispose (GObject *object)
{
  forget (PFA_TICKET_PAGE (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_TICKET_PAGE);
  G_OBJECT_CLASS (pfa_ticket_page_parent_class)->dispose (object);
}

static void
pfa_ticket_page_class_init (PfaTicketPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_ticket_page_dispose;
  PFA_PAGE_CLASS (klass)->shown = pfa_ticket_page_shown;
  g_type_ensure (PFA_TYPE_QR);

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-ticket-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaTicketPage, items_list);
  gtk_widget_class_bind_template_child (widget_class, PfaTicketPage, progress);
  gtk_widget_class_bind_template_child (widget_class, PfaTicketPage, qr);
  gtk_widget_class_bind_template_child (widget_class, PfaTicketPage, state_label);
  gtk_widget_class_bind_template_child (widget_class, PfaTicketPage, ticket_box);
  gtk_widget_class_bind_template_child (widget_class, PfaTicketPage, ticket_label);
  gtk_widget_class_install_action (widget_class, "ticket.pause", "s", on_pause_cb);
  gtk_widget_class_install_action (widget_class, "ticket.resume", "s", on_resume_cb);
  gtk_widget_class_install_action (widget_class, "ticket.cancel", "s", on_cancel_cb);
  gtk_widget_class_install_action (widget_class, "ticket.withdraw", "s", on_withdraw_cb);
  gtk_widget_class_install_action (widget_class, "ticket.copy", NULL, on_copy_cb);
}

static void
pfa_ticket_page_init (PfaTicketPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
