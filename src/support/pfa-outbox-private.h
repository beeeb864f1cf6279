/* pfa-outbox-private.h - what the outbox's own files share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "pfa-outbox.h"

G_BEGIN_DECLS

#define PFA_OUTBOX_RECEIPT_FILE "receipt.json"

/* One session a trust file, kept as long as @self. (transfer none) */
SoupSession *pfa_outbox_ensure_session (PfaOutbox *self, PfaOutboxItem *item, GError **error);

G_END_DECLS
