/* pfa-path.c - the way out of this computer as the run found it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-path.h"

#include <string.h>

#include "pfa-datagram.h"
#include "pfa-dns-message.h"
#include "pfa-kernel-files.h"

#define SHARED_NAME "path"
#define DENIED_NAME "denied"

static void
path_free (PfaPath *self)
{
  pfa_network_state_free (self->state);
  g_clear_object (&self->gateway);
  g_clear_object (&self->gateway6);
  g_ptr_array_unref (self->resolvers);
  g_ptr_array_unref (self->public_ones);
  g_free (self);
}

static GPtrArray *
parse_addresses (const char *const *texts)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      GInetAddress *address = g_inet_address_new_from_string (texts[i]);

      if (address != NULL)
        g_ptr_array_add (found, address);
    }
  return found;
}

/* The IPv6 router: that of the default route, else a neighbour that says it is one. */
static GInetAddress *
dup_gateway6 (PfaPath *self)
{
  const PfaRoute *route =
      pfa_network_state_find_default_route (self->state, G_SOCKET_FAMILY_IPV6, self->link->index);

  if (route != NULL && route->gateway != NULL)
    return g_object_ref (route->gateway);
  for (guint i = 0; i < self->state->neighbours->len; i++)
    {
      const PfaNeighbour *neighbour = g_ptr_array_index (self->state->neighbours, i);

      if (neighbour->router && neighbour->link == self->link->index)
        return g_object_ref (neighbour->address);
    }
  return NULL;
}

static PfaPath *
path_new (const PfaCheckSettings *settings)
{
  PfaPath *self = g_new0 (PfaPath, 1);
  g_auto (GStrv) resolvers = pfa_resolvers_read (settings->system_root);
  const PfaRoute *route;

  self->state = pfa_network_state_read (NULL);
  if (self->state == NULL)
    self->state = pfa_network_state_new ();
  self->resolvers = parse_addresses ((const char *const *) resolvers);
  /* resolv.conf(5): where none is named, this computer itself is asked. */
  if (self->resolvers->len == 0)
    g_ptr_array_add (self->resolvers, g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4));
  self->public_ones = parse_addresses (
      settings->provider != NULL ? (const char *const *) settings->provider->public_resolvers
                                 : NULL);
  self->link = pfa_network_state_find_uplink (self->state);
  if (self->link != NULL && self->link->loopback)
    self->link = NULL;
  if (self->link == NULL)
    return self;
  self->address =
      pfa_network_state_find_address (self->state, self->link->index, G_SOCKET_FAMILY_IPV4);
  route =
      pfa_network_state_find_default_route (self->state, G_SOCKET_FAMILY_IPV4, self->link->index);
  if (route != NULL && route->gateway != NULL)
    self->gateway = g_object_ref (route->gateway);
  self->gateway6 = dup_gateway6 (self);
  return self;
}

PfaPath *
pfa_path_get (PfaCheckContext *context)
{
  PfaPath *self = pfa_check_get_shared (context, SHARED_NAME);

  if (self == NULL)
    {
      self = path_new (pfa_check_get_settings (context));
      pfa_check_set_shared (context, SHARED_NAME, self, (GDestroyNotify) path_free);
    }
  return self;
}

gboolean
pfa_path_is_near (PfaPath *self, GInetAddress *address)
{
  for (guint i = 0; self->link != NULL && i < self->state->addresses->len; i++)
    {
      const PfaAddress *own = g_ptr_array_index (self->state->addresses, i);

      if (own->link == self->link->index && pfa_address_covers (own, address))
        return TRUE;
    }
  return FALSE;
}

GPtrArray *
pfa_path_find_public_ones (PfaPath *path)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < path->public_ones->len; i++)
    {
      GInetAddress *address = g_ptr_array_index (path->public_ones, i);

      if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4 &&
          !pfa_path_is_near (path, address))
        g_ptr_array_add (found, address);
    }
  return found;
}

/* Not known at the run's first moment and known now, perhaps because it asked for us: it is there.
 */
static gboolean
came_in_run (PfaPath *self, GInetAddress *address, const PfaNeighbour *neighbour)
{
  const PfaNeighbour *before =
      pfa_network_state_find_neighbour (self->state, self->link->index, address);

  return neighbour->has_mac && (before == NULL || !before->has_mac);
}

void
pfa_path_look_at_neighbour (PfaPath *self, GInetAddress *address, PfaNeighbourNow *now)
{
  g_autoptr (PfaNetworkState) state = pfa_network_state_read (NULL);
  const PfaNeighbour *neighbour;

  memset (now, 0, sizeof *now);
  if (state == NULL || self->link == NULL)
    return;
  neighbour = pfa_network_state_find_neighbour (state, self->link->index, address);
  if (neighbour == NULL)
    return;
  now->known = TRUE;
  now->dead = pfa_neighbour_is_dead (neighbour);
  now->alive =
      pfa_neighbour_is_alive (neighbour) || (!now->dead && came_in_run (self, address, neighbour));
  now->has_mac = neighbour->has_mac;
  memcpy (now->mac, neighbour->mac, PFA_MAC_LENGTH);
}

static void
on_prodded_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaDatagramResult) result = pfa_datagram_ask_finish (async_result, NULL);

  if (result != NULL && result->outcome == PFA_DATAGRAM_DENIED && !pfa_check_is_over (context))
    pfa_check_set_shared (context, DENIED_NAME, GINT_TO_POINTER (TRUE), NULL);
}

gboolean
pfa_path_is_denied (PfaCheckContext *context)
{
  return pfa_check_get_shared (context, DENIED_NAME) != NULL;
}

/* Any datagram does: what counts is the question for the hardware address before it. */
void
pfa_path_prod (PfaCheckContext *context, GInetAddress *address)
{
  PfaPath *path = pfa_path_get (context);
  g_autoptr (GBytes) question = pfa_dns_message_build (1, "localhost", PFA_DNS_TYPE_A, 0);
  gboolean six = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  PfaDatagramPlan plan = { .address = address,
                           .port = 53,
                           .link = six ? path->link->index : 0,
                           .options = { .direct = !six, .link = path->link->name },
                           .question = question,
                           .timeout_ms = 100 };

  pfa_datagram_ask_async (&plan,
                          pfa_check_get_cancellable (context),
                          on_prodded_cb,
                          pfa_check_context_ref (context));
}
