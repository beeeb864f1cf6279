/* pfa-outbox.h - what waits to be sent, and the order in which it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-intake.h"
#include "pfa-outbox-item.h"

G_BEGIN_DECLS

#define PFA_TYPE_OUTBOX (pfa_outbox_get_type ())
/* A GListModel of PfaOutboxItem, oldest first. Signals:
 *   item-sent (PfaOutboxItem *), item-refused (PfaOutboxItem *): for a notification, once each.
 *   line-lost (), line-back (): passes stop and go on.
 *   pass-ended (): nothing is being sent just now. */
G_DECLARE_FINAL_TYPE (PfaOutbox, pfa_outbox, PFA, OUTBOX, GObject)

/* Opens or makes @directory ("…/pos-first-aid/outbox"). Contacts nobody. */
PfaOutbox *pfa_outbox_open (const char *directory, GError **error);

/* Copies the bundle; when it returns, the item survives a power cut. The same bundle of the same
 * incident is the same item. Nothing is sent yet. (transfer full) */
PfaOutboxItem *pfa_outbox_add (PfaOutbox *self, const PfaOutboxRequest *request, GError **error);
/* (transfer none) NULL: there is none. A beginning of the id is enough where it is unique. */
PfaOutboxItem *pfa_outbox_find (PfaOutbox *self, const char *id);
/* Reads the directory again: another process may have added or sent something. */
void pfa_outbox_refresh (PfaOutbox *self);
/* How many still wait. */
guint pfa_outbox_count_waiting (PfaOutbox *self);

/* From now on sends by itself: what is due, at its time, and when the line is back. Called after a
 * click on "send", and at the program's start only when something waits already. */
void pfa_outbox_start (PfaOutbox *self);
void pfa_outbox_stop (PfaOutbox *self);
/* The person asks for @item: it is due now, whatever its time; only Retry-After still holds. */
void pfa_outbox_hurry (PfaOutbox *self, PfaOutboxItem *item);
gboolean pfa_outbox_is_busy (PfaOutbox *self);
/* One pass now, for all that waits, whatever its time; only Retry-After still holds. Finishes when
 * everything has been tried or the line is found missing. Fails with BUSY while a pass runs. */
void pfa_outbox_run_async (PfaOutbox *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean pfa_outbox_run_finish (PfaOutbox *self, GAsyncResult *result, GError **error);

/* Gives @item up and deletes its copy. Before the intake is asked for a ticket it is cancelled at
 * once, and the beginning that the server may hold expires there. From then on it is withdrawing:
 * the ticket is asked for once more, which makes no second one, and what lies there is deleted; it
 * ends withdrawn, with a receipt. Where the provider had not got it, it ends cancelled; where it
 * gives no token, or another bundle of the incident is in the same ticket, it ends sent. */
gboolean pfa_outbox_cancel (PfaOutbox *self, PfaOutboxItem *item, GError **error);
/* Holds @item back until it is resumed. */
gboolean
pfa_outbox_set_paused (PfaOutbox *self, PfaOutboxItem *item, gboolean paused, GError **error);
/* Forgets an item that has ended. */
gboolean pfa_outbox_remove (PfaOutbox *self, PfaOutboxItem *item, GError **error);

/* What the provider says about the ticket of a sent item. */
void pfa_outbox_look_async (PfaOutbox *self,
                            PfaOutboxItem *item,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
PfaTicketState *pfa_outbox_look_finish (PfaOutbox *self, GAsyncResult *result, GError **error);
/* Deletes at the desk what was sent; the receipt is kept beside the item. (transfer full) */
void pfa_outbox_withdraw_async (PfaOutbox *self,
                                PfaOutboxItem *item,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
JsonObject *pfa_outbox_withdraw_finish (PfaOutbox *self, GAsyncResult *result, GError **error);

G_END_DECLS
