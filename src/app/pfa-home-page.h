/* pfa-home-page.h - the first page: type the code, say who the provider is, start
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_HOME_PAGE (pfa_home_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaHomePage, pfa_home_page, PFA, HOME_PAGE, PfaPage)

G_END_DECLS
