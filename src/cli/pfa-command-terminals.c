/* pfa-command-terminals.c - what USB shows and the addresses saved; contacts nothing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-json.h"
#include "pfa-terminal-finder.h"

#define SAVED_KEY "terminals"

/* The window keeps them. A program run from its build folder has no settings: then there are none.
 */
static GStrv
dup_saved (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettings) settings = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APPLICATION_ID, TRUE);
  if (schema == NULL || !g_settings_schema_has_key (schema, SAVED_KEY))
    return g_new0 (char *, 1);
  settings = g_settings_new_full (schema, NULL, NULL);
  return g_settings_get_strv (settings, SAVED_KEY);
}

static JsonObject *
build_json (GPtrArray *devices, GStrv saved)
{
  JsonObject *object = json_object_new ();
  JsonArray *usb = json_array_new ();
  JsonArray *addresses = json_array_new ();

  json_object_set_string_member (object, "format", "pos-first-aid-terminals/1");
  for (guint i = 0; i < devices->len; i++)
    json_array_add_object_element (usb,
                                   pfa_usb_device_to_json (devices->pdata[i],
                                                           pfa_cli_get_language ()));
  for (guint i = 0; saved[i] != NULL; i++)
    json_array_add_string_element (addresses, saved[i]);
  json_object_set_array_member (object, "usb", usb);
  json_object_set_array_member (object, "saved", addresses);
  json_object_set_boolean_member (object, "udev_rule", pfa_terminal_finder_has_rule ());
  return object;
}

static const char *
describe_kind (const PfaUsbDevice *device)
{
  switch (device->kind)
    {
    case PFA_USB_TERMINAL:
      return _ ("terminal");
    case PFA_USB_READER:
      return _ ("card reader");
    case PFA_USB_ADAPTER:
      return _ ("serial adapter; a terminal may hang on it, or something else");
    case PFA_USB_MAYBE:
      return _ ("perhaps a terminal, by its name");
    case PFA_USB_OTHER:
    default:
      return _ ("a device with a serial port");
    }
}

static void
print_device (const PfaUsbDevice *device)
{
  g_autoptr (JsonObject) json = pfa_usb_device_to_json (device, pfa_cli_get_language ());
  const char *brand = device->brand != NULL ? device->brand : device->manufacturer_text;
  const char *model = device->model != NULL ? device->model : device->product_text;
  g_autofree char *line = g_strdup_printf ("usb:%s  %s %s (%s)",
                                           device->port,
                                           brand != NULL ? brand : "",
                                           model != NULL ? model : "",
                                           describe_kind (device));

  pfa_cli_print_wrapped (line, 0);
  pfa_cli_print_wrapped (pfa_json_peek_string (pfa_json_peek_object (json, "state"), "text"), 2);
  if (device->held_by != NULL)
    pfa_cli_print_wrapped (device->held_by, 2);
  if (device->node != NULL)
    pfa_cli_print_wrapped (device->node, 2);
  if (device->address != NULL)
    pfa_cli_print_wrapped (device->address, 2);
}

static void
print_for_people (GPtrArray *devices, GStrv saved)
{
  gboolean forbidden = FALSE;

  if (devices->len == 0)
    pfa_cli_print_wrapped (_ ("No terminal is plugged in over USB."), 0);
  for (guint i = 0; i < devices->len; i++)
    {
      PfaUsbDevice *device = devices->pdata[i];

      print_device (device);
      forbidden = forbidden || device->state == PFA_USB_NO_PERMISSION;
    }
  if (forbidden && !pfa_terminal_finder_has_rule ())
    pfa_cli_print_wrapped (_ ("The program’s udev rule is not installed on this computer."), 0);
  for (guint i = 0; saved[i] != NULL; i++)
    pfa_cli_print_wrapped (saved[i], 0);
}

int
pfa_command_terminals (int argc, char *argv[])
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Prints one JSON object"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (PfaTerminalFinder) finder = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  g_auto (GStrv) saved = NULL;

  if (!pfa_cli_parse (&argc, &argv, entries, NULL))
    return PFA_EXIT_USAGE;
  if (argc != 1)
    {
      pfa_cli_complain ("%s", _ ("terminals takes no address; terminal-status does"));
      return PFA_EXIT_USAGE;
    }
  finder = pfa_terminal_finder_new ();
  devices = pfa_terminal_finder_list (finder);
  saved = dup_saved ();
  if (json)
    pfa_cli_print_json (build_json (devices, saved));
  else
    print_for_people (devices, saved);
  return PFA_EXIT_GOOD;
}
