/* pfa-terminal-finder.h - what is plugged in at USB, now and whenever it changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-usb-device.h"

G_BEGIN_DECLS

#define PFA_TYPE_TERMINAL_FINDER (pfa_terminal_finder_get_type ())
G_DECLARE_FINAL_TYPE (PfaTerminalFinder, pfa_terminal_finder, PFA, TERMINAL_FINDER, GObject)

/* Opens no device. Signals, in the main context of whoever made it:
 *   changed (const char *port): something was plugged in, unplugged or changed there; ask again. */
PfaTerminalFinder *pfa_terminal_finder_new (void);

/* What may be a terminal: by confirmed id, by its strings, or a serial port that one may hang on.
 * (transfer full, element-type PfaUsbDevice) */
GPtrArray *pfa_terminal_finder_list (PfaTerminalFinder *self);
/* The device at @port ("1-2.3"), interesting or not; NULL when nothing is plugged in there. */
PfaUsbDevice *pfa_terminal_finder_find (PfaTerminalFinder *self, const char *port);

/* Is our udev rule installed, which gives the person at this computer access and keeps other
 * services away? */
gboolean pfa_terminal_finder_has_rule (void);

G_END_DECLS
