/* pfa-check-clock.c - is this computer's clock right?
 *
 * A time server's answer counts only as far as its own travelling time allows: an uneven line moves
 * it by half the difference. Where no time server answers, the Date headers of two web sites do;
 * and one that says we are wrong is not believed against two sites that say we are right.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-datagram.h"
#include "pfa-lookup.h"
#include "pfa-time-message.h"
#include "pfa-web-probe.h"

#define TIME_PORT  123
#define TIMEOUT_MS 2500
#define RESEND_MS  900
/* So long the time server is waited for before web sites that agree with our clock will do. */
#define DATES_WILL_DO_MS 700
/* payments.md 6.2 K16 */
#define SLIGHTLY_OFF_S 30
#define WRONG_S        120
#define LOOK_EVERY_MS  50

static void
report (PfaCheckContext *context, gint64 offset_s, const char *method)
{
  const char *value = offset_s > WRONG_S                ? "behind"
                      : offset_s < -WRONG_S             ? "ahead"
                      : ABS (offset_s) > SLIGHTLY_OFF_S ? "slightly-off"
                                                        : "ok";
  PfaObservation *observation = pfa_check_new_observation ("clock", value);

  pfa_clock_set_offset_s (context, ABS (offset_s) > SLIGHTLY_OFF_S ? offset_s : 0);
  pfa_observation_set_fact_int (observation, "offset_s", offset_s);
  pfa_observation_set_fact_string (observation, "method", method);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static gboolean
get_date_offset (PfaCheckContext *context, const char *name, gint64 *offset_s)
{
  const PfaWebResult *result = pfa_check_get_shared (context, name);

  if (result == NULL || result->date_s == 0)
    return FALSE;
  *offset_s = result->date_s - result->asked_s;
  return TRUE;
}

/* No time server answered. Two sites that say the same are believed, one alone when it agrees. */
static void
judge_dates (PfaCheckContext *context)
{
  PfaObservation *control = pfa_check_find_observation (context, "control-site");
  PfaObservation *portal = pfa_check_find_observation (context, "captive-portal");
  gint64 first = 0;
  gint64 second = 0;
  gboolean has_first;
  gboolean has_second;

  if (control == NULL || portal == NULL)
    {
      pfa_check_later (context, LOOK_EVERY_MS, judge_dates);
      return;
    }
  has_first = get_date_offset (context, "control", &first);
  has_second = get_date_offset (context, "portal", &second);
  if (has_first && has_second && ABS (first - second) <= SLIGHTLY_OFF_S)
    report (context, first, "web");
  else if (has_first && ABS (first) <= SLIGHTLY_OFF_S)
    report (context, first, "web");
  else if (has_second && ABS (second) <= SLIGHTLY_OFF_S)
    report (context, second, "web");
  else
    {
      pfa_check_report_cannot (context, "clock", "no time server answers");
      pfa_check_done (context);
    }
}

/* The time server is silent so far; where the web says that all is well, that will do. */
static void
believe_dates (PfaCheckContext *context)
{
  gint64 first;
  gint64 second;

  if (get_date_offset (context, "control", &first) &&
      get_date_offset (context, "portal", &second) && ABS (first) <= SLIGHTLY_OFF_S &&
      ABS (second) <= SLIGHTLY_OFF_S)
    report (context, first, "web");
  else
    pfa_check_later (context, LOOK_EVERY_MS, believe_dates);
}

/* The time server says that we are wrong. Do the web sites, which were asked by now, say so too? */
static void
doubt_time_server (PfaCheckContext *context)
{
  const gint64 *said = pfa_check_get_shared (context, "time-server-offset");
  gint64 first;
  gint64 second;

  if (get_date_offset (context, "control", &first) &&
      get_date_offset (context, "portal", &second) && ABS (first) <= SLIGHTLY_OFF_S &&
      ABS (second) <= SLIGHTLY_OFF_S)
    report (context, first, "web");
  else if (pfa_check_find_observation (context, "control-site") != NULL &&
           pfa_check_find_observation (context, "captive-portal") != NULL)
    report (context, *said, "ntp");
  else if (pfa_check_get_elapsed_ms (context) >= TIMEOUT_MS)
    report (context, *said, "ntp");
  else
    pfa_check_later (context, LOOK_EVERY_MS, doubt_time_server);
}

static guint64
read_cookie (GBytes *question, guint8 last)
{
  const guint8 *data = g_bytes_get_data (question, NULL);
  guint64 cookie = 0;

  for (guint i = 40; i < PFA_TIME_MESSAGE_BYTES; i++)
    cookie = cookie << 8 | (i + 1 < PFA_TIME_MESSAGE_BYTES ? data[i] : last);
  return cookie;
}

static void
on_answered_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaDatagramResult) result = pfa_datagram_ask_finish (async_result, NULL);
  gint64 offset_us;

  if (result == NULL || pfa_check_is_over (context))
    return;
  if (result->outcome == PFA_DATAGRAM_ANSWERED &&
      pfa_time_message_parse (g_bytes_get_data (result->answer, NULL),
                              g_bytes_get_size (result->answer),
                              read_cookie (pfa_check_get_data (context), result->varied),
                              result->sent_us,
                              result->arrived_us,
                              &offset_us))
    {
      gint64 offset_s = offset_us / G_USEC_PER_SEC;

      if (ABS (offset_s) <= SLIGHTLY_OFF_S)
        {
          report (context, offset_s, "ntp");
          return;
        }
      pfa_check_set_shared (context,
                            "time-server-offset",
                            g_memdup2 (&offset_s, sizeof offset_s),
                            g_free);
      doubt_time_server (context);
    }
  else
    judge_dates (context);
}

static void
on_found_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) address =
      pfa_lookup_find_finish (PFA_LOOKUP (source), async_result, &error);
  PfaDatagramPlan plan = { .address = address,
                           .port = TIME_PORT,
                           .vary_at = 47,
                           .echo_at = 31,
                           .resend_ms = RESEND_MS };

  if (error != NULL || pfa_check_is_over (context))
    return;
  if (address == NULL)
    {
      judge_dates (context);
      return;
    }
  pfa_check_later (context, DATES_WILL_DO_MS, believe_dates);
  plan.question = pfa_check_get_data (context);
  plan.timeout_ms = pfa_check_limit_ms (context, TIMEOUT_MS);
  pfa_datagram_ask_async (&plan,
                          pfa_check_get_cancellable (context),
                          on_answered_cb,
                          pfa_check_context_ref (context));
}

static void
start (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  guint8 message[PFA_TIME_MESSAGE_BYTES];

  if (provider == NULL || provider->time_servers == NULL || provider->time_servers[0] == NULL)
    {
      judge_dates (context);
      return;
    }
  pfa_time_message_build (message, (guint64) g_random_int () << 32 | g_random_int ());
  pfa_check_set_data (context,
                      g_bytes_new (message, sizeof message),
                      (GDestroyNotify) g_bytes_unref);
  pfa_lookup_find_async (pfa_lookup_get (context, provider->time_servers[0]),
                         pfa_check_get_cancellable (context),
                         on_found_cb,
                         pfa_check_context_ref (context));
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "clock", NULL };

const PfaCheck pfa_check_clock = {
  .id = "clock",
  .needs = needs,
  .blocked_by = pfa_blocks_of_internet,
  .reports = reports,
  .sends = "at most three questions for the time to the profile's first time server",
  .start = start,
};
