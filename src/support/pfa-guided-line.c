/* pfa-guided-line.c - the merchant's line to the relay: numbering, keeping, resuming, sealing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-line.h"

#include "pfa-guided-dial.h"
#include "pfa-guided-window.h"

/* After so many frames taken in, the other side is told at once. */
#define ACKNOWLEDGE_AFTER 16
/* Gaps, one after the other without progress, until it is no accident. */
#define MAX_GAPS 3
const PfaGuidedTimes pfa_guided_default_times = {
  .heartbeat_ms = PFA_GUIDED_HEARTBEAT_S * 1000,
  .dead_ms = PFA_GUIDED_DEAD_S * 1000,
  .resume_ms = PFA_GUIDED_RESUME_S * 1000,
  .retry_ms = 250,
  .answer_ms = 60 * 1000,
  .renew_ms = 30 * 60 * 1000,
  .idle_ms = 10 * 60 * 1000,
  .longest_ms = 60 * 60 * 1000,
  .late_ms = 60 * 1000,
  .silent_ms = 90 * 1000,
};

struct _PfaGuidedLine
{
  char *provider;
  char *language;
  PfaGuidedTimes times;
  PfaGuidedLineEvents events;
  gpointer user_data;

  PfaGuidedDial *dial;
  SoupWebsocketConnection *connection;
  gboolean welcomed;
  gboolean over;
  char *session;
  char *token;

  PfaGuidedKeys *keys; /* not owned */
  PfaGuidedWindow window;
  guint64 taken; /* the last number of the other side */
  guint64 told;  /* the last number that we acknowledged */
  guint gaps;

  gint64 last_heard;
  gint64 last_ping;
  guint64 ping;
  guint64 pong;
  gint64 down_since; /* 0: up, or not yet started */
  gint64 retry_at;
  guint retry_ms;
};

static void
end_line (PfaGuidedLine *self, const char *reason, const char *detail)
{
  if (self->over)
    return;
  self->over = TRUE;
  self->events.on_ended (reason, detail, self->user_data);
}

static void
on_farewell_said_cb (SoupWebsocketConnection *connection, gpointer user_data)
{
  g_object_unref (connection);
}

/* libsoup sends what is queued only while the connection lives: it goes once it has closed, at the
 * latest when libsoup stops waiting for the other end. */
static void
let_go (SoupWebsocketConnection *connection)
{
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_CLOSED)
    {
      g_object_unref (connection);
      return;
    }
  g_signal_connect (connection, "closed", G_CALLBACK (on_farewell_said_cb), NULL);
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
}

static void
drop_connection (PfaGuidedLine *self)
{
  pfa_guided_dial_cancel (self->dial);
  self->welcomed = FALSE;
  if (self->connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->connection, self);
  let_go (g_steal_pointer (&self->connection));
}

/* The line broke: it is tried again until times.resume_ms have passed since it was last up. */
static void
mend (PfaGuidedLine *self)
{
  gint64 now = g_get_monotonic_time ();
  gboolean was_up = self->down_since == 0;

  drop_connection (self);
  if (self->over)
    return;
  if (was_up)
    {
      self->down_since = now;
      self->retry_ms = 0;
    }
  self->retry_at = now + (gint64) self->retry_ms * 1000;
  self->retry_ms = CLAMP (self->retry_ms * 2, self->times.retry_ms, self->times.retry_ms * 8);
  if (was_up)
    self->events.on_changed (FALSE, self->user_data);
}

static void
send_text (const char *text, gpointer user_data)
{
  PfaGuidedLine *self = user_data;

  if (self->connection != NULL &&
      soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->connection, text);
}

/* A frame between us and the relay only. */
static void
send_to_relay (PfaGuidedLine *self, PfaGuidedFrame *frame)
{
  g_autofree char *text = NULL;

  frame->ack = self->taken;
  self->told = self->taken;
  text = pfa_guided_frame_write (frame, NULL);
  if (text != NULL)
    send_text (text, self);
}

static void
send_hello (PfaGuidedLine *self)
{
  g_autoptr (PfaGuidedFrame) hello = pfa_guided_frame_new (PFA_GUIDED_HELLO);

  json_object_set_string_member (hello->body, "role", "merchant");
  json_object_set_int_member (hello->body, "version", PFA_GUIDED_VERSION);
  json_object_set_string_member (hello->body, "program", PACKAGE_VERSION);
  if (self->provider != NULL)
    json_object_set_string_member (hello->body, "provider", self->provider);
  if (self->language != NULL)
    json_object_set_string_member (hello->body, "language", self->language);
  if (self->session != NULL)
    {
      json_object_set_string_member (hello->body, "session", self->session);
      json_object_set_string_member (hello->body, "resume", self->token);
    }
  send_to_relay (self, hello);
}

static void
send_ping (PfaGuidedLine *self)
{
  g_autoptr (PfaGuidedFrame) ping = pfa_guided_frame_new (PFA_GUIDED_PING);

  json_object_set_int_member (ping->body, "n", (gint64) ++self->ping);
  json_object_set_int_member (ping->body, "got", (gint64) self->pong);
  self->last_ping = g_get_monotonic_time ();
  send_to_relay (self, ping);
}

static void
take_acknowledgment (PfaGuidedLine *self, guint64 ack)
{
  if (pfa_guided_window_acknowledge (&self->window, ack))
    self->events.on_room (self->user_data);
}

/* What the other side has not taken in comes again, byte for byte: same number, same seal. */
static void
send_again (PfaGuidedLine *self, guint64 ack)
{
  take_acknowledgment (self, ack);
  pfa_guided_window_send_again (&self->window, ack, send_text, self);
}

static void
take_welcome (PfaGuidedLine *self, const PfaGuidedFrame *frame)
{
  const char *session = pfa_guided_frame_get_text (frame, "session");
  const char *token = pfa_guided_frame_get_text (frame, "resume");
  const char *peer = pfa_guided_frame_get_text (frame, "peer");
  gboolean first = !self->welcomed;

  if (self->session == NULL && session != NULL && token != NULL)
    {
      self->session = g_strdup (session);
      self->token = g_strdup (token);
    }
  if (self->session == NULL || g_strcmp0 (session, self->session) != 0)
    {
      end_line (self, PFA_GUIDED_END_BAD_FRAME, "the relay named another session");
      return;
    }
  self->welcomed = TRUE;
  self->down_since = 0;
  if (g_strcmp0 (peer, "none") != 0)
    send_again (self, (guint64) pfa_guided_frame_get_number (frame, "peer_ack"));
  if (first)
    self->events.on_changed (TRUE, self->user_data);
  if (!self->over)
    self->events.on_relay_frame (frame, self->user_data);
}

static void
take_relay_frame (PfaGuidedLine *self, const PfaGuidedFrame *frame)
{
  switch ((int) frame->type)
    {
    case PFA_GUIDED_WELCOME:
      take_welcome (self, frame);
      break;
    case PFA_GUIDED_PONG:
      self->pong = MAX (self->pong, (guint64) pfa_guided_frame_get_number (frame, "n"));
      take_acknowledgment (self, (guint64) pfa_guided_frame_get_number (frame, "peer_ack"));
      break;
    case PFA_GUIDED_CLAIM:
    case PFA_GUIDED_BYE:
      self->events.on_relay_frame (frame, self->user_data);
      break;
    default:
      end_line (self, PFA_GUIDED_END_BAD_FRAME, "the relay sent a frame that is not its own");
      break;
    }
}

static PfaGuidedFrame *
open_frame (PfaGuidedLine *self, const PfaGuidedFrame *envelope)
{
  gsize size;
  g_autofree guint8 *sealed =
      g_base64_decode (pfa_guided_frame_get_text (envelope, "sealed"), &size);
  g_autoptr (GError) error = NULL;
  g_autofree char *plain = pfa_guided_keys_open (self->keys, envelope->seq, sealed, size, &error);
  PfaGuidedFrame *frame;

  if (plain == NULL)
    {
      end_line (self, PFA_GUIDED_END_ALTERED, error->message);
      return NULL;
    }
  frame = pfa_guided_frame_parse_inside (plain, -1, &error);
  if (frame == NULL)
    end_line (self, PFA_GUIDED_END_BAD_FRAME, error->message);
  else
    frame->seq = envelope->seq;
  return frame;
}

static void
take_numbered_frame (PfaGuidedLine *self, const PfaGuidedFrame *frame)
{
  g_autoptr (PfaGuidedFrame) inside = NULL;

  if (frame->seq <= self->taken)
    return; /* a second copy */
  if (frame->seq != self->taken + 1)
    {
      /* Something is missing: a resume brings it again. */
      if (++self->gaps > MAX_GAPS)
        end_line (self, PFA_GUIDED_END_MISSING, NULL);
      else
        mend (self);
      return;
    }
  if ((frame->type == PFA_GUIDED_SEALED) != (self->keys != NULL))
    {
      end_line (self, PFA_GUIDED_END_BAD_FRAME, "a frame came in the clear, or sealed too early");
      return;
    }
  if (frame->type == PFA_GUIDED_SEALED)
    {
      inside = open_frame (self, frame);
      if (inside == NULL)
        return;
    }
  self->taken = frame->seq;
  self->gaps = 0;
  take_acknowledgment (self, frame->ack);
  self->events.on_frame (inside != NULL ? inside : frame, inside != NULL, self->user_data);
  if (!self->over && self->taken - self->told >= ACKNOWLEDGE_AFTER)
    send_ping (self);
}

static void
on_message_arrived_cb (SoupWebsocketConnection *connection,
                       SoupWebsocketDataType type,
                       GBytes *message,
                       gpointer user_data)
{
  PfaGuidedLine *self = user_data;
  g_autoptr (PfaGuidedFrame) frame = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (message, &length);

  if (self->over)
    return;
  self->last_heard = g_get_monotonic_time ();
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    frame = pfa_guided_frame_parse (text, (gssize) length, &error);
  if (frame == NULL)
    end_line (self, PFA_GUIDED_END_BAD_FRAME, error != NULL ? error->message : "binary data");
  else if (frame->seq == 0)
    take_relay_frame (self, frame);
  else if (self->welcomed)
    take_numbered_frame (self, frame);
  else
    end_line (self, PFA_GUIDED_END_BAD_FRAME, "a frame came before the welcome");
}

static void
on_connection_closed_cb (SoupWebsocketConnection *connection, gpointer user_data)
{
  PfaGuidedLine *self = user_data;

  switch ((int) soup_websocket_connection_get_close_code (connection))
    {
    case PFA_GUIDED_CLOSE_BAD_FRAME:
      end_line (self, PFA_GUIDED_END_BAD_FRAME, "the relay did not take our frame");
      break;
    case PFA_GUIDED_CLOSE_UNKNOWN:
      end_line (self, PFA_GUIDED_END_NO_NETWORK, "the relay does not know the session any more");
      break;
    case PFA_GUIDED_CLOSE_TAKEN:
    case PFA_GUIDED_CLOSE_ENDED:
    case PFA_GUIDED_CLOSE_DENIED:
      end_line (self, PFA_GUIDED_END_ENDED, NULL);
      break;
    case SOUP_WEBSOCKET_CLOSE_TOO_BIG:
    case SOUP_WEBSOCKET_CLOSE_BAD_DATA:
      end_line (self, PFA_GUIDED_END_BAD_FRAME, "the relay broke the rules of WebSocket");
      break;
    default:
      mend (self);
      break;
    }
}

/* libsoup says "error" before "closed" when the other end breaks the rules of WebSocket, or costs
 * more than the meter lets through. */
static void
on_connection_failed_cb (SoupWebsocketConnection *connection, GError *error, gpointer user_data)
{
  PfaGuidedLine *self = user_data;

  if (error->domain == SOUP_WEBSOCKET_ERROR ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    end_line (self, PFA_GUIDED_END_BAD_FRAME, error->message);
}

static void
take_connection (PfaGuidedLine *self, SoupWebsocketConnection *connection)
{
  self->connection = connection;
  self->last_heard = g_get_monotonic_time ();
  self->ping = self->pong = 0;
  soup_websocket_connection_set_max_incoming_payload_size (connection, PFA_GUIDED_FRAME_MAX);
  g_signal_connect (connection, "message", G_CALLBACK (on_message_arrived_cb), self);
  g_signal_connect (connection, "error", G_CALLBACK (on_connection_failed_cb), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_connection_closed_cb), self);
  send_hello (self);
}

static void
on_dialed (SoupWebsocketConnection *connection,
           const char *end,
           const char *detail,
           gpointer user_data)
{
  if (connection != NULL)
    take_connection (user_data, connection);
  else if (end != NULL)
    end_line (user_data, end, detail);
  else
    mend (user_data);
}

static void
connect_line (PfaGuidedLine *self)
{
  self->retry_at = 0;
  pfa_guided_dial_start (self->dial, on_dialed, self);
}

PfaGuidedLine *
pfa_guided_line_new (const char *url,
                     const char *trust,
                     const char *provider,
                     const char *language,
                     const PfaGuidedTimes *times,
                     const PfaGuidedLineEvents *events,
                     gpointer user_data)
{
  PfaGuidedLine *self = g_new0 (PfaGuidedLine, 1);

  self->provider = g_strdup (provider);
  self->language = g_strdup (language);
  self->times = *times;
  self->events = *events;
  self->user_data = user_data;
  pfa_guided_window_init (&self->window, times->late_ms);
  self->dial = pfa_guided_dial_new (url, trust, times->dead_ms / 1000 + 1);
  return self;
}

void
pfa_guided_line_free (PfaGuidedLine *self)
{
  if (self == NULL)
    return;
  self->over = TRUE;
  drop_connection (self);
  g_clear_pointer (&self->dial, pfa_guided_dial_free);
  pfa_guided_window_clear (&self->window);
  g_free (self->provider);
  g_free (self->language);
  g_free (self->session);
  g_free (self->token);
  g_free (self);
}

void
pfa_guided_line_start (PfaGuidedLine *self)
{
  g_return_if_fail (self->connection == NULL && !pfa_guided_dial_is_under_way (self->dial));

  if (!pfa_guided_dial_is_sound (self->dial))
    {
      end_line (self, PFA_GUIDED_END_REFUSED, "the address must begin with wss: (ws: on loopback)");
      return;
    }
  self->down_since = g_get_monotonic_time ();
  self->retry_ms = self->times.retry_ms;
  connect_line (self);
}

const char *
pfa_guided_line_get_session (PfaGuidedLine *self)
{
  return self->session;
}

gboolean
pfa_guided_line_is_up (PfaGuidedLine *self)
{
  return self->welcomed;
}

void
pfa_guided_line_set_keys (PfaGuidedLine *self, PfaGuidedKeys *keys)
{
  self->keys = keys;
}

guint
pfa_guided_line_get_room (PfaGuidedLine *self)
{
  return pfa_guided_window_get_room (&self->window);
}

static char *
seal_frame (PfaGuidedLine *self, const PfaGuidedFrame *frame, GError **error)
{
  g_autofree char *plain = pfa_guided_frame_write_inside (frame, error);
  g_autoptr (GBytes) sealed =
      plain != NULL ? pfa_guided_keys_seal (self->keys, frame->seq, plain, error) : NULL;
  g_autoptr (PfaGuidedFrame) envelope = NULL;

  if (sealed == NULL)
    return NULL;
  envelope = pfa_guided_frame_new (PFA_GUIDED_SEALED);
  envelope->seq = frame->seq;
  envelope->ack = frame->ack;
  pfa_guided_frame_set_bytes (envelope,
                              "sealed",
                              g_bytes_get_data (sealed, NULL),
                              g_bytes_get_size (sealed));
  return pfa_guided_frame_write (envelope, error);
}

void
pfa_guided_line_send (PfaGuidedLine *self, PfaGuidedFrame *frame)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (self->over || pfa_guided_line_get_room (self) == 0)
    return;
  frame->seq = self->window.sent + 1;
  frame->ack = self->taken;
  text = self->keys != NULL ? seal_frame (self, frame, &error)
                            : pfa_guided_frame_write (frame, &error);
  if (text == NULL)
    {
      g_debug ("%s", error->message);
      return;
    }
  self->told = self->taken;
  if (self->welcomed)
    send_text (text, self);
  pfa_guided_window_push (&self->window, g_steal_pointer (&text));
}

void
pfa_guided_line_stop (PfaGuidedLine *self, const char *reason)
{
  g_autoptr (PfaGuidedFrame) bye = NULL;

  if (self->over)
    return;
  bye = pfa_guided_frame_new (PFA_GUIDED_BYE);
  json_object_set_string_member (bye->body, "reason", reason);
  send_to_relay (self, bye);
  self->over = TRUE;
  drop_connection (self);
}

gboolean
pfa_guided_line_is_late (PfaGuidedLine *self, guint64 seen)
{
  return pfa_guided_window_is_late (&self->window, seen);
}

void
pfa_guided_line_look (PfaGuidedLine *self, gint64 now)
{
  if (self->over)
    return;
  if (self->down_since != 0 && now - self->down_since > (gint64) self->times.resume_ms * 1000)
    {
      end_line (self, PFA_GUIDED_END_NO_NETWORK, NULL);
      return;
    }
  if (self->connection == NULL && !pfa_guided_dial_is_under_way (self->dial))
    {
      if (now >= self->retry_at)
        connect_line (self);
      return;
    }
  if (self->connection == NULL)
    return;
  if (now - self->last_heard > (gint64) self->times.dead_ms * 1000)
    mend (self);
  else if (self->welcomed && now - self->last_ping >= (gint64) self->times.heartbeat_ms * 1000)
    send_ping (self);
}
