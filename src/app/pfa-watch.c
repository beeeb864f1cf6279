/* pfa-watch.c - looks every few minutes whether the line and the provider answer, and says so
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-watch.h"

#include <glib/gi18n.h>

#include "pfa-check-run.h"
#include "pfa-task.h"

/* Shares of the period: a first failure is looked at again before it is told, and while something
 * is down its return is waited for. */
#define DOUBT_SHARE   15
#define DOWN_SHARE    5
#define SECONDS_A_DAY (24 * 60 * 60)
#define LINE_ID       "watch"
#define TASK_ID       "task"

struct _PfaWatch
{
  GObject parent_instance;
  GApplication *application; /* not owned: it owns the watch */
  PfaContext *context;
  PfaCheckRun *run; /* the look under way, or NULL */
  GCancellable *cancellable;
  guint period_s;
  guint timer;
  PfaStationState line; /* the worst seen by this look; WAITING: nothing yet */
  PfaStationState provider;
  PfaWatchState state;
  PfaWatchState doubt; /* a change for the worse that was seen once; UNKNOWN: none */
};

/* What is asked, by the checks of a whole run and in their words. */
static const char *const observations[] = { "control-site",    "payment-port",  "provider-tls",
                                            "provider-answer", "provider-feed", NULL };

G_DEFINE_FINAL_TYPE (PfaWatch, pfa_watch, G_TYPE_OBJECT)

PfaWatchState
pfa_watch_judge (PfaStationState line, PfaStationState provider)
{
  gboolean line_answers = line == PFA_STATION_GOOD || line == PFA_STATION_DEGRADED;

  if (provider == PFA_STATION_GOOD || provider == PFA_STATION_DEGRADED)
    return PFA_WATCH_GOOD;
  if (line == PFA_STATION_BROKEN)
    return PFA_WATCH_LINE_DOWN;
  if (provider == PFA_STATION_BROKEN)
    return line_answers ? PFA_WATCH_PROVIDER_DOWN : PFA_WATCH_WAY_DOWN;
  return line_answers ? PFA_WATCH_GOOD : PFA_WATCH_UNKNOWN;
}

const char *
pfa_watch_say (PfaWatchState before, PfaWatchState now)
{
  if (now == before || (before == PFA_WATCH_UNKNOWN && now == PFA_WATCH_GOOD))
    return NULL;
  /* That the line was not seen this time is nothing new. */
  if (before == PFA_WATCH_PROVIDER_DOWN && now == PFA_WATCH_WAY_DOWN)
    return NULL;
  switch (now)
    {
    case PFA_WATCH_GOOD:
      return _ ("The way to your provider works again.");
    case PFA_WATCH_PROVIDER_DOWN:
      return _ ("Your provider has a fault or does not answer. Your own line works.");
    case PFA_WATCH_WAY_DOWN:
      return _ ("Your provider has a fault or does not answer.");
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

/* In the middle of a run the person sees for themselves what is wrong. */
static gboolean
is_known (PfaWatch *self)
{
  PfaAid *aid = pfa_context_get_aid (self->context);

  return self->state == PFA_WATCH_UNKNOWN && pfa_aid_get_incident (aid) != NULL &&
         pfa_aid_get_state (aid) != PFA_AID_ENDED;
}

/* "next" leads back to the run that waits for this, or to the first page. */
static void
turn_to (PfaWatch *self, PfaWatchState state)
{
  const char *sentence = pfa_watch_say (self->state, state);

  if (sentence != NULL && !(state != PFA_WATCH_GOOD && is_known (self)))
    notify (self, LINE_ID, sentence, state == PFA_WATCH_GOOD ? "next" : "home");
  self->state = state;
  self->doubt = PFA_WATCH_UNKNOWN;
}

static void look (PfaWatch *self);

static gboolean
on_time_cb (gpointer user_data)
{
  PfaWatch *self = user_data;

  self->timer = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
look_again_later (PfaWatch *self)
{
  guint seconds = self->period_s;

  if (self->doubt != PFA_WATCH_UNKNOWN)
    seconds /= DOUBT_SHARE;
  else if (self->state != PFA_WATCH_GOOD && self->state != PFA_WATCH_UNKNOWN)
    seconds /= DOWN_SHARE;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (MAX (seconds, 1), on_time_cb, self);
}

/* What nobody could look at changes nothing. */
static void
conclude (PfaWatch *self)
{
  PfaWatchState state = pfa_watch_judge (self->line, self->provider);

  if (state == PFA_WATCH_GOOD || (state != PFA_WATCH_UNKNOWN && state == self->doubt))
    turn_to (self, state);
  else if (state == self->state)
    self->doubt = PFA_WATCH_UNKNOWN;
  else
    self->doubt = state;
  if (self->doubt == PFA_WATCH_UNKNOWN)
    pfa_context_set_look (self->context, self->line, self->provider);
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaWatch) self = PFA_WATCH (user_data);
  g_autoptr (GError) error = NULL;

  pfa_check_run_finish (PFA_CHECK_RUN (source), result, &error);
  g_signal_handlers_disconnect_by_data (source, self);
  g_clear_object (&self->run);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  conclude (self);
  look_again_later (self);
}

static PfaStationState
read_state (const char *state)
{
  if (g_strcmp0 (state, "broken") == 0)
    return PFA_STATION_BROKEN;
  if (g_strcmp0 (state, "degraded") == 0)
    return PFA_STATION_DEGRADED;
  return g_strcmp0 (state, "good") == 0 ? PFA_STATION_GOOD : PFA_STATION_WAITING;
}

static void
on_observed_cb (PfaWatch *self, PfaObservation *observation)
{
  const PfaObservationKind *kind =
      pfa_knowledge_find_observation (pfa_context_get_knowledge (self->context), observation->id);
  int index = kind != NULL ? pfa_observation_kind_find_value (kind, observation->value) : -1;
  PfaStationState state = index >= 0 ? read_state (kind->values[index].state) : PFA_STATION_WAITING;

  if (state == PFA_STATION_WAITING)
    return;
  if (g_strcmp0 (kind->station, "provider") == 0)
    self->provider = MAX (self->provider, state);
  else
    self->line = MAX (self->line, state);
}

static PfaProvider *
get_provider (PfaWatch *self)
{
  PfaKnowledge *knowledge = pfa_context_get_knowledge (self->context);
  g_autofree char *id = pfa_context_dup_string (self->context, "provider");
  PfaProvider *provider = pfa_knowledge_find_provider (knowledge, id);

  return provider != NULL ? provider : pfa_knowledge_find_provider (knowledge, "generic");
}

/* At most one reminder a day: a bell that rings all the time is switched off. */
static void
remind (PfaWatch *self)
{
  GSettings *settings = pfa_context_get_settings (self->context);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 last = settings != NULL ? g_settings_get_int64 (settings, "last-reminder") : 0;
  g_auto (GStrv) wanted = settings != NULL ? g_settings_get_strv (settings, "reminders") : NULL;
  g_autoptr (GVariant) done =
      settings != NULL ? g_settings_get_value (settings, "tasks-done") : NULL;

  /* A clock that was set back must not silence it for years. */
  if (wanted == NULL || (last <= now && now - last < SECONDS_A_DAY))
    return;
  for (guint i = 0; pfa_tasks[i].id != NULL; i++)
    {
      gint64 time = 0;

      g_variant_lookup (done, pfa_tasks[i].id, "x", &time);
      if (!g_strv_contains ((const char *const *) wanted, pfa_tasks[i].id) ||
          !pfa_task_is_due (&pfa_tasks[i], time, now))
        continue;
      notify (self, TASK_ID, pfa_task_say (pfa_tasks[i].title), "prevent");
      g_settings_set_int64 (settings, "last-reminder", now);
      return;
    }
}

static void
look (PfaWatch *self)
{
  PfaCheckSettings settings = { .provider = get_provider (self) };

  if (self->run != NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->line = self->provider = PFA_STATION_WAITING;
  self->run = pfa_check_run_new (&settings);
  pfa_check_run_limit (self->run, observations);
  g_signal_connect_swapped (self->run, "observed", G_CALLBACK (on_observed_cb), self);
  pfa_check_run_async (self->run,
                       PFA_CHECK_DEADLINE_DEFAULT_MS,
                       self->cancellable,
                       on_looked_cb,
                       g_object_ref (self));
  remind (self);
}

PfaWatch *
pfa_watch_new (GApplication *application, PfaContext *context, guint period_s)
{
  PfaWatch *self = g_object_new (PFA_TYPE_WATCH, NULL);

  self->application = application;
  self->context = g_object_ref (context);
  self->period_s = period_s != 0 ? period_s : PFA_WATCH_PERIOD_S;
  g_signal_connect_object (g_network_monitor_get_default (),
                           "network-changed",
                           G_CALLBACK (look),
                           self,
                           G_CONNECT_SWAPPED);
  look (self);
  return self;
}

static void
pfa_watch_dispose (GObject *object)
{
  PfaWatch *self = PFA_WATCH (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (pfa_watch_parent_class)->dispose (object);
}

static void
pfa_watch_finalize (GObject *object)
{
  PfaWatch *self = PFA_WATCH (object);

  g_object_unref (self->cancellable);
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
}
