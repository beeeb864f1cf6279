/* pfa-step-page.h - one step to do, then a look whether it helped
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_STEP_PAGE (pfa_step_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaStepPage, pfa_step_page, PFA, STEP_PAGE, PfaPage)

G_END_DECLS
