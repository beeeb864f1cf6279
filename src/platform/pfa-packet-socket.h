/* pfa-packet-socket.h - sockets that tell more than GSocket: who sent the error, when it came
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How a socket is to send. Zero means the system's default. */
typedef struct
{
  guint8 ttl;       /* hops */
  gboolean whole;   /* never cut into fragments */
  gboolean direct;  /* to the link itself, past the routes (SO_DONTROUTE) */
  const char *link; /* leave through this one (SO_BINDTODEVICE) */
} PfaSocketOptions;

/* An error that came back, from the socket's error queue (ip(7), IP_RECVERR). */
typedef struct
{
  int error;             /* errno */
  gboolean from_network; /* an ICMP message; else the kernel here said it */
  guint8 icmp_type;
  guint8 icmp_code;
  guint32 mtu;            /* where the error is EMSGSIZE */
  GInetAddress *offender; /* who sent the ICMP message; NULL when not known */
} PfaSocketTrouble;

#define PFA_SOCKET_TROUBLE_INIT                                                                    \
  {                                                                                                \
    0                                                                                              \
  }

/* Not blocking, closed on exec, with its errors queued. @type: SOCK_DGRAM, SOCK_STREAM, SOCK_RAW;
 * @protocol as in socket(2). -1 with errno set. */
int pfa_packet_socket_open (GSocketFamily family,
                            int type,
                            int protocol,
                            const PfaSocketOptions *options);
/* connect(2); 0, or errno (EINPROGRESS for a stream that is on its way). @link is the scope of a
 * link-local IPv6 address, 0 otherwise. */
int pfa_packet_socket_connect (int fd, GInetAddress *address, guint16 port, int link);
/* Takes the next queued error. FALSE when there is none. Clear @trouble afterwards. */
gboolean pfa_packet_socket_take_trouble (int fd, PfaSocketTrouble *trouble);
void pfa_socket_trouble_clear (PfaSocketTrouble *trouble);
/* recv(2) that also tells when the kernel got it (microseconds of g_get_real_time()). */
gssize pfa_packet_socket_receive (int fd, guint8 *buffer, gsize size, gint64 *arrived_us);
/* Does the kernel let this person send ICMP echo requests? Tries a datagram socket, then a raw one.
 * Returns the socket, not connected, or -1; @raw tells which. */
int pfa_packet_socket_open_echo (GSocketFamily family, gboolean *raw);

/* Hears all packets of @ether_type on @link (its index); -1 without the privilege. */
int pfa_packet_socket_open_link (int link, guint16 ether_type);
/* The kernel takes up to 20 ms to close such a socket: it is done in a worker thread. */
void pfa_packet_socket_close_link (int fd);

/* What the kernel knows of one TCP connection. All 0 when it does not tell. */
typedef struct
{
  guint64 bytes_received;
  guint64 bytes_acked;
  guint32 rtt_us;
  guint32 retransmits;
  guint32 out_of_order;
} PfaTcpFacts;

void pfa_packet_socket_read_tcp_facts (int fd, PfaTcpFacts *facts);

G_END_DECLS
