/* pfa-guided-agreement.c - the merchant's half of the key agreement, and what comes sealed after it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-session-private.h"
#include "pfa-guided-words.h"

/* In characters. */
#define MESSAGE_MAX_LENGTH 1000

void
pfa_guided_session_commit (PfaGuidedSession *self)
{
  g_autoptr (PfaGuidedFrame) grant = pfa_guided_frame_new (PFA_GUIDED_GRANT);
  g_autoptr (PfaGuidedFrame) commit = pfa_guided_frame_new (PFA_GUIDED_COMMIT);
  g_autoptr (GError) error = NULL;
  guint8 hash[PFA_GUIDED_HASH_SIZE];

  self->keys = pfa_guided_keys_new (PFA_GUIDED_MERCHANT, &error);
  if (self->keys == NULL)
    {
      pfa_guided_session_end (self, PFA_GUIDED_END_ENDED, error->message);
      return;
    }
  json_object_set_boolean_member (grant->body, "allowed", TRUE);
  pfa_guided_line_send (self->line, grant);
  pfa_guided_compute_commitment (pfa_guided_keys_get_public (self->keys),
                                 pfa_guided_keys_get_nonce (self->keys),
                                 hash);
  pfa_guided_frame_set_bytes (commit, "hash", hash, sizeof hash);
  pfa_guided_line_send (self->line, commit);
  self->last_heard = g_get_monotonic_time ();
  pfa_guided_session_set_state (self, PFA_GUIDED_AGREEING);
}

void
pfa_guided_session_take_reveal (PfaGuidedSession *self, const PfaGuidedFrame *frame)
{
  guint8 key[PFA_GUIDED_KEY_SIZE];
  guint8 nonce[PFA_GUIDED_NONCE_SIZE];
  g_autoptr (PfaGuidedFrame) reveal = NULL;
  g_autoptr (GError) error = NULL;

  if (frame->type != PFA_GUIDED_REVEAL || self->state != PFA_GUIDED_AGREEING ||
      !pfa_guided_frame_read_bytes (frame, "key", key, sizeof key) ||
      !pfa_guided_frame_read_bytes (frame, "nonce", nonce, sizeof nonce))
    {
      pfa_guided_session_end (self, PFA_GUIDED_END_BAD_FRAME, "not the agent's half of the key");
      return;
    }
  if (!pfa_guided_keys_agree (self->keys, key, nonce, pfa_guided_session_get_id (self), &error))
    {
      pfa_guided_session_end (self, PFA_GUIDED_END_ALTERED, error->message);
      return;
    }
  reveal = pfa_guided_frame_new (PFA_GUIDED_REVEAL);
  pfa_guided_frame_set_bytes (reveal,
                              "key",
                              pfa_guided_keys_get_public (self->keys),
                              PFA_GUIDED_KEY_SIZE);
  pfa_guided_frame_set_bytes (reveal,
                              "nonce",
                              pfa_guided_keys_get_nonce (self->keys),
                              PFA_GUIDED_NONCE_SIZE);
  pfa_guided_line_send (self->line, reveal);
  pfa_guided_line_set_keys (self->line, self->keys);
  self->last_heard = g_get_monotonic_time ();
  pfa_guided_session_set_state (self, PFA_GUIDED_COMPARING);
  pfa_guided_session_open_prompt (self, PFA_GUIDED_PROMPT_COMPARE, NULL);
}

/* Comes again when the agent wants to read in another language. */
static void
take_compared (PfaGuidedSession *self, const PfaGuidedFrame *frame)
{
  const char *language = pfa_guided_frame_get_text (frame, "language");

  if (!pfa_guided_frame_get_boolean (frame, "same"))
    {
      pfa_guided_session_end (self, PFA_GUIDED_END_NUMBERS_DIFFER, "the agent says so");
      return;
    }
  g_free (self->agent_language);
  self->agent_language = g_strdup (language != NULL ? language : "en");
  self->agent_compared = TRUE;
  if (self->state == PFA_GUIDED_WATCHED)
    pfa_guided_session_show_soon (self);
  else
    pfa_guided_session_begin_watching (self);
}

/* The agent's log is ours as far as it has come; anything else means that one of us was told a
 * different story. */
static void
compare_heads (PfaGuidedSession *self, const PfaGuidedFrame *frame)
{
  const char *head = pfa_guided_frame_get_text (frame, "head");

  if (head != NULL &&
      !pfa_guided_log_matches (self->log,
                               (guint) pfa_guided_frame_get_number (frame, "entries"),
                               head))
    pfa_guided_session_end (self, PFA_GUIDED_END_LOG_DIFFERS, NULL);
}

static void
take_message (PfaGuidedSession *self, const PfaGuidedFrame *frame)
{
  g_autofree char *text =
      pfa_guided_words_clean (pfa_guided_frame_get_text (frame, "text"), MESSAGE_MAX_LENGTH);
  g_autoptr (JsonObject) details = json_object_new ();

  if (*text == '\0')
    return;
  pfa_guided_session_log_text (self, details, "text", text);
  pfa_guided_session_log (self, PFA_GUIDED_BY_AGENT, "message", details);
  pfa_guided_session_emit_message (self, text);
}

void
pfa_guided_session_take_sealed (PfaGuidedSession *self, const PfaGuidedFrame *frame)
{
  self->last_heard = g_get_monotonic_time ();
  if (frame->type == PFA_GUIDED_COMPARED)
    take_compared (self, frame);
  else if (frame->type == PFA_GUIDED_BYE)
    pfa_guided_session_end (self, PFA_GUIDED_END_AGENT_LEFT, NULL);
  else if (self->state != PFA_GUIDED_WATCHED)
    /* Before both have compared, nothing else is listened to. */
    pfa_guided_session_end (self, PFA_GUIDED_END_BAD_FRAME, "a frame came before its time");
  else if (frame->type == PFA_GUIDED_PING || frame->type == PFA_GUIDED_PONG)
    compare_heads (self, frame);
  else if (frame->type == PFA_GUIDED_MESSAGE)
    {
      self->last_active = self->last_heard;
      take_message (self, frame);
    }
  else if (pfa_guided_type_is_request (frame->type))
    {
      self->last_active = self->last_heard;
      pfa_guided_session_take_request (self, frame);
    }
  else
    pfa_guided_session_end (self, PFA_GUIDED_END_BAD_FRAME, "an agent may not send that");
}
