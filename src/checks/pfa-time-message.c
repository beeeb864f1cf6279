/* pfa-time-message.c - a question to a time server and its answer, as bytes (RFC 4330)
 *
 * 48 bytes: leap/version/mode, stratum, poll, precision, 12 bytes of the server's own, then four
 * times (reference, originate, receive, transmit), each seconds since 1900 and a fraction of 2^32.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-time-message.h"

#include <string.h>

#define VERSION_4_CLIENT     0x23
#define MODE_MASK            0x07
#define MODE_SERVER          4
#define LEAP_UNKNOWN         0xC0
#define OFFSET_ORIGINATE     24
#define OFFSET_RECEIVE       32
#define OFFSET_TRANSMIT      40
#define SECONDS_1900_TO_1970 G_GINT64_CONSTANT (2208988800)
/* The 32 bits of seconds start anew in 2036; what lies before 1968 is meant in the new era. */
#define ERA_SECONDS G_GINT64_CONSTANT (4294967296)

static guint64
read_u64 (const guint8 *data)
{
  guint64 value = 0;

  for (guint i = 0; i < 8; i++)
    value = value << 8 | data[i];
  return value;
}

static gint64
read_time (const guint8 *data)
{
  guint64 raw = read_u64 (data);
  gint64 seconds = (gint64) (raw >> 32) - SECONDS_1900_TO_1970;

  if ((raw >> 63) == 0)
    seconds += ERA_SECONDS;
  return seconds * G_USEC_PER_SEC + (gint64) (((raw & 0xFFFFFFFF) * G_USEC_PER_SEC) >> 32);
}

void
pfa_time_message_build (guint8 message[PFA_TIME_MESSAGE_BYTES], guint64 cookie)
{
  memset (message, 0, PFA_TIME_MESSAGE_BYTES);
  message[0] = VERSION_4_CLIENT;
  for (guint i = 0; i < 8; i++)
    message[OFFSET_TRANSMIT + i] = (guint8) (cookie >> (56 - 8 * i));
}

gboolean
pfa_time_message_parse (const guint8 *data,
                        gsize length,
                        guint64 cookie,
                        gint64 sent_us,
                        gint64 arrived_us,
                        gint64 *offset_us)
{
  gint64 received;
  gint64 transmitted;

  if (length < PFA_TIME_MESSAGE_BYTES || (data[0] & MODE_MASK) != MODE_SERVER)
    return FALSE;
  if ((data[0] & LEAP_UNKNOWN) == LEAP_UNKNOWN || data[1] == 0)
    return FALSE;
  if (read_u64 (data + OFFSET_ORIGINATE) != cookie)
    return FALSE;
  received = read_time (data + OFFSET_RECEIVE);
  transmitted = read_time (data + OFFSET_TRANSMIT);
  *offset_us = ((received - sent_us) + (transmitted - arrived_us)) / 2;
  return TRUE;
}
