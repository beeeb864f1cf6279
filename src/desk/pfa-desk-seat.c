/* pfa-desk-seat.c - one line of a guided session at the relay: limits, heartbeat, bounded queue
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-seat.h"

#include <string.h>

/* After so many new acknowledgments the other side is told at once, not with its next ping. */
#define TELL_AFTER 16

typedef struct
{
  guint64 seq;
  gsize size;
} Pending;

struct _PfaDeskSeat
{
  SoupWebsocketConnection *connection;
  PfaGuidedRole role;
  char *client;
  PfaDeskSeatEvents events;
  gpointer user_data;
  gpointer owner;
  gboolean said_hello;
  gboolean closing;
  gint64 began;
  gint64 last_heard;
  double tokens;
  gint64 tokens_at;
  guint64 last_pong;
  guint64 acknowledged;
  guint64 peer_acknowledged;
  guint64 peer_told;
  GArray *pending; /* (element-type Pending) handed to the line, not acknowledged */
  gsize pending_bytes;
};

static void
on_farewell_said_cb (SoupWebsocketConnection *connection, gpointer user_data)
{
  g_object_unref (connection);
}

/* libsoup sends what is queued only while the connection lives: it goes once it has closed, at the
 * latest when libsoup stops waiting for the other end. */
static void
clear_seat (gpointer data)
{
  PfaDeskSeat *self = data;

  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_CLOSED)
    g_object_unref (self->connection);
  else
    g_signal_connect (self->connection, "closed", G_CALLBACK (on_farewell_said_cb), NULL);
  g_array_unref (self->pending);
  g_free (self->client);
}

static const char *
reason_of (PfaGuidedClose code)
{
  switch (code)
    {
    case PFA_GUIDED_CLOSE_BAD_FRAME:
      return "bad-frame";
    case PFA_GUIDED_CLOSE_NOT_SIGNED_IN:
      return "not-signed-in";
    case PFA_GUIDED_CLOSE_DENIED:
      return "denied";
    case PFA_GUIDED_CLOSE_UNKNOWN:
      return "unknown-session";
    case PFA_GUIDED_CLOSE_SILENT:
      return "silent";
    case PFA_GUIDED_CLOSE_TAKEN:
      return "taken";
    case PFA_GUIDED_CLOSE_ENDED:
      return "ended";
    case PFA_GUIDED_CLOSE_SLOW:
      return "slow";
    case PFA_GUIDED_CLOSE_TOO_MANY:
      return "too-many";
    case PFA_GUIDED_CLOSE_RESTART:
      return "restart";
    }
  return "ended";
}

void
pfa_desk_seat_close (PfaDeskSeat *self, PfaGuidedClose code)
{
  if (self->closing)
    return;
  /* on_closed() frees the seat: nothing of it is touched afterwards. */
  self->closing = TRUE;
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, (gushort) code, reason_of (code));
  self->events.on_closed (self, self->user_data);
}

static void
drop_acknowledged (PfaDeskSeat *self, guint64 ack)
{
  guint n = 0;

  if (ack <= self->acknowledged)
    return;
  self->acknowledged = ack;
  while (n < self->pending->len && g_array_index (self->pending, Pending, n).seq <= ack)
    self->pending_bytes -= g_array_index (self->pending, Pending, n++).size;
  g_array_remove_range (self->pending, 0, n);
}

/* A token bucket: FALSE when the line sends faster than anybody needs to. */
static gboolean
take_token (PfaDeskSeat *self, gint64 now)
{
  double gained = (double) (now - self->tokens_at) / G_USEC_PER_SEC * PFA_DESK_SEAT_RATE;

  self->tokens = MIN (self->tokens + gained, PFA_DESK_SEAT_BURST);
  self->tokens_at = now;
  if (self->tokens < 1)
    return FALSE;
  self->tokens -= 1;
  return TRUE;
}

static void
send_pong (PfaDeskSeat *self, guint64 n)
{
  g_autoptr (PfaGuidedFrame) pong = pfa_guided_frame_new (PFA_GUIDED_PONG);

  json_object_set_int_member (pong->body, "n", (gint64) n);
  json_object_set_int_member (pong->body, "peer_ack", (gint64) self->peer_acknowledged);
  self->peer_told = self->peer_acknowledged;
  pfa_desk_seat_send (self, pong);
}

/* A line that sends but does not read would make libsoup's queue grow by our answers. */
static gboolean
answer_ping (PfaDeskSeat *self, const PfaGuidedFrame *frame)
{
  guint64 n = (guint64) pfa_guided_frame_get_number (frame, "n");
  guint64 got = (guint64) pfa_guided_frame_get_number (frame, "got");

  if (n <= self->last_pong || got > self->last_pong)
    return FALSE;
  if (self->last_pong - got > PFA_DESK_SEAT_MAX_PONGS)
    {
      pfa_desk_seat_close (self, PFA_GUIDED_CLOSE_SLOW);
      return TRUE;
    }
  self->last_pong = n;
  send_pong (self, n);
  return TRUE;
}

static void
take_message (PfaDeskSeat *self, SoupWebsocketDataType type, GBytes *message)
{
  g_autoptr (PfaGuidedFrame) frame = NULL;
  gint64 now = g_get_monotonic_time ();
  gsize length;
  const char *text = g_bytes_get_data (message, &length);

  if (!take_token (self, now))
    {
      pfa_desk_seat_close (self, PFA_GUIDED_CLOSE_TOO_MANY);
      return;
    }
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    frame = pfa_guided_frame_parse (text, (gssize) length, NULL);
  if (frame == NULL || self->said_hello == (frame->type == PFA_GUIDED_HELLO))
    {
      pfa_desk_seat_close (self, PFA_GUIDED_CLOSE_BAD_FRAME);
      return;
    }
  self->said_hello = TRUE;
  self->last_heard = now;
  drop_acknowledged (self, frame->ack);
  if (frame->type == PFA_GUIDED_PING && !answer_ping (self, frame))
    {
      pfa_desk_seat_close (self, PFA_GUIDED_CLOSE_BAD_FRAME);
      return;
    }
  if (!self->closing)
    self->events.on_frame (self, frame, text, self->user_data);
}

/* The owner may free the seat in any of its events: it stays until the message is done with. */
static void
on_message_arrived_cb (SoupWebsocketConnection *connection,
                       SoupWebsocketDataType type,
                       GBytes *message,
                       gpointer user_data)
{
  PfaDeskSeat *self = g_rc_box_acquire (user_data);

  take_message (self, type, message);
  g_rc_box_release_full (self, clear_seat);
}

static void
on_connection_failed_cb (SoupWebsocketConnection *connection, GError *error, gpointer user_data)
{
  g_debug ("guided line: %s", error->message);
}

static void
on_connection_closed_cb (SoupWebsocketConnection *connection, gpointer user_data)
{
  PfaDeskSeat *self = user_data;

  if (self->closing)
    return;
  self->closing = TRUE;
  g_signal_handlers_disconnect_by_data (connection, self);
  self->events.on_closed (self, self->user_data);
}

PfaDeskSeat *
pfa_desk_seat_new (SoupWebsocketConnection *connection,
                   PfaGuidedRole role,
                   const char *client,
                   const PfaDeskSeatEvents *events,
                   gpointer user_data)
{
  PfaDeskSeat *self = g_rc_box_new0 (PfaDeskSeat);

  self->connection = g_object_ref (connection);
  self->role = role;
  /* Who has hung up already has no address any more. */
  self->client = g_strdup (client != NULL ? client : "?");
  self->events = *events;
  self->user_data = user_data;
  self->began = self->last_heard = self->tokens_at = g_get_monotonic_time ();
  self->tokens = PFA_DESK_SEAT_BURST;
  self->pending = g_array_new (FALSE, FALSE, sizeof (Pending));
  soup_websocket_connection_set_max_incoming_payload_size (connection, PFA_GUIDED_FRAME_MAX);
  g_signal_connect (connection, "message", G_CALLBACK (on_message_arrived_cb), self);
  g_signal_connect (connection, "error", G_CALLBACK (on_connection_failed_cb), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_connection_closed_cb), self);
  return self;
}

void
pfa_desk_seat_free (PfaDeskSeat *self)
{
  if (self == NULL)
    return;
  self->closing = TRUE;
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, PFA_GUIDED_CLOSE_ENDED, "ended");
  g_rc_box_release_full (self, clear_seat);
}

PfaGuidedRole
pfa_desk_seat_get_role (PfaDeskSeat *self)
{
  return self->role;
}

const char *
pfa_desk_seat_get_client (PfaDeskSeat *self)
{
  return self->client;
}

guint64
pfa_desk_seat_get_acknowledged (PfaDeskSeat *self)
{
  return self->acknowledged;
}

void
pfa_desk_seat_send (PfaDeskSeat *self, const PfaGuidedFrame *frame)
{
  g_autofree char *text = pfa_guided_frame_write (frame, NULL);

  if (text != NULL && !self->closing &&
      soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->connection, text);
}

void
pfa_desk_seat_forward (PfaDeskSeat *self, guint64 seq, const char *text)
{
  Pending pending = { seq, strlen (text) };

  if (self->closing ||
      soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  if (self->pending->len >= PFA_DESK_SEAT_MAX_FRAMES ||
      self->pending_bytes + pending.size > PFA_DESK_SEAT_MAX_BYTES)
    {
      pfa_desk_seat_close (self, PFA_GUIDED_CLOSE_SLOW);
      return;
    }
  g_array_append_val (self->pending, pending);
  self->pending_bytes += pending.size;
  soup_websocket_connection_send_text (self->connection, text);
}

void
pfa_desk_seat_set_peer_acknowledged (PfaDeskSeat *self, guint64 ack)
{
  self->peer_acknowledged = MAX (self->peer_acknowledged, ack);
  if (self->peer_acknowledged - self->peer_told >= TELL_AFTER)
    send_pong (self, 0);
}

void
pfa_desk_seat_look (PfaDeskSeat *self, gint64 now_us)
{
  if (now_us - self->last_heard > (gint64) PFA_GUIDED_DEAD_S * G_USEC_PER_SEC ||
      (!self->said_hello && now_us - self->began > PFA_DESK_SEAT_HELLO_S * G_USEC_PER_SEC))
    pfa_desk_seat_close (self, PFA_GUIDED_CLOSE_SILENT);
}

void
pfa_desk_seat_set_owner (PfaDeskSeat *self, gpointer owner)
{
  self->owner = owner;
}

gpointer
pfa_desk_seat_get_owner (PfaDeskSeat *self)
{
  return self->owner;
}
