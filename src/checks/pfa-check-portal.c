/* pfa-check-portal.c - does the network want a web sign-in first?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"

#include <string.h>

#include "pfa-lookup.h"
#include "pfa-web-probe.h"

#define TIMEOUT_MS 3000

static gboolean
is_as_expected (const PfaProvider *provider, const PfaWebResult *result)
{
  gsize size;
  const char *body = g_bytes_get_data (result->body, &size);

  if (result->status != (provider->portal_status != 0 ? provider->portal_status : 204))
    return FALSE;
  if (provider->portal_body == NULL || *provider->portal_body == '\0')
    return TRUE;
  return size >= strlen (provider->portal_body) &&
         memcmp (body, provider->portal_body, strlen (provider->portal_body)) == 0;
}

static void
on_answered_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  PfaWebResult *result = pfa_web_probe_finish (async_result, NULL);
  PfaObservation *observation;

  if (result == NULL || pfa_check_is_over (context))
    {
      g_clear_pointer (&result, pfa_web_result_free);
      return;
    }
  /* Others take its Date header as a second opinion on the clock. */
  pfa_check_set_shared (context, "portal", result, (GDestroyNotify) pfa_web_result_free);
  if (result->outcome != PFA_WEB_ANSWERED)
    pfa_check_report_cannot (context, "captive-portal", "the probe's site does not answer");
  else
    {
      gboolean clean = is_as_expected (pfa_check_get_settings (context)->provider, result);

      observation = pfa_check_new_observation ("captive-portal", clean ? "none" : "sign-in");
      pfa_observation_set_fact_int (observation, "status", result->status);
      pfa_observation_set_fact_string (observation, "location", result->location);
      pfa_check_report (context, observation);
    }
  pfa_check_done (context);
}

static void
on_found_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) address =
      pfa_lookup_find_finish (PFA_LOOKUP (source), async_result, &error);
  PfaWebPlan plan = { .url = pfa_check_get_settings (context)->provider->portal_url,
                      .address = address };

  if (error != NULL || pfa_check_is_over (context))
    return;
  if (address == NULL)
    {
      pfa_check_report_cannot (context, "captive-portal", "the probe's site has no address");
      pfa_check_done (context);
      return;
    }
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
  g_autofree char *host = provider != NULL && provider->portal_url != NULL
                              ? pfa_target_dup_host (provider->portal_url, &port)
                              : NULL;

  if (host == NULL)
    {
      pfa_check_report_cannot (context, "captive-portal", "the profile names no probe for it");
      pfa_check_done (context);
      return;
    }
  pfa_lookup_find_async (pfa_lookup_get (context, host),
                         pfa_check_get_cancellable (context),
                         on_found_cb,
                         pfa_check_context_ref (context));
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "captive-portal", NULL };

const PfaCheck pfa_check_portal = {
  .id = "portal",
  .needs = needs,
  .blocked_by = pfa_blocks_of_way,
  .reports = reports,
  .sends = "one plain web request to the profile's captive portal probe",
  .start = start,
};
