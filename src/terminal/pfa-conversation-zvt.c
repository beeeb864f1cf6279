/* pfa-conversation-zvt.c - which bytes of a ZVT conversation may be shown
 *
 * Message headers, the tags and lengths of a list that reads to its end, and the values of a few
 * tags. Passwords, card data, texts and serial numbers stand elsewhere.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-conversation-shown.h"

#include <string.h>

#include "pfa-zvt-data.h"
#include "pfa-zvt-serial.h"

#define PASSWORD_LENGTH        3
#define SOFTWARE_LENGTH_DIGITS 3
#define DLE                    0x10
#define STX                    0x02
#define ETX                    0x03

#define BMP_SERVICE 0x03
#define BMP_STATUS  0x19

/* Values of one byte that are codes, and the time of day. */
static gboolean
is_open_value (guint8 tag)
{
  return tag == BMP_SERVICE || tag == BMP_STATUS || tag == PFA_BMP_RESULT ||
         tag == PFA_BMP_HOST_RESULT || tag == PFA_BMP_TIME || tag == PFA_BMP_DATE;
}

static gboolean
reads_to_the_end (PfaSpan list)
{
  PfaParse parse = PFA_PARSE_COMPLETE;
  PfaSpan value;
  guint8 tag;

  while (parse == PFA_PARSE_COMPLETE)
    parse = pfa_bmp_next (&list, &tag, &value);
  return parse == PFA_PARSE_NEEDS_MORE;
}

static void
show_list (const guint8 *base, PfaSpan list, guint8 *shown)
{
  PfaSpan value;
  guint8 tag;

  if (!reads_to_the_end (list))
    return;
  while (list.length > 0)
    {
      const guint8 *at = list.data;

      pfa_bmp_next (&list, &tag, &value);
      memset (shown + (at - base), 1, (gsize) (value.data - at));
      if (is_open_value (tag))
        memset (shown + (value.data - base), 1, value.length);
    }
}

static void
show_head (const guint8 *base, PfaSpan data, gsize length, guint8 *shown)
{
  memset (shown + (data.data - base), 1, MIN (length, data.length));
}

static PfaSpan
skip (PfaSpan data, gsize length)
{
  length = MIN (length, data.length);
  return (PfaSpan){ data.data + length, data.length - length };
}

/* [F0 F0 F0 software] status, list; or a list alone. */
static void
show_completion (const guint8 *base, PfaSpan data, guint8 *shown)
{
  gsize length;

  if (reads_to_the_end (data))
    {
      show_list (base, data, shown);
      return;
    }
  if (pfa_zvt_var_length (data, SOFTWARE_LENGTH_DIGITS, &length) == PFA_PARSE_COMPLETE)
    {
      show_head (base, data, SOFTWARE_LENGTH_DIGITS, shown);
      data = skip (data, SOFTWARE_LENGTH_DIGITS + length);
    }
  show_head (base, data, 1, shown);
  show_list (base, skip (data, 1), shown);
}

static void
show_apdu (const guint8 *base, const PfaZvtApdu *apdu, gboolean sent, guint8 *shown)
{
  switch (apdu->command)
    {
    case PFA_ZVT_STATUS_ENQUIRY:
      if (sent)
        show_list (base, skip (apdu->data, PASSWORD_LENGTH), shown);
      return;
    case PFA_ZVT_DIAGNOSIS:
      if (sent)
        show_list (base, apdu->data, shown);
      return;
    case PFA_ZVT_STATUS_INFORMATION:
    case PFA_ZVT_SET_TIME:
      show_list (base, apdu->data, shown);
      return;
    case PFA_ZVT_COMPLETION:
      show_completion (base, apdu->data, shown);
      return;
    case PFA_ZVT_ABORT:
      show_head (base, apdu->data, 1, shown);
      return;
    case PFA_ZVT_INTERMEDIATE:
      /* What is being done, and for how many minutes at most. */
      show_head (base, apdu->data, 2, shown);
      return;
    default:
      return;
    }
}

void
pfa_conversation_show_zvt (PfaSpan stream, gboolean sent, guint8 *shown)
{
  PfaSpan rest = stream;
  PfaZvtApdu apdu;
  gsize consumed;

  while (pfa_zvt_apdu_parse (rest, &apdu, &consumed) == PFA_PARSE_COMPLETE)
    {
      memset (shown + (rest.data - stream.data), 1, consumed - apdu.data.length);
      show_apdu (stream.data, &apdu, sent, shown);
      rest = skip (rest, consumed);
    }
}

/* One frame from behind its 10 02: gives where its 10 03 stands, or 0 when there is none. @body
 * gets the message, @places where each of its bytes stands in @stream. */
static gsize
undouble (PfaSpan stream, gsize at, GByteArray *body, GArray *places)
{
  g_byte_array_set_size (body, 0);
  g_array_set_size (places, 0);
  for (gsize i = at; i < stream.length; i++)
    {
      if (stream.data[i] == DLE)
        {
          if (i + 1 == stream.length || (stream.data[i + 1] != DLE && stream.data[i + 1] != ETX))
            return 0;
          if (stream.data[i + 1] == ETX)
            return i;
          i++;
        }
      g_byte_array_append (body, &stream.data[i], 1);
      g_array_append_val (places, i);
    }
  return 0;
}

static void
show_body (const GByteArray *body, const GArray *places, gboolean sent, guint8 *shown)
{
  g_autofree guint8 *inside = g_malloc0 (MAX (body->len, 1));
  PfaZvtApdu apdu;

  if (pfa_zvt_apdu_parse_whole ((PfaSpan){ body->data, body->len }, &apdu) != PFA_PARSE_COMPLETE)
    return;
  pfa_conversation_show_zvt ((PfaSpan){ body->data, body->len }, sent, inside);
  for (guint i = 0; i < body->len; i++)
    shown[g_array_index (places, gsize, i)] = inside[i];
}

void
pfa_conversation_show_zvt_serial (PfaSpan stream, gboolean sent, guint8 *shown)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize i = 0;

  while (i < stream.length)
    {
      gsize end = 0;

      if (i + 1 < stream.length && stream.data[i] == DLE && stream.data[i + 1] == STX)
        end = undouble (stream, i + 2, body, places);
      if (end == 0)
        {
          shown[i] = stream.data[i] == PFA_ZVT_ACK || stream.data[i] == PFA_ZVT_NAK;
          i++;
          continue;
        }
      show_body (body, places, sent, shown);
      memset (shown + i, 1, 2);
      memset (shown + end, 1, 2);
      /* Two bytes of CRC stay hidden: six digits of a password leave fifteen that fit them. */
      i = end + 4;
    }
}
