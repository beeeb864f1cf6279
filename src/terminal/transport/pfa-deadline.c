/* pfa-deadline.c - ends one wait when its time is over or somebody cancels, and tells which
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-deadline.h"

#include "pfa-error.h"

struct _PfaDeadline
{
  GCancellable *inner;
  GSource *timer;
  GSource *cancelled; /* NULL without an outer cancellable */
  gboolean passed;
};

static gboolean
on_time_passed_cb (gpointer user_data)
{
  PfaDeadline *self = user_data;

  self->passed = TRUE;
  g_cancellable_cancel (self->inner);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled_cb (GCancellable *outer, gpointer user_data)
{
  PfaDeadline *self = user_data;

  g_cancellable_cancel (self->inner);
  return G_SOURCE_REMOVE;
}

PfaDeadline *
pfa_deadline_new (guint timeout_ms, GCancellable *outer)
{
  PfaDeadline *self = g_new0 (PfaDeadline, 1);
  GMainContext *context = g_main_context_get_thread_default ();

  self->inner = g_cancellable_new ();
  self->timer = g_timeout_source_new (timeout_ms);
  g_source_set_callback (self->timer, on_time_passed_cb, self, NULL);
  g_source_attach (self->timer, context);
  if (outer != NULL)
    {
      self->cancelled = g_cancellable_source_new (outer);
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (on_cancelled_cb), self, NULL);
      g_source_attach (self->cancelled, context);
    }
  return self;
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
pfa_deadline_free (PfaDeadline *self)
{
  if (self == NULL)
    return;
  clear_source (&self->timer);
  clear_source (&self->cancelled);
  g_object_unref (self->inner);
  g_free (self);
}

GCancellable *
pfa_deadline_get_cancellable (PfaDeadline *self)
{
  return self->inner;
}

GError *
pfa_deadline_explain (PfaDeadline *self, GError *error)
{
  if (self->passed && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return g_error_new_literal (PFA_ERROR, PFA_ERROR_TIMED_OUT, "no answer in time");
    }
  return pfa_error_adopt (error);
}
