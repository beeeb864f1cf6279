/* pfa-check-address.c - does this computer have an address that the shop's network gave it?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"

static const char *
judge (PfaPath *path)
{
  const PfaAddress *good = NULL;
  gboolean self_assigned = FALSE;

  for (guint i = 0; i < path->state->addresses->len; i++)
    {
      const PfaAddress *address = g_ptr_array_index (path->state->addresses, i);

      if (address->link != path->link->index ||
          g_inet_address_get_family (address->address) != G_SOCKET_FAMILY_IPV4)
        continue;
      if (pfa_address_is_self_assigned (address))
        self_assigned = TRUE;
      else
        good = address;
    }
  if (good != NULL)
    return "ok";
  return self_assigned ? "link-local" : "none";
}

static void
start (PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);
  PfaObservation *observation;

  if (path->link == NULL)
    pfa_check_report_cannot (context, "address", "no network adapter but loopback");
  else
    {
      observation = pfa_check_new_observation ("address", judge (path));
      if (path->address != NULL)
        {
          g_autofree char *text = g_inet_address_to_string (path->address->address);

          pfa_observation_set_fact_string (observation, "address", text);
          pfa_observation_set_fact_int (observation, "prefix", path->address->prefix);
        }
      pfa_check_report (context, observation);
    }
  pfa_check_done (context);
}

static const char *const reports[] = { "address", NULL };

static const char *const dead_links[] = { "down", "off", NULL };
static const PfaCheckBlock blocks[] = { { "link", dead_links }, { NULL, NULL } };

const PfaCheck pfa_check_address = {
  .id = "address",
  .blocked_by = blocks,
  .reports = reports,
  .sends = "nothing: asks this computer's kernel",
  .start = start,
};
