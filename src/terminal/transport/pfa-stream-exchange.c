/* pfa-stream-exchange.c - one exchange over a pair of streams, for TCP and serial lines alike
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-stream-exchange.h"

#include "pfa-deadline.h"
#include "pfa-error.h"
#include "pfa-transport.h"

/* A message to a terminal has a few bytes; a line that does not take them in this time is dead. */
#define SEND_ONLY_TIMEOUT_MS 1000

typedef struct
{
  GInputStream *input;
  GBytes *request;
  PfaDeadline *deadline;
  gboolean send_only;
} Exchange;

static void
exchange_free (gpointer data)
{
  Exchange *self = data;

  g_object_unref (self->input);
  g_clear_pointer (&self->request, g_bytes_unref);
  pfa_deadline_free (self->deadline);
  g_free (self);
}

static void
return_empty (GTask *task)
{
  g_task_return_pointer (task, g_bytes_new (NULL, 0), (GDestroyNotify) g_bytes_unref);
}

/* A connection that breaks is a terminal that hung up; everything else is a failure. */
static void
return_failure (GTask *task, GError *error)
{
  Exchange *self = g_task_get_task_data (task);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    {
      g_error_free (error);
      return_empty (task);
      return;
    }
  g_task_return_error (task, pfa_deadline_explain (self->deadline, error));
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    return_failure (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
}

static void
read_answer (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (self->input,
                                   PFA_TRANSPORT_CHUNK,
                                   G_PRIORITY_DEFAULT,
                                   pfa_deadline_get_cancellable (self->deadline),
                                   on_read_cb,
                                   task);
}

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  Exchange *self = g_task_get_task_data (task);

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    return_failure (task, g_steal_pointer (&error));
  else if (self->send_only)
    return_empty (task);
  else
    read_answer (g_steal_pointer (&task));
}

void
pfa_stream_exchange_async (GObject *source,
                           GInputStream *input,
                           GOutputStream *output,
                           GBytes *request,
                           guint timeout_ms,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  Exchange *self = g_new0 (Exchange, 1);

  g_task_set_source_tag (task, pfa_stream_exchange_async);
  self->input = g_object_ref (input);
  self->send_only = timeout_ms == 0;
  self->deadline =
      pfa_deadline_new (timeout_ms > 0 ? timeout_ms : SEND_ONLY_TIMEOUT_MS, cancellable);
  g_task_set_task_data (task, self, exchange_free);
  if (request != NULL && g_bytes_get_size (request) > 0)
    {
      self->request = g_bytes_ref (request);
      g_output_stream_write_all_async (output,
                                       g_bytes_get_data (request, NULL),
                                       g_bytes_get_size (request),
                                       G_PRIORITY_DEFAULT,
                                       pfa_deadline_get_cancellable (self->deadline),
                                       on_written_cb,
                                       g_steal_pointer (&task));
    }
  else if (self->send_only)
    return_empty (task);
  else
    read_answer (g_steal_pointer (&task));
}

GBytes *
pfa_stream_exchange_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
