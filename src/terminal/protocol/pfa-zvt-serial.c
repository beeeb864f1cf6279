/* pfa-zvt-serial.c - the frame around ZVT messages on a serial line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-zvt-serial.h"

#define DLE 0x10
#define STX 0x02
#define ETX 0x03

static guint16
add_to_crc (guint16 crc, guint8 byte)
{
  crc ^= byte;
  for (int bit = 0; bit < 8; bit++)
    crc = (guint16) ((crc & 1) != 0 ? (crc >> 1) ^ 0x8408 : crc >> 1);
  return crc;
}

guint16
pfa_zvt_serial_crc (PfaSpan apdu)
{
  guint16 crc = 0;

  for (gsize i = 0; i < apdu.length; i++)
    crc = add_to_crc (crc, apdu.data[i]);
  return add_to_crc (crc, ETX);
}

void
pfa_zvt_serial_append (GByteArray *out, PfaSpan apdu)
{
  const guint8 start[] = { DLE, STX };
  guint16 crc = pfa_zvt_serial_crc (apdu);
  const guint8 end[] = { DLE, ETX, (guint8) (crc & 0xff), (guint8) (crc >> 8) };

  g_byte_array_append (out, start, sizeof start);
  for (gsize i = 0; i < apdu.length; i++)
    {
      if (apdu.data[i] == DLE)
        g_byte_array_append (out, &apdu.data[i], 1);
      g_byte_array_append (out, &apdu.data[i], 1);
    }
  g_byte_array_append (out, end, sizeof end);
}

PfaZvtSerialDecoder *
pfa_zvt_serial_decoder_new (void)
{
  PfaZvtSerialDecoder *self = g_new0 (PfaZvtSerialDecoder, 1);

  self->apdu = g_byte_array_new ();
  return self;
}

void
pfa_zvt_serial_decoder_free (PfaZvtSerialDecoder *self)
{
  g_byte_array_unref (self->apdu);
  g_free (self);
}

gboolean
pfa_zvt_serial_decoder_is_inside (const PfaZvtSerialDecoder *self)
{
  return self->place != PFA_ZVT_SERIAL_BETWEEN;
}

gboolean
pfa_zvt_serial_decoder_reset (PfaZvtSerialDecoder *self)
{
  gboolean inside = pfa_zvt_serial_decoder_is_inside (self);

  self->place = PFA_ZVT_SERIAL_BETWEEN;
  return inside;
}

static PfaZvtSerialEvent
begin_frame (PfaZvtSerialDecoder *self, PfaZvtSerialEvent event)
{
  g_byte_array_set_size (self->apdu, 0);
  self->place = PFA_ZVT_SERIAL_BODY;
  return event;
}

/* Noise between frames is passed over. */
static PfaZvtSerialEvent
feed_between (PfaZvtSerialDecoder *self, guint8 byte)
{
  if (self->place == PFA_ZVT_SERIAL_BETWEEN_DLE && byte == STX)
    return begin_frame (self, PFA_ZVT_SERIAL_NOTHING);
  self->place = byte == DLE ? PFA_ZVT_SERIAL_BETWEEN_DLE : PFA_ZVT_SERIAL_BETWEEN;
  if (byte == PFA_ZVT_ACK)
    return PFA_ZVT_SERIAL_ACK;
  return byte == PFA_ZVT_NAK ? PFA_ZVT_SERIAL_NAK : PFA_ZVT_SERIAL_NOTHING;
}

static PfaZvtSerialEvent
give_up_frame (PfaZvtSerialDecoder *self)
{
  self->place = PFA_ZVT_SERIAL_BETWEEN;
  return PFA_ZVT_SERIAL_DAMAGED;
}

static PfaZvtSerialEvent
add_to_body (PfaZvtSerialDecoder *self, guint8 byte)
{
  if (self->apdu->len == PFA_ZVT_MAX_APDU)
    return give_up_frame (self);
  g_byte_array_append (self->apdu, &byte, 1);
  self->place = PFA_ZVT_SERIAL_BODY;
  return PFA_ZVT_SERIAL_NOTHING;
}

static PfaZvtSerialEvent
feed_body (PfaZvtSerialDecoder *self, guint8 byte)
{
  if (self->place == PFA_ZVT_SERIAL_BODY && byte == DLE)
    {
      self->place = PFA_ZVT_SERIAL_BODY_DLE;
      return PFA_ZVT_SERIAL_NOTHING;
    }
  if (self->place == PFA_ZVT_SERIAL_BODY || byte == DLE)
    return add_to_body (self, byte);
  if (byte == ETX)
    {
      self->place = PFA_ZVT_SERIAL_CRC_LOW;
      return PFA_ZVT_SERIAL_NOTHING;
    }
  /* The sender began anew in the middle of a frame. */
  return byte == STX ? begin_frame (self, PFA_ZVT_SERIAL_DAMAGED) : give_up_frame (self);
}

static PfaZvtSerialEvent
end_frame (PfaZvtSerialDecoder *self, guint8 crc_high)
{
  PfaSpan apdu = { self->apdu->data, self->apdu->len };
  guint16 crc = pfa_zvt_serial_crc (apdu);
  PfaZvtApdu message;

  self->place = PFA_ZVT_SERIAL_BETWEEN;
  if (self->crc_low != (crc & 0xff) || crc_high != crc >> 8)
    return PFA_ZVT_SERIAL_DAMAGED;
  if (pfa_zvt_apdu_parse_whole (apdu, &message) != PFA_PARSE_COMPLETE)
    return PFA_ZVT_SERIAL_DAMAGED;
  return PFA_ZVT_SERIAL_FRAME;
}

PfaZvtSerialEvent
pfa_zvt_serial_decoder_feed (PfaZvtSerialDecoder *self, guint8 byte)
{
  switch (self->place)
    {
    case PFA_ZVT_SERIAL_BETWEEN:
    case PFA_ZVT_SERIAL_BETWEEN_DLE:
      return feed_between (self, byte);
    case PFA_ZVT_SERIAL_BODY:
    case PFA_ZVT_SERIAL_BODY_DLE:
      return feed_body (self, byte);
    case PFA_ZVT_SERIAL_CRC_LOW:
      self->crc_low = byte;
      self->place = PFA_ZVT_SERIAL_CRC_HIGH;
      return PFA_ZVT_SERIAL_NOTHING;
    case PFA_ZVT_SERIAL_CRC_HIGH:
    default:
      return end_frame (self, byte);
    }
}
