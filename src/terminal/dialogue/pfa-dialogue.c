/* pfa-dialogue.c - what to say to a terminal and what its answers mean, without a clock or a cable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-dialogue.h"

#include "pfa-codepay-dialogue.h"
#include "pfa-echo-dialogue.h"
#include "pfa-ecr17-dialogue.h"
#include "pfa-nexo-dialogue.h"
#include "pfa-poslink-dialogue.h"
#include "pfa-transbank-dialogue.h"
#include "pfa-zvt-dialogue.h"

PfaDialogue *
pfa_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status)
{
  switch (settings->address->protocol)
    {
    case PFA_PROTOCOL_ZVT:
      return pfa_zvt_dialogue_new (settings, status);
    case PFA_PROTOCOL_ECR17:
      return pfa_ecr17_dialogue_new (settings, status);
    case PFA_PROTOCOL_TRANSBANK:
      return pfa_transbank_dialogue_new (settings, status);
    case PFA_PROTOCOL_CODEPAY:
      return pfa_codepay_dialogue_new (settings, status);
    case PFA_PROTOCOL_ECHO:
      return pfa_echo_dialogue_new (settings, status);
    case PFA_PROTOCOL_POSLINK:
      return pfa_poslink_dialogue_new (settings, status);
    case PFA_PROTOCOL_NEXO:
      return pfa_nexo_dialogue_new (settings, status);
    case PFA_PROTOCOL_USB:
    default:
      return NULL;
    }
}

void
pfa_dialogue_init (PfaDialogue *self,
                   const PfaDialogueClass *klass,
                   const PfaDialogueSettings *settings,
                   PfaTerminalStatus *status)
{
  self->klass = klass;
  self->status = status;
  self->now = g_date_time_ref (settings->now);
  self->out = g_byte_array_new ();
}

void
pfa_dialogue_free (PfaDialogue *self)
{
  g_date_time_unref (self->now);
  g_byte_array_unref (self->out);
  self->klass->free (self);
}

void
pfa_dialogue_wait (PfaDialogue *self, guint answer_wait_ms)
{
  self->answer_wait_ms = answer_wait_ms;
  self->restart = TRUE;
}

void
pfa_dialogue_finish (PfaDialogue *self)
{
  self->finished = TRUE;
  self->line_wait_ms = 0;
  self->answer_wait_ms = 0;
}

void
pfa_dialogue_fail (PfaDialogue *self, const char *problem, const char *facts)
{
  pfa_terminal_status_set_problem (self->status, problem, facts);
  pfa_dialogue_finish (self);
}

void
pfa_dialogue_begin (PfaDialogue *self)
{
  self->klass->begin (self);
}

void
pfa_dialogue_receive (PfaDialogue *self, PfaSpan bytes)
{
  if (!self->finished)
    self->klass->receive (self, bytes);
}

void
pfa_dialogue_expire (PfaDialogue *self, PfaWait wait)
{
  if (!self->finished)
    self->klass->expire (self, wait);
}

void
pfa_dialogue_hang_up (PfaDialogue *self)
{
  if (!self->finished)
    self->klass->hang_up (self);
}
