/* pfa-stx-reader.h - the frames of ECR17 and POSLink out of what arrives in pieces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-dialogue.h"
#include "pfa-stx-frame.h"

G_BEGIN_DECLS

typedef struct
{
  PfaStxFlavour flavour;
  void (*on_item) (PfaDialogue *dialogue, const PfaStxFrame *frame);
  void (*on_damaged) (PfaDialogue *dialogue);
} PfaStxReader;

/* Hands out what is complete in @received and @bytes together, until the dialogue has finished. A
 * frame that comes slowly is waited for: each of its pieces begins the protocol's wait anew. */
void pfa_stx_reader_receive (const PfaStxReader *self,
                             PfaDialogue *dialogue,
                             GByteArray *received,
                             PfaSpan bytes);

G_END_DECLS
