/* pfa-bundle-preview.h - a member's text as it will be sent, with what is hidden marked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pfa-safe-text.h"

G_BEGIN_DECLS

/* Once, when @view is new: its marks follow light and dark. */
void pfa_bundle_preview_prepare (GtkTextView *view);
void pfa_bundle_preview_show (GtkTextView *view, PfaSafeText *text);

G_END_DECLS
