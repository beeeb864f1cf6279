/* pfa-known-address.h - a host name whose address is known already
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* To TLS and HTTP it is the host name, to the socket the address: certificates are verified for the
 * name although the connection goes where we want it to go. */
#define PFA_TYPE_KNOWN_ADDRESS (pfa_known_address_get_type ())
G_DECLARE_FINAL_TYPE (PfaKnownAddress, pfa_known_address, PFA, KNOWN_ADDRESS, GNetworkAddress)

GSocketConnectable *pfa_known_address_new (const char *host, GInetAddress *address, guint16 port);

G_END_DECLS
