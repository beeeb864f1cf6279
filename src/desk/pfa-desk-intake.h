/* pfa-desk-intake.h - POST /tickets: an uploaded bundle becomes a ticket, once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-desk-server.h"

G_BEGIN_DECLS

#define PFA_TYPE_DESK_INTAKE (pfa_desk_intake_get_type ())
G_DECLARE_FINAL_TYPE (PfaDeskIntake, pfa_desk_intake, PFA, DESK_INTAKE, GObject)

/* A ticket gets a bundle; called within the transaction. FALSE: it is rolled back. */
typedef gboolean (*PfaDeskFiledFunc) (gint64 ticket_id,
                                      const char *sha256,
                                      gpointer user_data,
                                      GError **error);

/* The desk's part "intake"; needs "uploads" and "limits". */
PfaDeskIntake *pfa_desk_intake_new (PfaDeskServer *desk);
void
pfa_desk_intake_set_filed_func (PfaDeskIntake *self, PfaDeskFiledFunc func, gpointer user_data);

void pfa_desk_intake_answer_post (PfaDeskServer *desk, SoupServerMessage *message);

G_END_DECLS
