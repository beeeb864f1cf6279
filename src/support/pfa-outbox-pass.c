/* pfa-outbox-pass.c - sends what waits: what is due, at its time, and when the line is back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-error.h"
#include "pfa-outbox-attempt.h"
#include "pfa-outbox-private.h"

/* After the line is back: names and routes need a moment, and a whole street's line came back. */
#define LINE_BACK_MIN_S 2
#define LINE_BACK_MAX_S 10
#define HELD_PAUSE_S    2
#define FAULT_PAUSE_S   60

/* One pass: what is left of it. */
typedef struct
{
  GPtrArray *items;
  guint next;
  gboolean forced;
} Pass;

static void begin_next (PfaOutbox *self);

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
pass_free (gpointer data)
{
  Pass *pass = data;

  g_ptr_array_unref (pass->items);
  g_free (pass);
}

static void
set_line_lost (PfaOutbox *self, gboolean lost)
{
  if (self->line_lost == lost)
    return;
  self->line_lost = lost;
  g_signal_emit_by_name (self, lost ? "line-lost" : "line-back");
}

static void
end_pass (PfaOutbox *self, GError *error)
{
  /* Both live on until this returns: the task holds a reference of the outbox. */
  g_autoptr (GTask) task = g_steal_pointer (&self->pass);

  g_clear_object (&self->current);
  g_clear_object (&self->current_cancellable);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  pfa_outbox_arm (self);
  g_signal_emit_by_name (self, "pass-ended");
}

static void
announce (PfaOutbox *self, PfaOutboxItem *item)
{
  if (item->state == PFA_OUTBOX_SENT)
    g_signal_emit_by_name (self, "item-sent", item);
  else if (item->state == PFA_OUTBOX_REFUSED || item->state == PFA_OUTBOX_EXPIRED)
    g_signal_emit_by_name (self, "item-refused", item);
}

static void
on_attempted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaOutbox) self = user_data;
  PfaOutboxItem *item = PFA_OUTBOX_ITEM (source);
  PfaOutboxAttempt attempt = PFA_OUTBOX_ATTEMPT_HELD;
  GError *error = NULL;

  if (!pfa_outbox_attempt_finish (item, result, &attempt, &error))
    {
      /* One item paused or given up: the pass goes on with the others. */
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
          !g_cancellable_is_cancelled (g_task_get_cancellable (self->pass)))
        {
          g_clear_error (&error);
          begin_next (self);
          return;
        }
      item->held_until = now_s () + FAULT_PAUSE_S;
      end_pass (self, error);
      return;
    }
  if (attempt == PFA_OUTBOX_ATTEMPT_HELD)
    item->held_until = now_s () + HELD_PAUSE_S;
  if (attempt == PFA_OUTBOX_ATTEMPT_DONE)
    announce (self, item);
  if (attempt == PFA_OUTBOX_ATTEMPT_NO_LINE)
    {
      set_line_lost (self, TRUE);
      end_pass (self, NULL);
      return;
    }
  if (attempt != PFA_OUTBOX_ATTEMPT_HELD)
    set_line_lost (self, FALSE);
  begin_next (self);
}

/* When the schedule, the server and other processes allow it. */
static gint64
get_due (const PfaOutboxItem *item)
{
  return MAX (MAX (item->next, item->retry_after), item->held_until);
}

static gboolean
wants_sending (const PfaOutboxItem *item)
{
  return item->state == PFA_OUTBOX_PENDING || item->state == PFA_OUTBOX_SENDING ||
         item->state == PFA_OUTBOX_WITHDRAWING;
}

static gboolean
is_due (const PfaOutboxItem *item, gboolean forced, gint64 now)
{
  if (!wants_sending (item))
    return FALSE;
  return forced ? item->retry_after <= now : get_due (item) <= now;
}

static void
on_pass_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
begin_next (PfaOutbox *self)
{
  Pass *pass = g_task_get_task_data (self->pass);
  GCancellable *cancellable = g_task_get_cancellable (self->pass);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    {
      end_pass (self, error);
      return;
    }
  while (pass->next < pass->items->len)
    {
      PfaOutboxItem *item = pass->items->pdata[pass->next++];
      SoupSession *session;

      if (!is_due (item, pass->forced, now_s ()))
        continue;
      session = pfa_outbox_ensure_session (self, item, &error);
      if (session == NULL)
        {
          pfa_outbox_item_set_problem (item, "trust", error->message);
          item->held_until = now_s () + FAULT_PAUSE_S;
          g_clear_error (&error);
          continue;
        }
      g_set_object (&self->current, item);
      g_clear_object (&self->current_cancellable);
      self->current_cancellable = g_cancellable_new ();
      /* The pass's cancellable outlives it at most by a signal to an object that is kept. */
      if (cancellable != NULL)
        g_signal_connect_data (cancellable,
                               "cancelled",
                               G_CALLBACK (on_pass_cancelled_cb),
                               g_object_ref (self->current_cancellable),
                               (GClosureNotify) (void (*) (void)) g_object_unref,
                               0);
      pfa_outbox_attempt_async (item,
                                session,
                                self->current_cancellable,
                                on_attempted_cb,
                                g_object_ref (self));
      return;
    }
  end_pass (self, NULL);
}

static void
begin_pass (PfaOutbox *self, GTask *task, gboolean forced)
{
  Pass *pass = g_new0 (Pass, 1);

  g_clear_handle_id (&self->timer, g_source_remove);
  pfa_outbox_refresh (self);
  pass->forced = forced;
  pass->items = g_ptr_array_copy (self->items, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  g_ptr_array_set_free_func (pass->items, g_object_unref);
  g_task_set_task_data (task, pass, pass_free);
  self->pass = g_object_ref (task);
  begin_next (self);
}

void
pfa_outbox_run_async (PfaOutbox *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pfa_outbox_run_async);
  if (self->pass != NULL)
    g_task_return_new_error (task, PFA_ERROR, PFA_ERROR_BUSY, "the outbox is being sent");
  else
    begin_pass (self, task, TRUE);
}

gboolean
pfa_outbox_run_finish (PfaOutbox *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
on_time_to_send_cb (gpointer user_data)
{
  PfaOutbox *self = user_data;
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);

  self->timer = 0;
  g_task_set_source_tag (task, on_time_to_send_cb);
  begin_pass (self, task, FALSE);
  return G_SOURCE_REMOVE;
}

/* Nothing wakes up while nothing waits. */
void
pfa_outbox_arm (PfaOutbox *self)
{
  gint64 first = G_MAXINT64;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (!self->started || self->pass != NULL)
    return;
  for (guint i = 0; i < self->items->len; i++)
    {
      const PfaOutboxItem *item = self->items->pdata[i];

      if (wants_sending (item))
        first = MIN (first, get_due (item));
    }
  if (first == G_MAXINT64)
    return;
  first -= now_s ();
  if (first <= 0)
    self->timer = g_timeout_add (0, on_time_to_send_cb, self);
  else
    self->timer =
        g_timeout_add_seconds ((guint) MIN (first, G_MAXINT / 2000), on_time_to_send_cb, self);
}

/* What failed for want of a line is due again; what the server put off is not. */
static void
on_network_changed_cb (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  PfaOutbox *self = user_data;
  gint64 soon = now_s () + g_random_int_range (LINE_BACK_MIN_S, LINE_BACK_MAX_S);

  if (!available || !self->started)
    return;
  for (guint i = 0; i < self->items->len; i++)
    {
      PfaOutboxItem *item = self->items->pdata[i];

      if (!wants_sending (item) || g_strcmp0 (item->problem, "no-line") != 0 ||
          item->next <= soon || !pfa_outbox_item_lock (item))
        continue;
      item->next = soon;
      pfa_outbox_item_save (item, NULL);
      pfa_outbox_item_unlock (item);
    }
  pfa_outbox_arm (self);
}

void
pfa_outbox_start (PfaOutbox *self)
{
  if (self->started)
    return;
  self->started = TRUE;
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (self->monitor,
                           "network-changed",
                           G_CALLBACK (on_network_changed_cb),
                           self,
                           0);
  pfa_outbox_arm (self);
}

gboolean
pfa_outbox_is_busy (PfaOutbox *self)
{
  return self->pass != NULL;
}

void
pfa_outbox_hurry (PfaOutbox *self, PfaOutboxItem *item)
{
  item->held_until = 0;
  if (item->next != 0 && pfa_outbox_item_lock (item))
    {
      pfa_outbox_item_reload (item, NULL);
      item->next = 0;
      pfa_outbox_item_save (item, NULL);
      pfa_outbox_item_unlock (item);
    }
  pfa_outbox_arm (self);
}

void
pfa_outbox_stop (PfaOutbox *self)
{
  self->started = FALSE;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  if (self->current_cancellable != NULL)
    g_cancellable_cancel (self->current_cancellable);
}
