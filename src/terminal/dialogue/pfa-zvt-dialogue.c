/* pfa-zvt-dialogue.c - reads a ZVT terminal: status enquiry, and line diagnosis on its own yes
 *
 * > 05 01 …            < 80 00 00   < 04 FF …  > 80 00 00   < 06 0F …  > 80 00 00
 * > 06 70 … (1B 01 01) < 80 00 00   < 04 01 …  > 80 00 00   < 06 0F …  > 80 00 00
 * (PA00P015 2.17, 2.56)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-zvt-dialogue.h"

#include <string.h>

#include "pfa-zvt-data.h"
#include "pfa-zvt-fields.h"
#include "pfa-zvt-link.h"
#include "pfa-zvt-message.h"

/* T3: from a command to 80 or 84; T4: from 80 00 to the end, begun anew by 04 FF and 04 0F. */
#define T3_MS              5000
#define T4_MS              180000
#define MAX_LONGER_MINUTES 99
/* A diagnosis prints some hundred lines; whoever sends more than this is ill. */
#define MAX_MESSAGES 4000

#define CODE_WRONG_PASSWORD 0x37
#define CODE_NOT_REGISTERED 0x6b
#define CODE_NOT_POSSIBLE   0x83
#define CODE_PROTOCOL_ERROR 0x9a
#define CODE_BUSY           0x9c

typedef enum
{
  PHASE_ENQUIRY_SENT,
  PHASE_ENQUIRY_RUNNING,
  PHASE_DIAGNOSIS_SENT,
  PHASE_DIAGNOSIS_RUNNING,
} Phase;

typedef struct
{
  PfaDialogue base;

  PfaZvtLink *link;
  Phase phase;
  PfaZvtEnquiryForm form;
  char *password;
  gboolean online_test;
  gboolean line_busy; /* what we sent last is not confirmed yet: T3 has not begun */
  gboolean doubtful;  /* 84 00: means yes to some terminals and no to others */
  guint messages;
  int diagnosis_result; /* of a 04 0F during the diagnosis, or -1 */
} ZvtDialogue;

/* Nothing leaves that is not on the short list of harmless messages. */
static void
send (ZvtDialogue *self, GByteArray *apdu)
{
  PfaSpan bytes = { apdu->data, apdu->len };

  g_return_if_fail (pfa_zvt_is_harmless (bytes));
  pfa_zvt_link_send (self->link, bytes, self->base.out);
}

static void
acknowledge (ZvtDialogue *self)
{
  g_autoptr (GByteArray) apdu = g_byte_array_new ();

  pfa_zvt_append_acknowledgement (apdu);
  send (self, apdu);
}

static void
say_not_understood (ZvtDialogue *self)
{
  g_autoptr (GByteArray) apdu = g_byte_array_new ();

  pfa_zvt_append_not_understood (apdu);
  send (self, apdu);
}

static void
send_enquiry (ZvtDialogue *self)
{
  g_autoptr (GByteArray) apdu = g_byte_array_new ();

  pfa_zvt_append_enquiry (apdu, self->form, self->password);
  self->phase = PHASE_ENQUIRY_SENT;
  send (self, apdu);
  pfa_dialogue_wait (&self->base, T3_MS);
}

static void
send_diagnosis (ZvtDialogue *self)
{
  g_autoptr (GByteArray) apdu = g_byte_array_new ();

  pfa_zvt_append_line_diagnosis (apdu);
  self->phase = PHASE_DIAGNOSIS_SENT;
  self->doubtful = FALSE;
  send (self, apdu);
  pfa_dialogue_wait (&self->base, T3_MS);
}

/* A card in the reader or a busy terminal may mean a payment: then the terminal is left alone. */
static gboolean
may_go_online (ZvtDialogue *self)
{
  const char *const leave_alone[] = { "busy", "card-inserted", "maintenance", NULL };

  return self->online_test && self->base.status->problem == NULL &&
         !g_strv_contains (leave_alone, self->base.status->state);
}

static void
end_enquiry (ZvtDialogue *self)
{
  if (may_go_online (self))
    send_diagnosis (self);
  else
    pfa_dialogue_finish (&self->base);
}

static void
set_online (ZvtDialogue *self, const char *result, const char *code, PfaTold host)
{
  PfaTerminalStatus *status = self->base.status;

  g_free (status->online_result);
  g_free (status->online_code);
  status->online_result = g_strdup (result);
  status->online_code = g_strdup (code);
  if (host != PFA_TOLD_NOTHING)
    {
      status->host_reachable = host;
      pfa_terminal_status_note_source (status, "host_reachable", "06 70");
    }
}

/* What a result byte says about the way to the host. Other codes of the terminal's own say nothing
 * about it: the last result tells them. */
static void
judge_diagnosis (ZvtDialogue *self, guint8 code)
{
  g_autofree char *hex = g_strdup_printf ("%02X", code);
  g_autofree char *decimal = g_strdup_printf ("%02u", code);

  if (code == 0)
    set_online (self, PFA_ONLINE_PASSED, NULL, PFA_TOLD_YES);
  else if (pfa_zvt_is_made_by_host (code))
    set_online (self, PFA_ONLINE_HOST_REFUSED, decimal, PFA_TOLD_YES);
  else if (pfa_zvt_is_connection_fault (code))
    set_online (self, PFA_ONLINE_NO_CONNECTION, hex, PFA_TOLD_NO);
  else if (code == CODE_NOT_POSSIBLE || code == CODE_PROTOCOL_ERROR)
    set_online (self, PFA_ONLINE_NOT_SUPPORTED, hex, PFA_TOLD_NOTHING);
}

static void
end_diagnosis (ZvtDialogue *self, guint8 code)
{
  judge_diagnosis (self, code);
  pfa_dialogue_finish (&self->base);
}

/* Bits of BMP 19 in the completion of a diagnosis. */
static void
note_status_byte (ZvtDialogue *self, PfaSpan data)
{
  PfaSpan value;
  guint8 tag;

  while (pfa_bmp_next (&data, &tag, &value) == PFA_PARSE_COMPLETE)
    {
      if (tag != 0x19)
        continue;
      if ((value.data[0] & 0x01) != 0)
        pfa_terminal_status_add_need (self->base.status, "initialisation");
      if ((value.data[0] & 0x02) != 0)
        pfa_terminal_status_add_need (self->base.status, "diagnosis");
    }
}

static void
on_completion (ZvtDialogue *self, PfaSpan data)
{
  acknowledge (self);
  if (self->phase < PHASE_DIAGNOSIS_SENT)
    {
      PfaZvtEnquiryAnswer answer;

      pfa_zvt_parse_enquiry_answer (data, &answer);
      pfa_zvt_fill_enquiry (self->base.status, &answer, self->base.now);
      end_enquiry (self);
      return;
    }
  note_status_byte (self, data);
  end_diagnosis (self, self->diagnosis_result > 0 ? (guint8) self->diagnosis_result : 0);
}

static void
on_abort (ZvtDialogue *self, PfaSpan data)
{
  PfaZvtResult result;

  pfa_zvt_parse_abort (data, &result);
  acknowledge (self);
  pfa_zvt_fill_result (self->base.status, &result);
  if (self->phase >= PHASE_DIAGNOSIS_SENT)
    {
      if (result.result > 0)
        end_diagnosis (self, (guint8) result.result);
      else
        pfa_dialogue_finish (&self->base);
      return;
    }
  if (result.result > 0 && !pfa_zvt_is_made_by_host ((guint8) result.result))
    pfa_zvt_fill_state (self->base.status, (guint8) result.result);
  pfa_dialogue_finish (&self->base);
}

static void
on_status_information (ZvtDialogue *self, PfaSpan data)
{
  PfaZvtResult result;

  pfa_zvt_parse_result (data, &result);
  if (result.damaged)
    say_not_understood (self);
  else
    acknowledge (self);
  pfa_zvt_fill_result (self->base.status, &result);
  if (self->phase >= PHASE_DIAGNOSIS_SENT && result.result >= 0)
    self->diagnosis_result = result.result;
  if (self->phase == PHASE_ENQUIRY_RUNNING || self->phase == PHASE_DIAGNOSIS_RUNNING)
    pfa_dialogue_wait (&self->base, T4_MS);
}

static void
on_intermediate (ZvtDialogue *self, PfaSpan data)
{
  guint8 status;
  guint minutes;

  acknowledge (self);
  if (!pfa_zvt_parse_intermediate (data, &status, &minutes))
    return;
  if (self->phase == PHASE_ENQUIRY_RUNNING || self->phase == PHASE_DIAGNOSIS_RUNNING)
    pfa_dialogue_wait (&self->base,
                       minutes > 0 ? MIN (minutes, MAX_LONGER_MINUTES) * 60000 : T4_MS);
}

static void
on_positive (ZvtDialogue *self)
{
  if (self->phase == PHASE_ENQUIRY_SENT)
    self->phase = PHASE_ENQUIRY_RUNNING;
  else if (self->phase == PHASE_DIAGNOSIS_SENT)
    self->phase = PHASE_DIAGNOSIS_RUNNING;
  else
    return;
  pfa_dialogue_wait (&self->base, T4_MS);
}

static void
refuse_enquiry (ZvtDialogue *self, guint8 code)
{
  PfaTerminalStatus *status = self->base.status;
  PfaZvtResult result = { .result = code, .host_result = -1 };

  switch (code)
    {
    case CODE_WRONG_PASSWORD:
      pfa_dialogue_fail (&self->base, PFA_PROBLEM_WRONG_PASSWORD, "answered 84 37");
      return;
    case CODE_NOT_REGISTERED:
      pfa_dialogue_fail (&self->base, PFA_PROBLEM_NOT_REGISTERED, "answered 84 6B");
      return;
    case CODE_NOT_POSSIBLE:
    case CODE_PROTOCOL_ERROR:
      if (self->form < PFA_ZVT_ENQUIRY_BARE)
        {
          self->form++;
          send_enquiry (self);
          return;
        }
      pfa_dialogue_fail (&self->base, PFA_PROBLEM_NOT_SUPPORTED, "answered 84 83 to every form");
      return;
    case CODE_BUSY:
      pfa_zvt_fill_state (status, code);
      break;
    default:
      pfa_zvt_fill_state (status, code);
      pfa_zvt_fill_result (status, &result);
      break;
    }
  pfa_dialogue_finish (&self->base);
}

static void
on_negative (ZvtDialogue *self, guint8 code)
{
  if (self->phase == PHASE_ENQUIRY_RUNNING || self->phase == PHASE_DIAGNOSIS_RUNNING)
    return;
  if (code == 0)
    {
      self->doubtful = TRUE;
      pfa_dialogue_wait (&self->base, T3_MS);
    }
  else if (self->phase == PHASE_ENQUIRY_SENT)
    refuse_enquiry (self, code);
  else
    {
      PfaZvtResult result = { .result = code, .host_result = -1 };

      if (code != CODE_NOT_POSSIBLE && code != CODE_PROTOCOL_ERROR)
        pfa_zvt_fill_result (self->base.status, &result);
      end_diagnosis (self, code);
    }
}

/* A terminal sends commands of these classes; others mean that we lost our place in the stream. */
static gboolean
is_terminal_class (guint8 class)
{
  return class == 0x04 || class == 0x05 || class == 0x06 || class == 0x08 || class == 0x0f;
}

static void
on_message (ZvtDialogue *self, const PfaZvtApdu *apdu)
{
  switch (apdu->command)
    {
    case PFA_ZVT_POSITIVE:
      on_positive (self);
      break;
    case PFA_ZVT_COMPLETION:
      on_completion (self, apdu->data);
      break;
    case PFA_ZVT_ABORT:
      on_abort (self, apdu->data);
      break;
    case PFA_ZVT_STATUS_INFORMATION:
      on_status_information (self, apdu->data);
      break;
    case PFA_ZVT_INTERMEDIATE:
      on_intermediate (self, apdu->data);
      break;
    case PFA_ZVT_SET_TIME: /* the host's time came through */
    case PFA_ZVT_PRINT_LINE:
    case PFA_ZVT_PRINT_BLOCK:
      acknowledge (self);
      break;
    case PFA_ZVT_STATUS_ENQUIRY: /* ours */
      self->base.status->reached = FALSE;
      pfa_dialogue_fail (&self->base, PFA_PROBLEM_GARBLED, "the line sends back what we send");
      break;
    default:
      if (apdu->command >> 8 == PFA_ZVT_NEGATIVE_CLASS)
        on_negative (self, (guint8) apdu->command);
      else if (is_terminal_class ((guint8) (apdu->command >> 8)))
        say_not_understood (self);
      else
        pfa_dialogue_fail (&self->base, PFA_PROBLEM_GARBLED, "a message of an unknown class");
      break;
    }
}

/* The damaged start of a stream must not count as a terminal that was reached. */
static gboolean
is_known_class (guint16 command)
{
  guint8 class = (guint8) (command >> 8);

  return is_terminal_class (class) || command == PFA_ZVT_POSITIVE ||
         class == PFA_ZVT_NEGATIVE_CLASS;
}

static void
update_line (ZvtDialogue *self)
{
  gboolean busy = pfa_zvt_link_get_wait_ms (self->link) == PFA_ZVT_T2_MS;

  if (self->base.finished)
    return;
  self->base.line_wait_ms = pfa_zvt_link_get_wait_ms (self->link);
  /* T3 begins when the command has arrived, not while the line still repeats it. */
  if (self->line_busy && !busy)
    self->base.restart = TRUE;
  self->line_busy = busy;
  if (pfa_zvt_link_has_failed (self->link))
    pfa_dialogue_fail (&self->base,
                       pfa_zvt_link_has_heard (self->link) ? PFA_PROBLEM_GARBLED
                                                           : PFA_PROBLEM_SILENT,
                       "the line does not confirm what is sent, or sends damage only");
}

static void
zvt_receive (PfaDialogue *dialogue, PfaSpan bytes)
{
  ZvtDialogue *self = (ZvtDialogue *) dialogue;
  PfaZvtApdu apdu;

  pfa_zvt_link_receive (self->link, bytes, dialogue->out);
  while (!dialogue->finished && pfa_zvt_link_next (self->link, &apdu, dialogue->out))
    {
      if (is_known_class (apdu.command))
        dialogue->status->reached = TRUE;
      on_message (self, &apdu);
      if (++self->messages > MAX_MESSAGES)
        pfa_dialogue_fail (dialogue, PFA_PROBLEM_GARBLED, "it sends messages without an end");
    }
  update_line (self);
}

static void
zvt_expire (PfaDialogue *dialogue, PfaWait wait)
{
  ZvtDialogue *self = (ZvtDialogue *) dialogue;

  /* T2 and T3 are equally long, and T3 counts only once the command has arrived: as long as it has
   * not, whichever runs out is T2. */
  if (wait == PFA_WAIT_LINE || self->line_busy)
    {
      dialogue->restart = self->line_busy;
      pfa_zvt_link_expire (self->link, dialogue->out);
      update_line (self);
    }
  else if (self->doubtful && self->phase == PHASE_DIAGNOSIS_SENT)
    end_diagnosis (self, CODE_NOT_POSSIBLE);
  else if (self->doubtful)
    pfa_dialogue_fail (dialogue, PFA_PROBLEM_NOT_SUPPORTED, "answered 84 00 and nothing more");
  else if (!dialogue->status->reached && pfa_zvt_link_has_heard (self->link))
    pfa_dialogue_fail (dialogue, PFA_PROBLEM_GARBLED, "bytes that are no ZVT message");
  else
    pfa_dialogue_fail (dialogue, PFA_PROBLEM_SILENT, "no answer in the time that ZVT allows");
}

static void
zvt_hang_up (PfaDialogue *dialogue)
{
  ZvtDialogue *self = (ZvtDialogue *) dialogue;

  if (self->phase >= PHASE_DIAGNOSIS_SENT)
    pfa_dialogue_fail (dialogue, PFA_PROBLEM_SILENT, "it hung up during the online test");
  else if (dialogue->status->reached)
    pfa_dialogue_fail (dialogue, PFA_PROBLEM_SILENT, "it hung up before the answer was complete");
  else
    /* A terminal that serves one till takes a second connection and drops it at once. */
    pfa_dialogue_fail (dialogue, PFA_PROBLEM_HELD, "it hung up without a word");
}

static void
zvt_begin (PfaDialogue *dialogue)
{
  ZvtDialogue *self = (ZvtDialogue *) dialogue;

  send_enquiry (self);
  update_line (self);
}

static void
zvt_free (PfaDialogue *dialogue)
{
  ZvtDialogue *self = (ZvtDialogue *) dialogue;

  pfa_zvt_link_free (self->link);
  explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self);
}

static const PfaDialogueClass zvt_class = {
  .begin = zvt_begin,
  .receive = zvt_receive,
  .expire = zvt_expire,
  .hang_up = zvt_hang_up,
  .free = zvt_free,
};

PfaDialogue *
pfa_zvt_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status)
{
  ZvtDialogue *self = g_new0 (ZvtDialogue, 1);
  const PfaTerminalSecrets *secrets = settings->secrets;

  pfa_dialogue_init (&self->base, &zvt_class, settings, status);
  self->link = pfa_zvt_link_new (settings->address->link == PFA_LINK_SERIAL);
  self->password =
      g_strdup (secrets != NULL && secrets->zvt_password != NULL ? secrets->zvt_password
                                                                 : PFA_ZVT_PASSWORD_DEFAULT);
  self->online_test = settings->online_test;
  self->diagnosis_result = -1;
  return &self->base;
}
