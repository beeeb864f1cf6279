/* pfa-history-page.h - earlier incidents: calendar, list, charts, patterns
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_HISTORY_PAGE (pfa_history_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaHistoryPage, pfa_history_page, PFA, HISTORY_PAGE, PfaPage)

G_END_DECLS
