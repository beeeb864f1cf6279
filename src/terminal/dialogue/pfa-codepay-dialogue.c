/* pfa-codepay-dialogue.c - is the payment program of a Wiseasy terminal alive?
 *
 * > handshake   < confirmation   < heartbeat, every 2 s by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-codepay-dialogue.h"
#include "pfa-codepay.h"

#define CONFIRM_MS 1500
/* Two heartbeats and a little. */
#define HEARTBEAT_MS 4500
#define MAX_SENDS    3
#define MAX_DAMAGED  64

typedef struct
{
  PfaDialogue base;

  GByteArray *received;
  guint sends;
  guint damaged;
  gboolean confirmed;
} CodepayDialogue;

static void
send_handshake (CodepayDialogue *self)
{
  pfa_codepay_append_handshake (self->base.out);
  self->sends++;
  pfa_dialogue_wait (&self->base, CONFIRM_MS);
}

/* Its heart beats: the payment program runs, even when it does not shake hands. */
static void
on_heartbeat (CodepayDialogue *self)
{
  if (!self->confirmed)
    return;
  pfa_terminal_status_note_source (self->base.status, "state", "heartbeat");
  pfa_terminal_status_set_state (self->base.status, "ready", "heartbeat");
  pfa_dialogue_finish (&self->base);
}

static void
on_frame (CodepayDialogue *self, const PfaCodepayFrame *frame)
{
  self->base.status->reached = TRUE;
  if (pfa_codepay_is_heartbeat (frame))
    on_heartbeat (self);
  else if (frame->type == PFA_CODEPAY_CONFIRM && !self->confirmed)
    {
      self->confirmed = TRUE;
      pfa_dialogue_wait (&self->base, HEARTBEAT_MS);
    }
}

static void
codepay_receive (PfaDialogue *dialogue, PfaSpan bytes)
{
  CodepayDialogue *self = (CodepayDialogue *) dialogue;
  PfaParse parse = PFA_PARSE_COMPLETE;
  PfaCodepayFrame frame;
  gsize consumed;

  g_byte_array_append (self->received, bytes.data, (guint) bytes.length);
  while (!dialogue->finished && parse != PFA_PARSE_NEEDS_MORE)
    {
      parse = pfa_codepay_parse ((PfaSpan){ self->received->data, self->received->len },
                                 &frame,
                                 &consumed);
      if (parse == PFA_PARSE_COMPLETE)
        on_frame (self, &frame);
      else if (parse == PFA_PARSE_INVALID && ++self->damaged >= MAX_DAMAGED)
        pfa_dialogue_fail (dialogue, PFA_PROBLEM_GARBLED, "bytes that are not this protocol");
      if (consumed > 0)
        g_byte_array_remove_range (self->received, 0, (guint) consumed);
    }
  /* A frame that comes slowly is waited for. */
  if (!dialogue->finished && self->received->len > 0)
    dialogue->restart = TRUE;
}

static void
codepay_expire (PfaDialogue *dialogue, PfaWait wait)
{
  CodepayDialogue *self = (CodepayDialogue *) dialogue;

  if (self->confirmed)
    pfa_dialogue_fail (dialogue, PFA_PROBLEM_SILENT, "it shook hands, then no heartbeat came");
  else if (self->sends < MAX_SENDS)
    send_handshake (self);
  else
    pfa_dialogue_fail (dialogue,
                       self->damaged > 0 && !dialogue->status->reached ? PFA_PROBLEM_GARBLED
                                                                       : PFA_PROBLEM_SILENT,
                       "no answer to the handshake");
}

static void
codepay_hang_up (PfaDialogue *dialogue)
{
  pfa_dialogue_fail (dialogue, PFA_PROBLEM_SILENT, "it hung up");
}

static void
codepay_begin (PfaDialogue *dialogue)
{
  send_handshake ((CodepayDialogue *) dialogue);
}

static void
codepay_free (PfaDialogue *dialogue)
{
  g_byte_array_unref (((CodepayDialogue *) dialogue)->received);
  g_free (dialogue);
}

static const PfaDialogueClass codepay_class = {
  .begin = codepay_begin,
  .receive = codepay_receive,
  .expire = codepay_expire,
  .hang_up = codepay_hang_up,
  .free = codepay_free,
};

PfaDialogue *
pfa_codepay_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status)
{
  CodepayDialogue *self = g_new0 (CodepayDialogue, 1);

  pfa_dialogue_init (&self->base, &codepay_class, settings, status);
  self->received = g_byte_array_new ();
  return &self->base;
}
