/* fuzz-guided-frame.c - the frames of a guided session, in the clear and from inside a seal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-frame.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

typedef PfaGuidedFrame *(*Parse) (const char *text, gssize length, GError **error);
typedef char *(*Write) (const PfaGuidedFrame *frame, GError **error);

/* What was taken is written, and what was written is taken again as the same. */
static void
look (const guint8 *data, gsize length, Parse parse, Write write)
{
  g_autoptr (PfaGuidedFrame) frame = parse ((const char *) data, (gssize) length, NULL);
  g_autoptr (PfaGuidedFrame) again = NULL;
  g_autofree char *text = NULL;
  guint8 bytes[32];

  if (frame == NULL)
    return;
  pfa_guided_frame_read_bytes (frame, "hash", bytes, sizeof bytes);
  pfa_guided_frame_read_bytes (frame, "nonce", bytes, sizeof bytes);
  text = write (frame, NULL);
  if (text == NULL)
    return; /* written out it may be longer than a frame */
  again = parse (text, -1, NULL);
  if (again == NULL || again->type != frame->type || again->seq != frame->seq ||
      again->ack != frame->ack)
    __builtin_trap ();
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  look (data, length, pfa_guided_frame_parse, pfa_guided_frame_write);
  look (data, length, pfa_guided_frame_parse_inside, pfa_guided_frame_write_inside);
  return 0;
}
