/* pfa-zvt-serial.h - the frame around ZVT messages on a serial line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-zvt-apdu.h"

G_BEGIN_DECLS

/* 10 02 | message, every 10 doubled | 10 03 | CRC low, CRC high (PA00P016 3). Between frames a
 * bare 06 (understood) or 15 (send again). */
#define PFA_ZVT_ACK 0x06
#define PFA_ZVT_NAK 0x15

typedef enum
{
  PFA_ZVT_SERIAL_NOTHING, /* more bytes are needed */
  PFA_ZVT_SERIAL_FRAME,   /* the decoder's @apdu holds one whole message */
  PFA_ZVT_SERIAL_ACK,
  PFA_ZVT_SERIAL_NAK,
  PFA_ZVT_SERIAL_DAMAGED, /* a frame ended here with a wrong CRC, length or doubled byte */
} PfaZvtSerialEvent;

typedef enum
{
  PFA_ZVT_SERIAL_BETWEEN,
  PFA_ZVT_SERIAL_BETWEEN_DLE,
  PFA_ZVT_SERIAL_BODY,
  PFA_ZVT_SERIAL_BODY_DLE,
  PFA_ZVT_SERIAL_CRC_LOW,
  PFA_ZVT_SERIAL_CRC_HIGH,
} PfaZvtSerialPlace;

/* Takes one byte after the other: a frame of 131 kB that arrives in single bytes costs no more than
 * one that arrives at once. */
typedef struct
{
  PfaZvtSerialPlace place;
  GByteArray *apdu;
  guint8 crc_low;
} PfaZvtSerialDecoder;

PfaZvtSerialDecoder *pfa_zvt_serial_decoder_new (void);
void pfa_zvt_serial_decoder_free (PfaZvtSerialDecoder *self);
PfaZvtSerialEvent pfa_zvt_serial_decoder_feed (PfaZvtSerialDecoder *self, guint8 byte);
/* T1 ran out inside a frame: forgets it. TRUE when there was one. */
gboolean pfa_zvt_serial_decoder_reset (PfaZvtSerialDecoder *self);
gboolean pfa_zvt_serial_decoder_is_inside (const PfaZvtSerialDecoder *self);

/* CRC over the message (not doubled) followed by 03: init 0, reflected, polynomial 8408. */
guint16 pfa_zvt_serial_crc (PfaSpan apdu);
void pfa_zvt_serial_append (GByteArray *out, PfaSpan apdu);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaZvtSerialDecoder, pfa_zvt_serial_decoder_free)

G_END_DECLS
