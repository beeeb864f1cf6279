/* pfa-prevent-page.h - what keeps code 96 away, the most useful first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_PREVENT_PAGE (pfa_prevent_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaPreventPage, pfa_prevent_page, PFA, PREVENT_PAGE, PfaPage)

G_END_DECLS
