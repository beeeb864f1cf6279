/* pfa-check-maintenance.c - is it maintenance time by the provider's calendar?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-maintenance.h"

static void
start (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  g_autoptr (GDateTime) local = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) now = NULL;

  /* No calendar: nothing to observe. */
  if (provider != NULL && provider->maintenance != NULL && provider->maintenance->len > 0)
    {
      now = g_date_time_add_seconds (local, (double) pfa_clock_get_offset_s (context));
      pfa_check_report (context,
                        pfa_observation_new ("maintenance-window",
                                             pfa_maintenance_judge (provider->maintenance, now),
                                             PFA_FROM_CHECK));
    }
  pfa_check_done (context);
}

static const char *const needs[] = { "clock", NULL };
static const char *const reports[] = { NULL };
static const char *const refines[] = { "maintenance-window", NULL };

const PfaCheck pfa_check_maintenance = {
  .id = "maintenance",
  .needs = needs,
  .reports = reports,
  .refines = refines,
  .sends = "nothing: compares the profile's calendar with the clock",
  .start = start,
};
