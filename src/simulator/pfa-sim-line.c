/* pfa-sim-line.c - carries a simulated terminal's doings over one pair of streams
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-sim-line.h"

#define CHUNK 4096

struct _PfaSimLine
{
  gatomicrefcount references; /* the line itself and each operation under way */
  GIOStream *stream;
  PfaSimPeer *peer;
  GCancellable *cancellable;
  PfaSimLineReceived received;
  PfaSimLineEnded ended;
  gpointer user_data;
  PfaSimAction *doing; /* or NULL */
  guint delay_id;
  guint tick_id;
};

static void act (PfaSimLine *self);

static void
line_unref (PfaSimLine *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->doing, pfa_sim_action_free);
  pfa_sim_peer_free (self->peer);
  g_object_unref (self->stream);
  g_object_unref (self->cancellable);
  g_free (self);
}

static PfaSimLine *
line_ref (PfaSimLine *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
pfa_sim_line_cancel (PfaSimLine *self)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->delay_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_io_stream_close (self->stream, NULL, NULL);
  line_unref (self);
}

static void
end (PfaSimLine *self)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->ended (self, self->user_data);
  pfa_sim_line_cancel (self);
}

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfaSimLine *self = user_data;
  gboolean good = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);

  if (!g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&self->doing, pfa_sim_action_free);
      if (good)
        act (self);
      else
        end (self);
    }
  line_unref (self);
}

static void
do_action (PfaSimLine *self)
{
  if (self->doing->close)
    {
      end (self);
      return;
    }
  if (self->doing->send == NULL)
    {
      g_clear_pointer (&self->doing, pfa_sim_action_free);
      act (self);
      return;
    }
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream),
                                   g_bytes_get_data (self->doing->send, NULL),
                                   g_bytes_get_size (self->doing->send),
                                   G_PRIORITY_DEFAULT,
                                   self->cancellable,
                                   on_written_cb,
                                   line_ref (self));
}

static gboolean
on_delay_over_cb (gpointer user_data)
{
  PfaSimLine *self = user_data;

  self->delay_id = 0;
  do_action (self);
  return G_SOURCE_REMOVE;
}

static void
act (PfaSimLine *self)
{
  if (self->doing != NULL)
    return;
  self->doing = pfa_sim_peer_take_action (self->peer);
  if (self->doing == NULL)
    return;
  if (self->doing->delay_ms > 0)
    self->delay_id = g_timeout_add (self->doing->delay_ms, on_delay_over_cb, self);
  else
    do_action (self);
}

static void read_more (PfaSimLine *self);

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfaSimLine *self = user_data;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);
  PfaSpan span = { NULL, 0 };

  if (bytes != NULL)
    span.data = g_bytes_get_data (bytes, &span.length);
  if (!g_cancellable_is_cancelled (self->cancellable))
    {
      if (span.length == 0)
        end (self);
      else
        {
          self->received (self, span, self->user_data);
          pfa_sim_peer_receive (self->peer, span);
          read_more (self);
          act (self);
        }
    }
  line_unref (self);
}

static void
read_more (PfaSimLine *self)
{
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (self->stream),
                                   CHUNK,
                                   G_PRIORITY_DEFAULT,
                                   self->cancellable,
                                   on_read_cb,
                                   line_ref (self));
}

static gboolean
on_tick_cb (gpointer user_data)
{
  PfaSimLine *self = user_data;

  pfa_sim_peer_tick (self->peer);
  act (self);
  return G_SOURCE_CONTINUE;
}

PfaSimLine *
pfa_sim_line_new (GIOStream *stream,
                  PfaSimPeer *peer,
                  PfaSimLineReceived received,
                  PfaSimLineEnded ended,
                  gpointer user_data)
{
  PfaSimLine *self = g_new0 (PfaSimLine, 1);

  g_atomic_ref_count_init (&self->references);
  self->stream = g_object_ref (stream);
  self->peer = peer;
  self->cancellable = g_cancellable_new ();
  self->received = received;
  self->ended = ended;
  self->user_data = user_data;
  if (peer->tick_ms > 0)
    self->tick_id = g_timeout_add (peer->tick_ms, on_tick_cb, self);
  read_more (self);
  return self;
}
