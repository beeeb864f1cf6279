/* pfa-money-page.h - was the customer charged? The first page of every run
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_MONEY_PAGE (pfa_money_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaMoneyPage, pfa_money_page, PFA, MONEY_PAGE, PfaPage)

G_END_DECLS
