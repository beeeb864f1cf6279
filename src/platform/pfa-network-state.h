/* pfa-network-state.h - links, addresses, routes and neighbours of this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PFA_MAC_LENGTH 6

typedef struct
{
  int index;
  char *name;
  char *kind;       /* "veth", "wireguard", …; NULL for plain hardware */
  guint16 hardware; /* ARPHRD_… */
  gboolean up;      /* switched on */
  gboolean running; /* has a carrier */
  gboolean loopback;
  guint mtu;
  guint carrier_changes; /* since the link was made */
  gboolean has_mac;
  guint8 mac[PFA_MAC_LENGTH];
  guint64 rx_packets;
  guint64 rx_errors;
  guint64 tx_packets;
  guint64 tx_errors;
  guint64 collisions;
} PfaLink;

typedef struct
{
  int link;
  GInetAddress *address;
  guint prefix;
  gboolean global; /* not link-local, not loopback, not tentative */
} PfaAddress;

typedef struct
{
  int link;
  GSocketFamily family;
  GInetAddress *destination; /* NULL: the default route */
  guint prefix;
  GInetAddress *gateway; /* NULL: on the link itself */
  guint metric;
} PfaRoute;

typedef struct
{
  int link;
  GInetAddress *address;
  guint16 state; /* NUD_… */
  gboolean router;
  gboolean has_mac;
  guint8 mac[PFA_MAC_LENGTH];
  guint age_ms; /* since the kernel last changed what it knows of it */
} PfaNeighbour;

/* A picture of one moment. */
typedef struct
{
  GPtrArray *links;      /* (element-type PfaLink) */
  GPtrArray *addresses;  /* (element-type PfaAddress) */
  GPtrArray *routes;     /* (element-type PfaRoute), unicast of the main table */
  GPtrArray *neighbours; /* (element-type PfaNeighbour) */
} PfaNetworkState;

PfaNetworkState *pfa_network_state_new (void);
/* Asks the kernel; takes well under a millisecond and needs no privilege. */
PfaNetworkState *pfa_network_state_read (GError **error);
/* Adds what the netlink messages in @data tell. FALSE when the end of the dump was among them.
 * Foreign or damaged messages are left out; nothing is read beyond @length. */
gboolean pfa_network_state_add_messages (PfaNetworkState *self, const guint8 *data, gsize length);
void pfa_network_state_free (PfaNetworkState *self);

const PfaLink *pfa_network_state_find_link (const PfaNetworkState *self, int index);
/* The link to the shop's network: that of the best IPv4 default route, else of a running one with
 * an IPv4 address, else the first that is no loopback. NULL when there is none. */
const PfaLink *pfa_network_state_find_uplink (const PfaNetworkState *self);
/* The best default route of @family, on @link or on any (0). May be NULL. */
const PfaRoute *
pfa_network_state_find_default_route (const PfaNetworkState *self, GSocketFamily family, int link);
/* The address of @link that is best for reaching others: global before link-local. */
const PfaAddress *
pfa_network_state_find_address (const PfaNetworkState *self, int link, GSocketFamily family);
const PfaNeighbour *
pfa_network_state_find_neighbour (const PfaNetworkState *self, int link, GInetAddress *address);
/* Links that have a default route of their own; neither loopback nor a tunnel, which is a way
 * through another link. */
guint pfa_network_state_count_uplinks (const PfaNetworkState *self);
/* How often the way out changed from @self to @later: the uplink's carrier went, or the default
 * route now takes another link or another router. */
guint pfa_network_state_count_changes (const PfaNetworkState *self, const PfaNetworkState *later);

/* How long the link has been up at least: when it goes down it forgets all its neighbours, and when
 * it comes up the kernel tells the groups it is in. 0: not known. */
guint pfa_network_state_find_up_ms (const PfaNetworkState *self, int link);

/* Does the neighbour's state say that it answered lately, or that it did not answer? */
gboolean pfa_neighbour_is_alive (const PfaNeighbour *self);
gboolean pfa_neighbour_is_dead (const PfaNeighbour *self);
gboolean pfa_address_is_self_assigned (const PfaAddress *self);
gboolean pfa_link_is_tunnel (const PfaLink *self);
gboolean pfa_address_covers (const PfaAddress *self, GInetAddress *other);

/* The index of the link over which the kernel would send to @address now, by all its rules and
 * tables; 0: it knows no way. */
int pfa_network_find_link_to (GInetAddress *address);
/* The same, read from the kernel's answer. */
int pfa_network_parse_link_to (const guint8 *data, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaNetworkState, pfa_network_state_free)

G_END_DECLS
