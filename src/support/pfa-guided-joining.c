/* pfa-guided-joining.c - what the relay itself says: the code, who wants to join, that it is over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-session-private.h"
#include "pfa-guided-words.h"
#include "pfa-json.h"

/* In characters; one line of a small window. */
#define NAME_MAX_LENGTH 60

static void
take_welcome (PfaGuidedSession *self, const PfaGuidedFrame *frame)
{
  const char *code = pfa_guided_frame_get_text (frame, "code");

  if (self->log == NULL)
    self->log = pfa_guided_log_new (pfa_guided_line_get_session (self->line));
  if (code == NULL || self->state > PFA_GUIDED_WAITING)
    return;
  g_free (self->code);
  self->code = g_strdup (code);
  pfa_guided_session_set_state (self, PFA_GUIDED_WAITING);
  pfa_guided_session_emit_code (self, code, (guint) pfa_guided_frame_get_number (frame, "valid_s"));
}

static void
take_claim (PfaGuidedSession *self, const PfaGuidedFrame *frame)
{
  JsonObject *agent = pfa_json_peek_object (frame->body, "agent");
  const char *name = agent != NULL ? pfa_json_peek_string (agent, "name") : NULL;
  const char *organisation = agent != NULL ? pfa_json_peek_string (agent, "organisation") : NULL;
  g_autoptr (JsonObject) details = NULL;

  /* After a resume the relay says it again; somebody else may not come in that way. */
  if (self->state != PFA_GUIDED_WAITING || name == NULL || organisation == NULL)
    return;
  g_clear_pointer (&self->code, g_free);
  self->agent = pfa_guided_words_clean (name, NAME_MAX_LENGTH);
  self->organisation = pfa_guided_words_clean (organisation, NAME_MAX_LENGTH);
  /* What stands on the screen as an agent must not read as if the program itself spoke. */
  if (*self->agent == '\0' || *self->organisation == '\0' || pfa_guided_words_is_own_name (name) ||
      pfa_guided_words_is_own_name (organisation))
    {
      pfa_guided_session_end (self, PFA_GUIDED_END_BAD_FRAME, "the agent's name is none");
      return;
    }
  details = json_object_new ();
  pfa_guided_session_log_text (self, details, "agent", self->agent);
  pfa_guided_session_log_text (self, details, "organisation", self->organisation);
  pfa_guided_session_log (self, PFA_GUIDED_BY_AGENT, "claim", details);
  pfa_guided_session_set_state (self, PFA_GUIDED_ALLOWING);
  pfa_guided_session_open_prompt (self, PFA_GUIDED_PROMPT_AGENT, NULL);
}

void
pfa_guided_session_take_relay_frame (PfaGuidedSession *self, const PfaGuidedFrame *frame)
{
  const char *reason;

  if (frame->type == PFA_GUIDED_WELCOME)
    take_welcome (self, frame);
  else if (frame->type == PFA_GUIDED_CLAIM)
    take_claim (self, frame);
  else if (frame->type == PFA_GUIDED_BYE)
    {
      /* The relay's word is put into ours: its reason is not trusted text. */
      reason = pfa_guided_frame_get_text (frame, "reason");
      if (g_strcmp0 (reason, "wrong-version") == 0)
        pfa_guided_session_end (self, PFA_GUIDED_END_WRONG_VERSION, NULL);
      else if (g_strcmp0 (reason, "no-network") == 0)
        pfa_guided_session_end (self, PFA_GUIDED_END_NO_NETWORK, NULL);
      else if (g_strcmp0 (reason, "nobody-joined") == 0)
        pfa_guided_session_end (self, PFA_GUIDED_END_NOBODY_JOINED, NULL);
      else if (self->agent != NULL && g_strcmp0 (reason, "agent-left") == 0)
        pfa_guided_session_end (self, PFA_GUIDED_END_AGENT_LEFT, NULL);
      else
        pfa_guided_session_end (self, PFA_GUIDED_END_ENDED, reason);
    }
}
