/* pfa-checking-page.h - the checks while they run, and all findings afterwards
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_CHECKING_PAGE (pfa_checking_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaCheckingPage, pfa_checking_page, PFA, CHECKING_PAGE, PfaPage)

G_END_DECLS
