/* pfa-guided-watching.c - while the agent watches: the log and what is shown, heartbeat, idleness
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-session-private.h"

/* Line and head go to the agent too; before the keys are agreed the log begins here alone, and what
 * it holds then is sent first of all. */
void
pfa_guided_session_log (PfaGuidedSession *self,
                        const char *who,
                        const char *what,
                        JsonObject *details)
{
  g_autoptr (JsonObject) first = NULL;
  g_autofree char *line = NULL;

  if (self->log == NULL)
    return;
  /* The log names what its chain goes out from: whoever gets it can look at all of it. */
  if (pfa_guided_log_get_length (self->log) == 0)
    {
      first = details != NULL ? json_object_ref (details) : json_object_new ();
      json_object_set_string_member (first,
                                     PFA_GUIDED_LOG_SESSION,
                                     pfa_guided_line_get_session (self->line));
      details = first;
    }
  line = g_strdup (pfa_guided_log_add (self->log, g_get_real_time (), who, what, details));
  g_queue_push_tail (&self->lines, g_strdup (line));
  pfa_guided_session_send_lines (self);
  pfa_guided_session_emit_logged (self, line);
}

/* Masked as the bundle will mask it: what is changed there would not fit into the chain. */
void
pfa_guided_session_log_text (PfaGuidedSession *self,
                             JsonObject *details,
                             const char *member,
                             const char *text)
{
  g_autofree char *safe = pfa_guided_snapshot_mask_text (self->snapshot, text);

  if (safe != NULL)
    json_object_set_string_member (details, member, g_strchomp (safe));
}

void
pfa_guided_session_send_lines (PfaGuidedSession *self)
{
  while (self->state == PFA_GUIDED_WATCHED && !g_queue_is_empty (&self->lines) &&
         pfa_guided_line_get_room (self->line) > 0)
    {
      g_autofree char *line = g_queue_pop_head (&self->lines);
      g_autoptr (PfaGuidedFrame) frame = pfa_guided_frame_new (PFA_GUIDED_EVENT);

      json_object_set_string_member (frame->body, "section", "log");
      json_object_set_string_member (frame->body, "line", line);
      pfa_guided_line_send (self->line, frame);
    }
}

void
pfa_guided_session_add_head (PfaGuidedSession *self, PfaGuidedFrame *frame)
{
  json_object_set_int_member (frame->body, "entries", pfa_guided_log_get_length (self->log));
  json_object_set_string_member (frame->body, "head", pfa_guided_log_get_head (self->log));
}

static gboolean
on_show_cb (gpointer user_data)
{
  PfaGuidedSession *self = user_data;
  g_autoptr (JsonObject) sections = NULL;
  g_autoptr (GPtrArray) frames = NULL;

  self->show_id = 0;
  pfa_guided_session_send_lines (self);
  sections = pfa_guided_view_build_sections (self->view, self->agent_language);
  /* A few numbers are kept free for answers and the log. */
  frames = pfa_guided_snapshot_update (self->snapshot,
                                       sections,
                                       MAX (pfa_guided_line_get_room (self->line), 16) - 16);
  for (guint i = 0; i < frames->len; i++)
    pfa_guided_line_send (self->line, frames->pdata[i]);
  return G_SOURCE_REMOVE;
}

/* Many changes of one moment make one frame a section. */
void
pfa_guided_session_show_soon (PfaGuidedSession *self)
{
  if (self->state == PFA_GUIDED_WATCHED && self->show_id == 0)
    self->show_id = g_idle_add (on_show_cb, self);
}

/* Both have said that the numbers are the same. */
void
pfa_guided_session_begin_watching (PfaGuidedSession *self)
{
  if (!self->merchant_compared || !self->agent_compared || self->state != PFA_GUIDED_COMPARING)
    return;
  self->renewed = self->last_active = g_get_monotonic_time ();
  self->began = self->began != 0 ? self->began : self->renewed;
  pfa_guided_session_set_state (self, PFA_GUIDED_WATCHED);
  pfa_guided_session_log (self, PFA_GUIDED_BY_PROGRAM, "watching", NULL);
  pfa_guided_session_show_soon (self);
}

static void
send_heartbeat (PfaGuidedSession *self, gint64 now)
{
  g_autoptr (PfaGuidedFrame) ping = NULL;

  if (!pfa_guided_is_over (now, self->last_ping, self->times.heartbeat_ms) ||
      !pfa_guided_line_is_up (self->line) || pfa_guided_line_get_room (self->line) == 0)
    return;
  self->last_ping = now;
  ping = pfa_guided_frame_new (PFA_GUIDED_PING);
  pfa_guided_session_add_head (self, ping);
  pfa_guided_line_send (self->line, ping);
}

void
pfa_guided_session_look_at_watching (PfaGuidedSession *self, gint64 now)
{
  send_heartbeat (self, now);
  if (pfa_guided_is_over (now, self->last_heard, self->times.silent_ms))
    pfa_guided_session_end (self, PFA_GUIDED_END_AGENT_SILENT, NULL);
  else if (pfa_guided_is_over (now, self->last_active, self->times.idle_ms))
    pfa_guided_session_end (self, PFA_GUIDED_END_IDLE, NULL);
  else if (pfa_guided_is_over (now, self->renewed, self->times.renew_ms) && self->prompt == NULL)
    pfa_guided_session_open_prompt (self, PFA_GUIDED_PROMPT_RENEW, NULL);
}
