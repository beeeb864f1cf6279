/* pfa-check-gateway.c - does this computer know a way out of the shop's network?
 *
 * Whether anybody answers there is the router check's question; it reports `gateway` anew when the
 * way leads to nobody.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"

static void
start (PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);
  const PfaRoute *route =
      pfa_network_state_find_default_route (path->state, G_SOCKET_FAMILY_IPV4, 0);
  PfaObservation *observation;

  if (path->link == NULL)
    pfa_check_report_cannot (context, "gateway", "no network adapter but loopback");
  else
    {
      observation = pfa_check_new_observation ("gateway", route != NULL ? "ok" : "missing");
      if (path->gateway != NULL)
        {
          g_autofree char *text = g_inet_address_to_string (path->gateway);

          pfa_observation_set_fact_string (observation, "address", text);
        }
      pfa_check_report (context, observation);
    }
  pfa_check_done (context);
}

static const char *const reports[] = { "gateway", NULL };
static const char *const dead_links[] = { "down", "off", NULL };
static const char *const dead_addresses[] = { "none", "link-local", NULL };
static const PfaCheckBlock blocks[] = { { "link", dead_links },
                                        { "address", dead_addresses },
                                        { NULL, NULL } };
static const char *const needs[] = { "address", NULL };

const PfaCheck pfa_check_gateway = {
  .id = "gateway",
  .needs = needs,
  .blocked_by = blocks,
  .reports = reports,
  .sends = "nothing: asks this computer's kernel",
  .start = start,
};
