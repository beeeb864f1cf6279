/* pfa-desk-withdrawal.h - what was sent goes again: asked for by the merchant, or grown old
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-desk-server.h"
#include "pfa-desk-tickets.h"

G_BEGIN_DECLS

/* Deletes the ticket's bundles, summary, contact and answers; its number stays, marked withdrawn.
 * The receipt: {"receipt", "ticket", "time", "deleted": [{"sha256", "size"}]}. (transfer full) */
JsonObject *pfa_desk_withdrawal_run (PfaDeskServer *desk, PfaDeskTicket *ticket, GError **error);

/* Empties tickets that nobody touched for @days, and uploads that outlived themselves, now and
 * every hour while @desk lives. */
void pfa_desk_withdrawal_watch_age (PfaDeskServer *desk, guint days);

G_END_DECLS
