/* pfa-transbank-dialogue.c - polls a Transbank terminal (Chile)
 *
 * > 02 "0100" 03 02   < 06
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-transbank-dialogue.h"
#include "pfa-transbank.h"

#define ANSWER_MS 2000
#define MAX_SENDS 3

typedef struct
{
  PfaDialogue base;

  guint sends;
  gboolean noise;
} TransbankDialogue;

static void
send_poll (TransbankDialogue *self)
{
  pfa_transbank_append_poll (self->base.out);
  self->sends++;
  pfa_dialogue_wait (&self->base, ANSWER_MS);
}

static void
repeat_or_fail (TransbankDialogue *self, const char *problem, const char *facts)
{
  if (self->sends < MAX_SENDS)
    send_poll (self);
  else
    pfa_dialogue_fail (&self->base, problem, facts);
}

static void
transbank_receive (PfaDialogue *dialogue, PfaSpan bytes)
{
  TransbankDialogue *self = (TransbankDialogue *) dialogue;

  for (gsize i = 0; i < bytes.length && !dialogue->finished; i++)
    switch (bytes.data[i])
      {
      case PFA_STX_ACK:
        dialogue->status->reached = TRUE;
        pfa_terminal_status_note_source (dialogue->status, "state", "0100");
        pfa_terminal_status_set_state (dialogue->status, "ready", "06");
        pfa_dialogue_finish (dialogue);
        break;
      case PFA_STX_NAK:
        repeat_or_fail (self, PFA_PROBLEM_NOT_SUPPORTED, "it refuses the poll");
        /* What lies behind it answers the poll before. */
        return;
      default:
        self->noise = TRUE;
        break;
      }
}

static void
transbank_expire (PfaDialogue *dialogue, PfaWait wait)
{
  TransbankDialogue *self = (TransbankDialogue *) dialogue;

  repeat_or_fail (self,
                  self->noise ? PFA_PROBLEM_GARBLED : PFA_PROBLEM_SILENT,
                  "no answer to the poll");
}

static void
transbank_hang_up (PfaDialogue *dialogue)
{
  pfa_dialogue_fail (dialogue, PFA_PROBLEM_HELD, "it hung up");
}

static void
transbank_begin (PfaDialogue *dialogue)
{
  send_poll ((TransbankDialogue *) dialogue);
}

static void
transbank_free (PfaDialogue *dialogue)
{
  g_free (dialogue);
}

static const PfaDialogueClass transbank_class = {
  .begin = transbank_begin,
  .receive = transbank_receive,
  .expire = transbank_expire,
  .hang_up = transbank_hang_up,
  .free = transbank_free,
};

PfaDialogue *
pfa_transbank_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status)
{
  TransbankDialogue *self = g_new0 (TransbankDialogue, 1);

  pfa_dialogue_init (&self->base, &transbank_class, settings, status);
  return &self->base;
}
