/* pfa-usb-device.h - what USB alone tells about one device; it is not touched for that
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gudev/gudev.h>

#include "pfa-observation.h"
#include "pfa-terminal-profile.h"

G_BEGIN_DECLS

/* What stands in the way, the worst first. */
typedef enum
{
  PFA_USB_OK,
  PFA_USB_BLOCKED,       /* a policy of this computer forbids it */
  PFA_USB_NO_DRIVER,     /* plugged in, but no driver took it */
  PFA_USB_NO_PERMISSION, /* this person may not open its port */
  PFA_USB_SUSPENDED,
  PFA_USB_HELD,        /* another program of this person holds its port */
  PFA_USB_REAPPEARING, /* came back several times within a minute */
} PfaUsbState;

/* A plain value. Strings are NULL where the device does not say. */
typedef struct
{
  char *port; /* "1-2.3" */
  char *vendor;
  char *product;
  char *manufacturer_text;
  char *product_text;
  char *serial;
  PfaUsbKind kind;
  char *brand;
  char *model;
  double speed_mbit; /* 0: not told */
  int power_ma;      /* -1: not told */
  char *driver;
  char *node;     /* "/dev/ttyACM0" */
  char *held_by;  /* name of the program */
  char *address;  /* a terminal address to try, or NULL */
  guint arrivals; /* within the last minute, as far as was watched */
  PfaUsbState state;
} PfaUsbDevice;

/* @device: of type usb_device. @arrivals: how often it came within the last minute. */
PfaUsbDevice *pfa_usb_device_new (GUdevClient *client, GUdevDevice *device, guint arrivals);
void pfa_usb_device_free (PfaUsbDevice *self);

/* Is it a terminal, or may it have one behind it? Mice and hubs are not listed. */
gboolean pfa_usb_device_is_interesting (const PfaUsbDevice *self);
/* "ok", "no-driver", … */
const char *pfa_usb_state_get_id (PfaUsbState state);
const char *pfa_usb_kind_get_id (PfaUsbKind kind);
/* The serial number is masked. (transfer full) */
JsonObject *pfa_usb_device_to_json (const PfaUsbDevice *self, const char *language);
/* "terminal-usb" of data/knowledge/observations. (transfer full) */
PfaObservation *pfa_usb_device_observe (const PfaUsbDevice *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaUsbDevice, pfa_usb_device_free)

G_END_DECLS
