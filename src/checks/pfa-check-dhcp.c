/* pfa-check-dhcp.c - does the network give addresses, when this computer has none from it?
 *
 * One question for an offer, which is never taken. It parts a network without an address service
 * from a computer that does not use it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib-unix.h>
#include <string.h>

#include "pfa-check-common.h"
#include "pfa-dhcp.h"
#include "pfa-kernel-files.h"

/* Servers first try whether an address is free: up to 3 s before they offer it. */
#define WAIT_MS      3200
#define ASK_AGAIN_MS 1000

typedef struct
{
  PfaDhcpSocket socket;
  PfaDhcpQuestion question;
  GSource *arrival;
} Dhcp;

static void
dhcp_free (Dhcp *self)
{
  if (self->arrival != NULL)
    g_source_destroy (self->arrival);
  g_clear_pointer (&self->arrival, g_source_unref);
  pfa_dhcp_close (&self->socket);
  g_free (self);
}

static void
set_address_fact (PfaObservation *observation, const char *name, const guint8 address[4])
{
  g_autoptr (GInetAddress) read = g_inet_address_new_from_bytes (address, G_SOCKET_FAMILY_IPV4);
  g_autofree char *text = g_inet_address_to_string (read);

  if (!g_inet_address_get_is_any (read))
    pfa_observation_set_fact_string (observation, name, text);
}

static gboolean
on_arrival_cb (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = pfa_check_context_ref (user_data);
  Dhcp *self = pfa_check_get_data (context);
  PfaDhcpOffer offer;
  PfaObservation *observation;

  if (!pfa_dhcp_receive (&self->socket, &self->question, &offer))
    return G_SOURCE_CONTINUE;
  if (pfa_check_is_over (context))
    return G_SOURCE_REMOVE;
  observation = pfa_check_new_observation ("dhcp", "offers");
  set_address_fact (observation, "offered", offer.address);
  set_address_fact (observation, "server", offer.server);
  set_address_fact (observation, "router", offer.router);
  set_address_fact (observation, "resolver", offer.resolver);
  pfa_check_report (context, observation);
  pfa_check_done (context);
  return G_SOURCE_REMOVE;
}

static void
cannot (PfaCheckContext *context, const char *reason)
{
  pfa_check_report_cannot (context, "dhcp", reason);
  pfa_check_done (context);
}

static void
give_up (PfaCheckContext *context)
{
  Dhcp *self = pfa_check_get_data (context);
  const PfaLink *link = pfa_path_get (context)->link;
  const char *root = pfa_check_get_settings (context)->system_root;

  if (!self->socket.whole && pfa_link_drops_strangers (root, link->name))
    {
      cannot (context, "this person may ask for an address, but would not hear the offer");
      return;
    }
  pfa_check_report (context, pfa_check_new_observation ("dhcp", "silent"));
  pfa_check_done (context);
}

static void
ask_again (PfaCheckContext *context)
{
  Dhcp *self = pfa_check_get_data (context);

  pfa_dhcp_send (&self->socket, &self->question);
  pfa_check_later (context, pfa_check_limit_ms (context, WAIT_MS - ASK_AGAIN_MS), give_up);
}

static void
fill_question (PfaDhcpQuestion *question, const PfaLink *link)
{
  question->number = g_random_int ();
  memcpy (question->mac, link->mac, PFA_MAC_LENGTH);
  for (guint i = 0; i < PFA_DHCP_CLIENT_BYTES; i++)
    question->client[i] = (guint8) g_random_int_range (0, 256);
}

static void
start (PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);
  PfaObservation *address = pfa_check_find_observation (context, "address");
  Dhcp *self;

  if (path->link == NULL || !path->link->has_mac)
    {
      cannot (context, "no network adapter that could ask");
      return;
    }
  if (address == NULL ||
      (!g_str_equal (address->value, "none") && !g_str_equal (address->value, "link-local")))
    {
      cannot (context, "not asked: this computer has an address");
      return;
    }
  self = g_new0 (Dhcp, 1);
  self->socket.fd = -1;
  pfa_check_set_data (context, self, (GDestroyNotify) dhcp_free);
  fill_question (&self->question, path->link);
  if (!pfa_dhcp_open (&self->socket, path->link->index, path->link->name))
    {
      cannot (context, "asking for an address needs a right that this person does not have");
      return;
    }
  if (!pfa_dhcp_send (&self->socket, &self->question))
    {
      cannot (context, "this computer does not let the question out");
      return;
    }
  self->arrival = g_unix_fd_source_new (self->socket.fd, G_IO_IN);
  g_source_set_callback (self->arrival, G_SOURCE_FUNC (on_arrival_cb), context, NULL);
  g_source_attach (self->arrival, g_main_context_get_thread_default ());
  pfa_check_later (context, ASK_AGAIN_MS, ask_again);
}

static const char *const needs[] = { "address", NULL };
static const char *const reports[] = { "dhcp", NULL };
static const char *const dead_links[] = { "down", "off", NULL };
static const PfaCheckBlock blocks[] = { { "link", dead_links }, { NULL, NULL } };

const PfaCheck pfa_check_dhcp = {
  .id = "dhcp",
  .needs = needs,
  .blocked_by = blocks,
  .reports = reports,
  .sends = "only without an address: two questions for an offer to everybody on the link, never a "
           "request for it",
  .start = start,
};
