/* pfa-support-page.h - all ways to get help from the provider
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_SUPPORT_PAGE (pfa_support_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaSupportPage, pfa_support_page, PFA, SUPPORT_PAGE, PfaPage)

G_END_DECLS
