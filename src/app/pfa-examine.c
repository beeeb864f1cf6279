/* pfa-examine.c - a report file that somebody opens with this program: what is to be said of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-examine.h"

#include <glib/gi18n.h>

#include "pfa-bundle-verify.h"
#include "pfa-error.h"

static char *
say_sound (const PfaBundleContents *contents)
{
  return g_strdup_printf (ngettext ("This report is sound. It has %u file.",
                                    "This report is sound. It has %u files.",
                                    contents->entries->len),
                          contents->entries->len);
}

static char *
say_fault (const char *path, const GError *error)
{
  if (g_error_matches (error, PFA_ERROR, PFA_ERROR_BAD_INPUT))
    return g_strdup (pfa_bundle_is_sealed (path)
                         ? _ ("This report is sealed. Only your provider can open it.")
                         : _ ("This is no report, or it is damaged."));
  return g_strdup (_ ("This file cannot be read."));
}

static void
examine (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char *path = task_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaBundleContents) contents = pfa_bundle_verify (path, cancellable, &error);

  if (contents != NULL)
    g_task_return_pointer (task, say_sound (contents), g_free);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, say_fault (path, error), g_free);
}

void
pfa_examine_async (GFile *file,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (G_IS_FILE (file));

  g_task_set_source_tag (task, pfa_examine_async);
  if (g_file_peek_path (file) == NULL)
    {
      g_task_return_pointer (task, g_strdup (_ ("This file cannot be read.")), g_free);
      return;
    }
  g_task_set_task_data (task, g_file_get_path (file), g_free);
  g_task_run_in_thread (task, examine);
}

char *
pfa_examine_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
