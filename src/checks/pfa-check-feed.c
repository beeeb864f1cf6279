/* pfa-check-feed.c - what does the provider's status feed say?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-lookup.h"
#include "pfa-status-feed.h"
#include "pfa-web-probe.h"

#define TIMEOUT_MS 4500 /* payments.md 8.3 allows 5 s */

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
on_answered_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaWebResult) result = pfa_web_probe_finish (async_result, NULL);
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  g_autoptr (GDateTime) local = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) now = NULL;
  PfaStatusFeed feed;
  PfaObservation *observation;
  const char *text;
  gsize length;

  if (result == NULL || pfa_check_is_over (context))
    return;
  if (result->outcome != PFA_WEB_ANSWERED || result->status != 200)
    {
      report (context, PFA_VALUE_UNKNOWN, "the feed does not answer");
      return;
    }
  now = g_date_time_add_seconds (local, (double) pfa_clock_get_offset_s (context));
  text = g_bytes_get_data (result->body, &length);
  pfa_status_feed_parse (provider->feed_kind,
                         text != NULL ? text : "",
                         length,
                         (const char *const *) provider->feed_components,
                         now,
                         &feed);
  observation = pfa_observation_new ("provider-feed", feed.value, PFA_FROM_FEED);
  pfa_observation_set_fact_string (observation, "title", feed.title);
  pfa_observation_set_fact_string (observation, "updated", feed.updated);
  pfa_status_feed_clear (&feed);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static void
on_found_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) address =
      pfa_lookup_find_finish (PFA_LOOKUP (source), async_result, &error);
  PfaWebPlan plan = { .url = pfa_check_get_settings (context)->provider->feed_url,
                      .address = address };

  if (error != NULL || pfa_check_is_over (context))
    return;
  if (address == NULL)
    {
      report (context, PFA_VALUE_UNKNOWN, "the feed's name has no address");
      return;
    }
  plan.database = pfa_target_get_trust (context);
  plan.timeout_ms = pfa_check_limit_ms (context, TIMEOUT_MS);
  plan.connect_timeout_ms = PFA_CONNECT_TIMEOUT_MS;
  pfa_web_probe_async (&plan,
                       pfa_check_get_cancellable (context),
                       on_answered_cb,
                       pfa_check_context_ref (context));
}

static void
start (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  guint16 port;
  g_autofree char *host =
      provider != NULL && provider->feed_url != NULL && pfa_status_feed_knows (provider->feed_kind)
          ? pfa_target_dup_host (provider->feed_url, &port)
          : NULL;

  /* No feed: nothing to observe. */
  if (host == NULL)
    pfa_check_done (context);
  else
    pfa_lookup_find_async (pfa_lookup_get (context, host),
                           pfa_check_get_cancellable (context),
                           on_found_cb,
                           pfa_check_context_ref (context));
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
