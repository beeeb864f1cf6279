/* pfa-guided-text.c - a guided session's states, questions and endings as sentences
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-text.h"

#include <glib/gi18n.h>

typedef struct
{
  const char *reason;
  const char *text;
} Ending;

static const Ending endings[] = {
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
  { PFA_GUIDED_END_WRONG_VERSION, N_ ("Support’s server needs another version of this program.") },
  { PFA_GUIDED_END_BAD_FRAME, N_ ("Support’s server sent something that breaks the rules.") },
  { PFA_GUIDED_END_ALTERED,
    N_ ("Somebody between you and support changed what was said. The session was ended.") },
  { PFA_GUIDED_END_MISSING,
    N_ ("Somebody between you and support swallows what is said. The session was ended.") },
  { PFA_GUIDED_END_LOG_DIFFERS, N_ ("Your log and support’s differ. The session was ended.") },
};

const char *
pfa_guided_text_say_end (const char *reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_strcmp0 (endings[i].reason, reason) == 0)
      return _ (endings[i].text);
  return _ ("Support’s server has ended the session.");
}

char *
pfa_guided_text_dup_state (PfaGuidedState state,
                           const char *agent,
                           const char *organisation,
                           gboolean line_is_up)
{
  switch (state)
    {
    case PFA_GUIDED_CONNECTING:
      return g_strdup (_ ("Asking your provider for a session …"));
    case PFA_GUIDED_WAITING:
      return g_strdup (_ ("Read this code to support on the phone."));
    case PFA_GUIDED_ALLOWING:
    case PFA_GUIDED_AGREEING:
    case PFA_GUIDED_COMPARING:
      return g_strdup (_ ("Support wants to join."));
    case PFA_GUIDED_WATCHED:
      if (!line_is_up)
        return g_strdup (_ ("The line to support is broken; it is being mended."));
      return g_strdup_printf (_ ("Watching now: %s, %s"),
                              agent != NULL ? agent : "",
                              organisation != NULL ? organisation : "");
    case PFA_GUIDED_ENDED:
    default:
      return NULL;
    }
}

static char *
dup_request (const char *name, const PfaGuidedRequest *request)
{
  const char *title = request->title != NULL ? request->title : _ ("the whole check");

  if (request->type == PFA_GUIDED_SUGGEST_STEP)
    return g_strdup_printf (_ ("%s suggests the step “%s”. Do it now?"), name, title);
  if (request->type == PFA_GUIDED_ASK)
    return g_strdup_printf (_ ("%s asks: %s"), name, title);
  if (request->type == PFA_GUIDED_RUN_CHECK)
    return g_strdup_printf (_ ("%s asks to run “%s”. Run it now?"), name, title);
  return g_strdup_printf (_ ("%s asks for your report. Send it?"), name);
}

char *
pfa_guided_text_dup_prompt (const PfaGuidedPrompt *prompt)
{
  const char *name = prompt->name != NULL ? prompt->name : "";

  switch (prompt->kind)
    {
    case PFA_GUIDED_PROMPT_AGENT:
      return g_strdup_printf (_ ("%s of %s wants to watch. May they?"),
                              name,
                              prompt->organisation != NULL ? prompt->organisation : "");
    case PFA_GUIDED_PROMPT_COMPARE:
      return g_strdup (_ ("Let support read out their number. Is it the same as this one?"));
    case PFA_GUIDED_PROMPT_RENEW:
      return g_strdup_printf (_ ("%s has watched for half an hour. Go on?"), name);
    case PFA_GUIDED_PROMPT_REQUEST:
    default:
      return dup_request (name, prompt->request);
    }
}

const char *
pfa_guided_text_say_what_is_sent (const PfaGuidedPrompt *prompt)
{
  switch (prompt->kind)
    {
    case PFA_GUIDED_PROMPT_COMPARE:
      return _ ("If it differs, somebody is in between: say no.");
    case PFA_GUIDED_PROMPT_REQUEST:
      break;
    case PFA_GUIDED_PROMPT_AGENT:
    case PFA_GUIDED_PROMPT_RENEW:
    default:
      return _ ("They see your findings, the path, the step and the terminal. They never see "
                "your screen, files or keyboard.");
    }
  switch ((int) prompt->request->type)
    {
    case PFA_GUIDED_SUGGEST_STEP:
      return _ ("It sends: that you do this step, and whether it helped. Nothing else.");
    case PFA_GUIDED_ASK:
      return _ ("It sends: the answer you pick. Nothing else.");
    case PFA_GUIDED_RUN_CHECK:
      return _ ("It sends: what the check finds. Nothing else.");
    default:
      return _ ("It sends: your findings, steps and logs. Secrets are left out.");
    }
}

const char *
pfa_guided_text_say_answer (const char *answer)
{
  if (g_strcmp0 (answer, "yes") == 0)
    return _ ("You said yes.");
  if (g_strcmp0 (answer, "no") == 0)
    return _ ("You said no.");
  if (g_strcmp0 (answer, "silence") == 0)
    return _ ("No answer came, so it is no.");
  return NULL;
}
