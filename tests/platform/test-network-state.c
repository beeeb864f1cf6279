/* test-network-state.c - netlink messages into values; what follows from them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>

#include "pfa-arp.h"
#include "pfa-network-state.h"

#define ROUNDS 20000

static void
append_attribute (GByteArray *out, guint16 type, const void *data, guint16 size)
{
  struct rtattr head = { .rta_len = (unsigned short) RTA_LENGTH (size), .rta_type = type };
  static const guint8 zeros[4] = { 0 };

  g_byte_array_append (out, (const guint8 *) &head, sizeof head);
  g_byte_array_append (out, data, size);
  g_byte_array_append (out, zeros, RTA_ALIGN (size) - size);
}

static void
append_message (GByteArray *out, guint16 type, GByteArray *body)
{
  struct nlmsghdr head = { .nlmsg_len = NLMSG_LENGTH (body->len), .nlmsg_type = type };

  g_byte_array_append (out, (const guint8 *) &head, sizeof head);
  g_byte_array_append (out, body->data, body->len);
}

static void
append_link (GByteArray *out, int index, const char *name, guint flags, guint8 carrier)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  struct ifinfomsg head = { .ifi_index = index, .ifi_type = ARPHRD_ETHER, .ifi_flags = flags };
  guint32 changes = 4;

  g_byte_array_append (body, (const guint8 *) &head, sizeof head);
  append_attribute (body, IFLA_IFNAME, name, (guint16) strlen (name) + 1);
  append_attribute (body, IFLA_CARRIER, &carrier, 1);
  append_attribute (body, IFLA_CARRIER_CHANGES, &changes, sizeof changes);
  append_message (out, RTM_NEWLINK, body);
}

static void
append_ipv4 (GByteArray *out, int index, const char *text, guint8 prefix)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  struct ifaddrmsg head = { .ifa_family = AF_INET,
                            .ifa_prefixlen = prefix,
                            .ifa_index = (unsigned int) index };

  g_byte_array_append (body, (const guint8 *) &head, sizeof head);
  append_attribute (body, IFA_LOCAL, g_inet_address_to_bytes (address), 4);
  append_message (out, RTM_NEWADDR, body);
}

static void
append_default_route (GByteArray *out, guint32 index, const char *gateway, guint32 metric)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (gateway);
  struct rtmsg head = { .rtm_family = AF_INET,
                        .rtm_table = RT_TABLE_MAIN,
                        .rtm_type = RTN_UNICAST };

  g_byte_array_append (body, (const guint8 *) &head, sizeof head);
  append_attribute (body, RTA_GATEWAY, g_inet_address_to_bytes (address), 4);
  append_attribute (body, RTA_OIF, &index, sizeof index);
  append_attribute (body, RTA_PRIORITY, &metric, sizeof metric);
  append_message (out, RTM_NEWROUTE, body);
}

static void
append_neighbour (GByteArray *out, int index, const char *text, guint16 state, guint32 age)
{
  static const guint8 mac[6] = { 2, 0, 0, 0, 1, 1 };
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  struct ndmsg head = { .ndm_family = AF_INET, .ndm_ifindex = index, .ndm_state = state };
  struct nda_cacheinfo ages = { .ndm_confirmed = 1, .ndm_used = 2, .ndm_updated = age };

  g_byte_array_append (body, (const guint8 *) &head, sizeof head);
  append_attribute (body, NDA_DST, g_inet_address_to_bytes (address), 4);
  if (state != NUD_FAILED)
    append_attribute (body, NDA_LLADDR, mac, sizeof mac);
  append_attribute (body, NDA_CACHEINFO, &ages, sizeof ages);
  append_message (out, RTM_NEWNEIGH, body);
}

static GByteArray *
build_shop (void)
{
  GByteArray *out = g_byte_array_new ();

  append_link (out, 1, "lo", IFF_UP | IFF_RUNNING | IFF_LOOPBACK, 1);
  append_link (out, 2, "eth0", IFF_UP | IFF_RUNNING, 0); /* the flag lags behind */
  append_link (out, 3, "wlan0", IFF_UP | IFF_RUNNING, 1);
  append_ipv4 (out, 2, "192.168.1.10", 28);
  append_ipv4 (out, 3, "169.254.3.4", 16);
  append_default_route (out, 3, "192.168.1.9", 600);
  append_default_route (out, 2, "192.168.1.1", 100);
  append_neighbour (out, 2, "192.168.1.1", NUD_STALE, 120);
  append_neighbour (out, 2, "224.0.0.22", NUD_NOARP, 410);
  append_neighbour (out, 2, "255.255.255.255", NUD_NOARP, 5000);
  append_neighbour (out, 2, "192.168.1.8", NUD_FAILED, 5000);
  append_neighbour (out, 2, "192.168.1.7", NUD_PERMANENT, 99000);
  append_neighbour (out, 3, "192.168.1.9", NUD_STALE, 600);
  return out;
}

static void
test_shop (void)
{
  g_autoptr (GByteArray) bytes = build_shop ();
  g_autoptr (PfaNetworkState) state = pfa_network_state_new ();
  g_autoptr (GInetAddress) near = g_inet_address_new_from_string ("192.168.1.14");
  g_autoptr (GInetAddress) far = g_inet_address_new_from_string ("192.168.1.50");
  const PfaLink *link;
  const PfaAddress *address;

  g_assert_true (pfa_network_state_add_messages (state, bytes->data, bytes->len));
  g_assert_cmpuint (state->links->len, ==, 3);
  link = pfa_network_state_find_uplink (state);
  g_assert_cmpstr (link->name, ==, "eth0");
  g_assert_false (link->running);
  g_assert_cmpuint (link->carrier_changes, ==, 4);
  address = pfa_network_state_find_address (state, 2, G_SOCKET_FAMILY_IPV4);
  g_assert_true (pfa_address_covers (address, near));
  g_assert_false (pfa_address_covers (address, far));
  address = pfa_network_state_find_address (state, 3, G_SOCKET_FAMILY_IPV4);
  g_assert_true (pfa_address_is_self_assigned (address));
  g_assert_cmpuint (pfa_network_state_count_uplinks (state), ==, 1);
}

static PfaNetworkState *
read_shop (void)
{
  g_autoptr (GByteArray) bytes = build_shop ();
  PfaNetworkState *state = pfa_network_state_new ();

  pfa_network_state_add_messages (state, bytes->data, bytes->len);
  return state;
}

static void
test_changes (void)
{
  g_autoptr (PfaNetworkState) before = read_shop ();
  g_autoptr (PfaNetworkState) after = read_shop ();
  PfaRoute *route =
      (PfaRoute *) pfa_network_state_find_default_route (after, G_SOCKET_FAMILY_IPV4, 0);
  PfaLink *link = (PfaLink *) pfa_network_state_find_uplink (after);

  g_assert_cmpuint (pfa_network_state_count_changes (before, after), ==, 0);
  link->carrier_changes += 2;
  g_assert_cmpuint (pfa_network_state_count_changes (before, after), ==, 1);
  link->carrier_changes += 4;
  g_assert_cmpuint (pfa_network_state_count_changes (before, after), ==, 3);
  link->carrier_changes -= 6;

  g_clear_object (&route->gateway);
  route->gateway = g_inet_address_new_from_string ("192.168.77.1");
  g_assert_cmpuint (pfa_network_state_count_changes (before, after), ==, 1);
  g_ptr_array_set_size (after->routes, 0);
  g_assert_cmpuint (pfa_network_state_count_changes (before, after), ==, 1);

  /* Cable and Wi-Fi are two ways; a tunnel is no way of its own. */
  link = (PfaLink *) pfa_network_state_find_uplink (before);
  link->running = TRUE;
  g_assert_cmpuint (pfa_network_state_count_uplinks (before), ==, 2);
  g_free (link->kind);
  link->kind = g_strdup ("wireguard");
  g_assert_cmpuint (pfa_network_state_count_uplinks (before), ==, 1);
}

static void
test_up_time (void)
{
  g_autoptr (PfaNetworkState) state = read_shop ();

  g_assert_cmpuint (state->neighbours->len, ==, 6);
  g_assert_cmpuint (pfa_network_state_find_up_ms (state, 2), ==, 4100);
  g_assert_cmpuint (pfa_network_state_find_up_ms (state, 3), ==, 6000);
  g_assert_cmpuint (pfa_network_state_find_up_ms (state, 1), ==, 0);
}

static void
test_real_kernel (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaNetworkState) state = pfa_network_state_read (&error);

  g_assert_no_error (error);
  g_assert_cmpuint (state->links->len, >, 0);
  g_assert_cmpstr (((PfaLink *) g_ptr_array_index (state->links, 0))->name, ==, "lo");
}

static void
test_damaged_messages (void)
{
  g_autoptr (GByteArray) good = build_shop ();

  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autofree guint8 *bytes = g_memdup2 (good->data, good->len);
      g_autoptr (PfaNetworkState) state = pfa_network_state_new ();
      gsize length = (gsize) g_test_rand_int_range (0, (gint32) good->len + 1);
      g_autofree guint8 *tight = NULL;

      for (guint i = 0; i < 4; i++)
        bytes[g_test_rand_int_range (0, (gint32) good->len)] = (guint8) g_test_rand_int ();
      tight = g_memdup2 (bytes, length); /* so that reading beyond is seen */
      pfa_network_state_add_messages (state, tight, length);
      pfa_network_state_find_uplink (state);
    }
}

static void
test_arp (void)
{
  static const guint8 own[6] = { 2, 0, 0, 0, 1, 10 };
  static const guint8 target[4] = { 192, 168, 1, 50 };
  guint8 message[PFA_ARP_BYTES];
  guint8 claimed[4];
  guint8 mac[6];

  pfa_arp_build_probe (message, own, target);
  /* A probe claims nothing. */
  g_assert_false (pfa_arp_parse (message, sizeof message, claimed, mac));
  message[7] = 2;
  memcpy (message + 14, target, 4);
  g_assert_true (pfa_arp_parse (message, sizeof message, claimed, mac));
  g_assert_cmpmem (claimed, 4, target, 4);
  g_assert_cmpmem (mac, 6, own, 6);
  g_assert_false (pfa_arp_parse (message, sizeof message - 1, claimed, mac));
}

static void
test_link_to (void)
{
  g_autoptr (GInetAddress) here = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  /* RTM_NEWROUTE (24), IPv4 /32; attributes: destination, then link 7. */
  const guint8 answer[] = { 44, 0, 0,   0, 24,  0,   0, 0, 1, 0, 0, 0, 0, 0, 0,
                            0,  2, 32,  0, 0,   254, 0, 0, 1, 0, 0, 0, 0, 8, 0,
                            1,  0, 203, 0, 113, 10,  8, 0, 4, 0, 7, 0, 0, 0 };

  g_assert_cmpint (pfa_network_parse_link_to (answer, sizeof answer), ==, 7);
  for (gsize length = 0; length < sizeof answer; length++)
    {
      g_autofree guint8 *tight = g_memdup2 (answer, length);

      g_assert_cmpint (pfa_network_parse_link_to (tight, length), ==, 0);
    }
  g_assert_cmpint (pfa_network_find_link_to (here), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/platform/network-state/a-shop", test_shop);
  g_test_add_func ("/platform/network-state/changes", test_changes);
  g_test_add_func ("/platform/network-state/time-since-it-came-up", test_up_time);
  g_test_add_func ("/platform/network-state/this-computer", test_real_kernel);
  g_test_add_func ("/platform/network-state/damaged-messages", test_damaged_messages);
  g_test_add_func ("/platform/arp/who-claims-what", test_arp);
  g_test_add_func ("/platform/network-state/the-link-to-an-address", test_link_to);
  return g_test_run ();
}
