/* pfa-profile-page.h - a provider's signed file: open it, fetch a newer one, go back one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_PROFILE_PAGE (pfa_profile_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaProfilePage, pfa_profile_page, PFA, PROFILE_PAGE, PfaPage)

G_END_DECLS
