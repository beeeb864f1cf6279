/* pfa-desk-filing.h - brings tickets to the help desks, and their answers back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-desk-server.h"
#include "pfa-desk-tickets.h"

G_BEGIN_DECLS

#define PFA_TYPE_DESK_FILING (pfa_desk_filing_get_type ())
G_DECLARE_FINAL_TYPE (PfaDeskFiling, pfa_desk_filing, PFA, DESK_FILING, GObject)

/* The desk's part "filing". @adapters: (element-type PfaDeskAdapter), may be empty. What is not
 * told yet is told from now on, also what an earlier run left. */
PfaDeskFiling *pfa_desk_filing_new (PfaDeskServer *desk, GPtrArray *adapters);

/* Within a transaction: notes for every adapter what it is to be told. @event: bundle, withdrawn.
 */
gboolean pfa_desk_filing_note (PfaDeskFiling *self,
                               gint64 ticket_id,
                               const char *event,
                               const char *sha256,
                               GError **error);

/* Asks the help desk about @ticket_id, at most once a minute, and takes over state and answers.
 * Always succeeds: what cannot be asked now is asked the next time. */
void pfa_desk_filing_look_async (PfaDeskFiling *self,
                                 gint64 ticket_id,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

G_END_DECLS
