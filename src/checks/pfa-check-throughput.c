/* pfa-check-throughput.c - how much does the line carry? Only when the person asks for it
 *
 * It comes last: what it loads would make the other checks' figures worse, and theirs its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-line-judge.h"
#include "pfa-web-question.h"

#define TIMEOUT_MS 3000
#define MAX_BYTES  (2 * 1000 * 1000)

static void
report_cannot (PfaCheckContext *context, const char *reason)
{
  pfa_check_report_cannot (context, "throughput", reason);
  pfa_check_done (context);
}

/* Why nothing can be said, although the file was asked for; NULL: it came, if perhaps not whole. */
static const char *
find_obstacle (const PfaWebResult *result)
{
  if (result == NULL)
    return "the name of the measuring file's server has no address";
  if (result->outcome == PFA_WEB_NO_CONNECTION)
    return "the measuring file's server takes no connection";
  if (result->outcome == PFA_WEB_BAD_TLS)
    return "no secure connection to the measuring file's server";
  if (result->status >= 300 && result->status < 400)
    return "the measuring file has moved; it is not looked for elsewhere";
  if (result->status != 0 && result->status != 200 && result->status != 206)
    return "the measuring file is not given out";
  return NULL;
}

static void
on_loaded (PfaCheckContext *context, PfaWebResult *answer, gpointer user_data)
{
  g_autoptr (PfaWebResult) result = answer;
  const char *obstacle = find_obstacle (result);
  const char *value;
  PfaObservation *observation;

  if (obstacle != NULL)
    {
      report_cannot (context, obstacle);
      return;
    }
  value = pfa_flow_judge (result->flow.bytes, result->flow.span_us);
  if (value == NULL)
    {
      report_cannot (context, "too little of the measuring file came to judge the line by it");
      return;
    }
  observation = pfa_check_new_observation ("throughput", value);
  pfa_observation_set_fact_int (observation, "bytes", (gint64) result->received);
  pfa_observation_set_fact_int (observation,
                                "kbit_s",
                                (gint64) result->flow.bytes * 8000 / MAX (result->flow.span_us, 1));
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static void
load (PfaCheckContext *context)
{
  PfaWebQuestion question = { .url = pfa_check_get_settings (context)->provider->throughput_url,
                              .of_profile = TRUE,
                              .timeout_ms = TIMEOUT_MS,
                              .measure_bytes = MAX_BYTES,
                              .answered = on_loaded };

  if (!pfa_web_question_ask (context, &question))
    report_cannot (context, "the profile's measuring file has no server");
}

/* The first look at the monitor waits for the system's bus. */
static void
look_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  g_task_return_boolean (task, g_network_monitor_get_network_metered (monitor));
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  gboolean metered = g_task_propagate_boolean (G_TASK (result), NULL);

  if (pfa_check_is_over (context))
    return;
  if (metered)
    report_cannot (context, "the connection is metered: loading would cost money");
  else
    load (context);
}

static void
start (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  g_autoptr (GTask) task = NULL;

  if (provider == NULL || provider->throughput_url == NULL)
    {
      report_cannot (context, "the profile names no measuring file");
      return;
    }
  task = g_task_new (NULL,
                     pfa_check_get_cancellable (context),
                     on_looked_cb,
                     pfa_check_context_ref (context));
  g_task_set_source_tag (task, start);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, look_in_thread);
}

static gboolean
is_asked_for (const PfaCheckSettings *settings)
{
  return settings->throughput;
}

static const char *const bad_lines[] = { "lossy", "latency", "jitter", "congested", "slow", NULL };
static const char *const dead_links[] = { "down", "off", "flapping", NULL };
static const char *const dead_addresses[] = { "none", "link-local", NULL };
static const char *const dead_gateways[] = { "missing", "wrong", NULL };
static const char *const dead_routers[] = { "none", NULL };
static const char *const dead_lines[] = { "ends-at-router", "ends-beyond-router", "none", NULL };
static const char *const portals[] = { "sign-in", NULL };
static const char *const demanded[] = { "required", NULL };
static const char *const black_holes[] = { "black-hole", NULL };

/* On a line that is seen to be bad, the load would only make it worse. */
static const PfaCheckBlock blocks[] = {
  { "link", dead_links },        { "address", dead_addresses },
  { "gateway", dead_gateways },  { "router-answer", dead_routers },
  { "internet", dead_lines },    { "captive-portal", portals },
  { "proxy", demanded },         { "mtu", black_holes },
  { "line-quality", bad_lines }, { NULL, NULL }
};

static const char *const needs[] = { "gateway",      "line",     "portal", "control",
                                     "proxy",        "ipv6",     "clock",  "mtu",
                                     "nat-table",    "payment",  "way",    "names",
                                     "interception", "provider", "feed",   NULL };
static const char *const reports[] = { "throughput", NULL };

const PfaCheck pfa_check_throughput = {
  .id = "throughput",
  .needs = needs,
  .blocked_by = blocks,
  .reports = reports,
  .secure = TRUE,
  .is_asked_for = is_asked_for,
  .sends = "when asked for, one web request for at most 2 MB of the profile's measuring file",
  .start = start,
};
