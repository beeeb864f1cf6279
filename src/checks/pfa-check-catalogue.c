/* pfa-check-catalogue.c - all checks, in the order of the path from this computer to the provider
 *
 * A new check is one file pfa-check-NAME.c, one line in each of the two lists here, one in
 * meson.build, and its entry in data/checks (README.md).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check.h"

extern const PfaCheck pfa_check_link;
extern const PfaCheck pfa_check_radio;
extern const PfaCheck pfa_check_address;
extern const PfaCheck pfa_check_dhcp;
extern const PfaCheck pfa_check_gateway;
extern const PfaCheck pfa_check_hosts_file;
extern const PfaCheck pfa_check_router;
extern const PfaCheck pfa_check_terminal;
extern const PfaCheck pfa_check_conflict;
extern const PfaCheck pfa_check_line;
extern const PfaCheck pfa_check_nat_table;
extern const PfaCheck pfa_check_names;
extern const PfaCheck pfa_check_portal;
extern const PfaCheck pfa_check_control;
extern const PfaCheck pfa_check_proxy;
extern const PfaCheck pfa_check_ipv6;
extern const PfaCheck pfa_check_clock;
extern const PfaCheck pfa_check_mtu;
extern const PfaCheck pfa_check_way;
extern const PfaCheck pfa_check_payment;
extern const PfaCheck pfa_check_interception;
extern const PfaCheck pfa_check_provider;
extern const PfaCheck pfa_check_feed;
extern const PfaCheck pfa_check_maintenance;
extern const PfaCheck pfa_check_throughput;

const PfaCheck *const pfa_check_catalogue[] = {
  &pfa_check_link,
  &pfa_check_radio,
  &pfa_check_address,
  &pfa_check_dhcp,
  &pfa_check_gateway,
  &pfa_check_hosts_file,
  &pfa_check_router,
  &pfa_check_terminal,
  &pfa_check_conflict,
  &pfa_check_line,
  &pfa_check_nat_table,
  &pfa_check_names,
  &pfa_check_portal,
  &pfa_check_control,
  &pfa_check_proxy,
  &pfa_check_ipv6,
  &pfa_check_clock,
  &pfa_check_mtu,
  &pfa_check_way,
  &pfa_check_payment,
  &pfa_check_interception,
  &pfa_check_provider,
  &pfa_check_feed,
  &pfa_check_maintenance,
  &pfa_check_throughput, /* last: it loads the line */
  NULL,
};

const PfaCheck *
pfa_check_find (const char *id)
{
  for (guint i = 0; pfa_check_catalogue[i] != NULL; i++)
    if (g_str_equal (pfa_check_catalogue[i]->id, id))
      return pfa_check_catalogue[i];
  return NULL;
}
