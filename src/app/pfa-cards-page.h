/* pfa-cards-page.h - what can be printed: staff card, note for the customer, maintenance plan
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_CARDS_PAGE (pfa_cards_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaCardsPage, pfa_cards_page, PFA, CARDS_PAGE, PfaPage)

G_END_DECLS
