/* pfa-replay-transport.c - a terminal that says again what a record holds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-replay-transport.h"

#include <string.h>

#include "pfa-error.h"

struct _PfaReplayTransport
{
  GObject parent_instance;

  GStrv lines;
  guint next;
};

static void
replay_open_async (PfaTransport *transport,
                   guint timeout_ms,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (transport, cancellable, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

static gboolean
replay_open_finish (PfaTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static GBytes *
bytes_of_line (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();
  int high = -1;

  for (; *hex != '\0'; hex++)
    {
      int digit = g_ascii_xdigit_value (*hex);
      guint8 byte;

      if (digit < 0)
        continue;
      if (high < 0)
        {
          high = digit;
          continue;
        }
      byte = (guint8) (high << 4 | digit);
      g_byte_array_append (bytes, &byte, 1);
      high = -1;
    }
  return g_byte_array_free_to_bytes (bytes);
}

/* The line that comes next, or NULL at the end. */
static const char *
peek (PfaReplayTransport *self)
{
  while (self->lines[self->next] != NULL &&
         (self->lines[self->next][0] == '#' || self->lines[self->next][0] == '\0'))
    self->next++;
  return self->lines[self->next];
}

static gboolean
is_expected (PfaReplayTransport *self, GBytes *request)
{
  const char *line = peek (self);
  g_autoptr (GBytes) recorded = NULL;

  if (line == NULL || line[0] != '>')
    return FALSE;
  recorded = bytes_of_line (line + 1);
  self->next++;
  return g_bytes_equal (recorded, request);
}

static void
replay_exchange_async (PfaTransport *transport,
                       GBytes *request,
                       guint timeout_ms,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  PfaReplayTransport *self = PFA_REPLAY_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *line;

  if (request != NULL && g_bytes_get_size (request) > 0 && !is_expected (self, request))
    {
      g_task_return_new_error (task,
                               PFA_ERROR,
                               PFA_ERROR_INVALID_DATA,
                               "the record has another request");
      return;
    }
  line = timeout_ms > 0 ? peek (self) : "=";
  if (line == NULL || line[0] == '!' || line[0] == '>')
    {
      if (line != NULL && line[0] == '!')
        self->next++;
      g_task_return_new_error (task, PFA_ERROR, PFA_ERROR_TIMED_OUT, "no answer in the record");
      return;
    }
  if (timeout_ms > 0)
    self->next++;
  g_task_return_pointer (task,
                         line[0] == '<' ? bytes_of_line (line + 1) : g_bytes_new (NULL, 0),
                         (GDestroyNotify) g_bytes_unref);
}

static GBytes *
replay_exchange_finish (PfaTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
replay_close (PfaTransport *transport)
{
}

static void
transport_iface_init (PfaTransportInterface *iface)
{
  iface->open_async = replay_open_async;
  iface->open_finish = replay_open_finish;
  iface->exchange_async = replay_exchange_async;
  iface->exchange_finish = replay_exchange_finish;
  iface->close = replay_close;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaReplayTransport,
                               pfa_replay_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PFA_TYPE_TRANSPORT, transport_iface_init))

PfaTransport *
pfa_replay_transport_new (const char *record)
{
  PfaReplayTransport *self = g_object_new (PFA_TYPE_REPLAY_TRANSPORT, NULL);

  self->lines = g_strsplit (record, "\n", -1);
  return PFA_TRANSPORT (self);
}

gboolean
pfa_replay_transport_is_at_end (PfaReplayTransport *self)
{
  return peek (self) == NULL;
}

static void
pfa_replay_transport_finalize (GObject *object)
{
  g_strfreev (PFA_REPLAY_TRANSPORT (object)->lines);

  G_OBJECT_CLASS (pfa_replay_transport_parent_class)->finalize (object);
}

static void
pfa_replay_transport_class_init (PfaReplayTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_replay_transport_finalize;
}

static void
pfa_replay_transport_init (PfaReplayTransport *self)
{
}
