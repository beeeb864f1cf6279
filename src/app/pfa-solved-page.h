/* pfa-solved-page.h - it works again: what helped, and what is left to do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_SOLVED_PAGE (pfa_solved_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaSolvedPage, pfa_solved_page, PFA, SOLVED_PAGE, PfaPage)

G_END_DECLS
