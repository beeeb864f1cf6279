/* test-system.c - what a bundle says of this computer, and what it never says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "pfa-aid-bundle.h"
#include "pfa-aid-system.h"
#include "pfa-json.h"

/* Planted in names and addresses of the computer. */
static const char *const secrets[] = { "00c0ca112233",
                                       "11:22:33",
                                       "192.168.77",
                                       "203.0.113",
                                       "shop-muster" };

static PfaNetworkState *
make_network (void)
{
  PfaNetworkState *network = pfa_network_state_new ();
  PfaLink *link = g_new0 (PfaLink, 1);
  static const char *const addresses[] = { "192.168.77.23", "203.0.113.9", "fe80::2c0:caff:fe11" };
  static const guint8 mac[] = { 0x00, 0xc0, 0xca, 0x11, 0x22, 0x33 };

  link->index = 7;
  link->name = g_strdup ("wlx00c0ca112233");
  link->up = link->running = link->has_mac = TRUE;
  link->rx_packets = 123456;
  link->rx_errors = 17;
  memcpy (link->mac, mac, sizeof mac);
  g_ptr_array_add (network->links, link);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      PfaAddress *address = g_new0 (PfaAddress, 1);

      address->link = 7;
      address->prefix = 24;
      address->address = g_inet_address_new_from_string (addresses[i]);
      g_ptr_array_add (network->addresses, address);
    }
  return network;
}

static void
test_kinds_only (void)
{
  g_autoptr (PfaNetworkState) network = make_network ();
  g_autoptr (PfaIncident) incident = pfa_incident_new ("96");
  PfaObservation *clock = pfa_observation_new ("clock", "behind", PFA_FROM_CHECK);
  g_autoptr (JsonObject) system = NULL;
  g_autofree char *text = NULL;
  JsonObject *link;

  pfa_observation_set_fact_int (clock, "offset_s", 240);
  pfa_evidence_take (incident->evidence, clock);
  system = pfa_aid_build_system (network, "/nowhere", incident, "de");
  text = pfa_json_write_object (system, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (text, secrets[i]));
  g_assert_nonnull (strstr (text, "\"clock_offset_s\":240"));
  link = json_array_get_object_element (json_object_get_array_member (system, "links"), 0);
  g_assert_cmpstr (json_object_get_string_member (link, "vendor"), ==, "00:c0:ca");
  g_assert_cmpint (json_object_get_int_member (link, "rx_packets_at_least"), ==, 100000);
  g_assert_cmpint (json_object_get_int_member (link, "rx_errors"), ==, 17);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (link, "addresses")),
                    ==,
                    3);
  g_assert_nonnull (strstr (text, "\"kind\":\"private\""));
  g_assert_nonnull (strstr (text, "\"kind\":\"public\""));
  g_assert_nonnull (strstr (text, "\"kind\":\"link-local\""));
}

/* The whole way: the aid's bundle has the member, and a log's secrets are hidden. */
static void
test_in_the_bundle (void)
{
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (NULL);
  g_autoptr (PfaAid) aid = pfa_aid_new (knowledge, NULL);
  g_autoptr (GPtrArray) logs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_bundle_log_free);
  g_autoptr (PfaBundle) bundle = NULL;
  g_autofree char *path = NULL;
  g_autofree char *log_path = NULL;
  g_autofree char *seen = g_strdup ("");
  const int fd = g_file_open_tmp ("pfa-system-XXXXXX", &path, NULL);

  g_close (fd, NULL);
  log_path = g_strconcat (path, ".log", NULL);
  g_assert_true (g_file_set_contents (log_path, "pan=4111111111111111 rc=96\n", -1, NULL));
  g_ptr_array_add (logs, pfa_bundle_log_new ("till", log_path));
  pfa_aid_begin (aid, "96", NULL);
  bundle = pfa_aid_create_bundle (aid, "de", logs);
  g_assert_true (pfa_bundle_write (bundle, path, NULL, NULL, NULL));
  for (guint i = 0; i < pfa_bundle_get_n_members (bundle); i++)
    {
      const PfaBundleMember *member = pfa_bundle_get_member (bundle, i);
      g_autofree char *before = g_steal_pointer (&seen);

      seen = g_strconcat (before, member->name, " ", NULL);
      if (g_str_equal (member->name, "logs/till/1.log"))
        g_assert_cmpuint (member->hidden, ==, 1);
    }
  g_assert_nonnull (strstr (seen, "system.json "));
  g_assert_nonnull (strstr (seen, "logs/till/1.log "));
  g_unlink (path);
  g_unlink (log_path);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aid/system/kinds-only", test_kinds_only);
  g_test_add_func ("/aid/system/in-the-bundle", test_in_the_bundle);
  return g_test_run ();
}
