/* pfa-network-state.c - links, addresses, routes and neighbours of this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-network-state.h"

#include <linux/neighbour.h>
#include <net/if_arp.h>
#include <string.h>

static void
link_free (PfaLink *link)
{
  g_free (link->name);
  g_free (link->kind);
  g_free (link);
}

static void
address_free (PfaAddress *address)
{
  g_clear_object (&address->address);
  g_free (address);
}

static void
route_free (PfaRoute *route)
{
  g_clear_object (&route->destination);
  g_clear_object (&route->gateway);
  g_free (route);
}

static void
neighbour_free (PfaNeighbour *neighbour)
{
  g_clear_object (&neighbour->address);
  g_free (neighbour);
}

PfaNetworkState *
pfa_network_state_new (void)
{
  PfaNetworkState *self = g_new0 (PfaNetworkState, 1);

  self->links = g_ptr_array_new_with_free_func ((GDestroyNotify) link_free);
  self->addresses = g_ptr_array_new_with_free_func ((GDestroyNotify) address_free);
  self->routes = g_ptr_array_new_with_free_func ((GDestroyNotify) route_free);
  self->neighbours = g_ptr_array_new_with_free_func ((GDestroyNotify) neighbour_free);
  return self;
}

void
pfa_network_state_free (PfaNetworkState *self)
{
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->addresses);
  g_ptr_array_unref (self->routes);
  g_ptr_array_unref (self->neighbours);
  g_free (self);
}

const PfaLink *
pfa_network_state_find_link (const PfaNetworkState *self, int index)
{
  for (guint i = 0; i < self->links->len; i++)
    {
      const PfaLink *link = g_ptr_array_index (self->links, i);

      if (link->index == index)
        return link;
    }
  return NULL;
}

const PfaRoute *
pfa_network_state_find_default_route (const PfaNetworkState *self, GSocketFamily family, int link)
{
  const PfaRoute *best = NULL;

  for (guint i = 0; i < self->routes->len; i++)
    {
      const PfaRoute *route = g_ptr_array_index (self->routes, i);

      if (route->destination != NULL || route->family != family)
        continue;
      if (link != 0 && route->link != link)
        continue;
      if (best == NULL || route->metric < best->metric)
        best = route;
    }
  return best;
}

const PfaAddress *
pfa_network_state_find_address (const PfaNetworkState *self, int link, GSocketFamily family)
{
  const PfaAddress *found = NULL;

  for (guint i = 0; i < self->addresses->len; i++)
    {
      const PfaAddress *address = g_ptr_array_index (self->addresses, i);

      if (address->link != link || g_inet_address_get_family (address->address) != family)
        continue;
      if (found == NULL || (address->global && !found->global))
        found = address;
    }
  return found;
}

/* How good a candidate for the shop's network a link without a default route is. */
static int
rank_link (const PfaNetworkState *self, const PfaLink *link)
{
  const PfaAddress *address =
      pfa_network_state_find_address (self, link->index, G_SOCKET_FAMILY_IPV4);

  if (link->loopback)
    return -1;
  return (address != NULL ? 8 : 0) + (link->running ? 4 : 0) + (link->up ? 2 : 0) +
         (link->hardware == ARPHRD_ETHER ? 1 : 0);
}

const PfaLink *
pfa_network_state_find_uplink (const PfaNetworkState *self)
{
  const PfaRoute *route = pfa_network_state_find_default_route (self, G_SOCKET_FAMILY_IPV4, 0);
  const PfaLink *best = NULL;
  int best_rank = -1;

  if (route != NULL && pfa_network_state_find_link (self, route->link) != NULL)
    return pfa_network_state_find_link (self, route->link);
  for (guint i = 0; i < self->links->len; i++)
    {
      const PfaLink *link = g_ptr_array_index (self->links, i);
      int rank = rank_link (self, link);

      if (rank > best_rank)
        {
          best = link;
          best_rank = rank;
        }
    }
  return best;
}

const PfaNeighbour *
pfa_network_state_find_neighbour (const PfaNetworkState *self, int link, GInetAddress *address)
{
  for (guint i = 0; i < self->neighbours->len; i++)
    {
      const PfaNeighbour *neighbour = g_ptr_array_index (self->neighbours, i);

      if (neighbour->link == link && g_inet_address_equal (neighbour->address, address))
        return neighbour;
    }
  return NULL;
}

/* Others may be older than the link's coming up: who is asked for while it is down, and who was
 * entered by hand. */
static gboolean
came_after_link (const PfaNeighbour *neighbour)
{
  static const char *const groups[] = { "224.0.0.22", "ff02::16", NULL };
  g_autofree char *text = NULL;

  if ((neighbour->state & NUD_NOARP) == 0)
    return neighbour->has_mac &&
           (neighbour->state & (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)) != 0;
  text = g_inet_address_to_string (neighbour->address);
  return g_strv_contains (groups, text);
}

guint
pfa_network_state_find_up_ms (const PfaNetworkState *self, int link)
{
  guint up_ms = 0;

  for (guint i = 0; i < self->neighbours->len; i++)
    {
      const PfaNeighbour *neighbour = g_ptr_array_index (self->neighbours, i);

      if (neighbour->link == link && came_after_link (neighbour))
        up_ms = MAX (up_ms, neighbour->age_ms);
    }
  return up_ms;
}

/* A tunnel, but not a modem, which the kernel shows in much the same way. */
static gboolean
is_inside_another (const PfaLink *link)
{
  return g_strcmp0 (link->kind, "wireguard") == 0 ||
         (g_strcmp0 (link->kind, "tun") == 0 && link->hardware == ARPHRD_NONE);
}

guint
pfa_network_state_count_uplinks (const PfaNetworkState *self)
{
  guint count = 0;

  for (guint i = 0; i < self->links->len; i++)
    {
      const PfaLink *link = g_ptr_array_index (self->links, i);

      if (!link->loopback && link->running && !is_inside_another (link) &&
          pfa_network_state_find_default_route (self, G_SOCKET_FAMILY_IPV4, link->index) != NULL)
        count++;
    }
  return count;
}

static gboolean
is_same_way (const PfaRoute *one, const PfaRoute *other)
{
  if (one == NULL || other == NULL)
    return one == other;
  if (one->link != other->link || (one->gateway == NULL) != (other->gateway == NULL))
    return FALSE;
  return one->gateway == NULL || g_inet_address_equal (one->gateway, other->gateway);
}

guint
pfa_network_state_count_changes (const PfaNetworkState *self, const PfaNetworkState *later)
{
  const PfaLink *before = pfa_network_state_find_uplink (self);
  const PfaLink *after = before != NULL ? pfa_network_state_find_link (later, before->index) : NULL;
  gboolean moved =
      !is_same_way (pfa_network_state_find_default_route (self, G_SOCKET_FAMILY_IPV4, 0),
                    pfa_network_state_find_default_route (later, G_SOCKET_FAMILY_IPV4, 0));
  guint drops = 0;

  /* Away and back are two changes of the carrier, and one of the network. */
  if (after != NULL && after->carrier_changes > before->carrier_changes)
    drops = (after->carrier_changes - before->carrier_changes + 1) / 2;
  return drops + (moved && drops == 0 ? 1 : 0);
}

gboolean
pfa_neighbour_is_alive (const PfaNeighbour *self)
{
  return self != NULL && (self->state & (NUD_REACHABLE | NUD_PERMANENT)) != 0;
}

gboolean
pfa_neighbour_is_dead (const PfaNeighbour *self)
{
  return self != NULL && (self->state & NUD_FAILED) != 0;
}

gboolean
pfa_address_is_self_assigned (const PfaAddress *self)
{
  return self != NULL && g_inet_address_get_family (self->address) == G_SOCKET_FAMILY_IPV4 &&
         g_inet_address_get_is_link_local (self->address);
}

gboolean
pfa_link_is_tunnel (const PfaLink *self)
{
  /* A TAP device is of kind "tun" too, but carries Ethernet frames. */
  return self->hardware == ARPHRD_NONE || self->hardware == ARPHRD_PPP ||
         g_strcmp0 (self->kind, "wireguard") == 0;
}

gboolean
pfa_address_covers (const PfaAddress *self, GInetAddress *other)
{
  g_autoptr (GInetAddressMask) mask = NULL;
  g_autoptr (GInetAddress) base = NULL;
  const guint8 *bytes = g_inet_address_to_bytes (self->address);
  gsize size = g_inet_address_get_native_size (self->address);
  guint8 cleared[16];

  if (g_inet_address_get_family (self->address) != g_inet_address_get_family (other))
    return FALSE;
  memcpy (cleared, bytes, size);
  for (gsize bit = self->prefix; bit < size * 8; bit++)
    cleared[bit / 8] = (guint8) (cleared[bit / 8] & ~(0x80 >> (bit % 8)));
  base = g_inet_address_new_from_bytes (cleared, g_inet_address_get_family (self->address));
  mask = g_inet_address_mask_new (base, self->prefix, NULL);
  return mask != NULL && g_inet_address_mask_matches (mask, other);
}
