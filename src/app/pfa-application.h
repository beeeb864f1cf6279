/* pfa-application.h - one program for the desktop: its window, actions, and what it was asked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "pfa-context.h"

G_BEGIN_DECLS

#define PFA_TYPE_APPLICATION (pfa_application_get_type ())
G_DECLARE_FINAL_TYPE (PfaApplication, pfa_application, PFA, APPLICATION, AdwApplication)

/* @settings may be NULL. A second start reaches the first one over D-Bus; without a bus each start
 * stands alone. Actions: app.code ("96"), app.page (a page's name), app.help, app.about, app.quit.
 */
PfaApplication *pfa_application_new (GSettings *settings);

G_END_DECLS
