/* pfa-recording-transport.c - another transport, and a record of all that went through it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-recording-transport.h"

#include "pfa-error.h"
#include "pfa-parse.h"

struct _PfaRecordingTransport
{
  GObject parent_instance;

  PfaTransport *inner;
  GString *record;
};

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (pfa_transport_open_finish (PFA_TRANSPORT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
recording_open_async (PfaTransport *transport,
                      guint timeout_ms,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  PfaRecordingTransport *self = PFA_RECORDING_TRANSPORT (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  pfa_transport_open_async (self->inner, timeout_ms, cancellable, on_opened_cb, task);
}

static gboolean
recording_open_finish (PfaTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
write_bytes (PfaRecordingTransport *self, const char *mark, GBytes *bytes)
{
  PfaSpan span;
  g_autofree char *hex = NULL;

  span.data = g_bytes_get_data (bytes, &span.length);
  hex = pfa_span_dup_hex (span);
  g_string_append_printf (self->record, "%s %s\n", mark, hex);
}

static void
on_exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  PfaRecordingTransport *self = g_task_get_source_object (task);
  gboolean waited = GPOINTER_TO_INT (g_task_get_task_data (task));
  GError *error = NULL;
  GBytes *answer = pfa_transport_exchange_finish (PFA_TRANSPORT (source), result, &error);

  if (answer == NULL)
    {
      if (g_error_matches (error, PFA_ERROR, PFA_ERROR_TIMED_OUT))
        g_string_append (self->record, "! silent\n");
      g_task_return_error (task, error);
      return;
    }
  if (g_bytes_get_size (answer) > 0)
    write_bytes (self, "<", answer);
  else if (waited)
    g_string_append (self->record, "= closed\n");
  g_task_return_pointer (task, answer, (GDestroyNotify) g_bytes_unref);
}

static void
recording_exchange_async (PfaTransport *transport,
                          GBytes *request,
                          guint timeout_ms,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  PfaRecordingTransport *self = PFA_RECORDING_TRANSPORT (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, GINT_TO_POINTER (timeout_ms > 0), NULL);
  if (request != NULL && g_bytes_get_size (request) > 0)
    write_bytes (self, ">", request);
  pfa_transport_exchange_async (self->inner,
                                request,
                                timeout_ms,
                                cancellable,
                                on_exchanged_cb,
                                task);
}

static GBytes *
recording_exchange_finish (PfaTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
recording_close (PfaTransport *transport)
{
  pfa_transport_close (PFA_RECORDING_TRANSPORT (transport)->inner);
}

static void
transport_iface_init (PfaTransportInterface *iface)
{
  iface->open_async = recording_open_async;
  iface->open_finish = recording_open_finish;
  iface->exchange_async = recording_exchange_async;
  iface->exchange_finish = recording_exchange_finish;
  iface->close = recording_close;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaRecordingTransport,
                               pfa_recording_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PFA_TYPE_TRANSPORT, transport_iface_init))

PfaTransport *
pfa_recording_transport_new (PfaTransport *inner)
{
  PfaRecordingTransport *self = g_object_new (PFA_TYPE_RECORDING_TRANSPORT, NULL);

  self->inner = g_object_ref (inner);
  return PFA_TRANSPORT (self);
}

char *
pfa_recording_transport_dup_record (PfaRecordingTransport *self)
{
  return g_strdup (self->record->str);
}

static void
pfa_recording_transport_dispose (GObject *object)
{
  g_clear_object (&PFA_RECORDING_TRANSPORT (object)->inner);

  G_OBJECT_CLASS (pfa_recording_transport_parent_class)->dispose (object);
}

static void
pfa_recording_transport_finalize (GObject *object)
{
  g_string_free (PFA_RECORDING_TRANSPORT (object)->record, TRUE);

  G_OBJECT_CLASS (pfa_recording_transport_parent_class)->finalize (object);
}

static void
pfa_recording_transport_class_init (PfaRecordingTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_recording_transport_dispose;
  object_class->finalize = pfa_recording_transport_finalize;
}

static void
pfa_recording_transport_init (PfaRecordingTransport *self)
{
  self->record = g_string_new (NULL);
}
