/* pfa-check-control.c - does a neutral web site open?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-tls-probe.h"
#include "pfa-web-question.h"

#define TIMEOUT_MS 4500

static const char *
get_url (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;

  return provider != NULL && provider->control != NULL ? provider->control[0] : NULL;
}

static const char *
describe_outcome (const PfaWebResult *result)
{
  static const char *const words[] = { "answered", "no-connection", "tls", "silent", "broken" };

  return words[result->outcome];
}

static void
on_answered (PfaCheckContext *context, PfaWebResult *result, gpointer user_data)
{
  PfaObservation *observation;

  if (result == NULL)
    {
      observation = pfa_check_new_observation ("control-site", "fails");
      pfa_observation_set_fact_string (observation, "outcome", "no-address");
      pfa_check_report (context, observation);
      pfa_check_done (context);
      return;
    }
  observation =
      pfa_check_new_observation ("control-site",
                                 result->outcome == PFA_WEB_ANSWERED && result->status < 500
                                     ? "ok"
                                     : "fails");
  pfa_observation_set_fact_string (observation, "url", get_url (context));
  pfa_observation_set_fact_string (observation, "outcome", describe_outcome (result));
  if (result->outcome == PFA_WEB_ANSWERED)
    pfa_observation_set_fact_int (observation, "status", result->status);
  pfa_observation_set_fact_int (observation, "elapsed_ms", result->elapsed_us / 1000);
  if (result->certificate != NULL && result->flags != 0)
    {
      g_autofree char *issuer = pfa_certificate_dup_issuer (result->certificate);

      pfa_observation_set_fact_string (observation, "issuer", issuer);
    }
  /* The interception check compares its certificate with the provider's. */
  pfa_check_set_shared (context, "control", result, (GDestroyNotify) pfa_web_result_free);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static void
start (PfaCheckContext *context)
{
  PfaWebQuestion question = { .url = get_url (context),
                              .timeout_ms = TIMEOUT_MS,
                              .answered = on_answered };

  if (question.url != NULL && pfa_web_question_ask (context, &question))
    return;
  pfa_check_report_cannot (context, "control-site", "the profile names no neutral site");
  pfa_check_done (context);
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "control-site", NULL };

const PfaCheck pfa_check_control = {
  .id = "control",
  .needs = needs,
  .blocked_by = pfa_blocks_of_way,
  .reports = reports,
  .secure = TRUE,
  .sends = "one web request to the profile's first neutral site",
  .start = start,
};
