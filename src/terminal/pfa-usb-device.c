/* pfa-usb-device.c - what USB alone tells about one device; it is not touched for that
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-usb-device.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pfa-terminal-status.h"
#include "pfa-terminal-table.h"

/* Three arrivals in a minute are no longer a person plugging it in. */
#define REAPPEARING_ARRIVALS 3

static const char *const state_ids[] = {
  "ok", "blocked", "no-driver", "no-permission", "suspended", "held", "reappearing",
};

static const char *const kind_ids[] = { "other",
                                        "terminal",
                                        "card-reader",
                                        "serial-adapter",
                                        "maybe" };

const char *
pfa_usb_state_get_id (PfaUsbState state)
{
  return state_ids[state];
}

const char *
pfa_usb_kind_get_id (PfaUsbKind kind)
{
  return kind_ids[kind];
}

/* Always fresh from sysfs: GUdevDevice keeps what it read first. Blanks at the ends are cut. */
static char *
dup_attribute (GUdevDevice *device, const char *name)
{
  const char *value = g_udev_device_get_sysfs_attr_uncached (device, name);
  g_autofree char *clean = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  if (clean == NULL || g_strstrip (clean)[0] == '\0')
    return NULL;
  return g_steal_pointer (&clean);
}

static gboolean
is_child (GUdevDevice *child, GUdevDevice *device)
{
  g_autoptr (GUdevDevice) parent =
      g_udev_device_get_parent_with_subsystem (child, "usb", "usb_device");

  return parent != NULL &&
         g_str_equal (g_udev_device_get_sysfs_path (parent), g_udev_device_get_sysfs_path (device));
}

typedef struct
{
  guint interfaces;
  guint without_driver;
  guint network; /* interfaces that carry a network (RNDIS) or files: no port is expected */
} Interfaces;

static void
look_at_interface (PfaUsbDevice *self, GUdevDevice *interface, Interfaces *found)
{
  const char *driver = g_udev_device_get_driver (interface);
  g_autofree char *class = dup_attribute (interface, "bInterfaceClass");

  found->interfaces++;
  if (driver == NULL)
    found->without_driver++;
  else if (self->driver == NULL || g_str_equal (driver, "cdc_acm"))
    {
      g_free (self->driver);
      self->driver = g_strdup (driver);
    }
  if (class != NULL &&
      (g_str_equal (class, "e0") || g_str_equal (class, "ef") || g_str_equal (class, "03")))
    found->network++;
}

static void
find_interfaces (PfaUsbDevice *self, GUdevClient *client, GUdevDevice *device, Interfaces *found)
{
  GList *all = g_udev_client_query_by_subsystem (client, "usb");

  for (GList *l = all; l != NULL; l = l->next)
    if (g_strcmp0 (g_udev_device_get_devtype (l->data), "usb_interface") == 0 &&
        is_child (l->data, device))
      look_at_interface (self, l->data, found);
  g_list_free_full (all, g_object_unref);
}

static void
find_node (PfaUsbDevice *self, GUdevClient *client, GUdevDevice *device)
{
  GList *all = g_udev_client_query_by_subsystem (client, "tty");

  for (GList *l = all; l != NULL && self->node == NULL; l = l->next)
    if (is_child (l->data, device))
      self->node = g_strdup (g_udev_device_get_device_file (l->data));
  g_list_free_full (all, g_object_unref);
}

/* The program behind /proc/PID, if it is not this one. */
static char *
dup_program (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/comm", pid);
  g_autofree char *name = NULL;

  if (atoi (pid) == getpid () || !g_file_get_contents (path, &name, NULL, NULL))
    return NULL;
  return g_strdup (g_strstrip (name));
}

/* Other people's programs cannot be looked into; theirs show when the port is opened. */
static char *
dup_holder (const char *node)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *pid;

  while (processes != NULL && (pid = g_dir_read_name (processes)) != NULL)
    {
      g_autofree char *fds = g_strdup_printf ("/proc/%s/fd", pid);
      g_autoptr (GDir) open_files = g_ascii_isdigit (pid[0]) ? g_dir_open (fds, 0, NULL) : NULL;
      const char *fd;

      while (open_files != NULL && (fd = g_dir_read_name (open_files)) != NULL)
        {
          g_autofree char *link = g_build_filename (fds, fd, NULL);
          g_autofree char *target = g_file_read_link (link, NULL);
          char *program = g_strcmp0 (target, node) == 0 ? dup_program (pid) : NULL;

          if (program != NULL)
            return program;
        }
    }
  return NULL;
}

static PfaUsbState
judge (PfaUsbDevice *self, GUdevDevice *device, const Interfaces *found)
{
  g_autofree char *authorized = dup_attribute (device, "authorized");
  g_autofree char *power = dup_attribute (device, "power/runtime_status");

  if (g_strcmp0 (authorized, "0") == 0)
    return PFA_USB_BLOCKED;
  if (self->arrivals >= REAPPEARING_ARRIVALS)
    return PFA_USB_REAPPEARING;
  if (self->node == NULL && found->without_driver > 0 && found->network == 0)
    return PFA_USB_NO_DRIVER;
  if (self->node != NULL && access (self->node, R_OK | W_OK) != 0)
    return PFA_USB_NO_PERMISSION;
  if (self->held_by != NULL)
    return PFA_USB_HELD;
  return g_strcmp0 (power, "suspended") == 0 ? PFA_USB_SUSPENDED : PFA_USB_OK;
}

static void
read_identity (PfaUsbDevice *self, GUdevDevice *device)
{
  g_autofree char *strings = NULL;
  PfaTerminalProfile profile;

  self->port = g_strdup (g_udev_device_get_name (device));
  self->vendor = dup_attribute (device, "idVendor");
  self->product = dup_attribute (device, "idProduct");
  self->manufacturer_text = dup_attribute (device, "manufacturer");
  self->product_text = dup_attribute (device, "product");
  self->serial = dup_attribute (device, "serial");
  strings = g_strjoin (" ",
                       self->manufacturer_text != NULL ? self->manufacturer_text : "",
                       self->product_text != NULL ? self->product_text : "",
                       NULL);
  pfa_terminal_profile_find (self->vendor != NULL ? self->vendor : "",
                             self->product != NULL ? self->product : "",
                             strings,
                             &profile);
  self->kind = profile.kind;
  self->brand = g_strdup (profile.brand);
  self->model = g_strdup (profile.model);
}

/* What to try on its port; only where the id is confirmed. */
static void
suggest_address (PfaUsbDevice *self)
{
  PfaTerminalProfile profile;

  if (self->node == NULL || self->kind != PFA_USB_TERMINAL)
    return;
  pfa_terminal_profile_find (self->vendor, self->product, NULL, &profile);
  if (profile.scheme != NULL)
    self->address = g_strdup_printf ("%s://%s", profile.scheme, self->node);
}

PfaUsbDevice *
pfa_usb_device_new (GUdevClient *client, GUdevDevice *device, guint arrivals)
{
  PfaUsbDevice *self = g_new0 (PfaUsbDevice, 1);
  Interfaces found = { 0, 0, 0 };
  g_autofree char *speed = dup_attribute (device, "speed");
  g_autofree char *power = dup_attribute (device, "bMaxPower");

  self->arrivals = arrivals;
  read_identity (self, device);
  self->speed_mbit = speed != NULL ? g_ascii_strtod (speed, NULL) : 0;
  self->power_ma = power != NULL ? atoi (power) : -1;
  find_interfaces (self, client, device, &found);
  find_node (self, client, device);
  if (self->node != NULL)
    self->held_by = dup_holder (self->node);
  suggest_address (self);
  self->state = judge (self, device, &found);
  return self;
}

void
pfa_usb_device_free (PfaUsbDevice *self)
{
  g_free (self->port);
  g_free (self->vendor);
  g_free (self->product);
  g_free (self->manufacturer_text);
  g_free (self->product_text);
  g_free (self->serial);
  g_free (self->brand);
  g_free (self->model);
  g_free (self->driver);
  g_free (self->node);
  g_free (self->held_by);
  g_free (self->address);
  g_free (self);
}

gboolean
pfa_usb_device_is_interesting (const PfaUsbDevice *self)
{
  return self->kind != PFA_USB_OTHER || self->node != NULL;
}

static void
set_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

JsonObject *
pfa_usb_device_to_json (const PfaUsbDevice *self, const char *language)
{
  JsonObject *object = json_object_new ();
  JsonObject *state = json_object_new ();
  g_autofree char *address = g_strconcat ("usb:", self->port, NULL);
  g_autofree char *serial = pfa_terminal_mask (self->serial);
  const char *id = pfa_usb_state_get_id (self->state);

  set_string (object, "address", address);
  set_string (object, "kind", pfa_usb_kind_get_id (self->kind));
  set_string (object, "brand", self->brand);
  set_string (object, "model", self->model);
  set_string (object, "manufacturer", self->manufacturer_text);
  set_string (object, "product", self->product_text);
  set_string (object, "serial", serial);
  set_string (object, "vendor_id", self->vendor);
  set_string (object, "product_id", self->product);
  if (self->speed_mbit > 0)
    json_object_set_double_member (object, "speed_mbit", self->speed_mbit);
  else
    json_object_set_null_member (object, "speed_mbit");
  if (self->power_ma >= 0)
    json_object_set_int_member (object, "power_ma", self->power_ma);
  else
    json_object_set_null_member (object, "power_ma");
  set_string (object, "driver", self->driver);
  set_string (object, "device", self->node);
  set_string (object, "held_by", self->held_by);
  set_string (object, "try", self->address);
  set_string (state, "id", id);
  set_string (state,
              "text",
              pfa_text_get (pfa_terminal_table_get_text ("usb-states", id), language));
  json_object_set_object_member (object, "state", state);
  return object;
}

PfaObservation *
pfa_usb_device_observe (const PfaUsbDevice *self)
{
  const char *value = pfa_usb_state_get_id (self->state);
  PfaObservation *observation;

  /* Held and blocked are no faults of cable or driver: the model has no words for them. */
  if (self->state == PFA_USB_HELD)
    value = "ok";
  else if (self->state == PFA_USB_BLOCKED)
    value = "no-permission";
  observation = pfa_observation_new ("terminal-usb", value, PFA_FROM_TERMINAL);
  pfa_observation_set_fact_string (observation, "port", self->port);
  if (self->driver != NULL)
    pfa_observation_set_fact_string (observation, "driver", self->driver);
  if (self->held_by != NULL)
    pfa_observation_set_fact_string (observation, "held_by", self->held_by);
  return observation;
}
