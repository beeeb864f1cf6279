/* pfa-sim-small.c - the terminals with one question each: ECR17, Transbank, CodePay, ECHO, POSLink
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-codepay.h"
#include "pfa-json.h"
#include "pfa-sim-peers.h"
#include "pfa-stx-frame.h"

#define HEARTBEAT_MS 2000
#define MAX_RECEIVED 4096

typedef struct
{
  PfaSimPeer base;

  GByteArray *received;
} SmallPeer;

static const char *
get_string (PfaSimPeer *self, const char *name, const char *fallback)
{
  const char *value = pfa_json_peek_string (self->state, name);

  return value != NULL ? value : fallback;
}

static PfaSpan
span_of_text (const char *text)
{
  return (PfaSpan){ (const guint8 *) text, strlen (text) };
}

static void
send_array (PfaSimPeer *self, GByteArray *bytes)
{
  pfa_sim_peer_send (self, (PfaSpan){ bytes->data, bytes->len });
}

static void
send_byte (PfaSimPeer *self, guint8 byte)
{
  pfa_sim_peer_send (self, (PfaSpan){ &byte, 1 });
}

static void
send_frame (PfaSimPeer *self, PfaLrc lrc, const char *payload)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  pfa_stx_append (out, lrc, span_of_text (payload));
  send_array (self, out);
}

static void
small_free (PfaSimPeer *peer)
{
  g_byte_array_unref (((SmallPeer *) peer)->received);
  g_free (peer);
}

/* Keeps what came; what nobody understands is not kept for ever. */
static GByteArray *
collect (PfaSimPeer *peer, PfaSpan bytes)
{
  SmallPeer *self = (SmallPeer *) peer;

  if (self->received->len > MAX_RECEIVED)
    g_byte_array_set_size (self->received, 0);
  g_byte_array_append (self->received, bytes.data, (guint) bytes.length);
  return self->received;
}

static PfaSimPeer *
create (const PfaSimPeerClass *klass, gboolean serial, JsonObject *state)
{
  SmallPeer *self = g_new0 (SmallPeer, 1);

  pfa_sim_peer_init (&self->base, klass, serial, state);
  self->received = g_byte_array_new ();
  return &self->base;
}

/* Takes the frames out of what came and hands them to @on_frame. */
static void
take_frames (PfaSimPeer *peer,
             PfaSpan bytes,
             PfaStxFlavour flavour,
             void (*on_frame) (PfaSimPeer *peer, const PfaStxFrame *frame, gboolean good))
{
  GByteArray *received = collect (peer, bytes);
  PfaParse parse;
  PfaStxFrame frame;
  gsize consumed;

  while ((parse = pfa_stx_parse ((PfaSpan){ received->data, received->len },
                                 flavour,
                                 &frame,
                                 &consumed)) != PFA_PARSE_NEEDS_MORE)
    {
      on_frame (peer, &frame, parse == PFA_PARSE_COMPLETE);
      g_byte_array_remove_range (received, 0, (guint) consumed);
    }
}

/* "lrc": std, stx, noext, stx_noext. */
static PfaLrc
get_lrc (PfaSimPeer *self)
{
  const char *const names[] = { "std", "stx", "noext", "stx_noext" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (get_string (self, "lrc", "std"), names[i]))
      return (PfaLrc) (PFA_LRC_ECR17 + i);
  return PFA_LRC_ECR17;
}

static char *
dup_ecr17_answer (PfaSimPeer *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) told =
      g_date_time_add_seconds (now, pfa_json_peek_double (self->state, "clock_offset_s", 0));
  g_autofree char *date = g_date_time_format (told, "%d%m%y%H%M");

  return g_strdup_printf ("%.8s0s0000000000%s%.1s%-8.8s",
                          get_string (self, "terminal_id", "12345678"),
                          get_string (self, "date", date),
                          get_string (self, "status", "2"),
                          get_string (self, "software", "SWREL100"));
}

static void
on_ecr17_frame (PfaSimPeer *self, const PfaStxFrame *frame, gboolean good)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree char *answer = NULL;
  PfaLrc lrc = get_lrc (self);
  gboolean request = good && frame->kind == PFA_STX_FRAME && frame->lrc == lrc &&
                     frame->payload.length == 10 && frame->payload.data[9] == 's';

  if (good && frame->kind != PFA_STX_FRAME)
    return;
  pfa_stx_append_ecr17_control (out, lrc, request ? PFA_STX_ACK : PFA_STX_NAK);
  if (!pfa_sim_peer_suffers (self, "mute-refusal") || request)
    send_array (self, out);
  if (!request)
    return;
  if (pfa_sim_peer_suffers (self, "drop-after-yes"))
    {
      pfa_sim_peer_close (self);
      return;
    }
  if (pfa_json_peek_boolean (self->state, "progress", FALSE))
    pfa_sim_peer_send (self, span_of_text ("\001ATTENDERE PREGO     \004"));
  answer = dup_ecr17_answer (self);
  send_frame (self, lrc, answer);
}

static void
ecr17_receive (PfaSimPeer *self, PfaSpan bytes)
{
  take_frames (self, bytes, PFA_STX_ECR17, on_ecr17_frame);
}

static const PfaSimPeerClass ecr17_class = { .receive = ecr17_receive, .free = small_free };

PfaSimPeer *
pfa_sim_ecr17_new (gboolean serial, JsonObject *state)
{
  return create (&ecr17_class, serial, state);
}

static void
on_transbank_frame (PfaSimPeer *self, const PfaStxFrame *frame, gboolean good)
{
  gboolean poll = good && frame->kind == PFA_STX_FRAME && frame->payload.length == 4 &&
                  memcmp (frame->payload.data, "0100", 4) == 0;

  if (good && frame->kind != PFA_STX_FRAME)
    return;
  send_byte (self, poll && !pfa_sim_peer_suffers (self, "nak-storm") ? PFA_STX_ACK : PFA_STX_NAK);
}

static void
transbank_receive (PfaSimPeer *self, PfaSpan bytes)
{
  take_frames (self, bytes, PFA_STX_BARE, on_transbank_frame);
}

static const PfaSimPeerClass transbank_class = { .receive = transbank_receive, .free = small_free };

PfaSimPeer *
pfa_sim_transbank_new (gboolean serial, JsonObject *state)
{
  return create (&transbank_class, serial, state);
}

static void
on_poslink_frame (PfaSimPeer *self, const PfaStxFrame *frame, gboolean good)
{
  g_autofree char *answer = NULL;

  if (good && frame->kind == PFA_STX_KIND_ACK)
    send_byte (self, PFA_STX_EOT);
  if (good && frame->kind != PFA_STX_FRAME)
    return;
  if (!good || frame->payload.length < 3 || memcmp (frame->payload.data, "A00", 3) != 0 ||
      pfa_sim_peer_suffers (self, "nak-storm"))
    {
      send_byte (self, PFA_STX_NAK);
      return;
    }
  send_byte (self, PFA_STX_ACK);
  if (pfa_sim_peer_suffers (self, "drop-after-yes"))
    {
      pfa_sim_peer_close (self);
      return;
    }
  answer = g_strdup_printf ("0\034A01\0341.28\034%s\034%s\034%s\034%s\034%s\034AA:BB:CC:00:11:22",
                            get_string (self, "code", "000000"),
                            get_string (self, "text", "OK"),
                            get_string (self, "serial", "53031234"),
                            get_string (self, "model", "S300"),
                            get_string (self, "software", "V1.02.03"));
  send_frame (self, PFA_LRC_PLAIN, answer);
}

static void
poslink_receive (PfaSimPeer *self, PfaSpan bytes)
{
  take_frames (self, bytes, PFA_STX_BARE, on_poslink_frame);
}

static const PfaSimPeerClass poslink_class = { .receive = poslink_receive, .free = small_free };

PfaSimPeer *
pfa_sim_poslink_new (gboolean serial, JsonObject *state)
{
  return create (&poslink_class, serial, state);
}

static void
codepay_receive (PfaSimPeer *self, PfaSpan bytes)
{
  GByteArray *received = collect (self, bytes);
  PfaCodepayFrame frame;
  PfaParse parse;
  gsize consumed;

  while (
      (parse = pfa_codepay_parse ((PfaSpan){ received->data, received->len }, &frame, &consumed)) !=
      PFA_PARSE_NEEDS_MORE)
    {
      g_autoptr (GByteArray) out = g_byte_array_new ();

      if (parse == PFA_PARSE_COMPLETE && frame.type == PFA_CODEPAY_HANDSHAKE &&
          !pfa_sim_peer_suffers (self, "no-handshake"))
        {
          pfa_codepay_append_confirm (out);
          send_array (self, out);
        }
      g_byte_array_remove_range (received, 0, (guint) consumed);
    }
}

static void
codepay_tick (PfaSimPeer *self)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  if (pfa_sim_peer_suffers (self, "no-heartbeat"))
    return;
  pfa_codepay_append_heartbeat (out);
  send_array (self, out);
}

static const PfaSimPeerClass codepay_class = {
  .receive = codepay_receive,
  .tick = codepay_tick,
  .free = small_free,
};

PfaSimPeer *
pfa_sim_codepay_new (gboolean serial, JsonObject *state)
{
  PfaSimPeer *self = create (&codepay_class, serial, state);

  self->tick_ms = (guint) pfa_json_peek_double (state, "heartbeat_ms", HEARTBEAT_MS);
  return self;
}

static void
send_echo (PfaSimPeer *self, PfaSpan text)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree char *echoed = g_strndup ((const char *) text.data, text.length);
  g_autofree char *message = g_strdup_printf ("MEL0201X/%s/T%s:%s",
                                              get_string (self, "echo", echoed),
                                              get_string (self, "terminal_id", "64999999"),
                                              get_string (self, "software", "1.5.22.2"));
  gsize length = strlen (message);
  const guint8 header[] = { (guint8) (length >> 8), (guint8) length };

  g_byte_array_append (out, header, sizeof header);
  g_byte_array_append (out, (const guint8 *) message, (guint) length);
  send_array (self, out);
}

static void
echo_receive (PfaSimPeer *self, PfaSpan bytes)
{
  GByteArray *received = collect (self, bytes);
  gsize length;

  if (received->len < 2)
    return;
  length = (gsize) received->data[0] << 8 | received->data[1];
  if (received->len < length + 2)
    return;
  if (length > 9 && memcmp (received->data + 2, "ECR0201X/", 9) == 0)
    send_echo (self, (PfaSpan){ received->data + 11, length - 9 });
  g_byte_array_remove_range (received, 0, (guint) length + 2);
}

static const PfaSimPeerClass echo_class = { .receive = echo_receive, .free = small_free };

PfaSimPeer *
pfa_sim_echo_new (gboolean serial, JsonObject *state)
{
  return create (&echo_class, serial, state);
}
