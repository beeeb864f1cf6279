/* pfa-radio.c - Wi-Fi and mobile network as NetworkManager, ModemManager and the kernel see them
 *
 * Both services offer all their objects in one call (org.freedesktop.DBus.ObjectManager); where
 * that is missing, NetworkManager's devices are asked one by one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-radio.h"

#define NM                        "org.freedesktop.NetworkManager"
#define NM_PATH                   "/org/freedesktop/NetworkManager"
#define MM                        "org.freedesktop.ModemManager1"
#define MM_PATH                   "/org/freedesktop/ModemManager1"
#define CALL_TIMEOUT_MS           1500
#define NM_DEVICE_TYPE_WIFI       2
#define NM_DEVICE_STATE_ACTIVATED 100
#define MM_STATE_REGISTERED       8

typedef struct
{
  GDBusConnection *bus;
  PfaRadioState *state;
  guint left; /* answers that are still to come */
} Reading;

typedef struct
{
  GTask *task;
  char *path;
} Step;

static void
radio_clear (PfaRadio *radio)
{
  g_free (radio->link);
  g_free (radio->access_point);
  g_free (radio->operator_name);
}

void
pfa_radio_state_free (PfaRadioState *self)
{
  radio_clear (&self->wifi);
  radio_clear (&self->mobile);
  g_free (self);
}

static void
reading_free (Reading *self)
{
  g_clear_object (&self->bus);
  g_clear_pointer (&self->state, pfa_radio_state_free);
  g_free (self);
}

static void
step_free (Step *step)
{
  g_object_unref (step->task);
  g_free (step->path);
  g_free (step);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Step, step_free)

double
pfa_radio_percent_to_dbm (guint percent)
{
  return MIN (percent, 100) / 2.0 - 100;
}

/* One answer less to wait for; the last one ends the task. */
static void
settle (GTask *task)
{
  Reading *self = g_task_get_task_data (task);

  if (--self->left > 0 || g_task_return_error_if_cancelled (task))
    return;
  g_task_return_pointer (task,
                         g_steal_pointer (&self->state),
                         (GDestroyNotify) pfa_radio_state_free);
}

static void
call (GTask *task,
      const char *service,
      const char *path,
      const char *interface,
      const char *method,
      GVariant *parameters,
      GAsyncReadyCallback callback)
{
  Reading *self = g_task_get_task_data (task);
  Step *step = g_new0 (Step, 1);

  step->task = g_object_ref (task);
  step->path = g_strdup (path);
  self->left++;
  g_dbus_connection_call (self->bus,
                          service,
                          path,
                          interface,
                          method,
                          parameters,
                          NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          CALL_TIMEOUT_MS,
                          g_task_get_cancellable (task),
                          callback,
                          step);
}

static void
get_all (GTask *task,
         const char *service,
         const char *path,
         const char *interface,
         GAsyncReadyCallback callback)
{
  call (task,
        service,
        path,
        "org.freedesktop.DBus.Properties",
        "GetAll",
        g_variant_new ("(s)", interface),
        callback);
}

/* The a{sv} of a GetAll answer, or NULL. */
static GVariant *
take_properties (GObject *source, GAsyncResult *result)
{
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv})")))
    return NULL;
  return g_variant_get_child_value (answer, 0);
}

static void
on_access_point_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  Reading *self = g_task_get_task_data (step->task);
  g_autoptr (GVariant) properties = take_properties (source, result);
  guchar strength = 0;
  guint32 frequency = 0;

  if (properties != NULL && g_variant_lookup (properties, "Strength", "y", &strength))
    {
      PfaRadio *wifi = &self->state->wifi;

      g_variant_lookup (properties, "Frequency", "u", &frequency);
      wifi->active = TRUE;
      wifi->strength_percent = strength;
      wifi->has_dbm = TRUE;
      wifi->dbm = pfa_radio_percent_to_dbm (strength);
      wifi->frequency_mhz = frequency;
    }
  settle (step->task);
}

static void
on_wireless_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  Reading *self = g_task_get_task_data (step->task);
  g_autoptr (GVariant) properties = take_properties (source, result);
  const char *point = NULL;

  if (properties != NULL)
    {
      g_variant_lookup (properties, "Bitrate", "u", &self->state->wifi.bitrate_kbit);
      if (g_variant_lookup (properties, "ActiveAccessPoint", "&o", &point) &&
          g_strcmp0 (point, "/") != 0)
        {
          g_free (self->state->wifi.access_point);
          self->state->wifi.access_point = g_strdup (point);
          get_all (step->task, NM, point, NM ".AccessPoint", on_access_point_cb);
        }
    }
  settle (step->task);
}

static void
on_device_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  Reading *self = g_task_get_task_data (step->task);
  g_autoptr (GVariant) properties = take_properties (source, result);
  guint32 type = 0;
  guint32 state = 0;
  const char *link = NULL;

  if (properties != NULL && g_variant_lookup (properties, "DeviceType", "u", &type) &&
      type == NM_DEVICE_TYPE_WIFI)
    {
      self->state->wifi.present = TRUE;
      g_variant_lookup (properties, "State", "u", &state);
      if (state == NM_DEVICE_STATE_ACTIVATED && self->state->wifi.link == NULL)
        {
          g_variant_lookup (properties, "Interface", "&s", &link);
          self->state->wifi.link = g_strdup (link != NULL ? link : "");
          get_all (step->task, NM, step->path, NM ".Device.Wireless", on_wireless_cb);
        }
    }
  settle (step->task);
}

static void
on_network_manager_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  Reading *self = g_task_get_task_data (step->task);
  g_autoptr (GVariant) properties = take_properties (source, result);
  g_autoptr (GVariantIter) devices = NULL;
  const char *path;

  if (properties != NULL)
    {
      self->state->has_network_manager = TRUE;
      g_variant_lookup (properties, "Connectivity", "u", &self->state->connectivity);
      if (g_variant_lookup (properties, "Devices", "ao", &devices))
        while (g_variant_iter_next (devices, "&o", &path))
          get_all (step->task, NM, path, NM ".Device", on_device_cb);
    }
  settle (step->task);
}

/* RSRP of LTE or 5G where the modem measures it. */
static void
read_signal (PfaRadio *mobile, GVariant *interfaces)
{
  static const char *const kinds[] = { "Nr5g", "Lte" };
  g_autoptr (GVariant) signal =
      g_variant_lookup_value (interfaces, MM ".Modem.Signal", G_VARIANT_TYPE ("a{sv}"));

  for (guint i = 0; signal != NULL && i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GVariant) figures =
          g_variant_lookup_value (signal, kinds[i], G_VARIANT_TYPE ("a{sv}"));
      double rsrp;

      if (figures != NULL && g_variant_lookup (figures, "rsrp", "d", &rsrp))
        {
          mobile->has_dbm = TRUE;
          mobile->dbm = rsrp;
        }
    }
}

static void
read_modem (PfaRadio *mobile, GVariant *interfaces)
{
  g_autoptr (GVariant) modem =
      g_variant_lookup_value (interfaces, MM ".Modem", G_VARIANT_TYPE ("a{sv}"));
  g_autoptr (GVariant) network =
      g_variant_lookup_value (interfaces, MM ".Modem.Modem3gpp", G_VARIANT_TYPE ("a{sv}"));
  gint32 state = 0;
  guint32 quality = 0;
  gboolean recent = FALSE;

  if (modem == NULL)
    return;
  mobile->present = TRUE;
  g_variant_lookup (modem, "State", "i", &state);
  mobile->registered = state >= MM_STATE_REGISTERED;
  mobile->active = mobile->registered;
  if (g_variant_lookup (modem, "SignalQuality", "(ub)", &quality, &recent))
    mobile->strength_percent = quality;
  g_free (mobile->link);
  mobile->link = NULL;
  g_variant_lookup (modem, "PrimaryPort", "s", &mobile->link);
  if (network != NULL && mobile->operator_name == NULL)
    g_variant_lookup (network, "OperatorName", "s", &mobile->operator_name);
  read_signal (mobile, interfaces);
}

static void
on_modems_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  Reading *self = g_task_get_task_data (step->task);
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariantIter) objects = NULL;
  GVariant *interfaces;
  const char *path;

  if (answer != NULL && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{oa{sa{sv}}})")))
    {
      self->state->has_modem_manager = TRUE;
      g_variant_get (answer, "(a{oa{sa{sv}}})", &objects);
      while (g_variant_iter_loop (objects, "{&o@a{sa{sv}}}", &path, &interfaces))
        read_modem (&self->state->mobile, interfaces);
    }
  settle (step->task);
}

static void
on_bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Reading *self = g_task_get_task_data (task);

  self->bus = g_bus_get_finish (result, NULL);
  if (self->bus != NULL)
    {
      get_all (task, NM, NM_PATH, NM, on_network_manager_cb);
      call (task,
            MM,
            MM_PATH,
            "org.freedesktop.DBus.ObjectManager",
            "GetManagedObjects",
            NULL,
            on_modems_cb);
    }
  settle (task);
}

static void
on_kernel_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Reading *self = g_task_get_task_data (task);
  g_autofree PfaWireless *wireless = pfa_wireless_read_finish (result, NULL);

  if (wireless != NULL)
    self->state->kernel = *wireless;
  settle (task);
}

void
pfa_radio_read_async (int wireless_link,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Reading *self = g_new0 (Reading, 1);

  g_task_set_source_tag (task, pfa_radio_read_async);
  g_task_set_task_data (task, self, (GDestroyNotify) reading_free);
  self->state = g_new0 (PfaRadioState, 1);
  self->left = 1;
  if (wireless_link > 0)
    {
      self->left++;
      pfa_wireless_read_async (wireless_link, cancellable, on_kernel_cb, g_object_ref (task));
    }
  g_bus_get (G_BUS_TYPE_SYSTEM, cancellable, on_bus_cb, task);
}

PfaRadioState *
pfa_radio_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
