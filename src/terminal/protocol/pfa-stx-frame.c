/* pfa-stx-frame.c - 02 payload 03 LRC, in the forms of ECR17, Transbank and POSLink
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-stx-frame.h"

#include <string.h>

#define SOH          0x01
#define STX          0x02
#define ETX          0x03
#define ECR17_START  0x7f
#define MAX_PROGRESS 64

guint8
pfa_stx_lrc (PfaLrc lrc, PfaSpan payload)
{
  guint8 value = lrc == PFA_LRC_PLAIN ? 0 : ECR17_START;

  for (gsize i = 0; i < payload.length; i++)
    value ^= payload.data[i];
  if (lrc == PFA_LRC_ECR17_STX || lrc == PFA_LRC_ECR17_STX_NOEXT)
    value ^= STX;
  if (lrc == PFA_LRC_PLAIN || lrc == PFA_LRC_ECR17_STX || lrc == PFA_LRC_ECR17_NOEXT)
    value ^= ETX;
  return value;
}

/* The four forms of ECR17 differ by 01, 02 and 03: at most one of them fits. */
static gboolean
find_lrc (PfaStxFlavour flavour, PfaSpan payload, guint8 value, PfaLrc *lrc)
{
  PfaLrc first = flavour == PFA_STX_BARE ? PFA_LRC_PLAIN : PFA_LRC_ECR17;
  PfaLrc last = flavour == PFA_STX_BARE ? PFA_LRC_PLAIN : PFA_LRC_ECR17_STX_NOEXT;

  for (guint i = first; i <= last; i++)
    if (pfa_stx_lrc ((PfaLrc) i, payload) == value)
      {
        *lrc = (PfaLrc) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
begins_something (guint8 byte, PfaStxFlavour flavour)
{
  if (byte == STX || byte == PFA_STX_ACK || byte == PFA_STX_NAK)
    return TRUE;
  return byte == (flavour == PFA_STX_ECR17 ? SOH : PFA_STX_EOT);
}

static PfaParse
parse_frame (PfaSpan bytes, PfaStxFlavour flavour, PfaStxFrame *frame, gsize *consumed)
{
  const guint8 *end = memchr (bytes.data + 1, ETX, bytes.length - 1);
  gsize length = end != NULL ? (gsize) (end - bytes.data) - 1 : bytes.length - 1;

  if (length > PFA_STX_MAX_PAYLOAD)
    {
      *consumed = length + 1;
      return PFA_PARSE_INVALID;
    }
  if (end == NULL || bytes.length < length + 3)
    return PFA_PARSE_NEEDS_MORE;
  *consumed = length + 3;
  frame->kind = PFA_STX_FRAME;
  frame->payload = (PfaSpan){ bytes.data + 1, length };
  if (find_lrc (flavour, frame->payload, bytes.data[length + 2], &frame->lrc))
    return PFA_PARSE_COMPLETE;
  return PFA_PARSE_INVALID;
}

static PfaParse
parse_progress (PfaSpan bytes, PfaStxFrame *frame, gsize *consumed)
{
  const guint8 *end = memchr (bytes.data, PFA_STX_EOT, bytes.length);
  gsize length = end != NULL ? (gsize) (end - bytes.data) : bytes.length;

  if (length > MAX_PROGRESS)
    {
      *consumed = 1;
      return PFA_PARSE_INVALID;
    }
  if (end == NULL)
    return PFA_PARSE_NEEDS_MORE;
  *consumed = length + 1;
  frame->kind = PFA_STX_KIND_PROGRESS;
  frame->payload = (PfaSpan){ bytes.data + 1, length - 1 };
  return PFA_PARSE_COMPLETE;
}

static PfaParse
parse_control (PfaSpan bytes, PfaStxFlavour flavour, PfaStxFrame *frame, gsize *consumed)
{
  if (bytes.data[0] == PFA_STX_EOT)
    frame->kind = PFA_STX_KIND_EOT;
  else
    frame->kind = bytes.data[0] == PFA_STX_ACK ? PFA_STX_KIND_ACK : PFA_STX_KIND_NAK;
  frame->payload = (PfaSpan){ bytes.data, 1 };
  *consumed = 1;
  if (flavour == PFA_STX_BARE)
    return PFA_PARSE_COMPLETE;
  if (bytes.length > 1 && bytes.data[1] != ETX)
    return PFA_PARSE_INVALID;
  if (bytes.length < 3)
    {
      *consumed = 0;
      return PFA_PARSE_NEEDS_MORE;
    }
  *consumed = 3;
  if (find_lrc (flavour, frame->payload, bytes.data[2], &frame->lrc))
    return PFA_PARSE_COMPLETE;
  return PFA_PARSE_INVALID;
}

PfaParse
pfa_stx_parse (PfaSpan bytes, PfaStxFlavour flavour, PfaStxFrame *frame, gsize *consumed)
{
  *consumed = 0;
  frame->lrc = PFA_LRC_PLAIN;
  while (*consumed < bytes.length && !begins_something (bytes.data[*consumed], flavour))
    *consumed += 1;
  if (*consumed > 0)
    return PFA_PARSE_INVALID;
  if (bytes.length == 0)
    return PFA_PARSE_NEEDS_MORE;
  if (bytes.data[0] == STX)
    return parse_frame (bytes, flavour, frame, consumed);
  if (bytes.data[0] == SOH)
    return parse_progress (bytes, frame, consumed);
  return parse_control (bytes, flavour, frame, consumed);
}

void
pfa_stx_append (GByteArray *out, PfaLrc lrc, PfaSpan payload)
{
  const guint8 start = STX;
  const guint8 end[] = { ETX, pfa_stx_lrc (lrc, payload) };

  g_byte_array_append (out, &start, 1);
  g_byte_array_append (out, payload.data, (guint) payload.length);
  g_byte_array_append (out, end, sizeof end);
}

void
pfa_stx_append_ecr17_control (GByteArray *out, PfaLrc lrc, guint8 control)
{
  const guint8 bytes[] = { control, ETX, pfa_stx_lrc (lrc, (PfaSpan){ &control, 1 }) };

  g_byte_array_append (out, bytes, sizeof bytes);
}
