/* pfa-path.h - the way out of this computer as the run found it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-check-context.h"
#include "pfa-network-state.h"

G_BEGIN_DECLS

typedef struct
{
  PfaNetworkState *state; /* of the run's first moment */
  const PfaLink *link;    /* to the shop's network; NULL: there is none but loopback */
  const PfaAddress *address;
  GInetAddress *gateway;  /* IPv4, or NULL */
  GInetAddress *gateway6; /* mostly link-local, or NULL */
  GPtrArray *resolvers;   /* (element-type GInetAddress), configured here */
  GPtrArray *public_ones; /* (element-type GInetAddress), the profile's */
} PfaPath;

/* The same for all checks of a run; read from the kernel by whoever asks first. (transfer none) */
PfaPath *pfa_path_get (PfaCheckContext *context);
/* Is @address on the shop's own network? */
gboolean pfa_path_is_near (PfaPath *self, GInetAddress *address);
/* The profile's name servers beyond it, by IPv4. (transfer container, element-type GInetAddress) */
GPtrArray *pfa_path_find_public_ones (PfaPath *self);
/* The neighbour as the kernel sees it now, alive or not; FALSE when it knows nothing of it. */
typedef struct
{
  gboolean known;
  gboolean alive;
  gboolean dead;
  gboolean has_mac;
  guint8 mac[PFA_MAC_LENGTH];
} PfaNeighbourNow;

void pfa_path_look_at_neighbour (PfaPath *self, GInetAddress *address, PfaNeighbourNow *now);

/* Sends one datagram straight to @address on the link, past all routes, so that the kernel asks for
 * its hardware address (works with a too narrow mask, and without privilege). */
void pfa_path_prod (PfaCheckContext *context, GInetAddress *address);
/* Did this computer itself refuse to let such a datagram out? */
gboolean pfa_path_is_denied (PfaCheckContext *context);

#define PFA_OWN_FIREWALL_REASON "this computer's own firewall does not let the question out"

G_END_DECLS
