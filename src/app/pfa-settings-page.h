/* pfa-settings-page.h - provider, terminals, language, size of text, watch, history
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_SETTINGS_PAGE (pfa_settings_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaSettingsPage, pfa_settings_page, PFA, SETTINGS_PAGE, PfaPage)

G_END_DECLS
