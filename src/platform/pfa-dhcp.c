/* pfa-dhcp.c - asks the network for an address without taking it (RFC 2131), as bytes
 *
 * Only DISCOVER is ever sent. A server forgets an offer that nobody requests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-dhcp.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pfa-packet-socket.h"

#define SERVER_PORT 67
#define CLIENT_PORT 68

#define IP_BYTES      20
#define UDP_BYTES     8
#define RECEIVE_BYTES 2048

/* The fixed part of a message. */
#define AT_NUMBER  4
#define AT_FLAGS   10
#define AT_OFFERED 16
#define AT_MAC     28
#define AT_COOKIE  236
#define AT_OPTIONS 240

#define OPTION_PAD      0
#define OPTION_ROUTER   3
#define OPTION_RESOLVER 6
#define OPTION_KIND     53
#define OPTION_SERVER   54
#define OPTION_WANTED   55
#define OPTION_CLIENT   61
#define OPTION_END      255
#define KIND_DISCOVER   1
#define KIND_OFFER      2

static const guint8 cookie[4] = { 99, 130, 83, 99 };

void
pfa_dhcp_build_discover (guint8 message[PFA_DHCP_BYTES], const PfaDhcpQuestion *question)
{
  static const guint8 head[] = { 1, 1, PFA_MAC_LENGTH, 0 };
  static const guint8 wanted[] = { OPTION_WANTED, 3, 1, OPTION_ROUTER, OPTION_RESOLVER };
  guint8 *at = message + AT_OPTIONS;

  memset (message, 0, PFA_DHCP_BYTES);
  memcpy (message, head, sizeof head);
  memcpy (message + AT_NUMBER, &question->number, sizeof question->number);
  message[AT_FLAGS] = 0x80; /* answer to everybody: we have no address to be answered at */
  memcpy (message + AT_MAC, question->mac, PFA_MAC_LENGTH);
  memcpy (message + AT_COOKIE, cookie, sizeof cookie);
  *at++ = OPTION_KIND;
  *at++ = 1;
  *at++ = KIND_DISCOVER;
  *at++ = OPTION_CLIENT;
  *at++ = 1 + PFA_DHCP_CLIENT_BYTES;
  *at++ = 0; /* not a hardware address */
  memcpy (at, question->client, PFA_DHCP_CLIENT_BYTES);
  at += PFA_DHCP_CLIENT_BYTES;
  memcpy (at, wanted, sizeof wanted);
  at[sizeof wanted] = OPTION_END;
}

static void
read_option (PfaDhcpOffer *offer, guint8 *kind, const guint8 *option)
{
  guint8 length = option[1];

  if (option[0] == OPTION_KIND && length == 1)
    *kind = option[2];
  else if (option[0] == OPTION_SERVER && length == 4)
    memcpy (offer->server, option + 2, 4);
  else if (option[0] == OPTION_ROUTER && length >= 4)
    memcpy (offer->router, option + 2, 4);
  else if (option[0] == OPTION_RESOLVER && length >= 4)
    memcpy (offer->resolver, option + 2, 4);
}

gboolean
pfa_dhcp_parse_offer (const guint8 *data,
                      gsize length,
                      const PfaDhcpQuestion *question,
                      PfaDhcpOffer *offer)
{
  guint8 kind = 0;
  gsize at = AT_OPTIONS;

  memset (offer, 0, sizeof *offer);
  if (length < AT_OPTIONS || data[0] != 2 ||
      memcmp (data + AT_NUMBER, &question->number, sizeof question->number) != 0 ||
      memcmp (data + AT_MAC, question->mac, PFA_MAC_LENGTH) != 0 ||
      memcmp (data + AT_COOKIE, cookie, sizeof cookie) != 0)
    return FALSE;
  memcpy (offer->address, data + AT_OFFERED, 4);
  while (at < length && data[at] != OPTION_END)
    {
      if (data[at] == OPTION_PAD)
        {
          at++;
          continue;
        }
      if (length - at < 2 || length - at - 2 < data[at + 1])
        return FALSE;
      read_option (offer, &kind, data + at);
      at += 2 + data[at + 1];
    }
  return kind == KIND_OFFER;
}

static guint16
read_u16 (const guint8 *at)
{
  return (guint16) (at[0] << 8 | at[1]);
}

static void
write_u16 (guint8 *at, guint16 value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) (value & 0xFF);
}

const guint8 *
pfa_dhcp_unwrap (const guint8 *packet, gsize length, gsize *message_length)
{
  gsize head;
  gsize udp;

  if (length < IP_BYTES || packet[0] >> 4 != 4 || packet[9] != IPPROTO_UDP)
    return NULL;
  head = (packet[0] & 0x0F) * 4;
  /* A piece of a larger one is not read. */
  if (head < IP_BYTES || length < head + UDP_BYTES || (read_u16 (packet + 6) & 0x3FFF) != 0)
    return NULL;
  if (read_u16 (packet + head) != SERVER_PORT || read_u16 (packet + head + 2) != CLIENT_PORT)
    return NULL;
  udp = read_u16 (packet + head + 4);
  if (udp < UDP_BYTES || udp > length - head)
    return NULL;
  *message_length = udp - UDP_BYTES;
  return packet + head + UDP_BYTES;
}

static int
open_port (const char *link_name)
{
  struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons (CLIENT_PORT) };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;

  if (fd < 0)
    return -1;
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (setsockopt (fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) != 0 ||
      setsockopt (fd, SOL_SOCKET, SO_BINDTODEVICE, link_name, (socklen_t) strlen (link_name)) !=
          0 ||
      bind (fd, (const struct sockaddr *) &where, sizeof where) != 0)
    {
      close (fd);
      fd = -1;
    }
  return fd;
}

gboolean
pfa_dhcp_open (PfaDhcpSocket *self, int link, const char *link_name)
{
  self->link = link;
  self->fd = pfa_packet_socket_open_link (link, ETH_P_IP);
  self->whole = self->fd >= 0;
  if (self->fd < 0)
    self->fd = open_port (link_name);
  return self->fd >= 0;
}

void
pfa_dhcp_close (PfaDhcpSocket *self)
{
  if (self->whole)
    pfa_packet_socket_close_link (self->fd);
  else if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* From nobody (0.0.0.0) to everybody. */
static void
wrap (guint8 packet[IP_BYTES + UDP_BYTES + PFA_DHCP_BYTES])
{
  guint32 sum = 0;

  memset (packet, 0, IP_BYTES + UDP_BYTES);
  packet[0] = 0x45;
  write_u16 (packet + 2, IP_BYTES + UDP_BYTES + PFA_DHCP_BYTES);
  packet[8] = 64;
  packet[9] = IPPROTO_UDP;
  memset (packet + 16, 0xFF, 4);
  for (guint i = 0; i < IP_BYTES; i += 2)
    sum += read_u16 (packet + i);
  sum = (sum & 0xFFFF) + (sum >> 16);
  sum = (sum & 0xFFFF) + (sum >> 16);
  write_u16 (packet + 10, (guint16) ~sum);
  write_u16 (packet + IP_BYTES, CLIENT_PORT);
  write_u16 (packet + IP_BYTES + 2, SERVER_PORT);
  write_u16 (packet + IP_BYTES + 4, UDP_BYTES + PFA_DHCP_BYTES);
}

gboolean
pfa_dhcp_send (const PfaDhcpSocket *self, const PfaDhcpQuestion *question)
{
  guint8 packet[IP_BYTES + UDP_BYTES + PFA_DHCP_BYTES];
  struct sockaddr_in server = { .sin_family = AF_INET,
                                .sin_port = htons (SERVER_PORT),
                                .sin_addr.s_addr = htonl (INADDR_BROADCAST) };
  struct sockaddr_ll everybody = { .sll_family = AF_PACKET,
                                   .sll_protocol = htons (ETH_P_IP),
                                   .sll_ifindex = self->link,
                                   .sll_halen = PFA_MAC_LENGTH };

  pfa_dhcp_build_discover (packet + IP_BYTES + UDP_BYTES, question);
  if (!self->whole)
    return sendto (self->fd,
                   packet + IP_BYTES + UDP_BYTES,
                   PFA_DHCP_BYTES,
                   0,
                   (const struct sockaddr *) &server,
                   sizeof server) == PFA_DHCP_BYTES;
  wrap (packet);
  memset (everybody.sll_addr, 0xFF, PFA_MAC_LENGTH);
  return sendto (self->fd,
                 packet,
                 sizeof packet,
                 0,
                 (const struct sockaddr *) &everybody,
                 sizeof everybody) == sizeof packet;
}

gboolean
pfa_dhcp_receive (const PfaDhcpSocket *self, const PfaDhcpQuestion *question, PfaDhcpOffer *offer)
{
  guint8 buffer[RECEIVE_BYTES];
  gssize got;

  while ((got = recv (self->fd, buffer, sizeof buffer, 0)) > 0)
    {
      gsize length = (gsize) got;
      const guint8 *message = self->whole ? pfa_dhcp_unwrap (buffer, length, &length) : buffer;

      if (message != NULL && pfa_dhcp_parse_offer (message, length, question, offer))
        return TRUE;
    }
  return FALSE;
}
