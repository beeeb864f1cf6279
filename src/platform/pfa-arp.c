/* pfa-arp.c - questions for hardware addresses and their answers, as bytes (RFC 826)
 *
 * 28 bytes: hardware type 1, protocol 0x0800, sizes 6 and 4, operation (1 asks, 2 answers),
 * sender's hardware and protocol address, target's hardware and protocol address.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-arp.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>

#include "pfa-packet-socket.h"

#define OFFSET_SENDER_MAC 8
#define OFFSET_SENDER     14
#define OFFSET_TARGET     24

static const guint8 head[] = { 0, 1, 8, 0, 6, 4, 0, 1 };

int
pfa_arp_open (int link)
{
  return pfa_packet_socket_open_link (link, ETH_P_ARP);
}

void
pfa_arp_build_probe (guint8 message[PFA_ARP_BYTES],
                     const guint8 own[PFA_MAC_LENGTH],
                     const guint8 target[4])
{
  memset (message, 0, PFA_ARP_BYTES);
  memcpy (message, head, sizeof head);
  memcpy (message + OFFSET_SENDER_MAC, own, PFA_MAC_LENGTH);
  memcpy (message + OFFSET_TARGET, target, 4);
}

gboolean
pfa_arp_probe (int fd, int link, const guint8 own[PFA_MAC_LENGTH], GInetAddress *address)
{
  struct sockaddr_ll everybody = { .sll_family = AF_PACKET,
                                   .sll_protocol = htons (ETH_P_ARP),
                                   .sll_ifindex = link,
                                   .sll_halen = PFA_MAC_LENGTH };
  guint8 message[PFA_ARP_BYTES];

  memset (everybody.sll_addr, 0xFF, PFA_MAC_LENGTH);
  pfa_arp_build_probe (message, own, g_inet_address_to_bytes (address));
  return sendto (fd,
                 message,
                 sizeof message,
                 0,
                 (const struct sockaddr *) &everybody,
                 sizeof everybody) == PFA_ARP_BYTES;
}

gboolean
pfa_arp_parse (const guint8 *data, gsize length, guint8 claimed[4], guint8 mac[PFA_MAC_LENGTH])
{
  static const guint8 nobody[4] = { 0 };

  /* All but the operation must be as in a question of our own. */
  if (length < PFA_ARP_BYTES || memcmp (data, head, sizeof head - 2) != 0)
    return FALSE;
  memcpy (mac, data + OFFSET_SENDER_MAC, PFA_MAC_LENGTH);
  memcpy (claimed, data + OFFSET_SENDER, 4);
  return memcmp (claimed, nobody, 4) != 0;
}
