/* pfa-tcp-transport.h - a terminal on the network
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-transport.h"

G_BEGIN_DECLS

#define PFA_TYPE_TCP_TRANSPORT (pfa_tcp_transport_get_type ())
G_DECLARE_FINAL_TYPE (PfaTcpTransport, pfa_tcp_transport, PFA, TCP_TRANSPORT, GObject)

PfaTransport *pfa_tcp_transport_new (const char *host, guint16 port);

G_END_DECLS
