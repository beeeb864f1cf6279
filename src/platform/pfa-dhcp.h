/* pfa-dhcp.h - asks the network for an address without taking it (RFC 2131), as bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-network-state.h"

G_BEGIN_DECLS

#define PFA_DHCP_BYTES        300
#define PFA_DHCP_CLIENT_BYTES 8

/* What makes a question ours. The client id is a random one: no server's record of this computer's
 * own lease is touched. */
typedef struct
{
  guint32 number;
  guint8 mac[PFA_MAC_LENGTH];
  guint8 client[PFA_DHCP_CLIENT_BYTES];
} PfaDhcpQuestion;

typedef struct
{
  guint8 address[4];
  guint8 server[4]; /* 0.0.0.0: not told */
  guint8 router[4];
  guint8 resolver[4];
} PfaDhcpOffer;

void pfa_dhcp_build_discover (guint8 message[PFA_DHCP_BYTES], const PfaDhcpQuestion *question);
/* FALSE when @data is damaged, no offer, or no answer to @question. */
gboolean pfa_dhcp_parse_offer (const guint8 *data,
                               gsize length,
                               const PfaDhcpQuestion *question,
                               PfaDhcpOffer *offer);
/* The DHCP message inside a whole IPv4 packet for a client; NULL when there is none. */
const guint8 *pfa_dhcp_unwrap (const guint8 *packet, gsize length, gsize *message_length);

typedef struct
{
  int fd; /* -1: not permitted */
  int link;
  gboolean whole; /* it carries whole packets: heard although this computer has no address */
} PfaDhcpSocket;

/* With the privilege a socket for whole packets, else the client's port where it may be bound. */
gboolean pfa_dhcp_open (PfaDhcpSocket *self, int link, const char *link_name);
void pfa_dhcp_close (PfaDhcpSocket *self);
gboolean pfa_dhcp_send (const PfaDhcpSocket *self, const PfaDhcpQuestion *question);
/* Reads what has come; TRUE when an offer was among it. Never waits. */
gboolean
pfa_dhcp_receive (const PfaDhcpSocket *self, const PfaDhcpQuestion *question, PfaDhcpOffer *offer);

G_END_DECLS
