/* pfa-sim-zvt.c - a ZVT terminal that answers lawfully, also when it is ill
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-json.h"
#include "pfa-sim-peers.h"
#include "pfa-zvt-data.h"
#include "pfa-zvt-link.h"
#include "pfa-zvt-message.h"

#define TERMINAL_ID    "52525535"
#define SERIAL         "17FD1E3C"
#define MODEL          "cVEND plug"
#define SOFTWARE       "GER-APP-v2.0.9;cS02.01.01-10.10-2-2;CC26"
#define STORM_LENGTH   5000
#define PASSWORD_BYTES 3

typedef struct
{
  PfaSimPeer base;

  PfaZvtLink *link;
  GQueue waiting; /* GBytes: messages that go out one after each acknowledgement */
} ZvtPeer;

typedef struct
{
  const char *name;
  guint16 bit;
} LockBit;

static const LockBit lock_bits[] = {
  { "reconciliation", 0x8000 },
  { "initialisation", 0x4000 },
  { "diagnosis", 0x2000 },
  { "service", 0x1000 },
  { "out-of-order", 0x0800 },
  { "printer", 0x0400 },
  { "start-up", 0x0200 },
  { "secure-module-changed", 0x0100 },
  { "transaction-log-defective", 0x0080 },
  { "card-reader-missing", 0x0040 },
  { "card-inserted", 0x0020 },
  { "secure-link-not-ready", 0x0010 },
  { "activation", 0x0008 },
  { "battery-low", 0x0004 },
  { "contactless-not-ready", 0x0002 },
  { "vending-bus-not-ready", 0x0001 },
};

static const char *
get_string (ZvtPeer *self, const char *name, const char *fallback)
{
  const char *value = pfa_json_peek_string (self->base.state, name);

  return value != NULL ? value : fallback;
}

static guint8
get_byte (ZvtPeer *self, const char *name, guint8 fallback)
{
  const char *value = pfa_json_peek_string (self->base.state, name);

  return value != NULL ? (guint8) g_ascii_strtoull (value, NULL, 16) : fallback;
}

static PfaSpan
span_of_text (const char *text)
{
  return (PfaSpan){ (const guint8 *) text, strlen (text) };
}

static PfaSpan
span_of_array (const GByteArray *array)
{
  return (PfaSpan){ array->data, array->len };
}

/* Hex as it stands in the state file; an odd digit at the end is left out. */
static GByteArray *
bytes_of_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; g_ascii_isxdigit (hex[0]) && g_ascii_isxdigit (hex[1]); hex += 2)
    {
      guint8 byte = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));

      g_byte_array_append (bytes, &byte, 1);
    }
  return bytes;
}

static void
append_byte (GByteArray *out, guint8 byte)
{
  g_byte_array_append (out, &byte, 1);
}

static void
append_hex_tag (GByteArray *out, guint32 tag, const char *hex)
{
  g_autoptr (GByteArray) bytes = bytes_of_hex (hex);

  pfa_tlv_append (out, tag, span_of_array (bytes));
}

/* Frames and sends; what the link itself has to say goes along. */
static void
send_now (ZvtPeer *self, PfaSpan apdu)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  pfa_zvt_link_send (self->link, apdu, out);
  if (out->len > 0)
    pfa_sim_peer_send (&self->base, span_of_array (out));
}

static void
answer (ZvtPeer *self, guint16 command)
{
  g_autoptr (GByteArray) apdu = g_byte_array_new ();

  pfa_zvt_apdu_append (apdu, command, (PfaSpan){ NULL, 0 });
  send_now (self, span_of_array (apdu));
}

static void
queue_message (ZvtPeer *self, guint16 command, PfaSpan data)
{
  GByteArray *apdu = g_byte_array_new ();

  pfa_zvt_apdu_append (apdu, command, data);
  g_queue_push_tail (&self->waiting, g_byte_array_free_to_bytes (apdu));
}

static void
send_waiting (ZvtPeer *self)
{
  g_autoptr (GBytes) next = g_queue_pop_head (&self->waiting);
  PfaSpan apdu;

  if (next == NULL)
    return;
  apdu.data = g_bytes_get_data (next, &apdu.length);
  send_now (self, apdu);
}

static guint16
get_locks (ZvtPeer *self)
{
  JsonArray *names = pfa_json_peek_array (self->base.state, "locks");
  guint16 bits = 0;

  for (guint i = 0; names != NULL && i < json_array_get_length (names); i++)
    for (guint k = 0; k < G_N_ELEMENTS (lock_bits); k++)
      if (g_strcmp0 (json_array_get_string_element (names, i), lock_bits[k].name) == 0)
        bits |= lock_bits[k].bit;
  return bits;
}

static void
append_clock (ZvtPeer *self, GByteArray *out)
{
  g_autoptr (GByteArray) clock = g_byte_array_new ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const char *fixed = pfa_json_peek_string (self->base.state, "clock");
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  double offset = pfa_json_peek_double (self->base.state, "clock_offset_s", 0);
  g_autoptr (GDateTime) told = fixed != NULL ? g_date_time_new_from_iso8601 (fixed, zone)
                                             : g_date_time_add_seconds (now, offset);
  g_autofree char *date = told != NULL ? g_date_time_format (told, "%Y%m%d") : NULL;
  g_autofree char *time = told != NULL ? g_date_time_format (told, "%H%M%S") : NULL;

  if (told == NULL)
    return;
  append_hex_tag (clock, 0x1f0e, date);
  append_hex_tag (clock, 0x1f0f, time);
  pfa_tlv_append (out, 0x34, span_of_array (clock));
}

static void
append_container (ZvtPeer *self, GByteArray *out)
{
  g_autoptr (GByteArray) device = g_byte_array_new ();
  g_autoptr (GByteArray) container = g_byte_array_new ();
  guint8 device_state = get_byte (self, "device_state", 0);
  guint16 bits = get_locks (self);
  const guint8 locks[] = { (guint8) (bits >> 8), (guint8) bits };

  append_hex_tag (container, 0x1f44, get_string (self, "terminal_id", TERMINAL_ID));
  pfa_tlv_append (device, 0x1f40, span_of_text (get_string (self, "model", MODEL)));
  pfa_tlv_append (device, 0x1f41, span_of_text (get_string (self, "software", SOFTWARE)));
  append_hex_tag (device, 0x1f42, get_string (self, "serial", SERIAL));
  pfa_tlv_append (device, 0x1f43, (PfaSpan){ &device_state, 1 });
  pfa_tlv_append (container, 0xe4, span_of_array (device));
  if (bits != 0)
    pfa_tlv_append (container, 0x1f55, (PfaSpan){ locks, sizeof locks });
  append_clock (self, container);
  pfa_tlv_append (out, PFA_BMP_TLV, span_of_array (container));
}

static void
append_software (ZvtPeer *self, GByteArray *out)
{
  const char *software = get_string (self, "software", SOFTWARE);
  guint length = MIN ((guint) strlen (software), 999);

  append_byte (out, (guint8) (0xf0 | length / 100));
  append_byte (out, (guint8) (0xf0 | length / 10 % 10));
  append_byte (out, (guint8) (0xf0 | length % 10));
  g_byte_array_append (out, (const guint8 *) software, length);
}

/* The record of the last payment, as 04 0F brings it: "60" is the host's 96. */
static void
queue_result (ZvtPeer *self, const char *hex)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GByteArray) id = bytes_of_hex (get_string (self, "terminal_id", TERMINAL_ID));

  append_byte (data, PFA_BMP_RESULT);
  append_byte (data, (guint8) g_ascii_strtoull (hex, NULL, 16));
  if (id->len == 4)
    {
      append_byte (data, PFA_BMP_TERMINAL_ID);
      g_byte_array_append (data, id->data, id->len);
    }
  queue_message (self, PFA_ZVT_STATUS_INFORMATION, span_of_array (data));
}

static void
queue_intermediate (ZvtPeer *self, guint8 status)
{
  queue_message (self, PFA_ZVT_INTERMEDIATE, (PfaSpan){ &status, 1 });
}

static void
queue_enquiry_answer (ZvtPeer *self, gboolean full)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  const char *result = pfa_json_peek_string (self->base.state, "last_result");

  if (pfa_sim_peer_suffers (&self->base, "status-storm"))
    for (guint i = 0; i < STORM_LENGTH; i++)
      queue_intermediate (self, 0x0e);
  if (result != NULL)
    queue_result (self, result);
  append_software (self, data);
  append_byte (data, get_byte (self, "status", 0));
  if (full)
    append_container (self, data);
  queue_message (self, PFA_ZVT_COMPLETION, span_of_array (data));
}

static gboolean
is_right_password (ZvtPeer *self, PfaSpan data)
{
  g_autoptr (GByteArray) right =
      bytes_of_hex (get_string (self, "password", PFA_ZVT_PASSWORD_DEFAULT));

  return right->len == PASSWORD_BYTES && data.length >= PASSWORD_BYTES &&
         memcmp (right->data, data.data, PASSWORD_BYTES) == 0;
}

/* How much of the request this terminal understands: "full", "password" or "bare". */
static gboolean
understands (ZvtPeer *self, PfaSpan data)
{
  const char *takes = get_string (self, "understands", "full");

  if (g_str_equal (takes, "bare"))
    return data.length == 0;
  return !g_str_equal (takes, "password") || data.length == PASSWORD_BYTES;
}

static void
on_enquiry (ZvtPeer *self, PfaSpan data)
{
  const char *refusal = pfa_json_peek_string (self->base.state, "refuse");

  if (refusal != NULL)
    answer (self, (guint16) (PFA_ZVT_NEGATIVE_CLASS << 8 | get_byte (self, "refuse", 0)));
  else if (pfa_sim_peer_suffers (&self->base, "busy"))
    answer (self, PFA_ZVT_NEGATIVE_CLASS << 8 | 0x9c);
  else if (!understands (self, data))
    answer (self, PFA_ZVT_NEGATIVE_CLASS << 8 | 0x83);
  else if (data.length >= PASSWORD_BYTES && !is_right_password (self, data))
    answer (self, PFA_ZVT_NEGATIVE_CLASS << 8 | 0x37);
  else
    {
      answer (self, PFA_ZVT_POSITIVE);
      if (pfa_sim_peer_suffers (&self->base, "drop-after-yes"))
        pfa_sim_peer_close (&self->base);
      else if (!pfa_sim_peer_suffers (&self->base, "never-completes"))
        {
          queue_enquiry_answer (self, data.length > PASSWORD_BYTES);
          send_waiting (self);
        }
    }
}

/* "online" is "passed", or the result byte of the abort: "60" the host's 96, "A3" no connection. */
static void
on_diagnosis (ZvtPeer *self)
{
  const char *online = get_string (self, "online", "passed");
  guint8 code;

  if (g_str_equal (online, "not-supported"))
    {
      answer (self, PFA_ZVT_NEGATIVE_CLASS << 8 | 0x83);
      return;
    }
  answer (self, PFA_ZVT_POSITIVE);
  queue_intermediate (self, 0xd2);
  if (g_str_equal (online, "passed"))
    queue_message (self, PFA_ZVT_COMPLETION, (PfaSpan){ NULL, 0 });
  else if (!g_str_equal (online, "silent"))
    {
      code = (guint8) g_ascii_strtoull (online, NULL, 16);
      queue_message (self, PFA_ZVT_ABORT, (PfaSpan){ &code, 1 });
    }
  send_waiting (self);
}

static void
on_message (ZvtPeer *self, const PfaZvtApdu *apdu)
{
  switch (apdu->command)
    {
    case PFA_ZVT_STATUS_ENQUIRY:
      g_queue_clear_full (&self->waiting, (GDestroyNotify) g_bytes_unref);
      on_enquiry (self, apdu->data);
      break;
    case PFA_ZVT_DIAGNOSIS:
      on_diagnosis (self);
      break;
    case PFA_ZVT_POSITIVE:
      send_waiting (self);
      break;
    default:
      if (apdu->command >> 8 == PFA_ZVT_NEGATIVE_CLASS)
        send_waiting (self);
      else
        answer (self, PFA_ZVT_NEGATIVE_CLASS << 8 | 0x83);
      break;
    }
}

static void
zvt_receive (PfaSimPeer *peer, PfaSpan bytes)
{
  ZvtPeer *self = (ZvtPeer *) peer;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const guint8 nak = PFA_ZVT_NAK;
  PfaZvtApdu apdu;

  if (pfa_sim_peer_suffers (peer, "nak-storm"))
    {
      pfa_sim_peer_send (peer, (PfaSpan){ &nak, 1 });
      return;
    }
  pfa_zvt_link_receive (self->link, bytes, out);
  while (pfa_zvt_link_next (self->link, &apdu, out))
    {
      if (out->len > 0)
        pfa_sim_peer_send (peer, span_of_array (out));
      g_byte_array_set_size (out, 0);
      on_message (self, &apdu);
    }
  if (out->len > 0)
    pfa_sim_peer_send (peer, span_of_array (out));
}

static void
zvt_free (PfaSimPeer *peer)
{
  ZvtPeer *self = (ZvtPeer *) peer;

  pfa_zvt_link_free (self->link);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) g_bytes_unref);
  g_free (self);
}

static const PfaSimPeerClass zvt_class = {
  .receive = zvt_receive,
  .free = zvt_free,
};

PfaSimPeer *
pfa_sim_zvt_new (gboolean serial, JsonObject *state)
{
  ZvtPeer *self = g_new0 (ZvtPeer, 1);

  pfa_sim_peer_init (&self->base, &zvt_class, serial, state);
  self->link = pfa_zvt_link_new (serial);
  g_queue_init (&self->waiting);
  return &self->base;
}
