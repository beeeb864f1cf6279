/* pfa-practice-page.h - a made-up trouble to walk through: nothing real is touched
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_PRACTICE_PAGE (pfa_practice_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaPracticePage, pfa_practice_page, PFA, PRACTICE_PAGE, PfaPage)

G_END_DECLS
