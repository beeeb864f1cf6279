/* pfa-ticket.h - the requests about a ticket: hand over, look, withdraw
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "pfa-intake.h"

G_BEGIN_DECLS

/* What an intake said. Neither an answer nor an error: come later. */
typedef struct
{
  PfaIntakeAnswer *answer; /* a ticket, or discarded for good; NULL: come later */
  gboolean upload_missing; /* it does not have the upload (any more) */
  gint64 retry_after;      /* seconds; -1: not said */
  guint status;
} PfaTicketOutcome;

void pfa_ticket_outcome_free (PfaTicketOutcome *self);

/* POST. The same @key gives the same ticket, however often it is asked. */
void pfa_ticket_submit_async (SoupSession *session,
                              const char *url,
                              const char *key,
                              const PfaIntakeRequest *request,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
PfaTicketOutcome *pfa_ticket_submit_finish (GAsyncResult *result, GError **error);

/* GET: state and the provider's answers. PFA_ERROR_NOT_FOUND: the desk has forgotten it. */
void pfa_ticket_look_async (SoupSession *session,
                            const char *url,
                            const char *token,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
PfaTicketState *pfa_ticket_look_finish (GAsyncResult *result, GError **error);

/* DELETE: the receipt as the desk gave it. (transfer full) */
void pfa_ticket_withdraw_async (SoupSession *session,
                                const char *url,
                                const char *token,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
JsonObject *pfa_ticket_withdraw_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaTicketOutcome, pfa_ticket_outcome_free)

G_END_DECLS
