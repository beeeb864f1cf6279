/* pfa-stx-reader.c - the frames of ECR17 and POSLink out of what arrives in pieces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-stx-reader.h"

#define MAX_RECEIVED 8192

void
pfa_stx_reader_receive (const PfaStxReader *self,
                        PfaDialogue *dialogue,
                        GByteArray *received,
                        PfaSpan bytes)
{
  PfaParse parse = PFA_PARSE_COMPLETE;
  PfaStxFrame frame;
  gsize consumed;

  g_byte_array_append (received, bytes.data, (guint) bytes.length);
  while (!dialogue->finished && parse != PFA_PARSE_NEEDS_MORE)
    {
      parse = pfa_stx_parse ((PfaSpan){ received->data, received->len },
                             self->flavour,
                             &frame,
                             &consumed);
      if (parse == PFA_PARSE_COMPLETE)
        self->on_item (dialogue, &frame);
      else if (parse == PFA_PARSE_INVALID)
        self->on_damaged (dialogue);
      if (consumed > 0)
        g_byte_array_remove_range (received, 0, (guint) consumed);
    }
  if (dialogue->finished)
    return;
  if (received->len > MAX_RECEIVED)
    pfa_dialogue_fail (dialogue, PFA_PROBLEM_GARBLED, "a frame without an end");
  else if (received->len > 0)
    dialogue->restart = TRUE;
}
