/* pfa-spoken-page.h - a short code for the phone, for when there is no way out at all
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_SPOKEN_PAGE (pfa_spoken_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaSpokenPage, pfa_spoken_page, PFA, SPOKEN_PAGE, PfaPage)

G_END_DECLS
