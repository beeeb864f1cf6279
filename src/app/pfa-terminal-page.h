/* pfa-terminal-page.h - reads a terminal, on a click, with the person told before
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_TERMINAL_PAGE (pfa_terminal_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaTerminalPage, pfa_terminal_page, PFA, TERMINAL_PAGE, PfaPage)

G_END_DECLS
