/* test-usb-list.c - the list of the settings follows what is plugged in and out, and opens nothing
 *
 * Runs under umockdev-wrapper.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <adwaita.h>
#include <umockdev.h>

#include "pfa-language.h"
#include "pfa-usb-list.h"

#define DEVICE "/sys/devices/pci0000:00/usb1/1-2"

typedef struct
{
  UMockdevTestbed *bed;
  GtkWidget *window;
  GtkWidget *list;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->bed = umockdev_testbed_new ();
  fixture->window = adw_window_new ();
  fixture->list = pfa_usb_list_new ();
  adw_window_set_content (ADW_WINDOW (fixture->window), fixture->list);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (fixture->bed);
}

/* A terminal whose maker's id is published; no driver took it. */
static void
plug (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  umockdev_testbed_add_from_string (fixture->bed,
                                    "P: /devices/pci0000:00/usb1/1-2\n"
                                    "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n"
                                    "A: idVendor=079b\nA: idProduct=0028\n"
                                    "A: manufacturer=INGENICO\nA: product=iCT220\n"
                                    "A: speed=12\nA: bMaxPower=500mA\nA: authorized=1\n"
                                    "A: power/runtime_status=active\n",
                                    &error);
  g_assert_no_error (error);
}

static guint
count_buttons (GtkWidget *widget, const char *action)
{
  guint n = GTK_IS_BUTTON (widget) &&
            g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_buttons (child, action);
  return n;
}

static void
wait_for_buttons (Fixture *fixture, guint n)
{
  while (count_buttons (fixture->list, "win.go") != n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_comes_and_goes (Fixture *fixture, gconstpointer data)
{
  wait_for_buttons (fixture, 0);
  plug (fixture);
  wait_for_buttons (fixture, 1);
  g_assert_cmpuint (count_buttons (fixture->list, "settings.add-found"), ==, 1);
  umockdev_testbed_uevent (fixture->bed, DEVICE, "remove");
  umockdev_testbed_remove_device (fixture->bed, DEVICE);
  wait_for_buttons (fixture, 0);
}

/* What is kept already can be tested, and is not offered again. */
static void
test_kept_is_not_added (Fixture *fixture, gconstpointer data)
{
  const char *const kept[] = { "usb:1-2", NULL };

  plug (fixture);
  wait_for_buttons (fixture, 1);
  pfa_usb_list_set_kept (PFA_USB_LIST (fixture->list), kept);
  g_assert_cmpuint (count_buttons (fixture->list, "settings.add-found"), ==, 0);
  g_assert_cmpuint (count_buttons (fixture->list, "win.go"), ==, 1);
}

int
main (int argc, char *argv[])
{
  pfa_language_set_up ("en");
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/ui/usb-list/comes-and-goes", Fixture, NULL, set_up, test_comes_and_goes, tear_down);
  g_test_add ("/ui/usb-list/kept-is-not-added",
              Fixture,
              NULL,
              set_up,
              test_kept_is_not_added,
              tear_down);
  return g_test_run ();
}
