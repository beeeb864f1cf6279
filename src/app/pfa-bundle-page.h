/* pfa-bundle-page.h - every byte that support would get, before anything leaves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_BUNDLE_PAGE (pfa_bundle_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaBundlePage, pfa_bundle_page, PFA, BUNDLE_PAGE, PfaPage)

G_END_DECLS
