/* pfa-ecr17-dialogue.c - reads an ECR17 terminal (Nexi, Italy)
 *
 * > 02 "000000000s" 03 LRC   < 06 03 LRC   < 02 answer 03 LRC   > 06 03 LRC
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-ecr17-dialogue.h"
#include "pfa-ecr17.h"
#include "pfa-stx-reader.h"
#include "pfa-terminal-table.h"

#define ANSWER_MS 2000
/* The status request changes nothing, so it may be sent once in each of the four forms. */
#define FORMS       4
#define MAX_DAMAGED 8

typedef struct
{
  PfaDialogue base;

  GByteArray *received;
  guint sends;
  guint damaged;
  PfaLrc lrc;
  gboolean form_known; /* the terminal has confirmed a request in this form */
} Ecr17Dialogue;

static void
send_request (Ecr17Dialogue *self)
{
  pfa_ecr17_append_status_request (self->base.out, self->lrc);
  self->sends++;
  pfa_dialogue_wait (&self->base, ANSWER_MS);
}

/* DDMMYYhhmm, without seconds. */
static void
fill_clock (Ecr17Dialogue *self, PfaSpan date)
{
  const char *d = (const char *) date.data;
  g_autofree char *clock =
      g_strdup_printf ("20%.2s-%.2s-%.2sT%.2s:%.2s:00", d + 4, d + 2, d, d + 6, d + 8);

  pfa_terminal_status_set_clock_to_the_minute (self->base.status, clock, self->base.now, "s");
}

static void
fill_status (Ecr17Dialogue *self, const PfaEcr17Status *answer)
{
  PfaTerminalStatus *status = self->base.status;
  const char code[] = { (char) answer->status, '\0' };
  const PfaTerminalEntry *entry = pfa_terminal_table_find ("ecr17-status", code);

  pfa_terminal_status_take (status,
                            &status->terminal_id,
                            "terminal_id",
                            g_strndup ((const char *) answer->terminal_id.data,
                                       answer->terminal_id.length),
                            "s");
  pfa_terminal_status_take (status,
                            &status->software,
                            "software",
                            pfa_span_dup_text (answer->software),
                            "s");
  fill_clock (self, answer->date);
  pfa_terminal_status_note_source (status, "state", "s");
  pfa_terminal_status_set_state (status, entry != NULL ? entry->state : "unknown", code);
  for (guint i = 0; entry != NULL && entry->needs[i] != NULL; i++)
    pfa_terminal_status_add_need (status, entry->needs[i]);
}

static void
refuse_answer (Ecr17Dialogue *self, const char *facts)
{
  pfa_stx_append_ecr17_control (self->base.out, self->lrc, PFA_STX_NAK);
  if (++self->damaged >= MAX_DAMAGED)
    pfa_dialogue_fail (&self->base, PFA_PROBLEM_GARBLED, facts);
}

/* A wrong LRC may be right in another of the four forms, but a terminal keeps to one. */
static void
on_frame (Ecr17Dialogue *self, const PfaStxFrame *frame)
{
  PfaEcr17Status answer;

  if (self->form_known && frame->lrc != self->lrc)
    {
      refuse_answer (self, "an answer with a wrong LRC");
      return;
    }
  self->lrc = frame->lrc;
  if (pfa_ecr17_is_status_request (frame->payload))
    {
      pfa_dialogue_fail (&self->base, PFA_PROBLEM_GARBLED, "the line sends back what we send");
      return;
    }
  if (!pfa_ecr17_parse_status (frame->payload, &answer))
    {
      refuse_answer (self, "an answer that is no status");
      return;
    }
  self->base.status->reached = TRUE;
  fill_status (self, &answer);
  pfa_stx_append_ecr17_control (self->base.out, self->lrc, PFA_STX_ACK);
  pfa_dialogue_finish (&self->base);
}

/* A refusal tells which form the terminal uses; after as many refusals as forms it means no. */
static void
on_refused (Ecr17Dialogue *self, const PfaStxFrame *frame)
{
  self->base.status->reached = TRUE;
  self->lrc = frame->lrc;
  if (self->sends < FORMS)
    send_request (self);
  else
    pfa_dialogue_fail (&self->base, PFA_PROBLEM_NOT_SUPPORTED, "it refuses the status request");
}

static void
on_item (PfaDialogue *dialogue, const PfaStxFrame *frame)
{
  Ecr17Dialogue *self = (Ecr17Dialogue *) dialogue;

  switch (frame->kind)
    {
    case PFA_STX_FRAME:
      on_frame (self, frame);
      break;
    case PFA_STX_KIND_NAK:
      on_refused (self, frame);
      break;
    case PFA_STX_KIND_ACK:
      self->base.status->reached = TRUE;
      self->lrc = frame->lrc;
      self->form_known = TRUE;
      break;
    case PFA_STX_KIND_PROGRESS:
      pfa_dialogue_wait (&self->base, ANSWER_MS);
      break;
    case PFA_STX_KIND_EOT:
    default:
      break;
    }
}

static void
on_damaged (PfaDialogue *dialogue)
{
  if (++((Ecr17Dialogue *) dialogue)->damaged >= MAX_DAMAGED)
    pfa_dialogue_fail (dialogue, PFA_PROBLEM_GARBLED, "bytes that are not ECR17");
}

static void
ecr17_receive (PfaDialogue *dialogue, PfaSpan bytes)
{
  static const PfaStxReader reader = { PFA_STX_ECR17, on_item, on_damaged };

  pfa_stx_reader_receive (&reader, dialogue, ((Ecr17Dialogue *) dialogue)->received, bytes);
}

static void
ecr17_expire (PfaDialogue *dialogue, PfaWait wait)
{
  Ecr17Dialogue *self = (Ecr17Dialogue *) dialogue;

  if (dialogue->status->reached || self->sends >= FORMS)
    {
      pfa_dialogue_fail (dialogue,
                         self->damaged > 0 && !dialogue->status->reached ? PFA_PROBLEM_GARBLED
                                                                         : PFA_PROBLEM_SILENT,
                         "no answer to the status request");
      return;
    }
  self->lrc = (PfaLrc) (PFA_LRC_ECR17 + self->sends);
  send_request (self);
}

static void
ecr17_hang_up (PfaDialogue *dialogue)
{
  pfa_dialogue_fail (dialogue,
                     dialogue->status->reached ? PFA_PROBLEM_SILENT : PFA_PROBLEM_HELD,
                     "it hung up");
}

static void
ecr17_begin (PfaDialogue *dialogue)
{
  send_request ((Ecr17Dialogue *) dialogue);
}

static void
ecr17_free (PfaDialogue *dialogue)
{
  g_byte_array_unref (((Ecr17Dialogue *) dialogue)->received);
  g_free (dialogue);
}

static const PfaDialogueClass ecr17_class = {
  .begin = ecr17_begin,
  .receive = ecr17_receive,
  .expire = ecr17_expire,
  .hang_up = ecr17_hang_up,
  .free = ecr17_free,
};

PfaDialogue *
pfa_ecr17_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status)
{
  Ecr17Dialogue *self = g_new0 (Ecr17Dialogue, 1);

  pfa_dialogue_init (&self->base, &ecr17_class, settings, status);
  self->received = g_byte_array_new ();
  self->lrc = PFA_LRC_ECR17;
  return &self->base;
}
