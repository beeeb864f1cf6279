/* pfa-check-link.c - is this computer's link up, steady, and at full speed?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-kernel-files.h"

/* A loose plug comes and goes within a second or two. The link is watched as long as anything else
 * is being looked at, but at least so long. */
#define WATCH_MS 560
/* A link that came up just now may be about to go again, and one that is down to come back. */
#define WATCH_FRESH_MS 1700
#define WATCH_DOWN_MS  2100
/* One that has been up for so long is steady enough. */
#define STEADY_MS     3100
#define LOOK_EVERY_MS 40
#define SLOW_MBIT     10

static const PfaLink *
look_now (PfaCheckContext *context, PfaNetworkState **state)
{
  PfaPath *path = pfa_path_get (context);

  *state = pfa_network_state_read (NULL);
  return *state != NULL ? pfa_network_state_find_link (*state, path->link->index) : NULL;
}

static void
report (PfaCheckContext *context, const PfaLink *link, const char *value, guint changes)
{
  const char *root = pfa_check_get_settings (context)->system_root;
  PfaObservation *observation = pfa_check_new_observation ("link", value);
  gboolean full_duplex;
  guint speed = pfa_link_speed_read (root, link->name, &full_duplex);

  pfa_observation_set_fact_string (observation, "link", link->name);
  if (speed > 0)
    {
      pfa_observation_set_fact_int (observation, "speed_mbit", speed);
      pfa_observation_set_fact_string (observation, "duplex", full_duplex ? "full" : "half");
    }
  pfa_observation_set_fact_int (observation, "changes", changes);
  pfa_observation_set_fact_int (observation, "changes_ever", link->carrier_changes);
  pfa_check_report (context, observation);
}

static const char *
judge_speed (PfaCheckContext *context, const PfaLink *link)
{
  const char *root = pfa_check_get_settings (context)->system_root;
  gboolean full_duplex;
  guint speed = pfa_link_speed_read (root, link->name, &full_duplex);

  if (pfa_link_is_wireless (root, link->name) || speed == 0)
    return "up";
  return !full_duplex || speed <= SLOW_MBIT ? "half-duplex" : "up";
}

/* A link that has changed before and came up just now may go again. Changes of long ago are no
 * sign. */
static guint
choose_watch_ms (PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);
  guint up_ms = pfa_network_state_find_up_ms (path->state, path->link->index);

  if (path->link->carrier_changes == 0)
    return WATCH_MS;
  if (!path->link->running)
    return WATCH_DOWN_MS;
  if (up_ms >= STEADY_MS)
    return WATCH_MS;
  return MAX (up_ms > 0 ? STEADY_MS - up_ms : WATCH_FRESH_MS, WATCH_MS);
}

static void
look (PfaCheckContext *context)
{
  g_autoptr (PfaNetworkState) state = NULL;
  const PfaLink *before = pfa_path_get (context)->link;
  const PfaLink *now = look_now (context, &state);
  guint changes = now != NULL ? now->carrier_changes - before->carrier_changes : 0;

  if (now == NULL)
    report (context, before, "down", 1);
  else if (changes > 0)
    report (context, now, "flapping", changes);
  else if (pfa_check_get_elapsed_ms (context) < choose_watch_ms (context) ||
           !pfa_check_is_last (context))
    {
      pfa_check_later (context, LOOK_EVERY_MS, look);
      return;
    }
  pfa_check_done (context);
}

static void
start (PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);

  if (path->link == NULL)
    {
      /* An adapter that is switched off in the firmware, or gone from its slot, is not listed at
       * all. */
      PfaObservation *observation = pfa_check_new_observation ("link", "off");

      pfa_observation_set_fact_string (observation, "link", NULL);
      pfa_check_report (context, observation);
      pfa_check_done (context);
    }
  else if (!path->link->up)
    {
      report (context, path->link, "off", 0);
      pfa_check_done (context);
    }
  else
    {
      report (context,
              path->link,
              path->link->running ? judge_speed (context, path->link) : "down",
              0);
      pfa_check_later (context, LOOK_EVERY_MS, look);
    }
}

static const char *const reports[] = { "link", NULL };

const PfaCheck pfa_check_link = {
  .id = "link",
  .reports = reports,
  .watches = TRUE,
  .sends = "nothing: asks this computer's kernel",
  .start = start,
};
