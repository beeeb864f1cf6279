/* pfa-guided-session-private.h - the session's own members, for the files that make it up
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-guided-log.h"
#include "pfa-guided-session.h"
#include "pfa-guided-snapshot.h"

G_BEGIN_DECLS

struct _PfaGuidedSession
{
  GObject parent_instance;

  PfaGuidedView *view;
  PfaGuidedSnapshot *snapshot;
  PfaGuidedTimes times;
  PfaGuidedLine *line;
  PfaGuidedKeys *keys;
  PfaGuidedLog *log;         /* from the relay's first welcome on */
  GQueue lines;              /* of the log, not yet sent */
  GCancellable *cancellable; /* of what the merchant allowed */
  char *url;
  char *trust;
  char *provider;
  char *language;

  PfaGuidedState state;
  const char *reason;
  char *code;
  char *agent;
  char *organisation;
  char *agent_language;
  gboolean merchant_compared;
  gboolean agent_compared;

  guint n_prompts;
  PfaGuidedPrompt *prompt;
  GQueue requests;     /* (element-type PfaGuidedRequest) behind the one that is asked now */
  gint64 last_request; /* the highest number that the agent has used */
  gboolean acting;

  guint look_id;
  guint show_id;
  gint64 began;
  gint64 renewed;
  gint64 last_active; /* somebody did something */
  gint64 last_heard;  /* anything under the agent's seal */
  gint64 last_ping;
};

static inline gboolean
pfa_guided_is_over (gint64 now, gint64 since, guint limit_ms)
{
  return now - since > (gint64) limit_ms * 1000;
}

/* pfa-guided-session.c */
void pfa_guided_session_end (PfaGuidedSession *self, const char *reason, const char *detail);
void pfa_guided_session_set_state (PfaGuidedSession *self, PfaGuidedState state);
void pfa_guided_session_emit_code (PfaGuidedSession *self, const char *code, guint valid_s);
void pfa_guided_session_emit_logged (PfaGuidedSession *self, const char *line);
void pfa_guided_session_emit_prompt (PfaGuidedSession *self);
void pfa_guided_session_emit_answered (PfaGuidedSession *self, guint id, const char *answer);
void pfa_guided_session_emit_acted (PfaGuidedSession *self, gint64 number, const char *outcome);
void pfa_guided_session_emit_message (PfaGuidedSession *self, const char *text);

/* pfa-guided-joining.c */
void pfa_guided_session_take_relay_frame (PfaGuidedSession *self, const PfaGuidedFrame *frame);

/* pfa-guided-watching.c */
void pfa_guided_session_log (PfaGuidedSession *self,
                             const char *who,
                             const char *what,
                             JsonObject *details);
void pfa_guided_session_log_text (PfaGuidedSession *self,
                                  JsonObject *details,
                                  const char *member,
                                  const char *text);
void pfa_guided_session_send_lines (PfaGuidedSession *self);
void pfa_guided_session_add_head (PfaGuidedSession *self, PfaGuidedFrame *frame);
void pfa_guided_session_show_soon (PfaGuidedSession *self);
void pfa_guided_session_begin_watching (PfaGuidedSession *self);
void pfa_guided_session_look_at_watching (PfaGuidedSession *self, gint64 now);

/* pfa-guided-consent.c */
void pfa_guided_prompt_free (PfaGuidedPrompt *prompt);
/* @request: (transfer full) */
void pfa_guided_session_open_prompt (PfaGuidedSession *self,
                                     PfaGuidedPromptKind kind,
                                     PfaGuidedRequest *request);
void pfa_guided_session_close_prompt (PfaGuidedSession *self, const char *answer);
/* @silence: NULL, or why it is no although nobody said so. */
void pfa_guided_session_take_answer (PfaGuidedSession *self,
                                     gboolean yes,
                                     const char *value,
                                     const char *silence);
void pfa_guided_session_take_request (PfaGuidedSession *self, const PfaGuidedFrame *frame);

/* pfa-guided-agreement.c */
void pfa_guided_session_commit (PfaGuidedSession *self);
void pfa_guided_session_take_reveal (PfaGuidedSession *self, const PfaGuidedFrame *frame);
void pfa_guided_session_take_sealed (PfaGuidedSession *self, const PfaGuidedFrame *frame);

G_END_DECLS
