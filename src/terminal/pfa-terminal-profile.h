/* pfa-terminal-profile.h - which USB ids belong to which terminals
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* data/terminals/usb.json, compiled in. Confirmed ids only: everything else is told by its own
 * strings. */
typedef enum
{
  PFA_USB_OTHER,    /* nothing known: neither terminal nor not */
  PFA_USB_TERMINAL, /* a confirmed id */
  PFA_USB_READER,   /* a card reader, not a whole terminal */
  PFA_USB_ADAPTER,  /* a serial-port chip: whatever hangs on it */
  PFA_USB_MAYBE,    /* its own strings name a maker of terminals */
} PfaUsbKind;

typedef struct
{
  PfaUsbKind kind;
  const char *brand;  /* or NULL; kept until the program ends, as all here */
  const char *model;  /* or NULL */
  const char *scheme; /* "zvt+serial", or NULL */
  guint baud;
  const char *const *quirks; /* NULL-terminated, never NULL */
} PfaTerminalProfile;

/* The quirks that this program knows. NULL-terminated. */
extern const char *const pfa_terminal_quirks[];

/* @vendor and @product: four hex digits. @strings: what the device calls itself, or NULL. */
void pfa_terminal_profile_find (const char *vendor,
                                const char *product,
                                const char *strings,
                                PfaTerminalProfile *profile);

G_END_DECLS
