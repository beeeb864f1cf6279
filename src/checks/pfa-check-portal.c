/* pfa-check-portal.c - does the network want a web sign-in first?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"

#include <string.h>

#include "pfa-web-question.h"

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
cannot (PfaCheckContext *context, const char *reason)
{
  pfa_check_report_cannot (context, "captive-portal", reason);
  pfa_check_done (context);
}

static void
on_answered (PfaCheckContext *context, PfaWebResult *result, gpointer user_data)
{
  PfaObservation *observation;

  if (result == NULL)
    {
      cannot (context, "the probe's site has no address");
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
start (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  PfaWebQuestion question = { .url = provider != NULL ? provider->portal_url : NULL,
                              .timeout_ms = TIMEOUT_MS,
                              .answered = on_answered };

  if (question.url == NULL || !pfa_web_question_ask (context, &question))
    cannot (context, "the profile names no probe for it");
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
