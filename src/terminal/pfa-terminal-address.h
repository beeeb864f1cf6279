/* pfa-terminal-address.h - where a terminal is and what it speaks (DESIGN.md 4.5)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  PFA_PROTOCOL_ZVT,
  PFA_PROTOCOL_NEXO,
  PFA_PROTOCOL_ECR17,
  PFA_PROTOCOL_TRANSBANK,
  PFA_PROTOCOL_CODEPAY,
  PFA_PROTOCOL_ECHO,
  PFA_PROTOCOL_POSLINK,
  PFA_PROTOCOL_USB, /* what USB alone shows; nothing is spoken */
} PfaProtocol;

typedef enum
{
  PFA_LINK_TCP,
  PFA_LINK_SERIAL,
  PFA_LINK_HTTPS,
  PFA_LINK_USB,
} PfaLinkKind;

typedef struct
{
  PfaProtocol protocol;
  PfaLinkKind link;
  char *text; /* the address written out in full, with its port */
  char *host; /* TCP and HTTPS */
  guint16 port;
  char *device; /* serial: /dev/… */
  guint baud;
  char *poi;      /* nexo: MODEL-SERIAL */
  char *usb_port; /* usb: "1-2.3" */
} PfaTerminalAddress;

/* Fails with PFA_ERROR_BAD_INPUT; a secret in an address is refused. */
PfaTerminalAddress *pfa_terminal_address_parse (const char *text,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pfa_terminal_address_free (PfaTerminalAddress *self);

/* "zvt", "nexo", … (transfer none) */
const char *pfa_terminal_address_get_protocol_name (const PfaTerminalAddress *self);
/* TRUE where the protocol rests on public code alone, and the interface says "experimental". */
gboolean pfa_terminal_address_is_experimental (const PfaTerminalAddress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaTerminalAddress, pfa_terminal_address_free)

G_END_DECLS
