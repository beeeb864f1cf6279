/* pfa-check-ipv6.c - where IPv6 addresses are given out, does IPv6 lead anywhere?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <netinet/icmp6.h>

#include "pfa-check-common.h"
#include "pfa-lookup.h"
#include "pfa-tcp-probe.h"

#define TIMEOUT_MS          2300
#define LOOK_EVERY_MS       50
#define NO_ADDRESS_AFTER_MS 600

static void
report (PfaCheckContext *context, const char *value, const char *outcome)
{
  PfaObservation *observation = pfa_check_new_observation ("ipv6", value);

  pfa_observation_set_fact_string (observation, "outcome", outcome);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

/* A dead IPv6 counts only where IPv4 works: else it is the same fault again. */
static void
wait_for_control (PfaCheckContext *context)
{
  PfaObservation *control = pfa_check_find_observation (context, "control-site");

  if (control == NULL)
    pfa_check_later (context, LOOK_EVERY_MS, wait_for_control);
  else if (g_str_equal (control->value, "ok"))
    report (context, "broken", "silent");
  else
    {
      pfa_check_report_cannot (context, "ipv6", "the neutral site does not answer by IPv4 either");
      pfa_check_done (context);
    }
}

/* "No way" and "nobody there" are dead ends; "forbidden" is somebody's wish. */
static gboolean
is_dead_end (const PfaTcpResult *result)
{
  if (result->outcome != PFA_TCP_REJECTED)
    return result->outcome == PFA_TCP_SILENT || result->outcome == PFA_TCP_NO_ROUTE;
  return result->trouble.icmp_type == ICMP6_DST_UNREACH &&
         (result->trouble.icmp_code == ICMP6_DST_UNREACH_NOROUTE ||
          result->trouble.icmp_code == ICMP6_DST_UNREACH_ADDR);
}

static void
on_connected_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaTcpResult) result = pfa_tcp_probe_finish (async_result, NULL);

  if (result == NULL || pfa_check_is_over (context))
    return;
  if (is_dead_end (result))
    wait_for_control (context);
  else
    report (context, "ok", pfa_tcp_outcome_to_string (result->outcome));
}

static void
look (PfaCheckContext *context)
{
  PfaLookup *lookup = pfa_check_get_data (context);
  GPtrArray *addresses = pfa_lookup_get_addresses6 (lookup);
  PfaTcpPlan plan = { .port = 443, .timeout_ms = pfa_check_limit_ms (context, TIMEOUT_MS) };

  if (addresses->len == 0 && pfa_check_get_elapsed_ms (context) < NO_ADDRESS_AFTER_MS)
    {
      pfa_check_later (context, LOOK_EVERY_MS, look);
      return;
    }
  if (addresses->len == 0)
    {
      pfa_check_report_cannot (context, "ipv6", "the neutral site has no IPv6 address");
      pfa_check_done (context);
      return;
    }
  plan.address = g_ptr_array_index (addresses, 0);
  pfa_tcp_probe_async (&plan,
                       pfa_check_get_cancellable (context),
                       on_connected_cb,
                       pfa_check_context_ref (context));
}

static void
start (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  PfaPath *path = pfa_path_get (context);
  const PfaAddress *own =
      path->link != NULL
          ? pfa_network_state_find_address (path->state, path->link->index, G_SOCKET_FAMILY_IPV6)
          : NULL;
  g_autofree char *host = NULL;
  guint16 port;

  if (own == NULL || !own->global ||
      pfa_network_state_find_default_route (path->state, G_SOCKET_FAMILY_IPV6, 0) == NULL)
    {
      report (context, "absent", NULL);
      return;
    }
  if (provider != NULL && provider->control != NULL && provider->control[0] != NULL)
    host = pfa_target_dup_host (provider->control[0], &port);
  if (host == NULL)
    {
      pfa_check_report_cannot (context, "ipv6", "the profile names no neutral site");
      pfa_check_done (context);
      return;
    }
  pfa_check_set_data (context, g_object_ref (pfa_lookup_get (context, host)), g_object_unref);
  look (context);
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "ipv6", NULL };

const PfaCheck pfa_check_ipv6 = {
  .id = "ipv6",
  .needs = needs,
  .blocked_by = pfa_blocks_of_internet,
  .reports = reports,
  .sends = "one connection by IPv6 to the neutral site",
  .start = start,
};
