/* pfa-poslink-dialogue.c - asks a PAX terminal what it is (experimental)
 *
 * > 02 "A00" 1C "1.28" 03 4B   < 06   < 02 … "A01" … 03 LRC   > 06   < 04
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-poslink-dialogue.h"
#include "pfa-poslink.h"
#include "pfa-stx-reader.h"

#define ANSWER_MS   5000
#define MAX_SENDS   3
#define MAX_DAMAGED 3
#define CODE_GOOD   "000000"

typedef struct
{
  PfaDialogue base;

  GByteArray *received;
  guint sends;
  guint damaged;
} PoslinkDialogue;

static void
send_request (PoslinkDialogue *self)
{
  pfa_poslink_append_initialize (self->base.out);
  self->sends++;
  pfa_dialogue_wait (&self->base, ANSWER_MS);
}

static void
send_control (PoslinkDialogue *self, guint8 control)
{
  g_byte_array_append (self->base.out, &control, 1);
}

static void
fill_identity (PfaTerminalStatus *status, const PfaPoslinkAnswer *answer)
{
  pfa_terminal_status_take (status, &status->brand, "brand", g_strdup ("PAX"), "POSLink");
  pfa_terminal_status_take (status,
                            &status->serial,
                            "serial",
                            pfa_span_dup_text (answer->serial),
                            "A01");
  pfa_terminal_status_take (status,
                            &status->model,
                            "model",
                            pfa_span_dup_text (answer->model),
                            "A01");
  pfa_terminal_status_take (status,
                            &status->software,
                            "software",
                            pfa_span_dup_text (answer->system),
                            "A01 system");
}

/* Codes other than 000000 are shown as they are: their meanings are not public. */
static void
on_answer (PoslinkDialogue *self, const PfaPoslinkAnswer *answer)
{
  PfaTerminalStatus *status = self->base.status;
  g_autofree char *code = pfa_span_dup_text (answer->code);

  status->reached = TRUE;
  send_control (self, PFA_STX_ACK);
  pfa_terminal_status_note_source (status, "state", "A01");
  if (g_strcmp0 (code, CODE_GOOD) == 0)
    {
      fill_identity (status, answer);
      pfa_terminal_status_set_state (status, "ready", code);
    }
  else
    {
      pfa_terminal_status_set_state (status, "unknown", code);
      if (code != NULL)
        pfa_terminal_status_set_result (status, code, "terminal", code);
    }
  pfa_dialogue_finish (&self->base);
}

/* 15 for a damaged answer, 04 for the third: then the terminal gives up as well. */
static void
on_damaged (PfaDialogue *dialogue)
{
  PoslinkDialogue *self = (PoslinkDialogue *) dialogue;

  if (++self->damaged < MAX_DAMAGED)
    {
      send_control (self, PFA_STX_NAK);
      return;
    }
  send_control (self, PFA_STX_EOT);
  pfa_dialogue_fail (&self->base, PFA_PROBLEM_GARBLED, "three damaged answers");
}

static void
on_item (PfaDialogue *dialogue, const PfaStxFrame *frame)
{
  PoslinkDialogue *self = (PoslinkDialogue *) dialogue;
  PfaPoslinkAnswer answer;

  if (frame->kind == PFA_STX_KIND_NAK && self->sends < MAX_SENDS)
    send_request (self);
  else if (frame->kind == PFA_STX_KIND_NAK)
    pfa_dialogue_fail (&self->base, PFA_PROBLEM_NOT_SUPPORTED, "it refuses A00");
  else if (frame->kind == PFA_STX_KIND_ACK)
    self->base.status->reached = TRUE;
  else if (frame->kind == PFA_STX_FRAME && pfa_poslink_parse_answer (frame->payload, &answer))
    on_answer (self, &answer);
  else if (frame->kind == PFA_STX_FRAME)
    on_damaged (dialogue);
}

static void
poslink_receive (PfaDialogue *dialogue, PfaSpan bytes)
{
  static const PfaStxReader reader = { PFA_STX_BARE, on_item, on_damaged };

  pfa_stx_reader_receive (&reader, dialogue, ((PoslinkDialogue *) dialogue)->received, bytes);
}

static void
poslink_expire (PfaDialogue *dialogue, PfaWait wait)
{
  PoslinkDialogue *self = (PoslinkDialogue *) dialogue;

  if (!dialogue->status->reached && self->sends < MAX_SENDS)
    send_request (self);
  else
    pfa_dialogue_fail (dialogue, PFA_PROBLEM_SILENT, "no answer to A00");
}

static void
poslink_hang_up (PfaDialogue *dialogue)
{
  pfa_dialogue_fail (dialogue,
                     dialogue->status->reached ? PFA_PROBLEM_SILENT : PFA_PROBLEM_HELD,
                     "it hung up");
}

static void
poslink_begin (PfaDialogue *dialogue)
{
  send_request ((PoslinkDialogue *) dialogue);
}

static void
poslink_free (PfaDialogue *dialogue)
{
  g_byte_array_unref (((PoslinkDialogue *) dialogue)->received);
  g_free (dialogue);
}

static const PfaDialogueClass poslink_class = {
  .begin = poslink_begin,
  .receive = poslink_receive,
  .expire = poslink_expire,
  .hang_up = poslink_hang_up,
  .free = poslink_free,
};

PfaDialogue *
pfa_poslink_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status)
{
  PoslinkDialogue *self = g_new0 (PoslinkDialogue, 1);

  pfa_dialogue_init (&self->base, &poslink_class, settings, status);
  self->received = g_byte_array_new ();
  return &self->base;
}
