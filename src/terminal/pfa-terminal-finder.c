/* pfa-terminal-finder.c - what is plugged in at USB, now and whenever it changes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-finder.h"

#include <string.h>

#define RULE_NAME   "70-pos-first-aid.rules"
#define REMEMBER_US (60 * G_USEC_PER_SEC)

struct _PfaTerminalFinder
{
  GObject parent_instance;

  GUdevClient *client;
  GHashTable *arrivals; /* port → GArray of gint64, monotonic */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PfaTerminalFinder, pfa_terminal_finder, G_TYPE_OBJECT)

static void
forget_old (GArray *times, gint64 now)
{
  while (times->len > 0 && now - g_array_index (times, gint64, 0) > REMEMBER_US)
    g_array_remove_index (times, 0);
}

static void
remember_arrival (PfaTerminalFinder *self, const char *port)
{
  GArray *times = g_hash_table_lookup (self->arrivals, port);
  gint64 now = g_get_monotonic_time ();

  if (times == NULL)
    {
      times = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_hash_table_insert (self->arrivals, g_strdup (port), times);
    }
  forget_old (times, now);
  g_array_append_val (times, now);
}

static guint
count_arrivals (PfaTerminalFinder *self, const char *port)
{
  GArray *times = g_hash_table_lookup (self->arrivals, port);

  if (times == NULL)
    return 0;
  forget_old (times, g_get_monotonic_time ());
  return times->len;
}

/* Interfaces and ports belong to the device that they are on. */
static char *
dup_port (GUdevDevice *device)
{
  g_autoptr (GUdevDevice) parent = NULL;
  const char *name = g_udev_device_get_name (device);

  if (g_strcmp0 (g_udev_device_get_devtype (device), "usb_device") == 0)
    return g_strdup (name);
  parent = g_udev_device_get_parent_with_subsystem (device, "usb", "usb_device");
  if (parent != NULL)
    return g_strdup (g_udev_device_get_name (parent));
  /* A removed interface has no parent any more; its name begins with it: "1-2:1.0". */
  if (strchr (name, ':') != NULL)
    return g_strndup (name, (gsize) (strchr (name, ':') - name));
  return NULL;
}

static void
on_uevent_cb (GUdevClient *client, const char *action, GUdevDevice *device, gpointer user_data)
{
  PfaTerminalFinder *self = user_data;
  g_autofree char *port = dup_port (device);

  if (g_strcmp0 (action, "add") == 0 && port != NULL &&
      g_strcmp0 (g_udev_device_get_devtype (device), "usb_device") == 0)
    remember_arrival (self, port);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, port != NULL ? port : "");
}

static PfaUsbDevice *
look_at (PfaTerminalFinder *self, GUdevDevice *device)
{
  if (g_strcmp0 (g_udev_device_get_devtype (device), "usb_device") != 0)
    return NULL;
  return pfa_usb_device_new (self->client,
                             device,
                             count_arrivals (self, g_udev_device_get_name (device)));
}

static int
compare_ports (gconstpointer a, gconstpointer b)
{
  const PfaUsbDevice *const *left = a;
  const PfaUsbDevice *const *right = b;

  return strcmp ((*left)->port, (*right)->port);
}

GPtrArray *
pfa_terminal_finder_list (PfaTerminalFinder *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_usb_device_free);
  GList *all = g_udev_client_query_by_subsystem (self->client, "usb");

  for (GList *l = all; l != NULL; l = l->next)
    {
      PfaUsbDevice *device = look_at (self, l->data);

      if (device != NULL && pfa_usb_device_is_interesting (device))
        g_ptr_array_add (list, device);
      else if (device != NULL)
        pfa_usb_device_free (device);
    }
  g_list_free_full (all, g_object_unref);
  g_ptr_array_sort (list, compare_ports);
  return list;
}

PfaUsbDevice *
pfa_terminal_finder_find (PfaTerminalFinder *self, const char *port)
{
  g_autoptr (GUdevDevice) device =
      g_udev_client_query_by_subsystem_and_name (self->client, "usb", port);

  return device != NULL ? look_at (self, device) : NULL;
}

gboolean
pfa_terminal_finder_has_rule (void)
{
  const char *const folders[] = { "/etc/udev/rules.d",
                                  "/run/udev/rules.d",
                                  "/usr/local/lib/udev/rules.d",
                                  "/usr/lib/udev/rules.d",
                                  "/lib/udev/rules.d" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (folders[i], RULE_NAME, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    }
  return FALSE;
}

PfaTerminalFinder *
pfa_terminal_finder_new (void)
{
  return g_object_new (PFA_TYPE_TERMINAL_FINDER, NULL);
}

static void
pfa_terminal_finder_dispose (GObject *object)
{
  PfaTerminalFinder *self = PFA_TERMINAL_FINDER (object);

  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (pfa_terminal_finder_parent_class)->dispose (object);
}

static void
pfa_terminal_finder_finalize (GObject *object)
{
  g_hash_table_unref (PFA_TERMINAL_FINDER (object)->arrivals);

  G_OBJECT_CLASS (pfa_terminal_finder_parent_class)->finalize (object);
}

static void
pfa_terminal_finder_class_init (PfaTerminalFinderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_terminal_finder_dispose;
  object_class->finalize = pfa_terminal_finder_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          1,
                                          G_TYPE_STRING);
}

static void
pfa_terminal_finder_init (PfaTerminalFinder *self)
{
  const char *const subsystems[] = { "usb", "tty", NULL };

  self->client = g_udev_client_new (subsystems);
  self->arrivals =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  g_signal_connect (self->client, "uevent", G_CALLBACK (on_uevent_cb), self);
}
