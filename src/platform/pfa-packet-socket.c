/* pfa-packet-socket.c - sockets that tell more than GSocket: who sent the error, when it came
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-packet-socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/if_packet.h>
#include <linux/tcp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
set_int (int fd, int level, int name, int value)
{
  setsockopt (fd, level, name, &value, sizeof value);
}

static void
apply_options (int fd, gboolean v6, const PfaSocketOptions *options)
{
  if (options->ttl != 0)
    set_int (fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_UNICAST_HOPS : IP_TTL, options->ttl);
  if (options->whole)
    set_int (fd,
             v6 ? IPPROTO_IPV6 : IPPROTO_IP,
             v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER,
             IP_PMTUDISC_DO /* the same number in both */);
  if (options->direct)
    set_int (fd, SOL_SOCKET, SO_DONTROUTE, 1);
  if (options->link != NULL)
    setsockopt (fd, SOL_SOCKET, SO_BINDTODEVICE, options->link, (socklen_t) strlen (options->link));
}

int
pfa_packet_socket_open (GSocketFamily family,
                        int type,
                        int protocol,
                        const PfaSocketOptions *options)
{
  gboolean v6 = family == G_SOCKET_FAMILY_IPV6;
  int fd = socket ((int) family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);

  if (fd < 0)
    return -1;
  set_int (fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, 1);
  set_int (fd, SOL_SOCKET, SO_TIMESTAMP, 1);
  if (type == SOCK_STREAM)
    set_int (fd, IPPROTO_TCP, TCP_NODELAY, 1);
  if (options != NULL)
    apply_options (fd, v6, options);
  return fd;
}

int
pfa_packet_socket_connect (int fd, GInetAddress *address, guint16 port, int link)
{
  struct sockaddr_storage storage = { 0 };
  g_autoptr (GSocketAddress) target = NULL;
  gssize size;

  target = g_object_new (G_TYPE_INET_SOCKET_ADDRESS,
                         "address",
                         address,
                         "port",
                         port,
                         "scope-id",
                         (guint) link,
                         NULL);
  size = g_socket_address_get_native_size (target);
  if (size <= 0 || !g_socket_address_to_native (target, &storage, sizeof storage, NULL))
    return EINVAL;
  return connect (fd, (const struct sockaddr *) &storage, (socklen_t) size) == 0 ? 0 : errno;
}

typedef int (*EndReader) (int fd, struct sockaddr *address, socklen_t *size);

static gboolean
is_end (int fd, EndReader read_end, GInetAddress *address)
{
  struct sockaddr_storage storage = { 0 };
  socklen_t size = sizeof storage;
  g_autoptr (GSocketAddress) end = NULL;

  if (read_end (fd, (struct sockaddr *) &storage, &size) != 0)
    return FALSE;
  end = g_socket_address_new_from_native (&storage, size);
  return G_IS_INET_SOCKET_ADDRESS (end) &&
         g_inet_address_equal (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (end)),
                               address);
}

/* A firewall of this computer that rejects speaks in the computer's own name. So does the kernel
 * when nobody on the link has the address, and then it says "host unreachable". */
static gboolean
is_own_refusal (int fd, const PfaSocketTrouble *trouble)
{
  GInetAddress *offender = trouble->offender;
  gboolean v6;

  if (offender == NULL || !trouble->from_network)
    return FALSE;
  v6 = g_inet_address_get_family (offender) == G_SOCKET_FAMILY_IPV6;
  return trouble->icmp_type == (v6 ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH) &&
         trouble->icmp_code != (v6 ? ICMP6_DST_UNREACH_ADDR : ICMP_HOST_UNREACH) &&
         is_end (fd, getsockname, offender) && !is_end (fd, getpeername, offender);
}

static void
read_extended_error (const struct cmsghdr *control, PfaSocketTrouble *trouble)
{
  struct sock_extended_err extended;
  const guint8 *data = CMSG_DATA (control);
  gsize room = control->cmsg_len - CMSG_LEN (0);

  if (room < sizeof extended)
    return;
  memcpy (&extended, data, sizeof extended);
  trouble->error = (int) extended.ee_errno;
  trouble->from_network =
      extended.ee_origin == SO_EE_ORIGIN_ICMP || extended.ee_origin == SO_EE_ORIGIN_ICMP6;
  trouble->icmp_type = extended.ee_type;
  trouble->icmp_code = extended.ee_code;
  if (extended.ee_errno == EMSGSIZE)
    trouble->mtu = extended.ee_info;
  if (room >= sizeof extended + sizeof (struct sockaddr_in))
    {
      g_autoptr (GSocketAddress) from =
          g_socket_address_new_from_native ((gpointer) (data + sizeof extended),
                                            room - sizeof extended);

      if (G_IS_INET_SOCKET_ADDRESS (from))
        g_set_object (&trouble->offender,
                      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (from)));
    }
}

gboolean
pfa_packet_socket_take_trouble (int fd, PfaSocketTrouble *trouble)
{
  guint8 payload[64];
  union
  {
    struct cmsghdr align;
    guint8 bytes[512];
  } control;
  struct iovec part = { .iov_base = payload, .iov_len = sizeof payload };
  struct msghdr message = { .msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = sizeof control };

  memset (trouble, 0, sizeof *trouble);
  if (recvmsg (fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
    return FALSE;
  for (struct cmsghdr *at = CMSG_FIRSTHDR (&message); at != NULL; at = CMSG_NXTHDR (&message, at))
    if ((at->cmsg_level == IPPROTO_IP && at->cmsg_type == IP_RECVERR) ||
        (at->cmsg_level == IPPROTO_IPV6 && at->cmsg_type == IPV6_RECVERR))
      read_extended_error (at, trouble);
  if (is_own_refusal (fd, trouble))
    {
      trouble->error = EPERM;
      trouble->from_network = FALSE;
    }
  return trouble->error != 0;
}

void
pfa_socket_trouble_clear (PfaSocketTrouble *trouble)
{
  g_clear_object (&trouble->offender);
  memset (trouble, 0, sizeof *trouble);
}

gssize
pfa_packet_socket_receive (int fd, guint8 *buffer, gsize size, gint64 *arrived_us)
{
  union
  {
    struct cmsghdr align;
    guint8 bytes[256];
  } control;
  struct iovec part = { .iov_base = buffer, .iov_len = size };
  struct msghdr message = { .msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = sizeof control };
  gssize got = recvmsg (fd, &message, MSG_DONTWAIT);

  *arrived_us = g_get_real_time ();
  if (got < 0)
    return got;
  for (struct cmsghdr *at = CMSG_FIRSTHDR (&message); at != NULL; at = CMSG_NXTHDR (&message, at))
    if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SO_TIMESTAMP)
      {
        struct timeval stamp;

        memcpy (&stamp, CMSG_DATA (at), sizeof stamp);
        *arrived_us = stamp.tv_sec * G_USEC_PER_SEC + stamp.tv_usec;
      }
  return got;
}

int
pfa_packet_socket_open_echo (GSocketFamily family, gboolean *raw)
{
  int protocol = family == G_SOCKET_FAMILY_IPV6 ? (int) IPPROTO_ICMPV6 : (int) IPPROTO_ICMP;
  int fd = pfa_packet_socket_open (family, SOCK_DGRAM, protocol, NULL);

  *raw = FALSE;
  if (fd < 0)
    {
      fd = pfa_packet_socket_open (family, SOCK_RAW, protocol, NULL);
      *raw = TRUE;
    }
  return fd;
}

int
pfa_packet_socket_open_link (int link, guint16 ether_type)
{
  struct sockaddr_ll where = { .sll_family = AF_PACKET,
                               .sll_protocol = htons (ether_type),
                               .sll_ifindex = link };
  /* Without a protocol of its own it hears nothing until it is bound. Else the kernel would have to
   * wait here until nobody uses its first binding any more. */
  int fd = socket (AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd >= 0 && bind (fd, (const struct sockaddr *) &where, sizeof where) != 0)
    {
      pfa_packet_socket_close_link (fd);
      fd = -1;
    }
  return fd;
}

static void
close_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  close (GPOINTER_TO_INT (task_data));
  g_task_return_boolean (task, TRUE);
}

void
pfa_packet_socket_close_link (int fd)
{
  g_autoptr (GTask) task = NULL;

  if (fd < 0)
    return;
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_source_tag (task, pfa_packet_socket_close_link);
  g_task_set_task_data (task, GINT_TO_POINTER (fd), NULL);
  g_task_run_in_thread (task, close_in_thread);
}

void
pfa_packet_socket_read_tcp_facts (int fd, PfaTcpFacts *facts)
{
  struct tcp_info info = { 0 };
  socklen_t size = sizeof info;

  memset (facts, 0, sizeof *facts);
  if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return;
  facts->bytes_received = info.tcpi_bytes_received;
  facts->bytes_acked = info.tcpi_bytes_acked;
  facts->rtt_us = info.tcpi_rtt;
  facts->retransmits = info.tcpi_total_retrans;
  facts->out_of_order = info.tcpi_rcv_ooopack;
}
