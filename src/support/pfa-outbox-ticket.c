/* pfa-outbox-ticket.c - what becomes of what was sent: looked at, withdrawn
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-error.h"
#include "pfa-outbox-item-private.h"
#include "pfa-outbox-private.h"
#include "pfa-support-http.h"
#include "pfa-ticket.h"

/* The session for asking about @item's ticket; NULL: @task has been answered. */
static SoupSession *
session_for_ticket (PfaOutbox *self, PfaOutboxItem *item, GTask *task)
{
  GError *error = NULL;
  SoupSession *session = NULL;

  if (item->ticket_url == NULL || item->token == NULL)
    error = g_error_new_literal (PFA_ERROR,
                                 PFA_ERROR_NOT_SUPPORTED,
                                 "this provider tells nothing about its tickets");
  else if (pfa_support_check_url (item->ticket_url, &error))
    session = pfa_outbox_ensure_session (self, item, &error);
  if (session == NULL)
    g_task_return_error (task, error);
  return session;
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  PfaTicketState *state = pfa_ticket_look_finish (result, &error);

  if (state != NULL)
    g_task_return_pointer (task, state, (GDestroyNotify) pfa_ticket_state_free);
  else
    g_task_return_error (task, error);
}

void
pfa_outbox_look_async (PfaOutbox *self,
                       PfaOutboxItem *item,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  SoupSession *session;

  g_task_set_source_tag (task, pfa_outbox_look_async);
  session = session_for_ticket (self, item, task);
  if (session != NULL)
    pfa_ticket_look_async (session,
                           item->ticket_url,
                           item->token,
                           cancellable,
                           on_looked_cb,
                           g_steal_pointer (&task));
}

PfaTicketState *
pfa_outbox_look_finish (PfaOutbox *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_withdrawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaOutboxItem *item = g_task_get_task_data (task);
  GError *error = NULL;
  JsonObject *receipt = pfa_ticket_withdraw_finish (result, &error);

  if (receipt == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* It is deleted there, whether or not we can note it here. */
  pfa_outbox_item_keep_receipt (item, receipt);
  pfa_outbox_item_set_state (item, PFA_OUTBOX_WITHDRAWN);
  pfa_outbox_item_save (item, NULL);
  g_task_return_pointer (task, receipt, (GDestroyNotify) json_object_unref);
}

void
pfa_outbox_withdraw_async (PfaOutbox *self,
                           PfaOutboxItem *item,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  SoupSession *session;

  g_task_set_source_tag (task, pfa_outbox_withdraw_async);
  g_task_set_task_data (task, g_object_ref (item), g_object_unref);
  session = session_for_ticket (self, item, task);
  if (session != NULL)
    pfa_ticket_withdraw_async (session,
                               item->ticket_url,
                               item->token,
                               cancellable,
                               on_withdrawn_cb,
                               g_steal_pointer (&task));
}

JsonObject *
pfa_outbox_withdraw_finish (PfaOutbox *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
