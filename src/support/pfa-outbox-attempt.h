/* pfa-outbox-attempt.h - one attempt to bring one outbox item to its ticket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "pfa-outbox-item-private.h"

G_BEGIN_DECLS

typedef enum
{
  PFA_OUTBOX_ATTEMPT_DONE,    /* sent, refused or grown too old: nothing more to do */
  PFA_OUTBOX_ATTEMPT_LATER,   /* the server could not take it now */
  PFA_OUTBOX_ATTEMPT_NO_LINE, /* the others need not be tried either */
  PFA_OUTBOX_ATTEMPT_HELD,    /* another process is at work on it, or it has ended meanwhile */
} PfaOutboxAttempt;

/* Locks the item, reads it anew, writes its state before and after each step. Errors: cancelled
 * (the item is pending again), PFA_ERROR_STORAGE. */
void pfa_outbox_attempt_async (PfaOutboxItem *item,
                               SoupSession *session,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
/* @result: undefined on an error. */
gboolean pfa_outbox_attempt_finish (PfaOutboxItem *item,
                                    GAsyncResult *task,
                                    PfaOutboxAttempt *result,
                                    GError **error);

G_END_DECLS
