/* pfa-qr.h - a QR code on the screen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PFA_TYPE_QR (pfa_qr_get_type ())
G_DECLARE_FINAL_TYPE (PfaQr, pfa_qr, PFA, QR, GtkWidget)

/* Dark dots on white paper, in the dark theme too: readers need that. @spoken: what a screen reader
 * hears instead. */
void pfa_qr_set_text (PfaQr *self, const char *text, const char *spoken);

G_END_DECLS
