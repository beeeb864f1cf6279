/* pfa-zvt-data.c - walking the data of ZVT messages: BMP lists and TLV containers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-zvt-data.h"

#define TAG_MAX_BYTES 3

/* Special lengths; all others are numbers of bytes (PA00P015 chapter 13). */
#define UNKNOWN 0
#define LLVAR   0xf2
#define LLLVAR  0xf3
#define TLV     0xf4

static const guint8 bmp_lengths[256] = {
  [0x01] = 1,     [0x02] = 1,      [0x03] = 1,      [0x04] = 6,      [0x05] = 1,
  [0x06] = TLV,   [0x0b] = 3,      [0x0c] = 3,      [0x0d] = 2,      [0x0e] = 2,
  [0x17] = 2,     [0x19] = 1,      [0x22] = LLVAR,  [0x23] = LLVAR,  [0x24] = LLLVAR,
  [0x27] = 1,     [0x29] = 4,      [0x2a] = 15,     [0x2d] = LLVAR,  [0x2e] = LLLVAR,
  [0x37] = 3,     [0x3a] = 2,      [0x3b] = 8,      [0x3c] = LLLVAR, [0x3d] = 3,
  [0x49] = 2,     [0x60] = LLLVAR, [0x70] = 4,      [0x71] = 4,      [0x72] = 1,
  [0x73] = 1,     [0x74] = 1,      [0x75] = 1,      [0x87] = 2,      [0x88] = 3,
  [0x8a] = 1,     [0x8b] = LLVAR,  [0x8c] = 1,      [0x9a] = LLLVAR, [0xa0] = 1,
  [0xa7] = LLVAR, [0xaa] = 3,      [0xaf] = LLLVAR, [0xba] = 5,      [0xd0] = 1,
  [0xd1] = LLVAR, [0xd2] = 1,      [0xd3] = 1,      [0xe0] = 1,      [0xe1] = LLVAR,
  [0xe2] = LLVAR, [0xe3] = LLVAR,  [0xe4] = LLVAR,  [0xe5] = LLVAR,  [0xe6] = LLVAR,
  [0xe7] = LLVAR, [0xe8] = LLVAR,  [0xe9] = 1,      [0xea] = 1,      [0xeb] = 8,
  [0xf0] = 1,     [0xf1] = LLVAR,  [0xf2] = LLVAR,  [0xf3] = LLVAR,  [0xf4] = LLVAR,
  [0xf5] = LLVAR, [0xf6] = LLVAR,  [0xf7] = LLVAR,  [0xf8] = LLVAR,  [0xf9] = 1,
  [0xfa] = 1,     [0xfb] = 1,      [0xfc] = 1,      [0xfd] = 1,
};

static void
advance (PfaSpan *rest, gsize count)
{
  rest->data += count;
  rest->length -= count;
}

PfaParse
pfa_zvt_var_length (PfaSpan bytes, guint digits, gsize *length)
{
  *length = 0;
  if (bytes.length < digits)
    return PFA_PARSE_NEEDS_MORE;
  for (guint i = 0; i < digits; i++)
    {
      if ((bytes.data[i] & 0xf0) != 0xf0 || (bytes.data[i] & 0x0f) > 9)
        return PFA_PARSE_INVALID;
      *length = *length * 10 + (bytes.data[i] & 0x0f);
    }
  return PFA_PARSE_COMPLETE;
}

PfaParse
pfa_tlv_length (PfaSpan bytes, gsize *length, gsize *consumed)
{
  *length = 0;
  *consumed = 0;
  if (bytes.length == 0)
    return PFA_PARSE_NEEDS_MORE;
  if (bytes.data[0] < 0x80)
    {
      *length = bytes.data[0];
      *consumed = 1;
      return PFA_PARSE_COMPLETE;
    }
  if (bytes.data[0] != 0x81 && bytes.data[0] != 0x82)
    return PFA_PARSE_INVALID;
  *consumed = bytes.data[0] == 0x81 ? 2 : 3;
  if (bytes.length < *consumed)
    return PFA_PARSE_NEEDS_MORE;
  for (gsize i = 1; i < *consumed; i++)
    *length = *length << 8 | bytes.data[i];
  return PFA_PARSE_COMPLETE;
}

/* @head bytes stand before the value; what is longer than the data is invalid, for a message is
 * always whole when it is walked. */
static PfaParse
take (PfaSpan *rest, gsize head, gsize length, PfaSpan *value)
{
  if (rest->length < head || rest->length - head < length)
    return PFA_PARSE_INVALID;
  value->data = rest->data + head;
  value->length = length;
  advance (rest, head + length);
  return PFA_PARSE_COMPLETE;
}

PfaParse
pfa_bmp_next (PfaSpan *rest, guint8 *tag, PfaSpan *value)
{
  PfaSpan behind;
  gsize length = 0;
  gsize head = 0;
  PfaParse parse = PFA_PARSE_COMPLETE;

  if (rest->length == 0)
    return PFA_PARSE_NEEDS_MORE;
  *tag = rest->data[0];
  behind = (PfaSpan){ rest->data + 1, rest->length - 1 };
  switch (bmp_lengths[*tag])
    {
    case UNKNOWN:
      return PFA_PARSE_INVALID;
    case LLVAR:
    case LLLVAR:
      head = bmp_lengths[*tag] == LLVAR ? 2 : 3;
      parse = pfa_zvt_var_length (behind, (guint) head, &length);
      break;
    case TLV:
      parse = pfa_tlv_length (behind, &length, &head);
      break;
    default:
      length = bmp_lengths[*tag];
      break;
    }
  if (parse != PFA_PARSE_COMPLETE)
    return PFA_PARSE_INVALID;
  return take (rest, 1 + head, length, value);
}

/* Low five bits all ones: more tag bytes follow, as long as bit 80 is set. */
static gsize
read_tag (PfaSpan bytes, guint32 *tag)
{
  gsize count = 1;

  *tag = bytes.data[0];
  if ((*tag & 0x1f) != 0x1f)
    return 1;
  do
    {
      if (count == TAG_MAX_BYTES || count == bytes.length)
        return 0;
      *tag = *tag << 8 | bytes.data[count++];
    }
  while ((*tag & 0x80) != 0);
  return count;
}

PfaParse
pfa_tlv_next (PfaSpan *rest, guint32 *tag, PfaSpan *value)
{
  PfaSpan behind;
  gsize length = 0;
  gsize head = 0;
  gsize tag_bytes;

  if (rest->length == 0)
    return PFA_PARSE_NEEDS_MORE;
  tag_bytes = read_tag (*rest, tag);
  if (tag_bytes == 0)
    return PFA_PARSE_INVALID;
  behind = (PfaSpan){ rest->data + tag_bytes, rest->length - tag_bytes };
  if (pfa_tlv_length (behind, &length, &head) != PFA_PARSE_COMPLETE)
    return PFA_PARSE_INVALID;
  return take (rest, tag_bytes + head, length, value);
}

gboolean
pfa_tlv_find (PfaSpan container, guint32 tag, PfaSpan *value)
{
  guint32 found;

  while (pfa_tlv_next (&container, &found, value) == PFA_PARSE_COMPLETE)
    if (found == tag)
      return TRUE;
  *value = (PfaSpan){ NULL, 0 };
  return FALSE;
}

void
pfa_tlv_append (GByteArray *out, guint32 tag, PfaSpan value)
{
  guint8 bytes[TAG_MAX_BYTES + 3];
  guint count = 0;

  g_return_if_fail (value.length <= 0xffff);

  for (int shift = 16; shift >= 0; shift -= 8)
    if (tag >> shift != 0)
      bytes[count++] = (guint8) (tag >> shift);
  if (value.length > 0xff)
    bytes[count++] = 0x82;
  else if (value.length > 0x7f)
    bytes[count++] = 0x81;
  if (value.length > 0xff)
    bytes[count++] = (guint8) (value.length >> 8);
  bytes[count++] = (guint8) value.length;
  g_byte_array_append (out, bytes, count);
  if (value.length > 0)
    g_byte_array_append (out, value.data, (guint) value.length);
}
