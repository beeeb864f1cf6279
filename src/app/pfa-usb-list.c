/* pfa-usb-list.c - the terminals that USB shows, as they come and go
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-usb-list.h"

#include <glib/gi18n.h>

#include "pfa-button.h"
#include "pfa-json.h"
#include "pfa-language.h"
#include "pfa-row.h"
#include "pfa-terminal-finder.h"
#include "pfa-wrap-box.h"

/* One plug is many events. */
#define SETTLE_MS 150

struct _PfaUsbList
{
  GtkBox parent_instance;
  GtkListBox *list;
  GtkLabel *rule_label;
  PfaTerminalFinder *finder; /* NULL until first in view */
  GStrv kept;
  guint refresh_id;
};

G_DEFINE_FINAL_TYPE (PfaUsbList, pfa_usb_list, GTK_TYPE_BOX)

static const char *
say_kind (PfaUsbKind kind)
{
  switch (kind)
    {
    case PFA_USB_TERMINAL:
      return _ ("Terminal");
    case PFA_USB_READER:
      return _ ("Card reader");
    case PFA_USB_ADAPTER:
      return _ ("Adapter; a terminal may hang on it");
    case PFA_USB_MAYBE:
      return _ ("Perhaps a terminal, by its name");
    case PFA_USB_OTHER:
    default:
      return _ ("Some device with a serial port");
    }
}

static char *
dup_name (const PfaUsbDevice *device)
{
  const char *brand = device->brand != NULL ? device->brand : device->manufacturer_text;
  const char *model = device->model != NULL ? device->model : device->product_text;

  if (brand == NULL && model == NULL)
    return g_strdup (say_kind (device->kind));
  return g_strstrip (
      g_strdup_printf ("%s %s", brand != NULL ? brand : "", model != NULL ? model : ""));
}

static GtkWidget *
make_button (const char *text, const char *name, const char *action, const char *target)
{
  GtkWidget *button = pfa_button_new (text);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", text, name);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken,
                                  -1);
  return button;
}

/* Where nobody published what a device speaks, its place at USB is the address: reading it shows
 * what USB shows and speaks to nothing. */
static GtkWidget *
make_row (PfaUsbList *self, const PfaUsbDevice *device)
{
  g_autofree char *name = dup_name (device);
  g_autofree char *place = g_strdup_printf ("usb:%s", device->port);
  const char *address = device->address != NULL ? device->address : place;
  g_autofree char *page = g_strdup_printf ("terminal:%s", address);
  g_autoptr (JsonObject) json = pfa_usb_device_to_json (device, pfa_language_get ());
  JsonObject *state = pfa_json_peek_object (json, "state");
  g_autofree char *subtitle =
      g_strdup_printf ("%s · %s", say_kind (device->kind), pfa_json_peek_string (state, "text"));
  GtkWidget *row = pfa_row_new (name, subtitle);
  GtkWidget *buttons = pfa_wrap_box_new (12);

  pfa_row_set_state (PFA_ROW (row),
                     device->state == PFA_USB_OK ? PFA_STATION_GOOD : PFA_STATION_DEGRADED);
  if (self->kept == NULL || !g_strv_contains ((const char *const *) self->kept, address))
    pfa_wrap_box_append (PFA_WRAP_BOX (buttons),
                         make_button (_ ("Add"), name, "settings.add-found", address));
  pfa_wrap_box_append (PFA_WRAP_BOX (buttons), make_button (_ ("Test"), name, "win.go", page));
  pfa_row_add_below (PFA_ROW (row), buttons);
  return row;
}

static void
refresh (PfaUsbList *self)
{
  g_autoptr (GPtrArray) devices = pfa_terminal_finder_list (self->finder);
  gboolean forbidden = FALSE;

  pfa_row_clear_list (self->list);
  for (guint i = 0; i < devices->len; i++)
    {
      const PfaUsbDevice *device = g_ptr_array_index (devices, i);

      forbidden = forbidden || device->state == PFA_USB_NO_PERMISSION;
      gtk_list_box_append (self->list, make_row (self, device));
    }
  if (devices->len == 0)
    gtk_list_box_append (self->list,
                         pfa_row_new (_ ("No terminal is plugged in by USB"),
                                      _ ("Plug it in; it shows here at once")));
  gtk_label_set_text (self->rule_label,
                      pfa_terminal_finder_has_rule ()
                          ? _ ("Unplug it and plug it in again, then you may open it.")
                          : _ ("A file that allows it is missing here. Install this program’s "
                               "package, then plug it in again."));
  gtk_widget_set_visible (GTK_WIDGET (self->rule_label), forbidden);
}

static gboolean
on_settled_cb (gpointer user_data)
{
  PfaUsbList *self = user_data;

  self->refresh_id = 0;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    refresh (self);
  return G_SOURCE_REMOVE;
}

static void
on_finder_changed_cb (PfaUsbList *self)
{
  if (self->refresh_id == 0)
    self->refresh_id = g_timeout_add (SETTLE_MS, on_settled_cb, self);
}

void
pfa_usb_list_set_kept (PfaUsbList *self, const char *const *addresses)
{
  g_return_if_fail (PFA_IS_USB_LIST (self));

  g_strfreev (self->kept);
  self->kept = g_strdupv ((char **) addresses);
  if (self->finder != NULL)
    refresh (self);
}

GtkWidget *
pfa_usb_list_new (void)
{
  return g_object_new (PFA_TYPE_USB_LIST, NULL);
}

static void
pfa_usb_list_map (GtkWidget *widget)
{
  PfaUsbList *self = PFA_USB_LIST (widget);

  if (self->finder == NULL)
    {
      self->finder = pfa_terminal_finder_new ();
      g_signal_connect_object (self->finder,
                               "changed",
                               G_CALLBACK (on_finder_changed_cb),
                               self,
                               G_CONNECT_SWAPPED);
    }
  refresh (self);
  GTK_WIDGET_CLASS (pfa_usb_list_parent_class)->map (widget);
}

static void
pfa_usb_list_dispose (GObject *object)
{
  PfaUsbList *self = PFA_USB_LIST (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_object (&self->finder);
  g_clear_pointer (&self->kept, g_strfreev);
  G_OBJECT_CLASS (pfa_usb_list_parent_class)->dispose (object);
}

static void
pfa_usb_list_class_init (PfaUsbListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pfa_usb_list_dispose;
  GTK_WIDGET_CLASS (klass)->map = pfa_usb_list_map;
}

static void
pfa_usb_list_init (PfaUsbList *self)
{
  self->list = GTK_LIST_BOX (pfa_row_new_list (_ ("Plugged in by USB")));
  self->rule_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->rule_label, TRUE);
  gtk_label_set_wrap_mode (self->rule_label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->rule_label, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->rule_label), FALSE);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->rule_label));
}
