/* pfa-guided-page.h - a session in which support sees what the person sees, and may only ask
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_GUIDED_PAGE (pfa_guided_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaGuidedPage, pfa_guided_page, PFA, GUIDED_PAGE, PfaPage)

G_END_DECLS
