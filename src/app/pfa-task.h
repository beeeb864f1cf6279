/* pfa-task.h - what keeps code 96 away: the tasks, and which are due
 *
 * Pure: no GTK, no clock.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *id;
  guint days; /* once in so many */
  const char *title;
  const char *why;
  const char *places; /* places of incidents that it would have spared the shop, space between */
} PfaTask;

/* Ends with a NULL id. Titles and reasons are untranslated; see pfa_task_say(). */
extern const PfaTask pfa_tasks[];

/* Titles and reasons in the person's language. (transfer none) */
const char *pfa_task_say (const char *text);
/* @done: seconds since 1970, 0: never. */
gboolean pfa_task_is_due (const PfaTask *self, gint64 done, gint64 now);
/* Minutes that this task's places cost the shop. @lost: place → minutes (guint in a pointer). */
guint pfa_task_get_worth (const PfaTask *self, GHashTable *lost);
/* "every day", "every week" … (transfer none) */
const char *pfa_task_get_rhythm (const PfaTask *self);

G_END_DECLS
