/* pfa-tunnel.h - a VPN on the way, and the way past it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-path.h"

G_BEGIN_DECLS

/* The VPN that goes to @address, as the kernel would send it; NULL: none. (transfer none) */
const PfaLink *pfa_tunnel_find (PfaPath *path, GInetAddress *address);

/* Asks the name server at @address over the shop's own network, past all VPNs. @callback gets the
 * PfaDatagramResult by pfa_datagram_ask_finish (), and a reference of @context; it is not called
 * where there is no such link. */
void
pfa_tunnel_ask_past (PfaCheckContext *context, GInetAddress *address, GAsyncReadyCallback callback);

G_END_DECLS
