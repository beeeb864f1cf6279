/* pfa-guided-meter.c - what a WebSocket line may cost before a whole message has come
 *
 *   fin, opcode · masked, length 7 · [length 16 or 64] · [mask 32] · payload   (RFC 6455, 5.2)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-meter.h"

#include <string.h>

#define FIN       0x80
#define OPCODE    0x0f
#define CONTROL   0x08
#define MASKED    0x80
#define LENGTH    0x7f
#define LENGTH_16 126
#define LENGTH_64 127
#define MINUTE_US (60 * (gint64) G_USEC_PER_SEC)
/* libsoup reads on while there is anything to read: so much, then it must look at it. */
#define MAX_TURN (32 * 1024)

static guint
head_size_of (const PfaGuidedMeter *self)
{
  guint size = 2;

  if (self->head_size < 2)
    return 2;
  if ((self->head[1] & LENGTH) == LENGTH_16)
    size += 2;
  else if ((self->head[1] & LENGTH) == LENGTH_64)
    size += 8;
  return (self->head[1] & MASKED) != 0 ? size + 4 : size;
}

static guint64
length_of (const PfaGuidedMeter *self)
{
  guint length = self->head[1] & LENGTH;
  guint n = length == LENGTH_16 ? 2 : (length == LENGTH_64 ? 8 : 0);
  guint64 value = n == 0 ? length : 0;

  for (guint i = 0; i < n; i++)
    value = value << 8 | self->head[2 + i];
  return value;
}

static gboolean
take_control (PfaGuidedMeter *self, gint64 now)
{
  if (now - self->since >= MINUTE_US)
    {
      self->since = now;
      self->controls = 0;
    }
  return ++self->controls <= PFA_GUIDED_METER_MAX_CONTROLS;
}

/* A frame's head is whole. */
static gboolean
take_head (PfaGuidedMeter *self, gint64 now)
{
  gboolean fits;

  self->left = length_of (self);
  if ((self->head[0] & CONTROL) != 0)
    return take_control (self, now);
  self->pieces++;
  fits = self->left <= PFA_GUIDED_METER_MAX_BYTES &&
         self->message_bytes + self->left <= PFA_GUIDED_METER_MAX_BYTES &&
         self->pieces <= PFA_GUIDED_METER_MAX_PIECES;
  self->message_bytes += self->left;
  if ((self->head[0] & FIN) != 0)
    self->message_bytes = self->pieces = 0;
  return fits;
}

gboolean
pfa_guided_meter_take (PfaGuidedMeter *self, const guint8 *data, gsize size, gint64 now_us)
{
  while (size > 0)
    {
      gsize n = (gsize) MIN (self->left, size);

      self->left -= n;
      data += n;
      size -= n;
      if (self->left > 0 || size == 0)
        continue;
      self->head[self->head_size++] = *data++;
      size--;
      if (self->head_size < head_size_of (self))
        continue;
      self->head_size = 0;
      if (!take_head (self, now_us))
        return FALSE;
    }
  return TRUE;
}

/* ---- the reading end ---- */

#define PFA_TYPE_GUIDED_METERED_INPUT (pfa_guided_metered_input_get_type ())
G_DECLARE_FINAL_TYPE (PfaGuidedMeteredInput,
                      pfa_guided_metered_input,
                      PFA,
                      GUIDED_METERED_INPUT,
                      GFilterInputStream)

struct _PfaGuidedMeteredInput
{
  GFilterInputStream parent_instance;
  PfaGuidedMeter meter;
  gsize turn;
};

static GPollableInputStream *
get_base (gpointer self)
{
  return G_POLLABLE_INPUT_STREAM (
      g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self)));
}

static gboolean
can_poll (GPollableInputStream *stream)
{
  return g_pollable_input_stream_can_poll (get_base (stream));
}

static gboolean
is_readable (GPollableInputStream *stream)
{
  return g_pollable_input_stream_is_readable (get_base (stream));
}

static GSource *
create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) base = g_pollable_input_stream_create_source (get_base (stream), NULL);

  return g_pollable_source_new_full (stream, base, cancellable);
}

static gssize
read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  PfaGuidedMeteredInput *self = PFA_GUIDED_METERED_INPUT (stream);
  gssize size;

  if (self->turn >= MAX_TURN)
    {
      self->turn = 0;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "enough for this turn");
      return -1;
    }
  size = g_pollable_input_stream_read_nonblocking (get_base (stream), buffer, count, NULL, error);
  self->turn = size > 0 ? self->turn + (gsize) size : 0;
  if (size <= 0 ||
      pfa_guided_meter_take (&self->meter, buffer, (gsize) size, g_get_monotonic_time ()))
    return size;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "the line costs too much");
  return -1;
}

static void
pfa_guided_metered_input_iface_init (GPollableInputStreamInterface *iface)
{
  iface->can_poll = can_poll;
  iface->is_readable = is_readable;
  iface->create_source = create_source;
  iface->read_nonblocking = read_nonblocking;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaGuidedMeteredInput,
                               pfa_guided_metered_input,
                               G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      pfa_guided_metered_input_iface_init))

static void
pfa_guided_metered_input_class_init (PfaGuidedMeteredInputClass *klass)
{
}

static void
pfa_guided_metered_input_init (PfaGuidedMeteredInput *self)
{
}

/* ---- both ends ---- */

struct _PfaGuidedMeteredStream
{
  GIOStream parent_instance;
  GIOStream *base;
  GInputStream *input;
};

G_DEFINE_FINAL_TYPE (PfaGuidedMeteredStream, pfa_guided_metered_stream, G_TYPE_IO_STREAM)

GIOStream *
pfa_guided_metered_stream_new (GIOStream *base)
{
  PfaGuidedMeteredStream *self = g_object_new (PFA_TYPE_GUIDED_METERED_STREAM, NULL);

  self->base = g_object_ref (base);
  self->input = g_object_new (PFA_TYPE_GUIDED_METERED_INPUT,
                              "base-stream",
                              g_io_stream_get_input_stream (base),
                              "close-base-stream",
                              FALSE,
                              NULL);
  return G_IO_STREAM (self);
}

static GInputStream *
pfa_guided_metered_stream_get_input_stream (GIOStream *stream)
{
  return PFA_GUIDED_METERED_STREAM (stream)->input;
}

static GOutputStream *
pfa_guided_metered_stream_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (PFA_GUIDED_METERED_STREAM (stream)->base);
}

static gboolean
pfa_guided_metered_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  return g_io_stream_close (PFA_GUIDED_METERED_STREAM (stream)->base, cancellable, error);
}

static void
on_base_closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_io_stream_close_finish (G_IO_STREAM (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
pfa_guided_metered_stream_close_async (GIOStream *stream,
                                       int priority,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_io_stream_close_async (PFA_GUIDED_METERED_STREAM (stream)->base,
                           priority,
                           cancellable,
                           on_base_closed_cb,
                           g_task_new (stream, cancellable, callback, user_data));
}

static gboolean
pfa_guided_metered_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
pfa_guided_metered_stream_dispose (GObject *object)
{
  PfaGuidedMeteredStream *self = PFA_GUIDED_METERED_STREAM (object);

  /* The parent closes what is still open: it needs the base. */
  G_OBJECT_CLASS (pfa_guided_metered_stream_parent_class)->dispose (object);
  g_clear_object (&self->input);
  g_clear_object (&self->base);
}

static void
pfa_guided_metered_stream_class_init (PfaGuidedMeteredStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_guided_metered_stream_dispose;
  stream_class->get_input_stream = pfa_guided_metered_stream_get_input_stream;
  stream_class->get_output_stream = pfa_guided_metered_stream_get_output_stream;
  stream_class->close_fn = pfa_guided_metered_stream_close;
  stream_class->close_async = pfa_guided_metered_stream_close_async;
  stream_class->close_finish = pfa_guided_metered_stream_close_finish;
}

static void
pfa_guided_metered_stream_init (PfaGuidedMeteredStream *self)
{
}
