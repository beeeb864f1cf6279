/* pfa-outbox.c - what waits to be sent, and the order in which it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-outbox.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-outbox-attempt.h"
#include "pfa-outbox-item-private.h"
#include "pfa-outbox-private.h"
#include "pfa-support-http.h"

/* After the line is back: names and routes need a moment, and a whole street's line came back. */
#define LINE_BACK_MIN_S 2
#define LINE_BACK_MAX_S 10
#define HELD_PAUSE_S    2
#define FAULT_PAUSE_S   60

struct _PfaOutbox
{
  GObject parent_instance;

  char *directory;
  GPtrArray *items;     /* (element-type PfaOutboxItem) */
  GHashTable *sessions; /* trust file or "" → SoupSession */
  GNetworkMonitor *monitor;
  gboolean started;
  gboolean line_lost;
  guint timer;
  /* The pass under way, or NULL. */
  GTask *pass;
  PfaOutboxItem *current;
  GCancellable *current_cancellable;
};

/* One pass: what is left of it. */
typedef struct
{
  GPtrArray *items;
  guint next;
  gboolean forced;
} Pass;

enum
{
  SIGNAL_ITEM_SENT,
  SIGNAL_ITEM_REFUSED,
  SIGNAL_LINE_LOST,
  SIGNAL_LINE_BACK,
  SIGNAL_PASS_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void list_model_iface_init (GListModelInterface *iface);
static void arm_timer (PfaOutbox *self);
static void begin_next (PfaOutbox *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaOutbox,
                               pfa_outbox,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

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

SoupSession *
pfa_outbox_ensure_session (PfaOutbox *self, PfaOutboxItem *item, GError **error)
{
  const char *key = item->trust != NULL ? item->trust : "";
  SoupSession *session = g_hash_table_lookup (self->sessions, key);

  if (session != NULL)
    return session;
  session = pfa_support_session_new (item->trust, error);
  if (session != NULL)
    g_hash_table_insert (self->sessions, g_strdup (key), session);
  return session;
}

static gint
compare_age (gconstpointer a, gconstpointer b)
{
  const PfaOutboxItem *first = *(PfaOutboxItem *const *) a;
  const PfaOutboxItem *second = *(PfaOutboxItem *const *) b;

  if (first->created != second->created)
    return first->created < second->created ? -1 : 1;
  return g_strcmp0 (first->id, second->id);
}

static PfaOutboxItem *
find_exact (PfaOutbox *self, const char *id)
{
  for (guint i = 0; i < self->items->len; i++)
    if (g_str_equal (pfa_outbox_item_get_id (self->items->pdata[i]), id))
      return self->items->pdata[i];
  return NULL;
}

PfaOutboxItem *
pfa_outbox_find (PfaOutbox *self, const char *id)
{
  PfaOutboxItem *found = find_exact (self, id);

  for (guint i = 0; found == NULL && *id != '\0' && i < self->items->len; i++)
    if (g_str_has_prefix (pfa_outbox_item_get_id (self->items->pdata[i]), id))
      {
        for (guint j = i + 1; j < self->items->len; j++)
          if (g_str_has_prefix (pfa_outbox_item_get_id (self->items->pdata[j]), id))
            return NULL;
        found = self->items->pdata[i];
      }
  return found;
}

static void
insert_item (PfaOutbox *self, PfaOutboxItem *item)
{
  guint position;

  g_ptr_array_add (self->items, g_object_ref (item));
  g_ptr_array_sort (self->items, compare_age);
  if (g_ptr_array_find (self->items, item, &position))
    g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

void
pfa_outbox_refresh (PfaOutbox *self)
{
  g_autoptr (GDir) directory = g_dir_open (self->directory, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      PfaOutboxItem *known = find_exact (self, name);
      g_autoptr (PfaOutboxItem) item = NULL;
      g_autoptr (GError) error = NULL;

      if (*name == '.')
        continue;
      if (known != NULL)
        {
          if (known != self->current)
            pfa_outbox_item_reload (known, NULL);
          continue;
        }
      item = pfa_outbox_item_load (self->directory, name, &error);
      if (item != NULL)
        insert_item (self, item);
      else
        g_info ("%s: %s", name, error->message);
    }
}

guint
pfa_outbox_count_waiting (PfaOutbox *self)
{
  guint count = 0;

  for (guint i = 0; i < self->items->len; i++)
    count += pfa_outbox_item_is_waiting (self->items->pdata[i]);
  return count;
}

PfaOutboxItem *
pfa_outbox_add (PfaOutbox *self, const PfaOutboxRequest *request, GError **error)
{
  g_autoptr (PfaOutboxItem) item = NULL;
  PfaOutboxItem *known;

  if (!pfa_support_check_url (request->upload, error) ||
      !pfa_support_check_url (request->tickets, error))
    return NULL;
  item = pfa_outbox_item_new (self->directory, request, error);
  if (item == NULL)
    return NULL;
  known = find_exact (self, pfa_outbox_item_get_id (item));
  if (known != NULL)
    {
      if (known != self->current)
        pfa_outbox_item_reload (known, NULL);
      arm_timer (self);
      return g_object_ref (known);
    }
  insert_item (self, item);
  arm_timer (self);
  return g_steal_pointer (&item);
}

static void
set_line_lost (PfaOutbox *self, gboolean lost)
{
  if (self->line_lost == lost)
    return;
  self->line_lost = lost;
  g_signal_emit (self, signals[lost ? SIGNAL_LINE_LOST : SIGNAL_LINE_BACK], 0);
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
  arm_timer (self);
  g_signal_emit (self, signals[SIGNAL_PASS_ENDED], 0);
}

static void
announce (PfaOutbox *self, PfaOutboxItem *item)
{
  if (item->state == PFA_OUTBOX_SENT)
    g_signal_emit (self, signals[SIGNAL_ITEM_SENT], 0, item);
  else if (item->state == PFA_OUTBOX_REFUSED || item->state == PFA_OUTBOX_EXPIRED)
    g_signal_emit (self, signals[SIGNAL_ITEM_REFUSED], 0, item);
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
is_due (const PfaOutboxItem *item, gboolean forced, gint64 now)
{
  if (item->state != PFA_OUTBOX_PENDING && item->state != PFA_OUTBOX_SENDING)
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
static void
arm_timer (PfaOutbox *self)
{
  gint64 first = G_MAXINT64;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (!self->started || self->pass != NULL)
    return;
  for (guint i = 0; i < self->items->len; i++)
    {
      const PfaOutboxItem *item = self->items->pdata[i];

      if (item->state == PFA_OUTBOX_PENDING || item->state == PFA_OUTBOX_SENDING)
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

      if (item->state != PFA_OUTBOX_PENDING || g_strcmp0 (item->problem, "no-line") != 0 ||
          item->next <= soon || !pfa_outbox_item_lock (item))
        continue;
      item->next = soon;
      pfa_outbox_item_save (item, NULL);
      pfa_outbox_item_unlock (item);
    }
  arm_timer (self);
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
  arm_timer (self);
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
  arm_timer (self);
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

/* Brings @item to @state when nobody is at work on it. */
static gboolean
change_state (PfaOutboxItem *item, PfaOutboxState state, GError **error)
{
  gboolean changed;

  if (!pfa_outbox_item_lock (item))
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           PFA_ERROR_BUSY,
                           "another program is sending this bundle just now");
      return FALSE;
    }
  pfa_outbox_item_reload (item, NULL);
  changed = pfa_outbox_item_is_waiting (item);
  if (changed)
    {
      item->next = 0;
      pfa_outbox_item_set_state (item, state);
      changed = pfa_outbox_item_save (item, error);
    }
  else
    g_set_error (error,
                 PFA_ERROR,
                 PFA_ERROR_REFUSED,
                 "it does not wait any more: %s",
                 pfa_outbox_state_to_string (item->state));
  pfa_outbox_item_unlock (item);
  return changed;
}

gboolean
pfa_outbox_cancel (PfaOutbox *self, PfaOutboxItem *item, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (item->lock_fd >= 0 && item == self->current)
    {
      /* It is being sent by ourselves: the attempt gives it up and releases it. */
      pfa_outbox_item_set_state (item, PFA_OUTBOX_CANCELLED);
      pfa_outbox_item_delete_bundle (item);
      g_cancellable_cancel (self->current_cancellable);
      return pfa_outbox_item_save (item, error);
    }
  if (change_state (item, PFA_OUTBOX_CANCELLED, &local))
    {
      pfa_outbox_item_delete_bundle (item);
      return TRUE;
    }
  if (g_error_matches (local, PFA_ERROR, PFA_ERROR_BUSY) && pfa_outbox_item_ask_to_stop (item))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
pfa_outbox_set_paused (PfaOutbox *self, PfaOutboxItem *item, gboolean paused, GError **error)
{
  if (item->lock_fd >= 0 && item == self->current)
    {
      if (!paused)
        return TRUE;
      pfa_outbox_item_set_state (item, PFA_OUTBOX_PAUSED);
      g_cancellable_cancel (self->current_cancellable);
      return pfa_outbox_item_save (item, error);
    }
  if (!change_state (item, paused ? PFA_OUTBOX_PAUSED : PFA_OUTBOX_PENDING, error))
    return FALSE;
  arm_timer (self);
  return TRUE;
}

gboolean
pfa_outbox_remove (PfaOutbox *self, PfaOutboxItem *item, GError **error)
{
  static const char *const names[] = { PFA_OUTBOX_BUNDLE_FILE,
                                       PFA_OUTBOX_RECEIPT_FILE,
                                       PFA_OUTBOX_STOP_FILE,
                                       "lock",
                                       PFA_OUTBOX_STATE_FILE };
  guint position;

  if (pfa_outbox_item_is_waiting (item))
    {
      g_set_error_literal (error, PFA_ERROR, PFA_ERROR_REFUSED, "it still waits to be sent");
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (item->folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (item->folder);
  if (g_ptr_array_find (self->items, item, &position))
    {
      g_ptr_array_remove_index (self->items, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
  return TRUE;
}

PfaOutbox *
pfa_outbox_open (const char *directory, GError **error)
{
  g_autoptr (PfaOutbox) self = g_object_new (PFA_TYPE_OUTBOX, NULL);

  self->directory = g_strdup (directory);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", directory, g_strerror (errno));
      return NULL;
    }
  pfa_outbox_item_sweep (directory);
  pfa_outbox_refresh (self);
  return g_steal_pointer (&self);
}

static GType
pfa_outbox_get_item_type (GListModel *model)
{
  return PFA_TYPE_OUTBOX_ITEM;
}

static guint
pfa_outbox_get_n_items (GListModel *model)
{
  return PFA_OUTBOX (model)->items->len;
}

static gpointer
pfa_outbox_get_item (GListModel *model, guint position)
{
  PfaOutbox *self = PFA_OUTBOX (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = pfa_outbox_get_item_type;
  iface->get_n_items = pfa_outbox_get_n_items;
  iface->get_item = pfa_outbox_get_item;
}

static void
pfa_outbox_dispose (GObject *object)
{
  pfa_outbox_stop (PFA_OUTBOX (object));
  G_OBJECT_CLASS (pfa_outbox_parent_class)->dispose (object);
}

static void
pfa_outbox_finalize (GObject *object)
{
  PfaOutbox *self = PFA_OUTBOX (object);

  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->sessions);
  g_free (self->directory);
  G_OBJECT_CLASS (pfa_outbox_parent_class)->finalize (object);
}

static void
add_signal (guint id, const char *name, GType argument)
{
  signals[id] = g_signal_new (name,
                              PFA_TYPE_OUTBOX,
                              G_SIGNAL_RUN_LAST,
                              0,
                              NULL,
                              NULL,
                              NULL,
                              G_TYPE_NONE,
                              argument != G_TYPE_NONE ? 1 : 0,
                              argument);
}

static void
pfa_outbox_class_init (PfaOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_outbox_dispose;
  object_class->finalize = pfa_outbox_finalize;
  add_signal (SIGNAL_ITEM_SENT, "item-sent", PFA_TYPE_OUTBOX_ITEM);
  add_signal (SIGNAL_ITEM_REFUSED, "item-refused", PFA_TYPE_OUTBOX_ITEM);
  add_signal (SIGNAL_LINE_LOST, "line-lost", G_TYPE_NONE);
  add_signal (SIGNAL_LINE_BACK, "line-back", G_TYPE_NONE);
  add_signal (SIGNAL_PASS_ENDED, "pass-ended", G_TYPE_NONE);
}

static void
pfa_outbox_init (PfaOutbox *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}
