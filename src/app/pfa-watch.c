/* pfa-watch.c - looks every few minutes whether the line and the provider answer, and says so
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-watch.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pfa-task.h"

#define PERIOD_S      300
#define TIMEOUT_S     8
#define HTTPS_PORT    443
#define SECONDS_A_DAY (24 * 60 * 60)
#define LINE_ID       "watch"
#define TASK_ID       "task"

struct _PfaWatch
{
  GObject parent_instance;
  GApplication *application; /* not owned: it owns the watch */
  PfaContext *context;
  GSocketClient *client;
  GCancellable *cancellable;
  guint timer;
  guint pending;
  gboolean line_answers;
  gboolean provider_answers;
  PfaWatchState state;
  gint64 reminded; /* seconds since 1970 of the last reminder */
};

typedef struct
{
  PfaWatch *watch;
  gboolean *answers;
} Probe;

G_DEFINE_FINAL_TYPE (PfaWatch, pfa_watch, G_TYPE_OBJECT)

PfaWatchState
pfa_watch_judge (gboolean line_answers, gboolean provider_answers)
{
  if (provider_answers)
    return PFA_WATCH_GOOD;
  return line_answers ? PFA_WATCH_PROVIDER_DOWN : PFA_WATCH_LINE_DOWN;
}

const char *
pfa_watch_say (PfaWatchState before, PfaWatchState now)
{
  if (now == before || (before == PFA_WATCH_UNKNOWN && now == PFA_WATCH_GOOD))
    return NULL;
  switch (now)
    {
    case PFA_WATCH_GOOD:
      return _ ("The way to your provider works again.");
    case PFA_WATCH_PROVIDER_DOWN:
      return _ ("Your provider does not answer. Your own line works.");
    case PFA_WATCH_LINE_DOWN:
      return _ ("Your internet line does not answer.");
    case PFA_WATCH_UNKNOWN:
    default:
      return NULL;
    }
}

static void
notify (PfaWatch *self, const char *id, const char *title, const char *page)
{
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_default_action_and_target (notification, "app.page", "s", page);
  g_application_send_notification (self->application, id, notification);
}

static void
conclude (PfaWatch *self)
{
  PfaWatchState state = pfa_watch_judge (self->line_answers, self->provider_answers);
  const char *sentence = pfa_watch_say (self->state, state);

  if (sentence != NULL)
    notify (self, LINE_ID, sentence, "home");
  self->state = state;
}

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Probe *probe = user_data;
  g_autoptr (PfaWatch) self = probe->watch;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);

  if (connection != NULL)
    g_io_stream_close_async (G_IO_STREAM (connection), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  *probe->answers = connection != NULL;
  self->pending--;
  if (self->pending == 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    conclude (self);
}

/* @target: a URL, or a host with its port in @port. */
static void
probe (PfaWatch *self, const char *target, guint16 port, gboolean *answers)
{
  g_autoptr (GUri) uri =
      strstr (target, "://") != NULL ? g_uri_parse (target, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : target;
  Probe *own;

  if (uri != NULL)
    port = g_uri_get_port (uri) > 0 ? (guint16) g_uri_get_port (uri) : HTTPS_PORT;
  *answers = FALSE;
  own = g_new0 (Probe, 1);
  own->watch = g_object_ref (self);
  own->answers = answers;
  self->pending++;
  g_socket_client_connect_to_host_async (self->client,
                                         host,
                                         port != 0 ? port : HTTPS_PORT,
                                         self->cancellable,
                                         on_connected_cb,
                                         own);
}

static void
look (PfaWatch *self)
{
  PfaKnowledge *knowledge = pfa_context_get_knowledge (self->context);
  g_autofree char *id = pfa_context_dup_string (self->context, "provider");
  PfaProvider *provider = pfa_knowledge_find_provider (knowledge, *id != '\0' ? id : "generic");
  PfaProvider *generic = pfa_knowledge_find_provider (knowledge, "generic");
  const char *const *control =
      (const char *const *) (provider != NULL && provider->control != NULL &&
                                     provider->control[0] != NULL
                                 ? provider->control
                                 : generic->control);

  if (self->pending > 0 || control == NULL || control[0] == NULL)
    return;
  probe (self, control[0], 0, &self->line_answers);
  if (provider != NULL && provider->hosts != NULL && provider->hosts->len > 0)
    {
      const PfaProviderHost *host = g_ptr_array_index (provider->hosts, 0);

      probe (self, host->url != NULL ? host->url : host->host, host->port, &self->provider_answers);
    }
  else
    probe (self, control[0], 0, &self->provider_answers);
}

/* At most one reminder a day: a bell that rings all the time is switched off. */
static void
remind (PfaWatch *self)
{
  GSettings *settings = pfa_context_get_settings (self->context);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_auto (GStrv) wanted = settings != NULL ? g_settings_get_strv (settings, "reminders") : NULL;
  g_autoptr (GVariant) done =
      settings != NULL ? g_settings_get_value (settings, "tasks-done") : NULL;

  if (wanted == NULL || now - self->reminded < SECONDS_A_DAY)
    return;
  for (guint i = 0; pfa_tasks[i].id != NULL; i++)
    {
      gint64 time = 0;

      g_variant_lookup (done, pfa_tasks[i].id, "x", &time);
      if (!g_strv_contains ((const char *const *) wanted, pfa_tasks[i].id) ||
          !pfa_task_is_due (&pfa_tasks[i], time, now))
        continue;
      notify (self, TASK_ID, pfa_task_say (pfa_tasks[i].title), "prevent");
      self->reminded = now;
      return;
    }
}

static gboolean
on_time_cb (gpointer user_data)
{
  look (user_data);
  remind (user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_network_changed_cb (PfaWatch *self)
{
  look (self);
}

PfaWatch *
pfa_watch_new (GApplication *application, PfaContext *context)
{
  PfaWatch *self = g_object_new (PFA_TYPE_WATCH, NULL);

  self->application = application;
  self->context = g_object_ref (context);
  self->timer = g_timeout_add_seconds (PERIOD_S, on_time_cb, self);
  g_signal_connect_object (g_network_monitor_get_default (),
                           "network-changed",
                           G_CALLBACK (on_network_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  on_time_cb (self);
  return self;
}

static void
pfa_watch_dispose (GObject *object)
{
  PfaWatch *self = PFA_WATCH (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (pfa_watch_parent_class)->dispose (object);
}

static void
pfa_watch_finalize (GObject *object)
{
  PfaWatch *self = PFA_WATCH (object);

  g_object_unref (self->cancellable);
  g_object_unref (self->client);
  G_OBJECT_CLASS (pfa_watch_parent_class)->finalize (object);
}

static void
pfa_watch_class_init (PfaWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pfa_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_watch_finalize;
}

static void
pfa_watch_init (PfaWatch *self)
{
  self->cancellable = g_cancellable_new ();
  self->client = g_socket_client_new ();
  g_socket_client_set_timeout (self->client, TIMEOUT_S);
}
