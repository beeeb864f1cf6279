/* pfa-codepay.c - CodePay, PayCloud, WiseCashier (Wiseasy): frames of the USB serial line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-codepay.h"

#include <string.h>

#define HEADER  7 /* 55 AA type ack id length length */
#define TRAILER 3

static const guint8 start[] = { 0x55, 0xaa };
static const guint8 stop[] = { 0xcc, 0x33 };

static guint8
checksum (const guint8 *data, gsize length)
{
  guint8 value = 0;

  for (gsize i = 0; i < length; i++)
    value ^= data[i];
  return value;
}

/* Bytes before the next place where a frame may begin. */
static gsize
noise_length (PfaSpan bytes)
{
  gsize i = 0;

  while (i < bytes.length &&
         (bytes.data[i] != start[0] || (i + 1 < bytes.length && bytes.data[i + 1] != start[1])))
    i++;
  return i;
}

PfaParse
pfa_codepay_parse (PfaSpan bytes, PfaCodepayFrame *frame, gsize *consumed)
{
  gsize length;

  *consumed = noise_length (bytes);
  if (*consumed > 0)
    return PFA_PARSE_INVALID;
  if (bytes.length < HEADER)
    return PFA_PARSE_NEEDS_MORE;
  length = (gsize) bytes.data[5] << 8 | bytes.data[6];
  if (length > PFA_CODEPAY_MAX_DATA)
    {
      *consumed = sizeof start;
      return PFA_PARSE_INVALID;
    }
  if (bytes.length < HEADER + length + TRAILER)
    return PFA_PARSE_NEEDS_MORE;
  frame->type = bytes.data[2];
  frame->ack_id = bytes.data[3];
  frame->id = bytes.data[4];
  frame->data = (PfaSpan){ bytes.data + HEADER, length };
  if (checksum (bytes.data + sizeof start, HEADER - sizeof start + length) !=
          bytes.data[HEADER + length] ||
      memcmp (bytes.data + HEADER + length + 1, stop, sizeof stop) != 0)
    {
      /* The length itself may be what is damaged: look for a frame right behind its start. */
      *consumed = sizeof start;
      return PFA_PARSE_INVALID;
    }
  *consumed = HEADER + length + TRAILER;
  return PFA_PARSE_COMPLETE;
}

gboolean
pfa_codepay_is_heartbeat (const PfaCodepayFrame *frame)
{
  return frame->type == PFA_CODEPAY_DATA && frame->id == 0 && frame->data.length == 0;
}

static void
append_empty (GByteArray *out, guint8 type)
{
  const guint8 body[] = { type, 0, 0, 0, 0, type };

  g_byte_array_append (out, start, sizeof start);
  g_byte_array_append (out, body, sizeof body);
  g_byte_array_append (out, stop, sizeof stop);
}

void
pfa_codepay_append_handshake (GByteArray *out)
{
  append_empty (out, PFA_CODEPAY_HANDSHAKE);
}

void
pfa_codepay_append_confirm (GByteArray *out)
{
  append_empty (out, PFA_CODEPAY_CONFIRM);
}

void
pfa_codepay_append_heartbeat (GByteArray *out)
{
  append_empty (out, PFA_CODEPAY_DATA);
}
