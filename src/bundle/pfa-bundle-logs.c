/* pfa-bundle-logs.c - logs that come and go while the preview is open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-private.h"

static void
on_add_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (pfa_bundle_prepare_one_log (source, data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
pfa_bundle_add_log_async (PfaBundle *self,
                          const char *source,
                          const char *path,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self->prepared);

  task = pfa_bundle_begin (self, pfa_bundle_add_log_async, cancellable, callback, user_data);
  if (task == NULL)
    return;
  /* Nothing is looked at while the list of members grows. */
  self->prepared = FALSE;
  /* Once it is in, it is in: cancelling too late must not free what a part points at. */
  g_task_set_check_cancellable (task, FALSE);
  /* The bundle takes it over when it is in. */
  g_task_set_task_data (task, pfa_bundle_log_new (source, path), NULL);
  g_task_run_in_thread (task, on_add_thread);
}

gboolean
pfa_bundle_add_log_finish (PfaBundle *self, GAsyncResult *result, GError **error)
{
  PfaBundleLog *log = g_task_get_task_data (G_TASK (result));
  const gboolean good = pfa_bundle_end (self, result, error);

  /* Without a log it was BUSY and nothing was touched. */
  self->prepared = self->prepared || log != NULL;
  if (good)
    g_ptr_array_add (self->source.logs, log);
  else if (log != NULL)
    pfa_bundle_log_free (log);
  return good;
}

gboolean
pfa_bundle_is_added (PfaBundle *self, guint index)
{
  g_return_val_if_fail (index < pfa_bundle_get_n_members (self), FALSE);

  return ((PfaBundlePart *) self->members->pdata[index])->log != NULL;
}

/* What stays the same when a bundle is prepared anew: a log's own pointer, any other member's name.
 */
static gconstpointer
get_identity (const PfaBundlePart *member)
{
  return member->log != NULL ? (gconstpointer) member->log : g_intern_string (member->shown.name);
}

static GHashTable *
note_left_out (PfaBundle *self)
{
  GHashTable *left_out = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->members->len; i++)
    {
      const PfaBundlePart *member = self->members->pdata[i];

      if (!member->shown.included)
        g_hash_table_add (left_out, (gpointer) get_identity (member));
    }
  return left_out;
}

static void
on_remove_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  PfaBundle *self = source;
  const PfaBundlePart *removed = self->members->pdata[GPOINTER_TO_UINT (data)];
  g_autoptr (GHashTable) left_out = note_left_out (self);
  g_autoptr (GError) error = NULL;

  g_ptr_array_remove (self->source.logs, (gpointer) removed->log);
  if (!pfa_bundle_prepare (self, cancellable, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < self->members->len; i++)
    {
      PfaBundlePart *member = self->members->pdata[i];

      if (g_hash_table_contains (left_out, get_identity (member)))
        member->shown.included = FALSE;
    }
  g_task_return_boolean (task, TRUE);
}

void
pfa_bundle_remove_log_async (PfaBundle *self,
                             guint index,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (pfa_bundle_is_added (self, index));

  task = pfa_bundle_begin (self, pfa_bundle_remove_log_async, cancellable, callback, user_data);
  if (task == NULL)
    return;
  g_task_set_task_data (task, GUINT_TO_POINTER (index), NULL);
  /* Cancelled in the middle it is not ready to be shown. */
  self->prepared = FALSE;
  g_task_run_in_thread (task, on_remove_thread);
}

gboolean
pfa_bundle_remove_log_finish (PfaBundle *self, GAsyncResult *result, GError **error)
{
  return pfa_bundle_prepare_finish (self, result, error);
}
