/* pfa-guided-consent.c - every yes and no of a guided session
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-session-private.h"

#define MAX_REQUESTS 8

static const char *
subject_member (PfaGuidedType type)
{
  switch ((int) type)
    {
    case PFA_GUIDED_SUGGEST_STEP:
      return "step";
    case PFA_GUIDED_ASK:
      return "question";
    case PFA_GUIDED_RUN_CHECK:
      return "check";
    default:
      return NULL;
    }
}

static JsonObject *
describe_request (const PfaGuidedRequest *request)
{
  JsonObject *details = json_object_new ();

  json_object_set_int_member (details, "request", request->number);
  json_object_set_string_member (details, "asked", pfa_guided_type_get_name (request->type));
  if (request->subject != NULL)
    json_object_set_string_member (details, subject_member (request->type), request->subject);
  return details;
}

void
pfa_guided_prompt_free (PfaGuidedPrompt *prompt)
{
  if (prompt == NULL)
    return;
  g_free (prompt->name);
  g_free (prompt->organisation);
  g_free (prompt->number);
  pfa_guided_request_free (prompt->request);
  g_free (prompt);
}

void
pfa_guided_session_open_prompt (PfaGuidedSession *self,
                                PfaGuidedPromptKind kind,
                                PfaGuidedRequest *request)
{
  PfaGuidedPrompt *prompt = g_new0 (PfaGuidedPrompt, 1);

  prompt->id = ++self->n_prompts;
  prompt->kind = kind;
  prompt->name = g_strdup (self->agent);
  prompt->organisation = g_strdup (self->organisation);
  if (kind == PFA_GUIDED_PROMPT_COMPARE)
    prompt->number = g_strdup_printf ("%06u", pfa_guided_keys_get_comparison (self->keys));
  prompt->request = request;
  prompt->until = g_get_monotonic_time () + (gint64) self->times.answer_ms * 1000;
  g_clear_pointer (&self->prompt, pfa_guided_prompt_free);
  self->prompt = prompt;
  pfa_guided_session_emit_prompt (self);
}

void
pfa_guided_session_close_prompt (PfaGuidedSession *self, const char *answer)
{
  PfaGuidedPrompt *prompt = g_steal_pointer (&self->prompt);

  if (prompt == NULL)
    return;
  pfa_guided_session_emit_answered (self, prompt->id, answer);
  pfa_guided_prompt_free (prompt);
}

static void
send_consent (PfaGuidedSession *self, gint64 number, const char *answer, const char *why)
{
  g_autoptr (PfaGuidedFrame) consent = pfa_guided_frame_new (PFA_GUIDED_CONSENT);

  json_object_set_int_member (consent->body, "request", number);
  json_object_set_string_member (consent->body, "answer", answer);
  if (why != NULL)
    json_object_set_string_member (consent->body, "why", why);
  pfa_guided_line_send (self->line, consent);
}

static void
refuse (PfaGuidedSession *self, const PfaGuidedRequest *request, const char *why)
{
  g_autoptr (JsonObject) details = describe_request (request);

  json_object_set_string_member (details, "why", why);
  pfa_guided_session_log (self, PFA_GUIDED_BY_PROGRAM, "refused", details);
  send_consent (self, request->number, "refused", why);
}

/* The next request is put before the merchant; one at a time. */
static void
ask_next (PfaGuidedSession *self)
{
  if (self->prompt == NULL && !self->acting && self->state == PFA_GUIDED_WATCHED &&
      !g_queue_is_empty (&self->requests))
    pfa_guided_session_open_prompt (self,
                                    PFA_GUIDED_PROMPT_REQUEST,
                                    g_queue_pop_head (&self->requests));
}

void
pfa_guided_session_take_request (PfaGuidedSession *self, const PfaGuidedFrame *frame)
{
  const char *member = subject_member (frame->type);
  g_autoptr (PfaGuidedRequest) request =
      pfa_guided_request_new (frame->type,
                              pfa_guided_frame_get_number (frame, "request"),
                              member != NULL ? pfa_guided_frame_get_text (frame, member) : NULL);
  g_autoptr (JsonObject) details = describe_request (request);
  const char *why = NULL;

  pfa_guided_session_log (self, PFA_GUIDED_BY_AGENT, "request", details);
  if (request->number <= self->last_request)
    {
      refuse (self, request, "number-used");
      return;
    }
  self->last_request = request->number;
  if (pfa_guided_line_is_late (self->line, frame->ack))
    refuse (self, request, "late");
  else if (g_queue_get_length (&self->requests) >= MAX_REQUESTS)
    refuse (self, request, "busy");
  else if ((why = pfa_guided_view_describe (self->view, request)) != NULL)
    refuse (self, request, why);
  else
    {
      g_queue_push_tail (&self->requests, g_steal_pointer (&request));
      ask_next (self);
    }
}

typedef struct
{
  PfaGuidedSession *session;
  PfaGuidedRequest *request;
} Act;

static void
act_free (Act *act)
{
  g_object_unref (act->session);
  pfa_guided_request_free (act->request);
  g_free (act);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Act, act_free)

static void
send_result (PfaGuidedSession *self, gint64 number, const char *outcome, JsonNode *value)
{
  g_autoptr (PfaGuidedFrame) frame = pfa_guided_frame_new (PFA_GUIDED_RESULT);
  g_autoptr (JsonNode) masked =
      value != NULL ? pfa_guided_snapshot_mask (self->snapshot, "result", value) : NULL;

  json_object_set_int_member (frame->body, "request", number);
  json_object_set_string_member (frame->body, "outcome", outcome);
  if (masked != NULL)
    json_object_set_member (frame->body, "value", json_node_copy (masked));
  pfa_guided_line_send (self->line, frame);
}

static void
on_acted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Act) act = user_data;
  PfaGuidedSession *self = act->session;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value =
      pfa_guided_view_act_finish (PFA_GUIDED_VIEW (source), result, &error);
  const char *outcome = error == NULL ? "done" : "failed";
  g_autoptr (JsonObject) details = NULL;

  self->acting = FALSE;
  if (self->state != PFA_GUIDED_WATCHED)
    return;
  details = describe_request (act->request);
  json_object_set_string_member (details, "outcome", outcome);
  pfa_guided_session_log (self, PFA_GUIDED_BY_PROGRAM, "result", details);
  send_result (self, act->request->number, outcome, value);
  pfa_guided_session_emit_acted (self, act->request->number, outcome);
  ask_next (self);
}

static void
act (PfaGuidedSession *self, PfaGuidedRequest *request, const char *value)
{
  Act *work = g_new0 (Act, 1);

  work->session = g_object_ref (self);
  work->request = request;
  self->acting = TRUE;
  pfa_guided_view_act_async (self->view, request, value, self->cancellable, on_acted_cb, work);
}

static void
take_request_answer (PfaGuidedSession *self,
                     PfaGuidedRequest *request,
                     gboolean yes,
                     const char *value,
                     const char *answer)
{
  g_autoptr (PfaGuidedRequest) owned = request;
  g_autoptr (JsonObject) details = describe_request (request);

  json_object_set_string_member (details, "answer", answer);
  if (yes && value != NULL)
    json_object_set_string_member (details, "value", value);
  pfa_guided_session_log (self, PFA_GUIDED_BY_MERCHANT, "consent", details);
  send_consent (self, request->number, answer, NULL);
  if (yes)
    act (self, g_steal_pointer (&owned), value);
  ask_next (self);
}

static void
deny (PfaGuidedSession *self)
{
  g_autoptr (PfaGuidedFrame) grant = pfa_guided_frame_new (PFA_GUIDED_GRANT);

  json_object_set_boolean_member (grant->body, "allowed", FALSE);
  pfa_guided_line_send (self->line, grant);
  pfa_guided_session_end (self, PFA_GUIDED_END_DENIED, NULL);
}

static void
take_comparison (PfaGuidedSession *self, gboolean same, gboolean silence)
{
  g_autoptr (PfaGuidedFrame) compared = pfa_guided_frame_new (PFA_GUIDED_COMPARED);

  json_object_set_boolean_member (compared->body, "same", same);
  pfa_guided_line_send (self->line, compared);
  if (!same)
    {
      pfa_guided_session_end (self,
                              silence ? PFA_GUIDED_END_NO_COMPARISON
                                      : PFA_GUIDED_END_NUMBERS_DIFFER,
                              NULL);
      return;
    }
  self->merchant_compared = TRUE;
  pfa_guided_session_begin_watching (self);
}

static void
take_renewal (PfaGuidedSession *self, gboolean yes)
{
  send_consent (self, 0, yes ? "yes" : "no", NULL);
  if (!yes)
    {
      pfa_guided_session_end (self, PFA_GUIDED_END_NOT_RENEWED, NULL);
      return;
    }
  self->renewed = self->last_active = g_get_monotonic_time ();
  ask_next (self);
}

static void
log_word (PfaGuidedSession *self, const char *what, const char *answer)
{
  g_autoptr (JsonObject) details = json_object_new ();

  json_object_set_string_member (details, "answer", answer);
  pfa_guided_session_log (self, PFA_GUIDED_BY_MERCHANT, what, details);
}

void
pfa_guided_session_take_answer (PfaGuidedSession *self,
                                gboolean yes,
                                const char *value,
                                const char *silence)
{
  const char *answer = silence != NULL ? silence : (yes ? "yes" : "no");
  PfaGuidedPromptKind kind = self->prompt->kind;
  PfaGuidedRequest *request = g_steal_pointer (&self->prompt->request);

  if (silence == NULL)
    self->last_active = g_get_monotonic_time ();
  pfa_guided_session_close_prompt (self, answer);
  switch (kind)
    {
    case PFA_GUIDED_PROMPT_AGENT:
      log_word (self, "allow", answer);
      if (yes)
        pfa_guided_session_commit (self);
      else
        deny (self);
      break;
    case PFA_GUIDED_PROMPT_COMPARE:
      log_word (self, "compare", answer);
      take_comparison (self, yes, silence != NULL);
      break;
    case PFA_GUIDED_PROMPT_RENEW:
      log_word (self, "renew", answer);
      take_renewal (self, yes);
      break;
    case PFA_GUIDED_PROMPT_REQUEST:
      take_request_answer (self, request, yes, value, answer);
      break;
    }
}

gboolean
pfa_guided_session_answer (PfaGuidedSession *self, guint id, gboolean yes, const char *value)
{
  const PfaGuidedRequest *request;

  g_return_val_if_fail (PFA_IS_GUIDED_SESSION (self), FALSE);

  if (self->prompt == NULL || self->prompt->id != id)
    return FALSE;
  request = self->prompt->request;
  if (yes && request != NULL && request->type == PFA_GUIDED_ASK &&
      (value == NULL || !g_strv_contains ((const char *const *) request->values, value)))
    return FALSE;
  pfa_guided_session_take_answer (self,
                                  yes,
                                  request != NULL && request->type == PFA_GUIDED_ASK ? value : NULL,
                                  NULL);
  return TRUE;
}
