/* pfa-check-feed.c - what does the provider's status feed say?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-status-feed.h"
#include "pfa-web-question.h"

#define TIMEOUT_MS 4500 /* payments.md 8.3 allows 5 s */

typedef struct
{
  PfaProvider *provider;
  GBytes *body;
  GDateTime *now;
} Question;

static void
report (PfaCheckContext *context, const char *value, const char *reason)
{
  PfaObservation *observation = pfa_observation_new ("provider-feed", value, PFA_FROM_FEED);

  if (reason != NULL)
    pfa_observation_set_reason (observation, reason);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static void
question_free (Question *self)
{
  pfa_provider_unref (self->provider);
  g_bytes_unref (self->body);
  g_date_time_unref (self->now);
  g_free (self);
}

static void
feed_free (PfaStatusFeed *feed)
{
  pfa_status_feed_clear (feed);
  g_free (feed);
}

/* A feed may be a mebibyte of whatever: reading it would hold up the main loop. */
static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  PfaStatusFeed *feed = g_new0 (PfaStatusFeed, 1);
  gsize length;
  const char *text = g_bytes_get_data (question->body, &length);

  pfa_status_feed_parse (question->provider->feed_kind,
                         text != NULL ? text : "",
                         length,
                         (const char *const *) question->provider->feed_components,
                         question->now,
                         feed);
  g_task_return_pointer (task, feed, (GDestroyNotify) feed_free);
}

static void
on_feed_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  PfaStatusFeed *feed = g_task_propagate_pointer (G_TASK (result), NULL);
  PfaObservation *observation;

  if (feed != NULL && !pfa_check_is_over (context))
    {
      observation = pfa_observation_new ("provider-feed", feed->value, PFA_FROM_FEED);
      pfa_observation_set_fact_string (observation, "title", feed->title);
      pfa_observation_set_fact_string (observation, "updated", feed->updated);
      pfa_check_report (context, observation);
      pfa_check_done (context);
    }
  g_clear_pointer (&feed, feed_free);
}

static void
on_answered (PfaCheckContext *context, PfaWebResult *answer, gpointer user_data)
{
  g_autoptr (PfaWebResult) result = answer;
  g_autoptr (GDateTime) local = g_date_time_new_now_utc ();
  g_autoptr (GTask) task = NULL;
  Question *question;

  if (result == NULL)
    {
      report (context, PFA_VALUE_UNKNOWN, "the feed's name has no address");
      return;
    }
  if (result->outcome != PFA_WEB_ANSWERED || result->status != 200)
    {
      report (context, PFA_VALUE_UNKNOWN, "the feed does not answer");
      return;
    }
  question = g_new0 (Question, 1);
  question->provider = pfa_provider_ref (pfa_check_get_settings (context)->provider);
  question->body = g_bytes_ref (result->body);
  question->now = g_date_time_add_seconds (local, (double) pfa_clock_get_offset_s (context));
  task = g_task_new (NULL,
                     pfa_check_get_cancellable (context),
                     on_feed_read_cb,
                     pfa_check_context_ref (context));
  g_task_set_source_tag (task, on_answered);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  g_task_run_in_thread (task, read_in_thread);
}

static void
start (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  PfaWebQuestion question = { .of_profile = TRUE,
                              .timeout_ms = TIMEOUT_MS,
                              .answered = on_answered };

  /* No feed: nothing to observe. */
  if (provider == NULL || provider->feed_url == NULL)
    {
      pfa_check_done (context);
      return;
    }
  question.url = provider->feed_url;
  if (!pfa_status_feed_knows (provider->feed_kind) || !pfa_web_question_ask (context, &question))
    report (context, PFA_VALUE_UNKNOWN, "this kind of feed cannot be read");
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { NULL };
static const char *const refines[] = { "provider-feed", NULL };

const PfaCheck pfa_check_feed = {
  .id = "feed",
  .needs = needs,
  .blocked_by = pfa_blocks_of_way,
  .reports = reports,
  .secure = TRUE,
  .refines = refines,
  .sends = "one web request to the profile's status feed",
  .start = start,
};
