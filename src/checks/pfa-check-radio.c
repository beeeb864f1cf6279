/* pfa-check-radio.c - how strong are Wi-Fi and mobile signal here, and does the network change?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-check-common.h"
#include "pfa-kernel-files.h"
#include "pfa-line-judge.h"
#include "pfa-radio.h"

/* payments.md 6.1: below -110 dBm RSRP is poor. Without RSRP the modem's own percent. */
#define MOBILE_WEAK_DBM     -110
#define MOBILE_WEAK_PERCENT 25
/* Roaming from one access point to another shows within the run or not at all. */
#define WATCH_MS     550
#define MANY_CHANGES 3

/* The index of the link that this computer uses, when it is a wireless one; else 0. */
static int
get_wireless_link (PfaCheckContext *context)
{
  const PfaLink *link = pfa_path_get (context)->link;
  const char *root = pfa_check_get_settings (context)->system_root;

  return link != NULL && pfa_link_is_wireless (root, link->name) ? link->index : 0;
}

/* The signal from the best source there is. FALSE: nobody tells it. */
static gboolean
find_signal (PfaCheckContext *context, const PfaRadioState *state, double *dbm, const char **method)
{
  const char *root = pfa_check_get_settings (context)->system_root;
  int old = get_wireless_link (context) != 0 && state->kernel.dbm == 0
                ? pfa_wireless_signal_read (root, pfa_path_get (context)->link->name)
                : 0;

  if (state->kernel.associated && state->kernel.dbm != 0)
    {
      *dbm = state->kernel.dbm;
      *method = "nl80211";
    }
  else if (state->wifi.active)
    {
      *dbm = state->wifi.dbm;
      *method = "network-manager";
    }
  else
    {
      *dbm = old;
      *method = "kernel";
    }
  return state->wifi.active || *dbm < 0;
}

static void
set_radio_facts (PfaObservation *observation, const PfaRadioState *state, int retry_percent)
{
  const PfaWireless *kernel = &state->kernel;
  guint frequency = kernel->frequency_mhz != 0 ? kernel->frequency_mhz : state->wifi.frequency_mhz;
  guint bitrate = kernel->bitrate_kbit != 0 ? kernel->bitrate_kbit : state->wifi.bitrate_kbit;

  if (frequency != 0)
    pfa_observation_set_fact_int (observation, "frequency_mhz", frequency);
  if (bitrate != 0)
    pfa_observation_set_fact_int (observation, "bitrate_kbit", bitrate);
  if (retry_percent >= 0)
    pfa_observation_set_fact_int (observation, "sent_again_percent", retry_percent);
}

static void
report_wifi (PfaCheckContext *context, const PfaRadioState *before, const PfaRadioState *now)
{
  int retry_percent = pfa_wireless_get_retry_percent (&before->kernel, &now->kernel);
  const char *method;
  double dbm;
  PfaObservation *observation;

  if (!find_signal (context, now, &dbm, &method))
    {
      if (get_wireless_link (context) != 0)
        pfa_check_report_cannot (context,
                                 "wifi-signal",
                                 "neither NetworkManager nor the kernel tells the signal");
      else
        pfa_check_report (context, pfa_check_new_observation ("wifi-signal", "not-wifi"));
      return;
    }
  observation = pfa_check_new_observation ("wifi-signal", pfa_wifi_judge (dbm, retry_percent));
  pfa_observation_set_fact_string (observation, "method", method);
  pfa_observation_set_fact_double (observation, "dbm", dbm);
  set_radio_facts (observation, now, retry_percent);
  pfa_check_report (context, observation);
}

static const char *
judge_mobile (const PfaRadio *mobile)
{
  if (!mobile->registered || (mobile->strength_percent == 0 && !mobile->has_dbm))
    return "none";
  if (mobile->has_dbm)
    return mobile->dbm < MOBILE_WEAK_DBM ? "weak" : "good";
  return mobile->strength_percent < MOBILE_WEAK_PERCENT ? "weak" : "good";
}

static void
report_mobile (PfaCheckContext *context, const PfaRadioState *state)
{
  const PfaRadio *mobile = &state->mobile;
  PfaObservation *observation;

  if (!mobile->present)
    {
      pfa_check_report (context, pfa_check_new_observation ("mobile-signal", "no-modem"));
      return;
    }
  observation = pfa_check_new_observation ("mobile-signal", judge_mobile (mobile));
  pfa_observation_set_fact_int (observation, "quality_percent", mobile->strength_percent);
  if (mobile->has_dbm)
    pfa_observation_set_fact_double (observation, "rsrp_dbm", mobile->dbm);
  pfa_observation_set_fact_string (observation, "operator", mobile->operator_name);
  pfa_check_report (context, observation);
}

/* OBSERVATIONS.md: some 1–2, many from 3 on; here within the run, the only time that is known. */
static const char *
judge_changes (const PfaNetworkState *now, guint changes)
{
  if (pfa_network_state_count_uplinks (now) > 1)
    return "two-ways";
  return changes == 0 ? "none" : changes < MANY_CHANGES ? "some" : "many";
}

static void
report_changes (PfaCheckContext *context, gboolean roamed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaNetworkState) now = pfa_network_state_read (&error);
  PfaObservation *observation;
  guint changes;

  if (now == NULL)
    {
      pfa_check_report_cannot (context,
                               "network-changes",
                               "the kernel does not tell its links and routes");
      return;
    }
  changes = pfa_network_state_count_changes (pfa_path_get (context)->state, now) + (roamed ? 1 : 0);
  observation = pfa_check_new_observation ("network-changes", judge_changes (now, changes));
  pfa_observation_set_fact_int (observation, "changes", changes);
  pfa_observation_set_fact_int (observation, "ways", pfa_network_state_count_uplinks (now));
  pfa_check_report (context, observation);
}

static gboolean
has_roamed (const PfaRadioState *before, const PfaRadioState *now)
{
  if (before->wifi.access_point != NULL)
    return g_strcmp0 (before->wifi.access_point, now->wifi.access_point) != 0;
  return before->kernel.associated &&
         (!now->kernel.associated ||
          memcmp (before->kernel.access_point, now->kernel.access_point, PFA_MAC_LENGTH) != 0);
}

static void
on_read_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaRadioState) now = pfa_radio_read_finish (result, NULL);
  const PfaRadioState *before = pfa_check_get_data (context);

  if (now == NULL || pfa_check_is_over (context))
    return;
  /* What the other checks have sent meanwhile shows how much had to be sent again. */
  if (now->kernel.associated)
    report_wifi (context, before, now);
  report_changes (context, has_roamed (before, now));
  pfa_check_done (context);
}

static void
look_again (PfaCheckContext *context)
{
  pfa_radio_read_async (get_wireless_link (context),
                        pfa_check_get_cancellable (context),
                        on_read_again_cb,
                        pfa_check_context_ref (context));
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  PfaRadioState *state = pfa_radio_read_finish (result, NULL);

  if (state == NULL)
    return;
  if (pfa_check_is_over (context))
    {
      pfa_radio_state_free (state);
      return;
    }
  pfa_check_set_data (context, state, (GDestroyNotify) pfa_radio_state_free);
  report_wifi (context, state, state);
  report_mobile (context, state);
  if (state->wifi.access_point != NULL || state->kernel.associated)
    {
      pfa_check_later (context, WATCH_MS, look_again);
      return;
    }
  report_changes (context, FALSE);
  pfa_check_done (context);
}

static void
start (PfaCheckContext *context)
{
  pfa_radio_read_async (get_wireless_link (context),
                        pfa_check_get_cancellable (context),
                        on_read_cb,
                        pfa_check_context_ref (context));
}

static const char *const reports[] = { "wifi-signal", "mobile-signal", "network-changes", NULL };

const PfaCheck pfa_check_radio = {
  .id = "radio",
  .reports = reports,
  .sends =
      "nothing: asks NetworkManager and ModemManager on this computer's own bus, and the kernel",
  .start = start,
};
