/* pfa-cli-guided.c - what a guided session prints: events for scripts, sentences for people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-guided.h"

#include <stdio.h>
#include <string.h>

#include "pfa-commands.h"
#include "pfa-json.h"

struct _PfaCliGuided
{
  PfaGuidedSession *session;
  PfaAid *aid;
  gboolean json;
  gboolean was_up;
  char *doing; /* the step being done, as last told */
};

static JsonObject *
new_event (const char *event)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "event", event);
  return object;
}

/* @object: (transfer full) */
static void
print_event (JsonObject *object)
{
  g_autoptr (JsonObject) owned = object;
  g_autofree char *text = pfa_json_write_object (owned, FALSE);

  g_print ("%s\n", text);
  fflush (stdout);
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
}

static void G_GNUC_PRINTF (1, 2) print_sentence (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  pfa_cli_print_wrapped (text, 0);
  fflush (stdout);
}

static void
on_code_cb (PfaGuidedSession *session, const char *code, guint valid_s, gpointer user_data)
{
  PfaCliGuided *self = user_data;
  JsonObject *event;

  if (!self->json)
    {
      print_sentence (_ ("Read this code to support on the phone: %s (valid for %u minutes)."),
                      code,
                      valid_s / 60);
      print_sentence (
          _ ("You started this. Real support never rings you with a code. It never asks "
             "for card numbers, PINs or money. Type stop to end it at any time."));
      return;
    }
  event = new_event ("code");
  json_object_set_string_member (event, "code", code);
  json_object_set_int_member (event, "valid_s", valid_s);
  print_event (event);
}

static void
add_strings (JsonObject *object, const char *member, GStrv strings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);
  json_object_set_array_member (object, member, array);
}

static void
print_prompt_event (const PfaGuidedPrompt *prompt)
{
  static const char *const names[] = {
    [PFA_GUIDED_PROMPT_AGENT] = "agent",
    [PFA_GUIDED_PROMPT_COMPARE] = "compare",
    [PFA_GUIDED_PROMPT_REQUEST] = "request",
    [PFA_GUIDED_PROMPT_RENEW] = "renew",
  };
  JsonObject *event = new_event (names[prompt->kind]);

  json_object_set_int_member (event, "id", prompt->id);
  set_text (event, "name", prompt->name);
  set_text (event, "organisation", prompt->organisation);
  set_text (event, "number", prompt->number);
  if (prompt->request != NULL)
    {
      json_object_set_string_member (event,
                                     "kind",
                                     pfa_guided_type_get_name (prompt->request->type));
      set_text (event, "subject", prompt->request->subject);
      set_text (event, "title", prompt->request->title);
    }
  if (prompt->request != NULL && prompt->request->values != NULL)
    {
      add_strings (event, "values", prompt->request->values);
      add_strings (event, "labels", prompt->request->labels);
    }
  print_event (event);
}

static void
print_request (const PfaGuidedPrompt *prompt)
{
  const PfaGuidedRequest *request = prompt->request;

  switch ((int) request->type)
    {
    case PFA_GUIDED_SUGGEST_STEP:
      print_sentence (_ ("%s suggests the step “%s”. Do it now? Type yes %u or no %u."),
                      prompt->name,
                      request->title,
                      prompt->id,
                      prompt->id);
      break;
    case PFA_GUIDED_RUN_CHECK:
      print_sentence (
          _ ("%s asks to run “%s”. What it finds is shown to them, nothing else. Type yes "
             "%u or no %u."),
          prompt->name,
          request->title != NULL ? request->title : _ ("the whole check"),
          prompt->id,
          prompt->id);
      break;
    case PFA_GUIDED_REQUEST_BUNDLE:
      print_sentence (_ ("%s asks for the diagnostic bundle, without secrets. Send it? Type yes %u "
                         "or no %u."),
                      prompt->name,
                      prompt->id,
                      prompt->id);
      break;
    default:
      print_sentence (_ ("%s asks: %s"), prompt->name, request->title);
      for (guint i = 0; request->values[i] != NULL; i++)
        g_print ("  yes %u %s: %s\n", prompt->id, request->values[i], request->labels[i]);
      g_print ("  no %u\n", prompt->id);
      fflush (stdout);
      break;
    }
}

static void
print_prompt (const PfaGuidedPrompt *prompt)
{
  switch (prompt->kind)
    {
    case PFA_GUIDED_PROMPT_AGENT:
      print_sentence (
          _ ("%s, %s, wants to watch: findings, path, step and terminal. Not your screen, "
             "files or keyboard. Type yes %u to allow it, or no %u."),
          prompt->name,
          prompt->organisation,
          prompt->id,
          prompt->id);
      break;
    case PFA_GUIDED_PROMPT_COMPARE:
      print_sentence (
          _ ("Your number is %s. Let support read out theirs. The same? Type yes %u; if "
             "it differs, no %u."),
          prompt->number,
          prompt->id,
          prompt->id);
      break;
    case PFA_GUIDED_PROMPT_RENEW:
      print_sentence (_ ("%s has watched for half an hour. Go on? Type yes %u or no %u."),
                      prompt->name,
                      prompt->id,
                      prompt->id);
      break;
    case PFA_GUIDED_PROMPT_REQUEST:
      print_request (prompt);
      break;
    }
}

static void
on_prompt_cb (PfaGuidedSession *session, const PfaGuidedPrompt *prompt, gpointer user_data)
{
  if (((PfaCliGuided *) user_data)->json)
    print_prompt_event (prompt);
  else
    print_prompt (prompt);
}

static void
on_answered_cb (PfaGuidedSession *session, guint id, const char *answer, gpointer user_data)
{
  PfaCliGuided *self = user_data;
  JsonObject *event;

  if (!self->json)
    {
      if (g_str_equal (answer, "silence"))
        print_sentence (_ ("No answer came, so it is no."));
      return;
    }
  event = new_event ("answered");
  json_object_set_int_member (event, "id", id);
  json_object_set_string_member (event, "answer", answer);
  print_event (event);
}

static void
on_acted_cb (PfaGuidedSession *session, gint64 number, const char *outcome, gpointer user_data)
{
  PfaCliGuided *self = user_data;
  JsonObject *event;

  if (!self->json)
    {
      print_sentence (g_str_equal (outcome, "done") ? _ ("Done.") : _ ("That failed."));
      return;
    }
  event = new_event ("result");
  json_object_set_int_member (event, "request", number);
  json_object_set_string_member (event, "outcome", outcome);
  print_event (event);
}

static void
on_message_cb (PfaGuidedSession *session, const char *text, gpointer user_data)
{
  PfaCliGuided *self = user_data;
  JsonObject *event;

  if (self->json)
    {
      event = new_event ("message");
      json_object_set_string_member (event, "text", text);
      print_event (event);
      return;
    }
  print_sentence (_ ("%s writes: %s"), pfa_guided_session_get_agent (session), text);
}

static void
on_session_changed_cb (PfaGuidedSession *session, gpointer user_data)
{
  PfaCliGuided *self = user_data;
  gboolean up = pfa_guided_session_is_line_up (session);
  JsonObject *event;

  if (up == self->was_up || pfa_guided_session_get_state (session) == PFA_GUIDED_ENDED)
    return;
  self->was_up = up;
  if (!self->json)
    {
      if (!up)
        print_sentence (_ ("The line to support is broken; it is being mended."));
      return;
    }
  event = new_event ("line");
  json_object_set_boolean_member (event, "up", up);
  print_event (event);
}

static const char *
find_doing (PfaAid *aid)
{
  GPtrArray *steps = pfa_aid_get_incident (aid)->steps;

  for (guint i = steps->len; i > 0; i--)
    {
      const PfaIncidentStep *step = g_ptr_array_index (steps, i - 1);

      if (step->ended == 0)
        return step->action;
    }
  return NULL;
}

static void
tell_step (PfaCliGuided *self, const char *id)
{
  const PfaAction *action = pfa_knowledge_find_action (pfa_aid_get_knowledge (self->aid), id);
  const char *title = pfa_text_get (action != NULL ? action->title : NULL, pfa_cli_get_language ());
  g_autofree char *word = g_strconcat (PFA_CLI_GUIDED_STEP, id, NULL);
  const char *const *lines;
  JsonObject *event;

  if (self->json)
    {
      event = new_event ("step");
      json_object_set_string_member (event, "id", word);
      json_object_set_string_member (event, "title", title);
      print_event (event);
      return;
    }
  print_sentence ("%s", title);
  lines = pfa_text_get_lines (action != NULL ? action->how : NULL, pfa_cli_get_language ());
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    pfa_cli_print_wrapped (lines[i], 2);
  print_sentence (_ ("Did it work? Type yes %s or no %s."), word, word);
}

static void
on_aid_changed_cb (PfaAid *aid, gpointer user_data)
{
  PfaCliGuided *self = user_data;
  const char *doing = find_doing (aid);

  if (g_strcmp0 (doing, self->doing) == 0)
    return;
  g_free (self->doing);
  self->doing = g_strdup (doing);
  if (doing != NULL)
    tell_step (self, doing);
}

static const char *
explain_end (const char *reason)
{
  static const struct
  {
    const char *reason;
    const char *text;
  } texts[] = {
    { PFA_GUIDED_END_STOPPED, N_ ("You ended the session.") },
    { PFA_GUIDED_END_AGENT_LEFT, N_ ("Support has left the session.") },
    { PFA_GUIDED_END_DENIED, N_ ("You did not let support watch.") },
    { PFA_GUIDED_END_NUMBERS_DIFFER,
      N_ ("The numbers differ: somebody may be in between. Call the number on your contract.") },
    { PFA_GUIDED_END_NO_COMPARISON, N_ ("The number was not compared in time.") },
    { PFA_GUIDED_END_NOBODY_JOINED, N_ ("Nobody joined.") },
    { PFA_GUIDED_END_NOT_RENEWED, N_ ("You did not want to be watched any longer.") },
    { PFA_GUIDED_END_IDLE, N_ ("Nothing happened for ten minutes, so the session has ended.") },
    { PFA_GUIDED_END_TOO_LONG, N_ ("An hour is over, so the session has ended.") },
    { PFA_GUIDED_END_NO_NETWORK, N_ ("The line to support could not be mended.") },
    { PFA_GUIDED_END_AGENT_SILENT, N_ ("Support’s computer has not answered for a while.") },
    { PFA_GUIDED_END_REFUSED, N_ ("Support’s server does not take the session.") },
    { PFA_GUIDED_END_UNTRUSTED, N_ ("Support’s server could not prove who it is.") },
    { PFA_GUIDED_END_WRONG_VERSION,
      N_ ("Support’s server needs another version of this program.") },
    { PFA_GUIDED_END_BAD_FRAME, N_ ("Support’s server sent something that breaks the rules.") },
    { PFA_GUIDED_END_ALTERED,
      N_ ("Somebody between you and support changed what was said. The session was ended.") },
    { PFA_GUIDED_END_MISSING,
      N_ ("Somebody between you and support swallows what is said. The session was ended.") },
    { PFA_GUIDED_END_LOG_DIFFERS, N_ ("Your log and support’s differ. The session was ended.") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].reason, reason))
      return _ (texts[i].text);
  return _ ("Support’s server has ended the session.");
}

static void
on_ended_cb (PfaGuidedSession *session, const char *reason, gpointer user_data)
{
  PfaCliGuided *self = user_data;
  JsonObject *event;

  if (!self->json)
    {
      print_sentence ("%s", explain_end (reason));
      return;
    }
  event = new_event ("end");
  json_object_set_string_member (event, "reason", reason);
  set_text (event, "session", pfa_guided_session_get_id (session));
  set_text (event, "head", pfa_guided_session_get_head (session));
  print_event (event);
}

PfaCliGuided *
pfa_cli_guided_new (PfaGuidedSession *session, PfaAid *aid, gboolean json)
{
  PfaCliGuided *self = g_new0 (PfaCliGuided, 1);

  self->session = session;
  self->aid = aid;
  self->json = json;
  self->doing = g_strdup (find_doing (aid));
  g_signal_connect (session, "code", G_CALLBACK (on_code_cb), self);
  g_signal_connect (session, "prompt", G_CALLBACK (on_prompt_cb), self);
  g_signal_connect (session, "answered", G_CALLBACK (on_answered_cb), self);
  g_signal_connect (session, "acted", G_CALLBACK (on_acted_cb), self);
  g_signal_connect (session, "message", G_CALLBACK (on_message_cb), self);
  g_signal_connect (session, "changed", G_CALLBACK (on_session_changed_cb), self);
  g_signal_connect (session, "ended", G_CALLBACK (on_ended_cb), self);
  g_signal_connect (aid, "changed", G_CALLBACK (on_aid_changed_cb), self);
  return self;
}

void
pfa_cli_guided_free (PfaCliGuided *self)
{
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (self->aid, self);
  g_free (self->doing);
  g_free (self);
}
