/* test-terminal-finder.c - USB: plug, unplug, re-enumerate, no driver, no permission; mocked
 *
 * Runs under umockdev-wrapper.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

#include "pfa-json.h"
#include "pfa-terminal-finder.h"
#include "pfa-terminal-fixture.h"

#define DEVICE "/sys/devices/pci0000:00/usb1/1-2"

typedef struct
{
  UMockdevTestbed *bed;
  PfaTerminalFinder *finder;
  guint changes;
} Fixture;

static void
on_changed_cb (PfaTerminalFinder *finder, const char *port, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->changes++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->bed = umockdev_testbed_new ();
  fixture->finder = pfa_terminal_finder_new ();
  fixture->changes = 0;
  g_signal_connect (fixture->finder, "changed", G_CALLBACK (on_changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->finder);
  g_assert_finalize_object (fixture->bed);
}

/* @driver NULL: nothing took the interface, and there is no port. */
static void
plug (Fixture *fixture,
      const char *vendor,
      const char *product,
      const char *name,
      const char *driver)
{
  g_autofree char *text = g_strdup_printf ("P: /devices/pci0000:00/usb1/1-2\n"
                                           "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n"
                                           "A: idVendor=%s\nA: idProduct=%s\nA: manufacturer=%s\n"
                                           "A: product=Thing\nA: serial=12345678\nA: speed=12\n"
                                           "A: bMaxPower=500mA\nA: authorized=1\n"
                                           "A: power/runtime_status=active\n",
                                           vendor,
                                           product,
                                           name);
  g_autoptr (GError) error = NULL;

  umockdev_testbed_add_from_string (fixture->bed, text, &error);
  g_assert_no_error (error);
  umockdev_testbed_add_from_string (fixture->bed,
                                    "P: /devices/pci0000:00/usb1/1-2/1-2:1.0\n"
                                    "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\n"
                                    "A: bInterfaceClass=02\n",
                                    &error);
  g_assert_no_error (error);
  if (driver == NULL)
    return;
  text = (g_free (text), g_strdup_printf ("../../../../../bus/usb/drivers/%s", driver));
  umockdev_testbed_set_attribute_link (fixture->bed, DEVICE "/1-2:1.0", "driver", text);
  umockdev_testbed_add_from_string (fixture->bed,
                                    "P: /devices/pci0000:00/usb1/1-2/1-2:1.0/tty/ttyACM0\n"
                                    "N: ttyACM0\nE: SUBSYSTEM=tty\nE: DEVNAME=/dev/ttyACM0\n",
                                    &error);
  g_assert_no_error (error);
}

static void
unplug (Fixture *fixture)
{
  const char *const parts[] = { DEVICE "/1-2:1.0/tty/ttyACM0", DEVICE "/1-2:1.0", DEVICE };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (!g_file_test (parts[i], G_FILE_TEST_EXISTS))
        continue;
      umockdev_testbed_uevent (fixture->bed, parts[i], "remove");
      umockdev_testbed_remove_device (fixture->bed, parts[i]);
    }
}

static void
wait_for_change (Fixture *fixture)
{
  guint before = fixture->changes;

  while (fixture->changes == before)
    g_main_context_iteration (NULL, TRUE);
}

static PfaUsbDevice *
find (Fixture *fixture)
{
  return pfa_terminal_finder_find (fixture->finder, "1-2");
}

static void
test_terminal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaUsbDevice) device = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (JsonObject) json = NULL;

  plug (fixture, "11ca", "0207", "VeriFone", "cdc_acm");
  list = pfa_terminal_finder_list (fixture->finder);
  g_assert_cmpuint (list->len, ==, 1);
  device = find (fixture);
  g_assert_cmpint (device->kind, ==, PFA_USB_TERMINAL);
  g_assert_cmpstr (device->brand, ==, "Verifone");
  g_assert_cmpstr (device->model, ==, "VX810");
  g_assert_cmpstr (device->driver, ==, "cdc_acm");
  g_assert_cmpstr (device->node, ==, "/dev/ttyACM0");
  g_assert_cmpint (device->power_ma, ==, 500);
  g_assert_cmpfloat (device->speed_mbit, ==, 12);
  g_assert_cmpint (device->state, ==, PFA_USB_OK);
  g_assert_cmpstr (device->address, ==, "zvt+serial:///dev/ttyACM0");
  json = pfa_usb_device_to_json (device, "en");
  g_assert_cmpstr (pfa_json_peek_string (json, "serial"), ==, "••••5678");
}

/* A serial-port chip is never "a terminal found". */
static void
test_adapter (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaUsbDevice) device = NULL;

  plug (fixture, "0403", "6001", "FTDI", "ftdi_sio");
  device = find (fixture);
  g_assert_cmpint (device->kind, ==, PFA_USB_ADAPTER);
  g_assert_null (device->address);
}

/* 2fb8 is said to be PAX, but nowhere confirmed: the strings speak, and only as "perhaps". */
static void
test_by_name_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaUsbDevice) device = NULL;

  plug (fixture, "2fb8", "2205", "PAX Technology", "cdc_acm");
  device = find (fixture);
  g_assert_cmpint (device->kind, ==, PFA_USB_MAYBE);
  g_assert_null (device->brand);
  g_assert_null (device->address);
}

static void
test_mouse_is_not_listed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;

  plug (fixture, "046d", "c077", "Logitech", NULL);
  list = pfa_terminal_finder_list (fixture->finder);
  g_assert_cmpuint (list->len, ==, 0);
}

static void
check_observation (PfaUsbDevice *device, const char *value)
{
  g_autoptr (PfaObservation) observation = pfa_usb_device_observe (device);

  g_assert_cmpstr (observation->id, ==, "terminal-usb");
  g_assert_cmpstr (observation->value, ==, value);
}

static void
test_no_driver (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaUsbDevice) device = NULL;

  plug (fixture, "079b", "0028", "SAGEM", NULL);
  device = find (fixture);
  g_assert_cmpint (device->state, ==, PFA_USB_NO_DRIVER);
  g_assert_cmpstr (device->model, ==, "iPP320");
  check_observation (device, "no-driver");
}

static void
test_blocked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaUsbDevice) device = NULL;

  plug (fixture, "0b00", "3070", "Ingenico", "cp210x");
  umockdev_testbed_set_attribute (fixture->bed, DEVICE, "authorized", "0");
  device = find (fixture);
  g_assert_cmpint (device->state, ==, PFA_USB_BLOCKED);
  check_observation (device, "no-permission");
}

static void
test_suspended (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaUsbDevice) device = NULL;

  plug (fixture, "0b00", "3070", "Ingenico", "cp210x");
  umockdev_testbed_set_attribute (fixture->bed, DEVICE, "power/runtime_status", "suspended");
  device = find (fixture);
  g_assert_cmpint (device->state, ==, PFA_USB_SUSPENDED);
  check_observation (device, "suspended");
}

static void
test_no_permission (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaUsbDevice) device = NULL;
  g_autofree char *root = umockdev_testbed_get_root_dir (fixture->bed);
  gboolean was_root = getuid () == 0;

  plug (fixture, "11ca", "0207", "VeriFone", "cdc_acm");
  g_assert_cmpint (g_chmod ("/dev/ttyACM0", 0), ==, 0);
  g_assert_cmpint (g_chmod (root, 0755), ==, 0);
  if (getuid () == 0 && setresuid (65534, 65534, 0) != 0)
    {
      g_test_skip ("cannot become an ordinary user here");
      return;
    }
  /* The mocked tree belongs to whoever runs the test; others must be able to look at it. */
  device = find (fixture);
  if (was_root)
    g_assert_cmpint (setresuid (0, 0, 0), ==, 0);
  if (device == NULL)
    {
      g_test_skip ("the mocked tree cannot be read by an ordinary user");
      return;
    }
  g_assert_cmpint (device->state, ==, PFA_USB_NO_PERMISSION);
  check_observation (device, "no-permission");
}

static void
test_live (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaUsbDevice) device = NULL;

  plug (fixture, "11ca", "0207", "VeriFone", "cdc_acm");
  wait_for_change (fixture);
  g_assert_nonnull (device = find (fixture));
  unplug (fixture);
  wait_for_change (fixture);
  g_clear_pointer (&device, pfa_usb_device_free);
  g_assert_null (device = find (fixture));
}

static void
test_reappearing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaUsbDevice) device = NULL;

  for (guint i = 0; i < 3; i++)
    {
      plug (fixture, "11ca", "0207", "VeriFone", NULL);
      wait_for_change (fixture);
      if (i < 2)
        {
          unplug (fixture);
          wait_for_change (fixture);
        }
    }
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  device = find (fixture);
  g_assert_cmpint (device->state, ==, PFA_USB_REAPPEARING);
  check_observation (device, "reappearing");
}

static void
test_status_of_usb_address (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfaTerminalStatus) there = NULL;
  g_autoptr (PfaTerminalStatus) gone = NULL;
  g_autoptr (GPtrArray) observations = NULL;

  plug (fixture, "11ca", "0207", "VeriFone", "cdc_acm");
  there = pfa_terminal_fixture_read ("usb:1-2", NULL, NULL, NULL);
  g_assert_true (there->reached);
  g_assert_cmpstr (there->state, ==, "unknown");
  g_assert_cmpstr (there->brand, ==, "Verifone");
  g_assert_null (there->problem);
  unplug (fixture);
  gone = pfa_terminal_fixture_read ("usb:1-2", NULL, NULL, NULL);
  g_assert_false (gone->reached);
  g_assert_cmpstr (gone->problem, ==, "unplugged");
  observations = pfa_terminal_status_dup_observations (gone, NULL);
  g_assert_cmpstr (((PfaObservation *) observations->pdata[0])->value, ==, "unplugged");
}

/* The rule and the table name the same makers, and no serial-port chip. */
static void
test_rule (void)
{
  g_autofree char *rule_path = g_build_filename (g_getenv ("PFA_SOURCE_DIR"),
                                                 "data",
                                                 "udev",
                                                 "70-pos-first-aid.rules",
                                                 NULL);
  g_autofree char *table_path =
      g_build_filename (g_getenv ("PFA_SOURCE_DIR"), "data", "terminals", "usb.json", NULL);
  g_autofree char *rule = NULL;
  g_autoptr (JsonNode) table = pfa_json_load (table_path, NULL);
  JsonObject *root = json_node_get_object (table);
  JsonArray *vendors = json_object_get_array_member (root, "vendors");
  JsonArray *devices = json_object_get_array_member (root, "devices");
  JsonArray *bridges = json_object_get_array_member (root, "bridges");

  g_assert_true (g_file_get_contents (rule_path, &rule, NULL, NULL));
  for (guint i = 0; i < json_array_get_length (vendors); i++)
    g_assert_nonnull (
        strstr (rule,
                json_object_get_string_member (json_array_get_object_element (vendors, i),
                                               "vendor")));
  for (guint i = 0; i < json_array_get_length (bridges); i++)
    g_assert_null (strstr (rule, json_array_get_string_element (bridges, i)));
  for (guint i = 0; i < json_array_get_length (devices); i++)
    {
      g_auto (GStrv) quirks = pfa_json_dup_strings (json_array_get_object_element (devices, i),
                                                    "quirks",
                                                    "usb.json",
                                                    NULL);

      for (guint k = 0; quirks[k] != NULL; k++)
        g_assert_true (g_strv_contains (pfa_terminal_quirks, quirks[k]));
    }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/terminal/finder/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("terminal", test_terminal);
  ADD ("adapter-is-no-terminal", test_adapter);
  ADD ("by-name-only", test_by_name_only);
  ADD ("mouse-is-not-listed", test_mouse_is_not_listed);
  ADD ("no-driver", test_no_driver);
  ADD ("blocked", test_blocked);
  ADD ("suspended", test_suspended);
  ADD ("no-permission", test_no_permission);
  ADD ("live", test_live);
  ADD ("reappearing", test_reappearing);
  ADD ("status-of-usb-address", test_status_of_usb_address);
  g_test_add_func ("/terminal/finder/rule-and-table-agree", test_rule);
  return g_test_run ();
}
