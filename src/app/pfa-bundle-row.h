/* pfa-bundle-row.h - one file of the bundle in the preview's list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pfa-bundle.h"

G_BEGIN_DECLS

/* A tick that leaves the member out of @bundle; a log that the person added has a button that takes
 * it out altogether. Actions: bundle.view, bundle.remove, each with the member's number. */
GtkWidget *pfa_bundle_row_new (PfaBundle *bundle, guint index);

G_END_DECLS
