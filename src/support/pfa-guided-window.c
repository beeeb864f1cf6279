/* pfa-guided-window.c - what was sent and is not acknowledged, and when it was said
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-window.h"

#include "pfa-guided-frame.h"

/* How finely it is remembered when something was said: parts of late_ms. */
#define SAID_PARTS 60

typedef struct
{
  guint64 seq;
  char *text;
} Kept;

typedef struct
{
  guint64 seq;
  gint64 time;
} Said;

static void
kept_free (Kept *kept)
{
  g_free (kept->text);
  g_free (kept);
}

void
pfa_guided_window_init (PfaGuidedWindow *self, guint late_ms)
{
  g_queue_init (&self->kept);
  self->said = g_array_new (FALSE, FALSE, sizeof (Said));
  self->late_ms = late_ms;
}

void
pfa_guided_window_clear (PfaGuidedWindow *self)
{
  g_queue_clear_full (&self->kept, (GDestroyNotify) kept_free);
  g_clear_pointer (&self->said, g_array_unref);
}

guint
pfa_guided_window_get_room (const PfaGuidedWindow *self)
{
  guint waiting = self->kept.length;

  return waiting < PFA_GUIDED_WINDOW ? PFA_GUIDED_WINDOW - waiting : 0;
}

static void
remember_said (PfaGuidedWindow *self)
{
  Said said = { self->sent, g_get_monotonic_time () };
  Said *last = self->said->len > 0 ? &g_array_index (self->said, Said, self->said->len - 1) : NULL;

  if (last == NULL || said.time - last->time >= (gint64) self->late_ms * 1000 / SAID_PARTS)
    g_array_append_val (self->said, said);
}

void
pfa_guided_window_push (PfaGuidedWindow *self, char *text)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->seq = ++self->sent;
  kept->text = text;
  g_queue_push_tail (&self->kept, kept);
  remember_said (self);
}

gboolean
pfa_guided_window_acknowledge (PfaGuidedWindow *self, guint64 ack)
{
  gboolean was_full = pfa_guided_window_get_room (self) == 0;
  Kept *kept;

  if (ack <= self->acknowledged || ack > self->sent)
    return FALSE;
  self->acknowledged = ack;
  while ((kept = g_queue_peek_head (&self->kept)) != NULL && kept->seq <= ack)
    kept_free (g_queue_pop_head (&self->kept));
  return was_full;
}

void
pfa_guided_window_send_again (const PfaGuidedWindow *self,
                              guint64 ack,
                              void (*send) (const char *text, gpointer user_data),
                              gpointer user_data)
{
  for (GList *link = self->kept.head; link != NULL; link = link->next)
    if (((Kept *) link->data)->seq > ack)
      send (((Kept *) link->data)->text, user_data);
}

gboolean
pfa_guided_window_is_late (PfaGuidedWindow *self, guint64 seen)
{
  gint64 oldest = g_get_monotonic_time () - (gint64) self->late_ms * 1000;
  guint n = 0;

  while (n < self->said->len && g_array_index (self->said, Said, n).seq <= seen)
    n++;
  /* The sender never sees less than it has seen before. */
  g_array_remove_range (self->said, 0, n);
  return self->said->len > 0 && g_array_index (self->said, Said, 0).time < oldest;
}
