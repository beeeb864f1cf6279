/* pfa-explain-page.h - what any code means, by the code or by the words on the screen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_EXPLAIN_PAGE (pfa_explain_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaExplainPage, pfa_explain_page, PFA, EXPLAIN_PAGE, PfaPage)

G_END_DECLS
