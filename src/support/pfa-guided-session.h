/* pfa-guided-session.h - a guided session on the merchant's side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-guided-line.h"
#include "pfa-guided-view.h"

G_BEGIN_DECLS

#define PFA_TYPE_GUIDED_SESSION (pfa_guided_session_get_type ())
G_DECLARE_FINAL_TYPE (PfaGuidedSession, pfa_guided_session, PFA, GUIDED_SESSION, GObject)

typedef enum
{
  PFA_GUIDED_CONNECTING,
  PFA_GUIDED_WAITING,   /* the code is on screen */
  PFA_GUIDED_ALLOWING,  /* an agent wants to join */
  PFA_GUIDED_AGREEING,  /* the programs exchange keys */
  PFA_GUIDED_COMPARING, /* the number is on screen */
  PFA_GUIDED_WATCHED,   /* the agent sees what the merchant sees */
  PFA_GUIDED_ENDED,
} PfaGuidedState;

/* What needs the merchant's word. No answer within 60 s is no. */
typedef enum
{
  PFA_GUIDED_PROMPT_AGENT,   /* may this agent watch? */
  PFA_GUIDED_PROMPT_COMPARE, /* is it the number the agent reads out? */
  PFA_GUIDED_PROMPT_REQUEST, /* may this be done, once? */
  PFA_GUIDED_PROMPT_RENEW,   /* may the agent go on watching? */
} PfaGuidedPromptKind;

typedef struct
{
  guint id;
  PfaGuidedPromptKind kind;
  char *name;         /* of the agent */
  char *organisation; /* of the agent */
  char *number;       /* six digits, for COMPARE */
  PfaGuidedRequest *request;
  gint64 until; /* monotonic */
} PfaGuidedPrompt;

/* Signals, all in the main context:
 *   code (const char *code, guint valid_s): to read out; comes again with a new one.
 *   prompt (PfaGuidedPrompt *): one at a time; valid until answered.
 *   answered (guint id, const char *answer): yes, no, silence, or gone.
 *   acted (gint64 number, const char *outcome): what the merchant allowed is done or failed.
 *   message (const char *text): the agent's own words.
 *   changed (): the state or the line is new.
 *   logged (const char *line): an entry of guided.jsonl, without its head.
 *   ended (const char *reason): a word of pfa-guided-line.h. The last signal.
 */

/* @view is referenced and may not change what it shows into text by itself: the session masks it.
 * @key: 32 bytes, the incident's pseudonym key, so that a placeholder means the same here and in
 * the bundle. @language: the merchant's. */
PfaGuidedSession *pfa_guided_session_new (PfaGuidedView *view,
                                          const guint8 *key,
                                          const char *url,
                                          const char *trust,
                                          const char *provider,
                                          const char *language);
/* Before the start only. */
void pfa_guided_session_set_times (PfaGuidedSession *self, const PfaGuidedTimes *times);
/* Contacts the relay. */
void pfa_guided_session_start (PfaGuidedSession *self);

PfaGuidedState pfa_guided_session_get_state (PfaGuidedSession *self);
gboolean pfa_guided_session_is_line_up (PfaGuidedSession *self);
/* (transfer none), NULL while there is none. */
const char *pfa_guided_session_get_code (PfaGuidedSession *self);
const char *pfa_guided_session_get_agent (PfaGuidedSession *self);
const char *pfa_guided_session_get_organisation (PfaGuidedSession *self);
const char *pfa_guided_session_get_id (PfaGuidedSession *self);
const char *pfa_guided_session_get_reason (PfaGuidedSession *self);
const PfaGuidedPrompt *pfa_guided_session_get_prompt (PfaGuidedSession *self);

/* The merchant's word. @value: the answer to a question that the agent asked. FALSE when there is
 * no such prompt any more, or @value is none of its answers. */
gboolean
pfa_guided_session_answer (PfaGuidedSession *self, guint id, gboolean yes, const char *value);
/* Plain words to the agent, masked as everything else. FALSE: they cannot be sent. */
gboolean pfa_guided_session_say (PfaGuidedSession *self, const char *text);
/* Ends it at once, whatever the server does. */
void pfa_guided_session_stop (PfaGuidedSession *self);

/* The whole log with its heads, for the incident. (transfer full) */
JsonArray *pfa_guided_session_build_log (PfaGuidedSession *self);
/* The log's head now. (transfer none) */
const char *pfa_guided_session_get_head (PfaGuidedSession *self);

G_END_DECLS
