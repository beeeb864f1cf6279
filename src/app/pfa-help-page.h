/* pfa-help-page.h - the help of one page, inside the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_HELP_PAGE (pfa_help_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaHelpPage, pfa_help_page, PFA, HELP_PAGE, PfaPage)

G_END_DECLS
