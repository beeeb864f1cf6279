/* pfa-window.h - the window: a stack of pages, one heading bar, one way back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "pfa-context.h"
#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_WINDOW (pfa_window_get_type ())
G_DECLARE_FINAL_TYPE (PfaWindow, pfa_window, PFA, WINDOW, AdwApplicationWindow)

PfaWindow *pfa_window_new (GtkApplication *application, PfaContext *context);
/* @target: a page's name, or "name:parameter". The page before stays on the way back. */
void pfa_window_go (PfaWindow *self, const char *target);
/* The page in view; NULL before the first. (transfer none) */
PfaPage *pfa_window_get_page (PfaWindow *self);
/* Names of all pages. NULL-terminated. */
const char *const *pfa_window_get_page_names (void);

G_END_DECLS
