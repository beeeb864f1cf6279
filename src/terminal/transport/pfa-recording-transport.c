/* pfa-recording-transport.c - another transport, and a record of all that went through it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-recording-transport.h"

#include <string.h>

#include "pfa-error.h"

/* Whoever sends without an end is heard out; what lies beyond is only counted. */
#define MAX_ENTRIES 2000
#define MAX_STREAM  (64 * 1024)

struct _PfaRecordingTransport
{
  GObject parent_instance;

  PfaTransport *inner;
  gint64 begun;    /* µs, monotonic */
  GArray *entries; /* (element-type PfaRecordEntry) */
  GByteArray *sent;
  GByteArray *received;
};

static void
note (PfaRecordingTransport *self, PfaRecordKind kind, GBytes *bytes)
{
  GByteArray *stream = kind == PFA_RECORD_SENT ? self->sent : self->received;
  PfaRecordEntry entry = { .kind = kind, .time = g_get_monotonic_time () - self->begun };

  if (self->entries->len == MAX_ENTRIES)
    return;
  if (bytes != NULL)
    {
      const guint8 *data = g_bytes_get_data (bytes, &entry.length);

      entry.offset = stream->len;
      entry.kept = MIN (entry.length, MAX_STREAM - stream->len);
      g_byte_array_append (stream, data, (guint) entry.kept);
    }
  g_array_append_val (self->entries, entry);
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (pfa_transport_open_finish (PFA_TRANSPORT (source), result, &error))
    {
      note (g_task_get_source_object (task), PFA_RECORD_OPENED, NULL);
      g_task_return_boolean (task, TRUE);
    }
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
        note (self, PFA_RECORD_SILENT, NULL);
      g_task_return_error (task, error);
      return;
    }
  if (g_bytes_get_size (answer) > 0)
    note (self, PFA_RECORD_RECEIVED, answer);
  else if (waited)
    note (self, PFA_RECORD_CLOSED, NULL);
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
    note (self, PFA_RECORD_SENT, request);
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

const GArray *
pfa_recording_transport_get_entries (PfaRecordingTransport *self)
{
  return self->entries;
}

PfaSpan
pfa_recording_transport_get_stream (PfaRecordingTransport *self, PfaRecordKind kind)
{
  const GByteArray *stream = kind == PFA_RECORD_SENT ? self->sent : self->received;

  return (PfaSpan){ stream->data, stream->len };
}

char *
pfa_recording_transport_dup_record (PfaRecordingTransport *self)
{
  GString *record = g_string_new (NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const PfaRecordEntry *entry = &g_array_index (self->entries, PfaRecordEntry, i);
      PfaSpan stream = pfa_recording_transport_get_stream (self, entry->kind);
      g_autofree char *hex =
          pfa_span_dup_hex ((PfaSpan){ stream.data + entry->offset, entry->kept });

      if (entry->kind == PFA_RECORD_SENT || entry->kind == PFA_RECORD_RECEIVED)
        g_string_append_printf (record, "%c %s\n", entry->kind == PFA_RECORD_SENT ? '>' : '<', hex);
      else if (entry->kind == PFA_RECORD_SILENT)
        g_string_append (record, "! silent\n");
      else if (entry->kind == PFA_RECORD_CLOSED)
        g_string_append (record, "= closed\n");
    }
  return g_string_free (record, FALSE);
}

static void
pfa_recording_transport_dispose (GObject *object)
{
  g_clear_object (&PFA_RECORDING_TRANSPORT (object)->inner);

  G_OBJECT_CLASS (pfa_recording_transport_parent_class)->dispose (object);
}

/* A password may stand in it. */
static void
wipe (GByteArray *stream)
{
  if (stream->len > 0)
    explicit_bzero (stream->data, stream->len);
  g_byte_array_unref (stream);
}

static void
pfa_recording_transport_finalize (GObject *object)
{
  PfaRecordingTransport *self = PFA_RECORDING_TRANSPORT (object);

  wipe (self->sent);
  wipe (self->received);
  g_array_unref (self->entries);

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
  self->begun = g_get_monotonic_time ();
  self->entries = g_array_new (FALSE, FALSE, sizeof (PfaRecordEntry));
  /* At once as large as they may become, so that growing leaves no copy behind. */
  self->sent = g_byte_array_sized_new (MAX_STREAM);
  self->received = g_byte_array_sized_new (MAX_STREAM);
}
