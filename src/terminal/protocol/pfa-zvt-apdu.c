/* pfa-zvt-apdu.c - one ZVT message: CLASS INSTR LEN data
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-zvt-apdu.h"

#define SHORT_HEADER 3
#define LONG_HEADER  5
#define LONG_LENGTH  0xff

PfaParse
pfa_zvt_apdu_parse (PfaSpan bytes, PfaZvtApdu *apdu, gsize *consumed)
{
  gsize header = SHORT_HEADER;
  gsize length;

  *consumed = 0;
  if (bytes.length < SHORT_HEADER)
    return PFA_PARSE_NEEDS_MORE;
  length = bytes.data[2];
  if (length == LONG_LENGTH)
    {
      header = LONG_HEADER;
      if (bytes.length < LONG_HEADER)
        return PFA_PARSE_NEEDS_MORE;
      length = (gsize) bytes.data[3] | (gsize) bytes.data[4] << 8;
    }
  if (bytes.length - header < length)
    return PFA_PARSE_NEEDS_MORE;
  apdu->command = (guint16) (bytes.data[0] << 8 | bytes.data[1]);
  apdu->data.data = bytes.data + header;
  apdu->data.length = length;
  *consumed = header + length;
  return PFA_PARSE_COMPLETE;
}

PfaParse
pfa_zvt_apdu_parse_whole (PfaSpan bytes, PfaZvtApdu *apdu)
{
  gsize consumed = 0;

  if (pfa_zvt_apdu_parse (bytes, apdu, &consumed) != PFA_PARSE_COMPLETE || consumed != bytes.length)
    return PFA_PARSE_INVALID;
  return PFA_PARSE_COMPLETE;
}

void
pfa_zvt_apdu_append (GByteArray *out, guint16 command, PfaSpan data)
{
  guint8 header[LONG_HEADER] = { (guint8) (command >> 8), (guint8) command };
  guint header_length = SHORT_HEADER;

  g_return_if_fail (data.length <= PFA_ZVT_MAX_DATA);

  header[2] = (guint8) MIN (data.length, LONG_LENGTH);
  if (data.length >= LONG_LENGTH)
    {
      header[3] = (guint8) (data.length & 0xff);
      header[4] = (guint8) (data.length >> 8);
      header_length = LONG_HEADER;
    }
  g_byte_array_append (out, header, header_length);
  if (data.length > 0)
    g_byte_array_append (out, data.data, (guint) data.length);
}
