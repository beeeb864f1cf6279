/* pfa-tunnel.c - a VPN on the way, and the way past it
 *
 * A VPN that is up may lead nowhere, or the line below it is down: a question that leaves by the
 * shop's own link tells the two apart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-tunnel.h"

#include "pfa-datagram.h"
#include "pfa-dns-message.h"

#define RESEND_MS  600
#define TIMEOUT_MS 1800

const PfaLink *
pfa_tunnel_find (PfaPath *path, GInetAddress *address)
{
  int way = pfa_network_find_link_to (address);
  const PfaLink *link = way != 0 ? pfa_network_state_find_link (path->state, way) : NULL;

  return link != NULL && pfa_link_is_tunnel (link) ? link : NULL;
}

static const PfaLink *
find_own_link (PfaPath *path)
{
  for (guint i = 0; i < path->state->links->len; i++)
    {
      const PfaLink *link = g_ptr_array_index (path->state->links, i);

      if (!link->loopback && link->running && !pfa_link_is_tunnel (link) &&
          pfa_network_state_find_address (path->state, link->index, G_SOCKET_FAMILY_IPV4) != NULL)
        return link;
    }
  return NULL;
}

void
pfa_tunnel_ask_past (PfaCheckContext *context, GInetAddress *address, GAsyncReadyCallback callback)
{
  const PfaLink *link = find_own_link (pfa_path_get (context));
  g_autoptr (GBytes) question = pfa_dns_message_build (1, "localhost", PFA_DNS_TYPE_A, 0);
  PfaDatagramPlan plan = { .address = address,
                           .port = 53,
                           .question = question,
                           .vary_at = 1,
                           .echo_at = 1,
                           .resend_ms = RESEND_MS,
                           .timeout_ms = TIMEOUT_MS };

  if (link == NULL)
    return;
  plan.options.link = link->name;
  pfa_datagram_ask_async (&plan,
                          pfa_check_get_cancellable (context),
                          callback,
                          pfa_check_context_ref (context));
}
