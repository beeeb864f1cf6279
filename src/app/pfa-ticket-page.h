/* pfa-ticket-page.h - what waits, what was sent, and the ticket for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_TICKET_PAGE (pfa_ticket_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaTicketPage, pfa_ticket_page, PFA, TICKET_PAGE, PfaPage)

G_END_DECLS
