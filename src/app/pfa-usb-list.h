/* pfa-usb-list.h - the terminals that USB shows, as they come and go
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PFA_TYPE_USB_LIST (pfa_usb_list_get_type ())
G_DECLARE_FINAL_TYPE (PfaUsbList, pfa_usb_list, PFA, USB_LIST, GtkBox)

/* Opens no device. Its rows act by "settings.add-found" (an address) and "win.go" to the page that
 * says what reading means before it reads. */
GtkWidget *pfa_usb_list_new (void);
/* Addresses that are kept already and need no button. */
void pfa_usb_list_set_kept (PfaUsbList *self, const char *const *addresses);

G_END_DECLS
