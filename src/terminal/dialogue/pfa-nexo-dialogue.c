/* pfa-nexo-dialogue.c - reads a terminal of the nexo Terminal API
 *
 * > DiagnosisRequest, HostDiagnosisFlag false   < DiagnosisResponse
 * > the same with true, on its own yes          < DiagnosisResponse with HostStatus
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-nexo-crypto.h"
#include "pfa-nexo-dialogue.h"
#include "pfa-nexo.h"
#include "pfa-terminal-table.h"

#define ANSWER_MS      10000
#define HOST_ANSWER_MS 60000

typedef struct
{
  PfaDialogue base;

  char *poi_id;
  char *service_id;
  gboolean online_test;
  gboolean host_diagnosis; /* the second question is under way */
  gboolean has_key;
  PfaNexoKey key;
} NexoDialogue;

static void
send_request (NexoDialogue *self)
{
  PfaNexoRequest request;
  g_autofree char *plain = NULL;
  g_autofree char *text = NULL;

  g_free (self->service_id);
  self->service_id = pfa_nexo_new_service_id ();
  request = (PfaNexoRequest){ self->poi_id, self->service_id, self->host_diagnosis };
  plain = pfa_nexo_build_diagnosis (&request);
  text = self->has_key ? pfa_nexo_protect (&self->key, PFA_NEXO_REQUEST, plain, NULL)
                       : g_steal_pointer (&plain);
  if (text == NULL)
    {
      pfa_dialogue_fail (&self->base, PFA_PROBLEM_TLS, "the message could not be protected");
      return;
    }
  g_byte_array_append (self->base.out, (const guint8 *) text, (guint) strlen (text));
  pfa_dialogue_wait (&self->base, self->host_diagnosis ? HOST_ANSWER_MS : ANSWER_MS);
}

static void
set_told (PfaTold *field, PfaNexoFlag flag)
{
  if (flag != PFA_NEXO_NOT_TOLD)
    *field = flag == PFA_NEXO_YES ? PFA_TOLD_YES : PFA_TOLD_NO;
}

/* "V400m-346403161" is model and serial number. */
static void
fill_identity (PfaTerminalStatus *status, const char *terminal_id)
{
  const char *dash = strrchr (terminal_id, '-');

  if (dash == NULL)
    return;
  pfa_terminal_status_take (status,
                            &status->model,
                            "model",
                            g_strndup (terminal_id, (gsize) (dash - terminal_id)),
                            "terminalId");
  pfa_terminal_status_take (status, &status->serial, "serial", g_strdup (dash + 1), "terminalId");
}

static void
fill_printer (PfaTerminalStatus *status, const char *printer)
{
  const struct
  {
    const char *nexo;
    const char *id;
  } rows[] = {
    { "OK", "ok" },
    { "PaperLow", "paper-low" },
    { "NoPaper", "no-paper" },
    { "PaperJam", "paper-jam" },
    { "OutOfOrder", "out-of-order" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (rows[i].nexo, printer) == 0)
      pfa_terminal_status_take (status,
                                &status->printer,
                                "printer",
                                g_strdup (rows[i].id),
                                "PrinterStatus");
}

static void
fill_state (PfaTerminalStatus *status, const char *code)
{
  const PfaTerminalEntry *entry = pfa_terminal_table_find ("nexo-status", code);

  if (code == NULL)
    return;
  pfa_terminal_status_set_state (status, entry != NULL ? entry->state : "unknown", code);
  for (guint i = 0; entry != NULL && entry->needs[i] != NULL; i++)
    pfa_terminal_status_add_need (status, entry->needs[i]);
}

/* A terminal that says OK while a part of it does not is not ready. */
static void
fill_parts (PfaTerminalStatus *status, const PfaNexoAnswer *answer)
{
  const char *state = NULL;

  if (answer->printer != NULL && strcmp (answer->printer, "OK") != 0 &&
      strcmp (answer->printer, "PaperLow") != 0)
    state = "printer-fault";
  if (answer->card_reader == PFA_NEXO_NO || answer->pin_pad == PFA_NEXO_NO)
    state = "reader-fault";
  if (answer->security == PFA_NEXO_NO)
    state = "out-of-order";
  if (answer->fraud_prevention == PFA_NEXO_YES)
    pfa_terminal_status_add_lock (status, "tampered");
  if (g_strcmp0 (answer->printer, "PaperLow") == 0 || g_strcmp0 (state, "printer-fault") == 0)
    pfa_terminal_status_add_need (status, "paper");
  if (state != NULL && strcmp (status->state, "ready") == 0)
    pfa_terminal_status_set_state (status, state, NULL);
}

static void
fill_answer (PfaTerminalStatus *status, const PfaNexoAnswer *answer)
{
  if (answer->terminal_id != NULL)
    fill_identity (status, answer->terminal_id);
  pfa_terminal_status_take (status,
                            &status->software,
                            "software",
                            g_strdup (answer->firmware),
                            "firmwareVersion");
  fill_printer (status, answer->printer);
  set_told (&status->security, answer->security);
  set_told (&status->reader, answer->card_reader);
  if (answer->pin_pad == PFA_NEXO_NO)
    status->reader = PFA_TOLD_NO;
  if (answer->battery_percent >= 0)
    status->battery_percent = answer->battery_percent;
  if (answer->unconfirmed_batches > 0)
    pfa_terminal_status_add_need (status, "diagnosis");
  pfa_terminal_status_note_source (status, "state", "POIStatus");
  if (answer->global_status != NULL)
    fill_state (status, answer->global_status);
  else if (answer->error_condition != NULL)
    fill_state (status, answer->error_condition);
  fill_parts (status, answer);
}

static void
judge_online (NexoDialogue *self, const PfaNexoAnswer *answer)
{
  PfaTerminalStatus *status = self->base.status;
  const char *result = NULL;

  set_told (&status->host_reachable, answer->host_reachable);
  pfa_terminal_status_note_source (status, "host_reachable", "HostStatus");
  if (answer->host_reachable == PFA_NEXO_YES)
    result = PFA_ONLINE_PASSED;
  else if (answer->host_reachable == PFA_NEXO_NO ||
           g_strcmp0 (answer->error_condition, "UnreachableHost") == 0)
    result = PFA_ONLINE_NO_CONNECTION;
  else if (g_strcmp0 (answer->error_condition, "NotAllowed") == 0)
    result = PFA_ONLINE_NOT_SUPPORTED;
  status->online_result = g_strdup (result);
  status->online_code = g_strdup (answer->error_condition);
}

static void
on_answer (NexoDialogue *self, const PfaNexoAnswer *answer)
{
  PfaTerminalStatus *status = self->base.status;

  status->reached = TRUE;
  if (answer->rejected != NULL)
    {
      g_autofree char *facts = g_strndup (answer->rejected, 200);

      /* It rejects what it cannot open: no key where it wants one, or another one. */
      pfa_dialogue_fail (&self->base, PFA_PROBLEM_TLS, facts);
      return;
    }
  if (g_strcmp0 (answer->error_condition, "NotAllowed") == 0 && !self->host_diagnosis)
    {
      pfa_dialogue_fail (&self->base, PFA_PROBLEM_NOT_SUPPORTED, "NotAllowed");
      return;
    }
  fill_answer (status, answer);
  if (self->host_diagnosis)
    judge_online (self, answer);
  if (self->host_diagnosis || !self->online_test || g_strcmp0 (status->state, "busy") == 0 ||
      g_strcmp0 (status->state, "card-inserted") == 0)
    {
      pfa_dialogue_finish (&self->base);
      return;
    }
  self->host_diagnosis = TRUE;
  send_request (self);
}

/* The clear text of what came, as an object's wrapper content. (transfer full) */
static JsonObject *
dup_message (NexoDialogue *self, PfaSpan bytes, GError **error)
{
  g_autoptr (JsonObject) root =
      pfa_json_parse_object ((const char *) bytes.data, (gssize) bytes.length, "answer", error);
  JsonObject *message;
  JsonObject *event;
  g_autofree char *plain = NULL;
  g_autoptr (JsonObject) inner = NULL;

  if (root == NULL)
    return NULL;
  message = pfa_json_peek_object (root, PFA_NEXO_RESPONSE);
  event = pfa_json_peek_object (root, PFA_NEXO_REQUEST);
  /* Rejections come in the clear even where everything else is protected. */
  if (message == NULL && event != NULL && !pfa_nexo_is_protected (event))
    return json_object_ref (event);
  if (message == NULL || pfa_nexo_is_protected (message) != self->has_key)
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           message == NULL ? PFA_ERROR_INVALID_DATA : PFA_ERROR_UNTRUSTED,
                           "the terminal's message could not be verified");
      return NULL;
    }
  if (!self->has_key)
    return json_object_ref (message);
  plain = pfa_nexo_unprotect (&self->key, PFA_NEXO_RESPONSE, message, error);
  if (plain == NULL)
    return NULL;
  inner = pfa_json_parse_object (plain, -1, "answer", error);
  message = inner != NULL ? pfa_json_peek_object (inner, PFA_NEXO_RESPONSE) : NULL;
  return message != NULL ? json_object_ref (message) : NULL;
}

/* The transport gives the whole answer at once. */
static void
nexo_receive (PfaDialogue *dialogue, PfaSpan bytes)
{
  NexoDialogue *self = (NexoDialogue *) dialogue;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) message = dup_message (self, bytes, &error);
  g_autoptr (PfaNexoAnswer) answer = NULL;
  PfaNexoRequest request = { self->poi_id, self->service_id, self->host_diagnosis };

  if (message != NULL)
    answer = pfa_nexo_parse_answer (message, &request, &error);
  if (answer != NULL)
    on_answer (self, answer);
  else
    pfa_dialogue_fail (dialogue,
                       g_error_matches (error, PFA_ERROR, PFA_ERROR_UNTRUSTED)
                           ? PFA_PROBLEM_TLS
                           : PFA_PROBLEM_GARBLED,
                       error != NULL ? error->message : "no answer in it");
}

static void
nexo_expire (PfaDialogue *dialogue, PfaWait wait)
{
  pfa_dialogue_fail (dialogue, PFA_PROBLEM_SILENT, "no answer to the diagnosis");
}

static void
nexo_hang_up (PfaDialogue *dialogue)
{
  pfa_dialogue_fail (dialogue, PFA_PROBLEM_GARBLED, "an empty answer");
}

static void
nexo_begin (PfaDialogue *dialogue)
{
  send_request ((NexoDialogue *) dialogue);
}

static void
nexo_free (PfaDialogue *dialogue)
{
  NexoDialogue *self = (NexoDialogue *) dialogue;

  g_free (self->poi_id);
  g_free (self->service_id);
  pfa_nexo_key_clear (&self->key);
  g_free (self);
}

static const PfaDialogueClass nexo_class = {
  .begin = nexo_begin,
  .receive = nexo_receive,
  .expire = nexo_expire,
  .hang_up = nexo_hang_up,
  .free = nexo_free,
};

PfaDialogue *
pfa_nexo_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status)
{
  NexoDialogue *self = g_new0 (NexoDialogue, 1);
  const PfaTerminalSecrets *secrets = settings->secrets;

  pfa_dialogue_init (&self->base, &nexo_class, settings, status);
  self->poi_id = g_strdup (settings->address->poi);
  self->online_test = settings->online_test;
  if (secrets != NULL && secrets->nexo_passphrase != NULL)
    self->has_key = pfa_nexo_key_derive (&self->key,
                                         secrets->nexo_passphrase,
                                         secrets->nexo_key_identifier,
                                         secrets->nexo_key_version);
  return &self->base;
}
