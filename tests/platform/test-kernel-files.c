/* test-kernel-files.c - what the files of /proc, /sys and /etc say, from a folder like them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pfa-kernel-files.h"

#include <string.h>

#define ROUNDS 20000

static char *root;

static void
test_counters (void)
{
  g_autoptr (PfaCounters) counters = pfa_counters_read (root);

  g_assert_cmpint (pfa_counters_get (counters, "TcpExt.TCPOFOQueue"), ==, 12);
  g_assert_cmpint (pfa_counters_get (counters, "Tcp.InCsumErrors"), ==, 7);
  g_assert_cmpint (pfa_counters_get (counters, "Ip.InHdrErrors"), ==, 3);
  g_assert_cmpint (pfa_counters_get (counters, "Ip.NotThere"), ==, 0);
}

static void
test_resolvers (void)
{
  g_auto (GStrv) found = pfa_resolvers_read (root);
  const char *const expected[] = { "192.168.1.1", "fe80::1%eth0", NULL };

  g_assert_cmpstrv (found, expected);
}

static void
test_hosts (void)
{
  g_auto (GStrv) found = pfa_hosts_find (root, "Pay.Provider.Test");
  g_auto (GStrv) none = pfa_hosts_find (root, "old");
  const char *const expected[] = { "203.0.113.99", NULL };

  g_assert_cmpstrv (found, expected);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

static void
test_links (void)
{
  gboolean full;

  g_assert_cmpuint (pfa_link_speed_read (root, "eth0", &full), ==, 10);
  g_assert_false (full);
  g_assert_cmpuint (pfa_link_speed_read (root, "wlan0", &full), ==, 0);
  g_assert_false (pfa_link_drops_strangers (root, "eth0"));
  g_assert_true (pfa_link_drops_strangers (root, "wlan0"));
  /* Not told: it may be so. */
  g_assert_true (pfa_link_drops_strangers (root, "eth7"));
  g_assert_true (full);
  g_assert_true (pfa_link_is_wireless (root, "wlan0"));
  g_assert_false (pfa_link_is_wireless (root, "eth0"));
  g_assert_cmpint (pfa_wireless_signal_read (root, "wlan0"), ==, -69);
  g_assert_cmpint (pfa_wireless_signal_read (root, "eth0"), ==, 0);
}

static void
test_missing_files (void)
{
  g_autoptr (PfaCounters) counters = pfa_counters_read ("/does/not/exist");
  g_auto (GStrv) found = pfa_resolvers_read ("/does/not/exist");

  g_assert_cmpint (pfa_counters_get (counters, "Tcp.InErrs"), ==, 0);
  g_assert_cmpuint (g_strv_length (found), ==, 0);
}

static void
test_random_text (void)
{
  static const char letters[] = "Tcp: 0\nnameserver 1.:#\twlan";

  for (guint round = 0; round < ROUNDS; round++)
    {
      char text[64];
      gsize length = (gsize) g_test_rand_int_range (0, sizeof text - 1);
      PfaCounters *counters;

      for (gsize i = 0; i < length; i++)
        text[i] = letters[g_test_rand_int_range (0, sizeof letters - 1)];
      text[length] = '\0';
      counters = pfa_counters_parse (text);
      pfa_counters_free (counters);
      g_strfreev (pfa_resolvers_parse (text));
      g_strfreev (pfa_hosts_parse (text, "a"));
      pfa_wireless_signal_parse (text, "wlan");
    }
}

int
main (int argc, char *argv[])
{
  g_autofree char *folder = NULL;

  g_test_init (&argc, &argv, NULL);
  folder = g_test_build_filename (G_TEST_DIST, "platform", "fixture", NULL);
  root = folder;
  g_test_add_func ("/platform/kernel-files/counters", test_counters);
  g_test_add_func ("/platform/kernel-files/resolvers-behind-systemd", test_resolvers);
  g_test_add_func ("/platform/kernel-files/hosts-name-by-name", test_hosts);
  g_test_add_func ("/platform/kernel-files/links", test_links);
  g_test_add_func ("/platform/kernel-files/missing-files-say-nothing", test_missing_files);
  g_test_add_func ("/platform/kernel-files/random-text", test_random_text);
  return g_test_run ();
}
