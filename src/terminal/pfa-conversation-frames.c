/* pfa-conversation-frames.c - which bytes of the small protocols' frames may be shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-codepay.h"
#include "pfa-conversation-shown.h"
#include "pfa-ecr17.h"
#include "pfa-stx-frame.h"

#define FS 0x1c

/* CodePay: 55 AA type ids length | data | XOR | CC 33 */
#define CODEPAY_HEADER 7
#define CODEPAY_STOP   2

/* Greek ECR: length | "ECR" or "MEL" "02" "01" | "X/" text */
#define ECHO_HEADER 11

/* ECR17: TID | "0" code | rest; the answer to "s" has its status at 30 */
#define ECR17_CODE   8
#define ECR17_STATUS 30

typedef void (*ShowPayload) (PfaSpan payload, guint8 *shown);

/* The first and the last byte of a frame, and of what it holds what @show says; the LRC never. */
static void
show_frames (PfaSpan stream, PfaStxFlavour flavour, ShowPayload show, guint8 *shown)
{
  gsize at = 0;

  while (at < stream.length)
    {
      PfaStxFrame frame;
      gsize consumed = 0;
      PfaParse parse = pfa_stx_parse ((PfaSpan){ stream.data + at, stream.length - at },
                                      flavour,
                                      &frame,
                                      &consumed);

      if (parse == PFA_PARSE_NEEDS_MORE || (parse == PFA_PARSE_INVALID && consumed == 0))
        return;
      if (parse == PFA_PARSE_COMPLETE)
        {
          shown[at] = 1;
          if (frame.kind == PFA_STX_KIND_PROGRESS)
            shown[at + consumed - 1] = 1;
          if (frame.kind == PFA_STX_FRAME)
            {
              const gsize payload = (gsize) (frame.payload.data - stream.data);

              show (frame.payload, shown + payload);
              shown[payload + frame.payload.length] = 1;
            }
        }
      at += consumed;
    }
}

static void
show_ecr17 (PfaSpan payload, guint8 *shown)
{
  PfaEcr17Status status;

  if (payload.length < ECR17_CODE + 2 || payload.data[ECR17_CODE] != '0' ||
      payload.data[ECR17_CODE + 1] != 's')
    return;
  memset (shown + ECR17_CODE, 1, 2);
  if (pfa_ecr17_parse_status (payload, &status))
    shown[ECR17_STATUS] = 1;
}

void
pfa_conversation_show_ecr17 (PfaSpan stream, gboolean sent, guint8 *shown)
{
  show_frames (stream, PFA_STX_ECR17, show_ecr17, shown);
}

static gsize
count_digits (PfaSpan bytes)
{
  gsize n = 0;

  while (n < bytes.length && g_ascii_isdigit (bytes.data[n]))
    n++;
  return n;
}

/* "0100", or a function of four digits and a result of two behind a bar. */
static void
show_transbank (PfaSpan payload, guint8 *shown)
{
  if (count_digits (payload) != 4 || (payload.length > 4 && payload.data[4] != '|'))
    return;
  memset (shown, 1, 4);
  if (payload.length >= 7 &&
      count_digits ((PfaSpan){ payload.data + 5, payload.length - 5 }) == 2 &&
      (payload.length == 7 || payload.data[7] == '|'))
    memset (shown + 4, 1, 3);
}

void
pfa_conversation_show_transbank (PfaSpan stream, gboolean sent, guint8 *shown)
{
  show_frames (stream, PFA_STX_BARE, show_transbank, shown);
}

/* Each separator, the message's number ("A01", in the first or second field), and the result of six
 * digits that an answer has in its fourth. */
static void
show_poslink (PfaSpan payload, guint8 *shown)
{
  gsize begin = 0;
  gboolean answer = FALSE;

  for (guint field = 0; begin <= payload.length; field++)
    {
      const guint8 *data = payload.data + begin;
      const guint8 *end = memchr (data, FS, payload.length - begin);
      const gsize length = end != NULL ? (gsize) (end - data) : payload.length - begin;

      if (field < 2 && length == 3 && data[0] == 'A' && data[1] == '0')
        {
          memset (shown + begin, 1, length);
          answer = field == 1;
        }
      if (answer && field == 3 && length == 6 &&
          (memcmp (data, "000000", 6) == 0 || data[0] == '1'))
        memset (shown + begin, 1, length);
      if (end == NULL)
        return;
      shown[begin + length] = 1;
      begin += length + 1;
    }
}

void
pfa_conversation_show_poslink (PfaSpan stream, gboolean sent, guint8 *shown)
{
  show_frames (stream, PFA_STX_BARE, show_poslink, shown);
}

void
pfa_conversation_show_codepay (PfaSpan stream, gboolean sent, guint8 *shown)
{
  gsize at = 0;

  while (at < stream.length)
    {
      PfaCodepayFrame frame;
      gsize consumed = 0;
      PfaParse parse =
          pfa_codepay_parse ((PfaSpan){ stream.data + at, stream.length - at }, &frame, &consumed);

      if (parse == PFA_PARSE_NEEDS_MORE)
        return;
      if (parse == PFA_PARSE_COMPLETE)
        {
          memset (shown + at, 1, CODEPAY_HEADER);
          memset (shown + at + consumed - CODEPAY_STOP, 1, CODEPAY_STOP);
        }
      at += MAX (consumed, 1);
    }
}

void
pfa_conversation_show_echo (PfaSpan stream, gboolean sent, guint8 *shown)
{
  static const char *const heads[] = { "ECR0201X/", "MEL0201X/" };

  if (stream.length >= ECHO_HEADER &&
      memcmp (stream.data + 2, heads[sent ? 0 : 1], strlen (heads[0])) == 0)
    memset (shown, 1, ECHO_HEADER);
}
