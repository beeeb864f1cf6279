/* pfa-guided-session.c - a guided session on the merchant's side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-session.h"

#include <string.h>

#include "pfa-guided-log.h"
#include "pfa-guided-session-private.h"
#include "pfa-guided-snapshot.h"

/* How often deadlines are looked at; a tenth of the shortest, within these bounds. */
#define LOOK_MIN_MS 5
#define LOOK_MAX_MS 500

enum
{
  SIGNAL_CODE,
  SIGNAL_PROMPT,
  SIGNAL_ANSWERED,
  SIGNAL_ACTED,
  SIGNAL_MESSAGE,
  SIGNAL_CHANGED,
  SIGNAL_LOGGED,
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PfaGuidedSession, pfa_guided_session, G_TYPE_OBJECT)

static void
set_state (PfaGuidedSession *self, PfaGuidedState state)
{
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Everything that ends a session goes through here, once. */
void
pfa_guided_session_end (PfaGuidedSession *self, const char *reason, const char *detail)
{
  g_autoptr (PfaGuidedSession) alive = g_object_ref (self);
  g_autoptr (JsonObject) details = NULL;

  if (self->state == PFA_GUIDED_ENDED)
    return;
  self->reason = reason;
  g_cancellable_cancel (self->cancellable);
  pfa_guided_session_close_prompt (self, "gone");
  g_queue_clear_full (&self->requests, (GDestroyNotify) pfa_guided_request_free);
  details = json_object_new ();
  json_object_set_string_member (details, "reason", reason);
  if (detail != NULL)
    json_object_set_string_member (details, "detail", detail);
  pfa_guided_session_log (self, PFA_GUIDED_BY_PROGRAM, "end", details);
  if (self->state == PFA_GUIDED_WATCHED && pfa_guided_line_get_room (self->line) > 0)
    {
      g_autoptr (PfaGuidedFrame) bye = pfa_guided_frame_new (PFA_GUIDED_BYE);

      json_object_set_string_member (bye->body, "reason", reason);
      pfa_guided_session_add_head (self, bye);
      pfa_guided_line_send (self->line, bye);
    }
  pfa_guided_line_stop (self->line, reason);
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_handle_id (&self->show_id, g_source_remove);
  set_state (self, PFA_GUIDED_ENDED);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, reason);
}

static void
on_view_changed_cb (PfaGuidedView *view, gpointer user_data)
{
  PfaGuidedSession *self = user_data;

  self->last_active = g_get_monotonic_time ();
  pfa_guided_session_show_soon (self);
}

static void
on_relay_frame (const PfaGuidedFrame *frame, gpointer user_data)
{
  pfa_guided_session_take_relay_frame (user_data, frame);
}

static void
on_frame (const PfaGuidedFrame *frame, gboolean sealed, gpointer user_data)
{
  PfaGuidedSession *self = user_data;

  if (!sealed)
    pfa_guided_session_take_reveal (self, frame);
  else
    pfa_guided_session_take_sealed (self, frame);
}

static void
on_line_changed (gboolean up, gpointer user_data)
{
  PfaGuidedSession *self = user_data;

  if (self->log != NULL && pfa_guided_log_get_length (self->log) > 0)
    pfa_guided_session_log (self, PFA_GUIDED_BY_PROGRAM, up ? "line-mended" : "line-broken", NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_room (gpointer user_data)
{
  pfa_guided_session_show_soon (user_data);
}

static void
on_line_ended (const char *reason, const char *detail, gpointer user_data)
{
  pfa_guided_session_end (user_data, reason, detail);
}

static const PfaGuidedLineEvents line_events = {
  on_relay_frame, on_frame, on_line_changed, on_room, on_line_ended,
};

static gboolean
on_look_cb (gpointer user_data)
{
  g_autoptr (PfaGuidedSession) self = g_object_ref (user_data);
  gint64 now = g_get_monotonic_time ();

  pfa_guided_line_look (self->line, now);
  if (self->state == PFA_GUIDED_WATCHED)
    pfa_guided_session_look_at_watching (self, now);
  /* The agent's half of the key agreement is a matter of seconds, not of minutes. */
  else if ((self->state == PFA_GUIDED_AGREEING || self->state == PFA_GUIDED_COMPARING) &&
           pfa_guided_is_over (now, self->last_heard, self->times.silent_ms))
    pfa_guided_session_end (self, PFA_GUIDED_END_NO_COMPARISON, NULL);
  else if (self->state < PFA_GUIDED_ALLOWING &&
           pfa_guided_is_over (now, self->last_active, self->times.longest_ms))
    pfa_guided_session_end (self, PFA_GUIDED_END_NOBODY_JOINED, NULL);
  if (self->began != 0 && pfa_guided_is_over (now, self->began, self->times.longest_ms))
    pfa_guided_session_end (self, PFA_GUIDED_END_TOO_LONG, NULL);
  if (self->prompt != NULL && now > self->prompt->until)
    pfa_guided_session_take_answer (self, FALSE, NULL, "silence");
  return G_SOURCE_CONTINUE;
}

PfaGuidedSession *
pfa_guided_session_new (PfaGuidedView *view,
                        const guint8 *key,
                        const char *url,
                        const char *trust,
                        const char *provider,
                        const char *language)
{
  PfaGuidedSession *self = g_object_new (PFA_TYPE_GUIDED_SESSION, NULL);

  self->view = g_object_ref (view);
  self->snapshot = pfa_guided_snapshot_new (key);
  self->url = g_strdup (url);
  self->trust = g_strdup (trust);
  self->provider = g_strdup (provider);
  self->language = g_strdup (language);
  g_signal_connect_object (view, "changed", G_CALLBACK (on_view_changed_cb), self, 0);
  return self;
}

void
pfa_guided_session_set_times (PfaGuidedSession *self, const PfaGuidedTimes *times)
{
  g_return_if_fail (self->line == NULL);

  self->times = *times;
}

void
pfa_guided_session_start (PfaGuidedSession *self)
{
  guint shortest = MIN (MIN (self->times.heartbeat_ms, self->times.retry_ms * 2),
                        MIN (self->times.answer_ms, self->times.late_ms));

  g_return_if_fail (self->line == NULL);

  self->last_active = g_get_monotonic_time ();
  self->line = pfa_guided_line_new (self->url,
                                    self->trust,
                                    self->provider,
                                    self->language,
                                    &self->times,
                                    &line_events,
                                    self);
  self->look_id = g_timeout_add (CLAMP (shortest / 10, LOOK_MIN_MS, LOOK_MAX_MS), on_look_cb, self);
  pfa_guided_line_start (self->line);
}

PfaGuidedState
pfa_guided_session_get_state (PfaGuidedSession *self)
{
  return self->state;
}

gboolean
pfa_guided_session_is_line_up (PfaGuidedSession *self)
{
  return self->line != NULL && pfa_guided_line_is_up (self->line);
}

const char *
pfa_guided_session_get_code (PfaGuidedSession *self)
{
  return self->code;
}

const char *
pfa_guided_session_get_agent (PfaGuidedSession *self)
{
  return self->agent;
}

const char *
pfa_guided_session_get_organisation (PfaGuidedSession *self)
{
  return self->organisation;
}

const char *
pfa_guided_session_get_id (PfaGuidedSession *self)
{
  return self->line != NULL ? pfa_guided_line_get_session (self->line) : NULL;
}

const char *
pfa_guided_session_get_reason (PfaGuidedSession *self)
{
  return self->reason;
}

const PfaGuidedPrompt *
pfa_guided_session_get_prompt (PfaGuidedSession *self)
{
  return self->prompt;
}

gboolean
pfa_guided_session_say (PfaGuidedSession *self, const char *text)
{
  g_autoptr (PfaGuidedFrame) frame = NULL;
  g_autofree char *safe = NULL;

  if (self->state != PFA_GUIDED_WATCHED || text == NULL || *text == '\0' ||
      !g_utf8_validate (text, -1, NULL) || pfa_guided_line_get_room (self->line) == 0)
    return FALSE;
  safe = pfa_guided_snapshot_mask_text (self->snapshot, text);
  if (safe == NULL || strlen (safe) > 2000)
    return FALSE;
  self->last_active = g_get_monotonic_time ();
  frame = pfa_guided_frame_new (PFA_GUIDED_MESSAGE);
  json_object_set_string_member (frame->body, "text", safe);
  pfa_guided_line_send (self->line, frame);
  pfa_guided_session_log (self, PFA_GUIDED_BY_MERCHANT, "message", frame->body);
  return TRUE;
}

void
pfa_guided_session_stop (PfaGuidedSession *self)
{
  if (self->line != NULL)
    pfa_guided_session_end (self, PFA_GUIDED_END_STOPPED, NULL);
}

JsonArray *
pfa_guided_session_build_log (PfaGuidedSession *self)
{
  return self->log != NULL ? pfa_guided_log_to_json (self->log) : json_array_new ();
}

const char *
pfa_guided_session_get_head (PfaGuidedSession *self)
{
  return self->log != NULL ? pfa_guided_log_get_head (self->log) : NULL;
}

void
pfa_guided_session_emit_code (PfaGuidedSession *self, const char *code, guint valid_s)
{
  g_signal_emit (self, signals[SIGNAL_CODE], 0, code, valid_s);
}

void
pfa_guided_session_emit_logged (PfaGuidedSession *self, const char *line)
{
  g_signal_emit (self, signals[SIGNAL_LOGGED], 0, line);
}

void
pfa_guided_session_emit_prompt (PfaGuidedSession *self)
{
  g_signal_emit (self, signals[SIGNAL_PROMPT], 0, self->prompt);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
pfa_guided_session_emit_answered (PfaGuidedSession *self, guint id, const char *answer)
{
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, id, answer);
}

void
pfa_guided_session_emit_acted (PfaGuidedSession *self, gint64 number, const char *outcome)
{
  g_signal_emit (self, signals[SIGNAL_ACTED], 0, number, outcome);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
pfa_guided_session_emit_message (PfaGuidedSession *self, const char *text)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, text);
}

void
pfa_guided_session_set_state (PfaGuidedSession *self, PfaGuidedState state)
{
  set_state (self, state);
}

static void
pfa_guided_session_dispose (GObject *object)
{
  PfaGuidedSession *self = PFA_GUIDED_SESSION (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_handle_id (&self->show_id, g_source_remove);
  if (self->line != NULL && self->state != PFA_GUIDED_ENDED)
    pfa_guided_line_stop (self->line, PFA_GUIDED_END_STOPPED);
  self->state = PFA_GUIDED_ENDED;
  g_clear_pointer (&self->line, pfa_guided_line_free);
  g_clear_object (&self->view);
  G_OBJECT_CLASS (pfa_guided_session_parent_class)->dispose (object);
}

static void
pfa_guided_session_finalize (GObject *object)
{
  PfaGuidedSession *self = PFA_GUIDED_SESSION (object);

  g_clear_pointer (&self->prompt, pfa_guided_prompt_free);
  g_clear_pointer (&self->keys, pfa_guided_keys_free);
  g_clear_pointer (&self->log, pfa_guided_log_free);
  g_clear_pointer (&self->snapshot, pfa_guided_snapshot_free);
  g_queue_clear_full (&self->requests, (GDestroyNotify) pfa_guided_request_free);
  g_queue_clear_full (&self->lines, g_free);
  g_object_unref (self->cancellable);
  g_free (self->url);
  g_free (self->trust);
  g_free (self->provider);
  g_free (self->language);
  g_free (self->code);
  g_free (self->agent);
  g_free (self->organisation);
  g_free (self->agent_language);
  G_OBJECT_CLASS (pfa_guided_session_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, guint n, GType one, GType two)
{
  return g_signal_new (name,
                       PFA_TYPE_GUIDED_SESSION,
                       G_SIGNAL_RUN_LAST,
                       0,
                       NULL,
                       NULL,
                       NULL,
                       G_TYPE_NONE,
                       n,
                       one,
                       two);
}

static void
pfa_guided_session_class_init (PfaGuidedSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_guided_session_dispose;
  object_class->finalize = pfa_guided_session_finalize;

  signals[SIGNAL_CODE] = add_signal ("code", 2, G_TYPE_STRING, G_TYPE_UINT);
  signals[SIGNAL_PROMPT] = add_signal ("prompt", 1, G_TYPE_POINTER, G_TYPE_NONE);
  signals[SIGNAL_ANSWERED] = add_signal ("answered", 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[SIGNAL_ACTED] = add_signal ("acted", 2, G_TYPE_INT64, G_TYPE_STRING);
  signals[SIGNAL_MESSAGE] = add_signal ("message", 1, G_TYPE_STRING, G_TYPE_NONE);
  signals[SIGNAL_CHANGED] = add_signal ("changed", 0, G_TYPE_NONE, G_TYPE_NONE);
  signals[SIGNAL_LOGGED] = add_signal ("logged", 1, G_TYPE_STRING, G_TYPE_NONE);
  signals[SIGNAL_ENDED] = add_signal ("ended", 1, G_TYPE_STRING, G_TYPE_NONE);
}

static void
pfa_guided_session_init (PfaGuidedSession *self)
{
  self->times = pfa_guided_default_times;
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->requests);
  g_queue_init (&self->lines);
}
