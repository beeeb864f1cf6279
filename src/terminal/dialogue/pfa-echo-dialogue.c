/* pfa-echo-dialogue.c - echo of a Greek terminal
 *
 * > length "ECR0201" "X/text"   < length "MEL0201" "X/text/T<terminal>:<version>" within 2 s
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-echo-dialogue.h"
#include "pfa-echo.h"

#define ANSWER_MS 2000
#define ECHO_TEXT "POS First Aid"

typedef struct
{
  PfaDialogue base;

  GByteArray *received;
} EchoDialogue;

static void
on_answer (EchoDialogue *self, const PfaEchoAnswer *answer)
{
  PfaTerminalStatus *status = self->base.status;

  /* An old answer to somebody else is not an answer to us. */
  if (answer->text.length != strlen (ECHO_TEXT) ||
      memcmp (answer->text.data, ECHO_TEXT, answer->text.length) != 0)
    {
      pfa_dialogue_fail (&self->base, PFA_PROBLEM_GARBLED, "the echo of another text");
      return;
    }
  status->reached = TRUE;
  pfa_terminal_status_take (status,
                            &status->terminal_id,
                            "terminal_id",
                            pfa_span_dup_text (answer->terminal_id),
                            "X");
  pfa_terminal_status_take (status,
                            &status->software,
                            "software",
                            pfa_span_dup_text (answer->software),
                            "X");
  pfa_terminal_status_note_source (status, "state", "X");
  pfa_terminal_status_set_state (status, "ready", "echo");
  pfa_dialogue_finish (&self->base);
}

static void
echo_receive (PfaDialogue *dialogue, PfaSpan bytes)
{
  EchoDialogue *self = (EchoDialogue *) dialogue;
  PfaEchoAnswer answer;
  gsize consumed;

  g_byte_array_append (self->received, bytes.data, (guint) bytes.length);
  switch (pfa_echo_parse_answer ((PfaSpan){ self->received->data, self->received->len },
                                 &answer,
                                 &consumed))
    {
    case PFA_PARSE_COMPLETE:
      on_answer (self, &answer);
      break;
    case PFA_PARSE_INVALID:
      pfa_dialogue_fail (dialogue, PFA_PROBLEM_GARBLED, "no echo");
      break;
    case PFA_PARSE_NEEDS_MORE:
    default:
      /* It has begun to answer in time, and is slow. */
      dialogue->restart = TRUE;
      break;
    }
}

static void
echo_expire (PfaDialogue *dialogue, PfaWait wait)
{
  pfa_dialogue_fail (dialogue, PFA_PROBLEM_SILENT, "no echo within 2 s");
}

static void
echo_hang_up (PfaDialogue *dialogue)
{
  pfa_dialogue_fail (dialogue,
                     ((EchoDialogue *) dialogue)->received->len > 0 ? PFA_PROBLEM_GARBLED
                                                                    : PFA_PROBLEM_HELD,
                     "it hung up");
}

static void
echo_begin (PfaDialogue *dialogue)
{
  pfa_echo_append_request (dialogue->out, ECHO_TEXT);
  pfa_dialogue_wait (dialogue, ANSWER_MS);
}

static void
echo_free (PfaDialogue *dialogue)
{
  g_byte_array_unref (((EchoDialogue *) dialogue)->received);
  g_free (dialogue);
}

static const PfaDialogueClass echo_class = {
  .begin = echo_begin,
  .receive = echo_receive,
  .expire = echo_expire,
  .hang_up = echo_hang_up,
  .free = echo_free,
};

PfaDialogue *
pfa_echo_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status)
{
  EchoDialogue *self = g_new0 (EchoDialogue, 1);

  pfa_dialogue_init (&self->base, &echo_class, settings, status);
  self->received = g_byte_array_new ();
  return &self->base;
}
