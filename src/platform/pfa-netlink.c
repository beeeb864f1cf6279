/* pfa-netlink.c - the kernel's messages about the network, read into plain values (rtnetlink(7))
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-network-state.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pfa-error.h"
#include "pfa-netlink-message.h"

#define RECEIVE_BYTES    65536
#define LINK_LOCAL_SCOPE 253
#define TICK_MS          10

static GInetAddress *
read_address (const PfaNetlinkAttribute *attribute, guint8 family)
{
  if (family == AF_INET && attribute->length >= 4)
    return g_inet_address_new_from_bytes (attribute->data, G_SOCKET_FAMILY_IPV4);
  if (family == AF_INET6 && attribute->length >= 16)
    return g_inet_address_new_from_bytes (attribute->data, G_SOCKET_FAMILY_IPV6);
  return NULL;
}

static gboolean
read_mac (const PfaNetlinkAttribute *attribute, guint8 mac[PFA_MAC_LENGTH])
{
  if (attribute->length != PFA_MAC_LENGTH)
    return FALSE;
  memcpy (mac, attribute->data, PFA_MAC_LENGTH);
  return TRUE;
}

static void
read_link_info (PfaLink *link, const PfaNetlinkAttribute *info)
{
  const guint8 *at = info->data;
  gsize left = info->length;
  PfaNetlinkAttribute inner;

  while (pfa_netlink_next_attribute (&at, &left, &inner))
    if (inner.type == IFLA_INFO_KIND && link->kind == NULL)
      link->kind = g_strndup ((const char *) inner.data, inner.length);
}

static void
read_statistics (PfaLink *link, const PfaNetlinkAttribute *attribute)
{
  struct rtnl_link_stats64 numbers = { 0 };

  memcpy (&numbers, attribute->data, MIN (attribute->length, sizeof numbers));
  link->rx_packets = numbers.rx_packets;
  link->tx_packets = numbers.tx_packets;
  link->rx_errors = numbers.rx_errors;
  link->tx_errors = numbers.tx_errors;
  link->collisions = numbers.collisions;
}

static void
add_link (PfaNetworkState *self, const guint8 *body, gsize length)
{
  struct ifinfomsg head;
  PfaLink *link;
  PfaNetlinkAttribute attribute;

  if (length < sizeof head)
    return;
  memcpy (&head, body, sizeof head);
  link = g_new0 (PfaLink, 1);
  link->index = head.ifi_index;
  link->hardware = head.ifi_type;
  link->up = (head.ifi_flags & IFF_UP) != 0;
  link->running = (head.ifi_flags & IFF_RUNNING) != 0;
  link->loopback = (head.ifi_flags & IFF_LOOPBACK) != 0;
  pfa_netlink_skip (&body, &length, sizeof head);
  while (pfa_netlink_next_attribute (&body, &length, &attribute))
    {
      if (attribute.type == IFLA_IFNAME && link->name == NULL)
        link->name = g_strndup ((const char *) attribute.data, attribute.length);
      else if (attribute.type == IFLA_MTU)
        link->mtu = pfa_netlink_read_u32 (&attribute);
      /* The flag follows the carrier by up to a second; this does not. */
      else if (attribute.type == IFLA_CARRIER && attribute.length >= 1)
        link->running = link->up && attribute.data[0] != 0;
      else if (attribute.type == IFLA_CARRIER_CHANGES)
        link->carrier_changes = pfa_netlink_read_u32 (&attribute);
      else if (attribute.type == IFLA_ADDRESS)
        link->has_mac = read_mac (&attribute, link->mac);
      else if (attribute.type == IFLA_STATS64)
        read_statistics (link, &attribute);
      else if (attribute.type == IFLA_LINKINFO)
        read_link_info (link, &attribute);
    }
  if (link->name == NULL)
    link->name = g_strdup_printf ("link%d", link->index);
  g_ptr_array_add (self->links, link);
}

static void
add_address (PfaNetworkState *self, const guint8 *body, gsize length)
{
  struct ifaddrmsg head;
  g_autoptr (GInetAddress) found = NULL;
  g_autoptr (GInetAddress) local = NULL;
  PfaNetlinkAttribute attribute;
  guint32 flags;
  PfaAddress *address;

  if (length < sizeof head)
    return;
  memcpy (&head, body, sizeof head);
  flags = head.ifa_flags;
  pfa_netlink_skip (&body, &length, sizeof head);
  while (pfa_netlink_next_attribute (&body, &length, &attribute))
    {
      if (attribute.type == IFA_ADDRESS && found == NULL)
        found = read_address (&attribute, head.ifa_family);
      else if (attribute.type == IFA_LOCAL && local == NULL)
        local = read_address (&attribute, head.ifa_family);
      else if (attribute.type == IFA_FLAGS)
        flags = pfa_netlink_read_u32 (&attribute);
    }
  /* On a point-to-point link IFA_ADDRESS is the other end. */
  if (local == NULL)
    local = g_steal_pointer (&found);
  if (local == NULL || head.ifa_prefixlen > g_inet_address_get_native_size (local) * 8)
    return;
  address = g_new0 (PfaAddress, 1);
  address->link = (int) head.ifa_index;
  address->prefix = head.ifa_prefixlen;
  address->global = head.ifa_scope < LINK_LOCAL_SCOPE &&
                    !g_inet_address_get_is_link_local (local) &&
                    (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0;
  address->address = g_steal_pointer (&local);
  g_ptr_array_add (self->addresses, address);
}

static void
add_route (PfaNetworkState *self, const guint8 *body, gsize length)
{
  struct rtmsg head;
  PfaRoute *route;
  PfaNetlinkAttribute attribute;
  guint32 table;

  if (length < sizeof head)
    return;
  memcpy (&head, body, sizeof head);
  table = head.rtm_table;
  if (head.rtm_type != RTN_UNICAST || (head.rtm_family != AF_INET && head.rtm_family != AF_INET6))
    return;
  route = g_new0 (PfaRoute, 1);
  route->family = head.rtm_family == AF_INET ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;
  route->prefix = head.rtm_dst_len;
  pfa_netlink_skip (&body, &length, sizeof head);
  while (pfa_netlink_next_attribute (&body, &length, &attribute))
    {
      if (attribute.type == RTA_DST && route->destination == NULL && head.rtm_dst_len > 0)
        route->destination = read_address (&attribute, head.rtm_family);
      else if (attribute.type == RTA_GATEWAY && route->gateway == NULL)
        route->gateway = read_address (&attribute, head.rtm_family);
      else if (attribute.type == RTA_OIF)
        route->link = (int) pfa_netlink_read_u32 (&attribute);
      else if (attribute.type == RTA_PRIORITY)
        route->metric = pfa_netlink_read_u32 (&attribute);
      else if (attribute.type == RTA_TABLE)
        table = pfa_netlink_read_u32 (&attribute);
    }
  if (table == RT_TABLE_MAIN && (route->destination != NULL || head.rtm_dst_len == 0))
    g_ptr_array_add (self->routes, route);
  else
    {
      g_clear_object (&route->destination);
      g_clear_object (&route->gateway);
      g_free (route);
    }
}

/* Ticks of 10 ms on every machine (USER_HZ). */
static guint
read_age_ms (const PfaNetlinkAttribute *attribute)
{
  struct nda_cacheinfo age = { 0 };

  memcpy (&age, attribute->data, MIN (attribute->length, sizeof age));
  return MIN (age.ndm_updated, G_MAXUINT / TICK_MS) * TICK_MS;
}

static void
add_neighbour (PfaNetworkState *self, const guint8 *body, gsize length)
{
  struct ndmsg head;
  PfaNeighbour *neighbour;
  PfaNetlinkAttribute attribute;

  if (length < sizeof head)
    return;
  memcpy (&head, body, sizeof head);
  neighbour = g_new0 (PfaNeighbour, 1);
  neighbour->link = head.ndm_ifindex;
  neighbour->state = head.ndm_state;
  neighbour->router = (head.ndm_flags & NTF_ROUTER) != 0;
  pfa_netlink_skip (&body, &length, sizeof head);
  while (pfa_netlink_next_attribute (&body, &length, &attribute))
    {
      if (attribute.type == NDA_DST && neighbour->address == NULL)
        neighbour->address = read_address (&attribute, head.ndm_family);
      else if (attribute.type == NDA_LLADDR)
        neighbour->has_mac = read_mac (&attribute, neighbour->mac);
      else if (attribute.type == NDA_CACHEINFO)
        neighbour->age_ms = read_age_ms (&attribute);
    }
  if (neighbour->address != NULL)
    g_ptr_array_add (self->neighbours, neighbour);
  else
    g_free (neighbour);
}

gboolean
pfa_network_state_add_messages (PfaNetworkState *self, const guint8 *data, gsize length)
{
  PfaNetlinkMessage message;

  while (pfa_netlink_next_message (&data, &length, &message))
    {
      if (message.type == NLMSG_DONE || message.type == NLMSG_ERROR)
        return FALSE;
      if (message.type == RTM_NEWLINK)
        add_link (self, message.body, message.length);
      else if (message.type == RTM_NEWADDR)
        add_address (self, message.body, message.length);
      else if (message.type == RTM_NEWROUTE)
        add_route (self, message.body, message.length);
      else if (message.type == RTM_NEWNEIGH)
        add_neighbour (self, message.body, message.length);
    }
  return length < sizeof (struct nlmsghdr);
}

/* One dump; the kernel answers from memory, so this socket never waits. */
static gboolean
dump (int fd, guint16 type, guint32 sequence, guint8 *buffer, PfaNetworkState *state)
{
  struct
  {
    struct nlmsghdr header;
    struct ifinfomsg body; /* the longest of the four fixed parts; family 0: all */
  } request = { 0 };
  gssize got;

  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.header.nlmsg_seq = sequence;
  if (send (fd, &request, sizeof request, 0) < 0)
    return FALSE;
  do
    {
      got = recv (fd, buffer, RECEIVE_BYTES, 0);
      if (got <= 0)
        return FALSE;
    }
  while (pfa_network_state_add_messages (state, buffer, (gsize) got));
  return TRUE;
}

PfaNetworkState *
pfa_network_state_read (GError **error)
{
  static const guint16 types[] = { RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH };
  g_autoptr (PfaNetworkState) state = pfa_network_state_new ();
  g_autofree guint8 *buffer = g_malloc (RECEIVE_BYTES);
  struct timeval patience = { .tv_sec = 0, .tv_usec = 10000 };
  gboolean good = TRUE;
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

  if (fd < 0)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_PERMISSION_DENIED,
                   "asking the kernel: %s",
                   g_strerror (errno));
      return NULL;
    }
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  for (guint i = 0; i < G_N_ELEMENTS (types) && good; i++)
    good = dump (fd, types[i], i + 1, buffer, state);
  close (fd);
  if (!good)
    {
      g_set_error_literal (error, PFA_ERROR, PFA_ERROR_INTERNAL, "the kernel did not answer");
      return NULL;
    }
  return g_steal_pointer (&state);
}

int
pfa_network_parse_link_to (const guint8 *data, gsize length)
{
  PfaNetlinkMessage message;
  PfaNetlinkAttribute attribute;

  if (!pfa_netlink_next_message (&data, &length, &message) || message.type != RTM_NEWROUTE ||
      !pfa_netlink_skip (&message.body, &message.length, sizeof (struct rtmsg)))
    return 0;
  while (pfa_netlink_next_attribute (&message.body, &message.length, &attribute))
    if (attribute.type == RTA_OIF)
      return (int) pfa_netlink_read_u32 (&attribute);
  return 0;
}

int
pfa_network_find_link_to (GInetAddress *address)
{
  struct
  {
    struct nlmsghdr header;
    struct rtmsg body;
    struct rtattr attribute;
    guint8 address[16];
  } request = { 0 };
  guint8 buffer[4096];
  struct timeval patience = { .tv_sec = 0, .tv_usec = 10000 };
  gsize size = g_inet_address_get_native_size (address);
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  gssize got = -1;

  if (fd < 0)
    return 0;
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  request.header.nlmsg_type = RTM_GETROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.header.nlmsg_len = (guint32) (G_STRUCT_OFFSET (__typeof__ (request), address) + size);
  request.body.rtm_family =
      g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4 ? AF_INET : AF_INET6;
  request.body.rtm_dst_len = (guint8) (size * 8);
  request.attribute.rta_type = RTA_DST;
  request.attribute.rta_len = (guint16) RTA_LENGTH (size);
  memcpy (request.address, g_inet_address_to_bytes (address), size);
  if (send (fd, &request, request.header.nlmsg_len, 0) > 0)
    got = recv (fd, buffer, sizeof buffer, 0);
  close (fd);
  return got > 0 ? pfa_network_parse_link_to (buffer, (gsize) got) : 0;
}
