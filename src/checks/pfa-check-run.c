/* pfa-check-run.c - asks all questions side by side, with one deadline
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-run.h"

#include "pfa-check-common.h"
#include "pfa-check-context-private.h"
#include "pfa-error.h"
#include "pfa-trust-store.h"

struct _PfaCheckRun
{
  GObject parent_instance;

  PfaCheckBoard *board;
  GPtrArray *contexts; /* (element-type PfaCheckContext) */
  GStrv limit;
  GTask *task;
  GSource *deadline;
  GSource *stop; /* waits for the caller's cancellable; holds the task */
  GSource *next; /* the turn that starts the next check */
  guint done;
  gboolean cut_short;
  gboolean warm; /* the authorities are loaded */
};

enum
{
  SIGNAL_OBSERVED,
  SIGNAL_PROGRESSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PfaCheckRun, pfa_check_run, G_TYPE_OBJECT)

static PfaCheckContext *
find_context (PfaCheckRun *self, const char *id)
{
  for (guint i = 0; i < self->contexts->len; i++)
    {
      PfaCheckContext *context = g_ptr_array_index (self->contexts, i);

      if (g_str_equal (pfa_check_context_get_check (context)->id, id))
        return context;
    }
  return NULL;
}

static gboolean
is_ready (PfaCheckRun *self, PfaCheckContext *context)
{
  const char *const *needs = pfa_check_context_get_check (context)->needs;

  for (guint i = 0; needs != NULL && needs[i] != NULL; i++)
    {
      PfaCheckContext *needed = find_context (self, needs[i]);

      if (needed != NULL && pfa_check_context_get_state (needed) != PFA_CHECK_OVER)
        return FALSE;
    }
  if (pfa_check_context_get_check (context)->secure && !self->warm)
    return FALSE;
  return pfa_check_context_get_state (context) == PFA_CHECK_WAITING;
}

/* Why the check would only see a fault again that is known already; NULL: it would not. */
static char *
dup_blocking_reason (PfaCheckRun *self, PfaCheckContext *context)
{
  const PfaCheckBlock *blocks = pfa_check_context_get_check (context)->blocked_by;

  /* What runs on this computer itself needs no network. */
  if (pfa_target_is_local (self->board->settings.provider))
    return NULL;
  for (; blocks != NULL && blocks->observation != NULL; blocks++)
    {
      PfaObservation *seen = g_hash_table_lookup (self->board->observations, blocks->observation);

      if (seen != NULL && g_strv_contains (blocks->values, seen->value))
        return g_strdup_printf ("not checked, because %s is %s", seen->id, seen->value);
    }
  return NULL;
}

/* Starts the first check that is ready. FALSE: there was none. */
static gboolean
start_one (PfaCheckRun *self)
{
  for (guint i = 0; i < self->contexts->len; i++)
    {
      PfaCheckContext *context = g_ptr_array_index (self->contexts, i);
      g_autofree char *reason = NULL;

      if (!is_ready (self, context))
        continue;
      reason = dup_blocking_reason (self, context);
      if (reason != NULL)
        pfa_check_context_stop (context, reason);
      else
        pfa_check_context_start (context);
      return TRUE;
    }
  return FALSE;
}

static gboolean
on_next_due_cb (gpointer user_data)
{
  g_autoptr (PfaCheckRun) self = g_object_ref (user_data);

  if (self->task != NULL && start_one (self))
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->next, g_source_unref);
  return G_SOURCE_REMOVE;
}

/* One check a turn of the main loop, which must not be held up; and none from inside another. */
static void
start_ready (PfaCheckRun *self)
{
  if (self->next != NULL || self->task == NULL)
    return;
  self->next = g_idle_source_new ();
  g_source_set_priority (self->next, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->next, on_next_due_cb, self, NULL);
  g_source_attach (self->next, g_task_get_context (self->task));
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
stop_blocked (PfaCheckRun *self, const char *observation)
{
  for (guint i = 0; i < self->contexts->len; i++)
    {
      PfaCheckContext *context = g_ptr_array_index (self->contexts, i);
      g_autofree char *reason = NULL;

      if (pfa_check_context_get_state (context) != PFA_CHECK_RUNNING)
        continue;
      reason = dup_blocking_reason (self, context);
      if (reason != NULL)
        pfa_check_context_stop (context, reason);
    }
}

static void
finish (PfaCheckRun *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (task == NULL)
    return;
  clear_source (&self->next);
  clear_source (&self->deadline);
  /* Else the task, and with it the run, would live as long as the cancellable. */
  clear_source (&self->stop);
  self->board->owner = NULL;
  g_hash_table_remove_all (self->board->shared); /* lookups stop asking */
  g_task_return_boolean (task, !self->cut_short);
}

static void
stop_all (PfaCheckRun *self, const char *reason)
{
  self->cut_short = TRUE;
  for (guint i = 0; i < self->contexts->len; i++)
    pfa_check_context_stop (g_ptr_array_index (self->contexts, i), reason);
}

static void
on_observed (gpointer owner, PfaCheckContext *context, PfaObservation *observation)
{
  PfaCheckRun *self = owner;

  g_signal_emit (self, signals[SIGNAL_OBSERVED], 0, observation);
  if (!self->cut_short && g_strcmp0 (observation->value, PFA_VALUE_CANNOT_CHECK) != 0)
    stop_blocked (self, observation->id);
}

static void
on_ended (gpointer owner, PfaCheckContext *context)
{
  g_autoptr (PfaCheckRun) self = g_object_ref (owner);

  self->done++;
  g_signal_emit (self, signals[SIGNAL_PROGRESSED], 0, self->done, self->contexts->len);
  if (self->done == self->contexts->len)
    finish (self);
  else
    start_ready (self);
}

static gboolean
on_deadline_cb (gpointer user_data)
{
  g_autoptr (PfaCheckRun) self = g_object_ref (user_data);

  stop_all (self, "no answer before the deadline");
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  PfaCheckRun *self = g_task_get_source_object (task);

  if (self->task == task)
    stop_all (self, "stopped");
  return G_SOURCE_REMOVE;
}

static void
on_warmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckRun) self = PFA_CHECK_RUN (user_data);

  /* Without any, secure connections fail one by one, and say so. */
  pfa_trust_store_load_finish (result, NULL);
  self->warm = TRUE;
  start_ready (self);
}

static gboolean
is_wanted (PfaCheckRun *self, const PfaCheck *check)
{
  if (check->is_asked_for != NULL && !check->is_asked_for (&self->board->settings))
    return FALSE;
  if (self->limit == NULL)
    return TRUE;
  for (guint i = 0; check->reports[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) self->limit, check->reports[i]))
      return TRUE;
  for (guint i = 0; check->refines != NULL && check->refines[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) self->limit, check->refines[i]))
      return TRUE;
  return FALSE;
}

static void
add_with_needs (PfaCheckRun *self, const PfaCheck *check)
{
  if (find_context (self, check->id) != NULL)
    return;
  for (guint i = 0; check->needs != NULL && check->needs[i] != NULL; i++)
    {
      const PfaCheck *needed = pfa_check_find (check->needs[i]);

      if (needed != NULL)
        add_with_needs (self, needed);
    }
  g_ptr_array_add (self->contexts, pfa_check_context_new (check, self->board));
}

PfaCheckRun *
pfa_check_run_new (const PfaCheckSettings *settings)
{
  PfaCheckRun *self = g_object_new (PFA_TYPE_CHECK_RUN, NULL);

  self->board = pfa_check_board_new (settings);
  self->board->observed = on_observed;
  self->board->ended = on_ended;
  return self;
}

void
pfa_check_run_limit (PfaCheckRun *self, const char *const *observations)
{
  g_return_if_fail (PFA_IS_CHECK_RUN (self) && self->task == NULL);

  g_strfreev (self->limit);
  self->limit = g_strdupv ((char **) observations);
}

void
pfa_check_run_async (PfaCheckRun *self,
                     guint deadline_ms,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GMainContext *main_context = g_main_context_get_thread_default ();

  g_task_set_source_tag (task, pfa_check_run_async);
  if (self->task != NULL || self->contexts->len > 0)
    {
      g_task_return_new_error (task, PFA_ERROR, PFA_ERROR_BUSY, "one run an object");
      return;
    }
  pfa_trust_store_load_async (NULL, on_warmed_cb, g_object_ref (self));
  for (guint i = 0; pfa_check_catalogue[i] != NULL; i++)
    if (is_wanted (self, pfa_check_catalogue[i]))
      add_with_needs (self, pfa_check_catalogue[i]);
  if (self->contexts->len == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (deadline_ms == 0)
    deadline_ms = PFA_CHECK_DEADLINE_DEFAULT_MS;
  self->board->owner = self;
  self->board->started_us = g_get_monotonic_time ();
  self->board->deadline_us = self->board->started_us + (gint64) deadline_ms * 1000;
  self->task = g_object_ref (task);
  self->deadline = g_timeout_source_new (deadline_ms);
  g_source_set_callback (self->deadline, on_deadline_cb, self, NULL);
  g_source_attach (self->deadline, main_context);
  if (cancellable != NULL)
    {
      self->stop = g_cancellable_source_new (cancellable);
      g_task_attach_source (task, self->stop, G_SOURCE_FUNC (on_cancelled_cb));
    }
  /* The first results come after this function has returned. */
  start_ready (self);
}

gboolean
pfa_check_run_finish (PfaCheckRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
pfa_check_run_dispose (GObject *object)
{
  PfaCheckRun *self = PFA_CHECK_RUN (object);

  clear_source (&self->next);
  clear_source (&self->deadline);
  if (self->board != NULL)
    self->board->owner = NULL;
  g_clear_pointer (&self->contexts, g_ptr_array_unref);
  g_clear_pointer (&self->board, pfa_check_board_unref);
  g_clear_pointer (&self->limit, g_strfreev);
  G_OBJECT_CLASS (pfa_check_run_parent_class)->dispose (object);
}

static void
pfa_check_run_class_init (PfaCheckRunClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = pfa_check_run_dispose;
  signals[SIGNAL_OBSERVED] = g_signal_new ("observed",
                                           G_TYPE_FROM_CLASS (class),
                                           G_SIGNAL_RUN_LAST,
                                           0,
                                           NULL,
                                           NULL,
                                           NULL,
                                           G_TYPE_NONE,
                                           1,
                                           G_TYPE_POINTER);
  signals[SIGNAL_PROGRESSED] = g_signal_new ("progressed",
                                             G_TYPE_FROM_CLASS (class),
                                             G_SIGNAL_RUN_LAST,
                                             0,
                                             NULL,
                                             NULL,
                                             NULL,
                                             G_TYPE_NONE,
                                             2,
                                             G_TYPE_UINT,
                                             G_TYPE_UINT);
}

static void
pfa_check_run_init (PfaCheckRun *self)
{
  self->contexts = g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_check_context_unref);
}
