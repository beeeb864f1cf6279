/* pfa-verdict-page.h - what is most likely wrong, why, and the one thing to do now
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_VERDICT_PAGE (pfa_verdict_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaVerdictPage, pfa_verdict_page, PFA, VERDICT_PAGE, PfaPage)

G_END_DECLS
