/* pfa-arp.h - questions for hardware addresses and their answers, as bytes (RFC 826)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-network-state.h"

G_BEGIN_DECLS

#define PFA_ARP_BYTES 28

/* A socket that hears all such messages on @link (its index); -1 without the privilege. Closed with
 * pfa_packet_socket_close_link(). */
int pfa_arp_open (int link);
/* Asks all on the link who has @address, in nobody's name (RFC 5227), so that no table changes. */
gboolean pfa_arp_probe (int fd, int link, const guint8 own[PFA_MAC_LENGTH], GInetAddress *address);
void pfa_arp_build_probe (guint8 message[PFA_ARP_BYTES],
                          const guint8 own[PFA_MAC_LENGTH],
                          const guint8 target[4]);
/* Who says to be which address. FALSE when @data is no such message or claims nothing. */
gboolean
pfa_arp_parse (const guint8 *data, gsize length, guint8 claimed[4], guint8 mac[PFA_MAC_LENGTH]);

G_END_DECLS
