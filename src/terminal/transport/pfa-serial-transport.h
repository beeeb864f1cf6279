/* pfa-serial-transport.h - a terminal on a serial line, which may be a USB cable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-transport.h"

G_BEGIN_DECLS

#define PFA_TYPE_SERIAL_TRANSPORT (pfa_serial_transport_get_type ())
G_DECLARE_FINAL_TYPE (PfaSerialTransport, pfa_serial_transport, PFA, SERIAL_TRANSPORT, GObject)

/* 8 data bits, no parity, no handshake; @stop_bits 1 or 2. */
PfaTransport *pfa_serial_transport_new (const char *device, guint baud, guint stop_bits);

G_END_DECLS
