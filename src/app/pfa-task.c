/* pfa-task.c - what keeps code 96 away: the tasks, and which are due
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-task.h"

#include <glib/gi18n.h>

#define SECONDS_A_DAY (24 * 60 * 60)
/* A task done late yesterday morning is due this morning. */
#define SLACK_SECONDS (6 * 60 * 60)

const PfaTask pfa_tasks[] = {
  { "sign-in",
    1,
    N_ ("Sign the terminal in"),
    N_ ("A sign-in that is too old ends in code 96."),
    "session registration" },
  { "settle",
    1,
    N_ ("Settle the day on the terminal"),
    N_ ("A full list of payments stops new ones."),
    "session" },
  { "charge",
    1,
    N_ ("Put the terminal on its charger"),
    N_ ("A low battery cuts payments short."),
    "terminal" },
  { "clean",
    7,
    N_ ("Clean the card slot and the screen"),
    N_ ("Dust makes cards unreadable."),
    "terminal" },
  { "plugs",
    7,
    N_ ("Look at plugs and cables"),
    N_ ("A loose plug looks like a broken line."),
    "shop terminal" },
  { "second-way",
    30,
    N_ ("Try your second way to be paid"),
    N_ ("It must work on the day you need it."),
    "provider internet" },
  { "update",
    30,
    N_ ("Ask the terminal for updates"),
    N_ ("Old software is turned away some day."),
    "terminal registration" },
  { "staff",
    90,
    N_ ("Practise code 96 with your staff"),
    N_ ("Practice saves the minutes that hurt."),
    "provider session terminal" },
  { "router",
    90,
    N_ ("Check where the router stands"),
    N_ ("It needs air and a free view of the terminal."),
    "shop internet" },
  { "contract",
    365,
    N_ ("Read your contract and fees again"),
    N_ ("Know the support number and the terms."),
    "provider registration" },
  { NULL, 0, NULL, NULL, NULL },
};

const char *
pfa_task_say (const char *text)
{
  return _ (text);
}

gboolean
pfa_task_is_due (const PfaTask *self, gint64 done, gint64 now)
{
  return done == 0 || now >= done + (gint64) self->days * SECONDS_A_DAY - SLACK_SECONDS;
}

guint
pfa_task_get_worth (const PfaTask *self, GHashTable *lost)
{
  g_auto (GStrv) places = g_strsplit (self->places, " ", -1);
  guint minutes = 0;

  for (guint i = 0; places[i] != NULL; i++)
    minutes += GPOINTER_TO_UINT (g_hash_table_lookup (lost, places[i]));
  return minutes;
}

const char *
pfa_task_get_rhythm (const PfaTask *self)
{
  switch (self->days)
    {
    case 1:
      return _ ("every day");
    case 7:
      return _ ("every week");
    case 30:
      return _ ("every month");
    case 90:
      return _ ("every three months");
    default:
      return _ ("every year");
    }
}
