/* pfa-check-context.c - what one running check may use: the run's facts, its own cancellable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-context-private.h"

struct _PfaCheckContext
{
  gatomicrefcount references;
  const PfaCheck *check;
  PfaCheckBoard *board;
  PfaCheckState state;
  GCancellable *cancellable;
  GHashTable *reported; /* ids of this check's observations */
  GPtrArray *timers;    /* (element-type GSource) */
  gpointer data;
  GDestroyNotify destroy_data;
  gint64 started_us;
};

typedef struct
{
  gpointer value;
  GDestroyNotify destroy;
} Shared;

typedef struct
{
  PfaCheckContext *context;
  void (*callback) (PfaCheckContext *context);
} Timer;

static void
shared_free (Shared *shared)
{
  if (shared->destroy != NULL)
    shared->destroy (shared->value);
  g_free (shared);
}

PfaCheckBoard *
pfa_check_board_new (const PfaCheckSettings *settings)
{
  PfaCheckBoard *self = g_atomic_rc_box_new0 (PfaCheckBoard);

  self->settings = *settings;
  self->settings.provider =
      settings->provider != NULL ? pfa_provider_ref (settings->provider) : NULL;
  self->settings.connection = g_strdup (settings->connection);
  self->settings.terminal_host = g_strdup (settings->terminal_host);
  self->settings.system_root =
      g_strdup (settings->system_root != NULL ? settings->system_root : "");
  self->observations = g_hash_table_new_full (g_str_hash,
                                              g_str_equal,
                                              g_free,
                                              (GDestroyNotify) pfa_observation_unref);
  self->shared =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) shared_free);
  self->started_us = g_get_monotonic_time ();
  self->deadline_us = G_MAXINT64;
  return self;
}

static void
board_clear (PfaCheckBoard *self)
{
  g_clear_pointer (&self->settings.provider, pfa_provider_unref);
  g_free ((char *) self->settings.connection);
  g_free ((char *) self->settings.terminal_host);
  g_free ((char *) self->settings.system_root);
  g_hash_table_unref (self->observations);
  g_hash_table_unref (self->shared);
}

void
pfa_check_board_unref (PfaCheckBoard *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) board_clear);
}

PfaCheckContext *
pfa_check_context_new (const PfaCheck *check, PfaCheckBoard *board)
{
  PfaCheckContext *self = g_new0 (PfaCheckContext, 1);

  g_atomic_ref_count_init (&self->references);
  self->check = check;
  self->board = g_atomic_rc_box_acquire (board);
  self->state = PFA_CHECK_WAITING;
  board->working += check->watches ? 0 : 1;
  self->cancellable = g_cancellable_new ();
  self->reported = g_hash_table_new (g_str_hash, g_str_equal);
  self->timers = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  return self;
}

PfaCheckContext *
pfa_check_context_ref (PfaCheckContext *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
pfa_check_context_unref (PfaCheckContext *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_ptr_array_unref (self->timers);
  g_hash_table_unref (self->reported);
  g_object_unref (self->cancellable);
  if (self->destroy_data != NULL)
    self->destroy_data (self->data);
  pfa_check_board_unref (self->board);
  g_free (self);
}

const PfaCheck *
pfa_check_context_get_check (PfaCheckContext *self)
{
  return self->check;
}

PfaCheckState
pfa_check_context_get_state (PfaCheckContext *self)
{
  return self->state;
}

gboolean
pfa_check_is_over (PfaCheckContext *self)
{
  return self->state == PFA_CHECK_OVER;
}

void
pfa_check_context_start (PfaCheckContext *self)
{
  self->state = PFA_CHECK_RUNNING;
  self->started_us = g_get_monotonic_time ();
  g_debug ("%5u ms: %s begins", pfa_check_get_elapsed_ms (self), self->check->id);
  self->check->start (self);
}

/* Ends the check: no timer fires and no report counts after it. */
static void
end (PfaCheckContext *self)
{
  g_debug ("%5u ms: %s ends", pfa_check_get_elapsed_ms (self), self->check->id);
  self->state = PFA_CHECK_OVER;
  self->board->working -= self->check->watches ? 0 : 1;
  for (guint i = 0; i < self->timers->len; i++)
    g_source_destroy (g_ptr_array_index (self->timers, i));
  g_ptr_array_set_size (self->timers, 0);
  g_cancellable_cancel (self->cancellable);
  if (self->board->owner != NULL)
    self->board->ended (self->board->owner, self);
}

static void
report_missing (PfaCheckContext *self, const char *reason)
{
  for (guint i = 0; self->check->reports[i] != NULL; i++)
    if (!g_hash_table_contains (self->reported, self->check->reports[i]))
      pfa_check_report_cannot (self, self->check->reports[i], reason);
}

void
pfa_check_context_stop (PfaCheckContext *self, const char *reason)
{
  g_autoptr (PfaCheckContext) keep = pfa_check_context_ref (self);

  if (self->state == PFA_CHECK_OVER)
    return;
  report_missing (self, reason);
  if (self->state != PFA_CHECK_OVER)
    end (self);
}

void
pfa_check_done (PfaCheckContext *self)
{
  pfa_check_context_stop (self, "the check ended without an answer");
}

const PfaCheckSettings *
pfa_check_get_settings (PfaCheckContext *self)
{
  return &self->board->settings;
}

GCancellable *
pfa_check_get_cancellable (PfaCheckContext *self)
{
  return self->cancellable;
}

guint
pfa_check_get_elapsed_ms (PfaCheckContext *self)
{
  return (guint) ((g_get_monotonic_time () - self->board->started_us) / 1000);
}

guint
pfa_check_get_remaining_ms (PfaCheckContext *self)
{
  gint64 left = (self->board->deadline_us - g_get_monotonic_time ()) / 1000;

  return (guint) CLAMP (left, 0, G_MAXINT);
}

gboolean
pfa_check_is_last (PfaCheckContext *self)
{
  return self->board->working == 0;
}

PfaObservation *
pfa_check_find_observation (PfaCheckContext *self, const char *id)
{
  return g_hash_table_lookup (self->board->observations, id);
}

gpointer
pfa_check_get_shared (PfaCheckContext *self, const char *name)
{
  Shared *shared = g_hash_table_lookup (self->board->shared, name);

  return shared != NULL ? shared->value : NULL;
}

void
pfa_check_set_shared (PfaCheckContext *self,
                      const char *name,
                      gpointer value,
                      GDestroyNotify destroy)
{
  Shared *shared = g_new (Shared, 1);

  shared->value = value;
  shared->destroy = destroy;
  g_hash_table_replace (self->board->shared, g_strdup (name), shared);
}

gpointer
pfa_check_get_data (PfaCheckContext *self)
{
  return self->data;
}

void
pfa_check_set_data (PfaCheckContext *self, gpointer data, GDestroyNotify destroy)
{
  if (self->destroy_data != NULL)
    self->destroy_data (self->data);
  self->data = data;
  self->destroy_data = destroy;
}

void
pfa_check_report (PfaCheckContext *self, PfaObservation *observation)
{
  g_autoptr (PfaObservation) owned = observation;
  gint64 since = self->started_us != 0 ? self->started_us : self->board->started_us;

  if (self->state == PFA_CHECK_OVER || self->board->owner == NULL)
    return;
  g_debug ("%5u ms: %s = %s %s",
           pfa_check_get_elapsed_ms (self),
           owned->id,
           owned->value,
           owned->reason != NULL ? owned->reason : "");
  if (owned->elapsed_ms == 0)
    pfa_observation_set_elapsed (owned, (guint) ((g_get_monotonic_time () - since) / 1000));
  for (guint i = 0; self->check->reports[i] != NULL; i++)
    if (g_str_equal (self->check->reports[i], owned->id))
      g_hash_table_add (self->reported, (gpointer) self->check->reports[i]);
  g_hash_table_replace (self->board->observations,
                        g_strdup (owned->id),
                        pfa_observation_ref (owned));
  self->board->observed (self->board->owner, self, owned);
}

void
pfa_check_report_cannot (PfaCheckContext *self, const char *observation_id, const char *reason)
{
  pfa_check_report (self,
                    pfa_observation_new_cannot_check (observation_id, PFA_FROM_CHECK, reason));
}

static gboolean
on_timer_elapsed_cb (gpointer user_data)
{
  Timer *timer = user_data;
  g_autoptr (PfaCheckContext) keep = pfa_check_context_ref (timer->context);

  if (keep->state == PFA_CHECK_RUNNING)
    timer->callback (keep);
  return G_SOURCE_REMOVE;
}

void
pfa_check_later (PfaCheckContext *self, guint delay_ms, void (*callback) (PfaCheckContext *self))
{
  GSource *source;
  Timer *timer;

  if (self->state == PFA_CHECK_OVER)
    return;
  source = g_timeout_source_new (delay_ms);
  timer = g_new (Timer, 1);
  /* The context outlives its timers: end() destroys them. */
  timer->context = self;
  timer->callback = callback;
  g_source_set_callback (source, on_timer_elapsed_cb, timer, g_free);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_ptr_array_add (self->timers, source);
}
