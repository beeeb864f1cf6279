/* pfa-command-guided.c - pos-first-aid guided: support sees what you see, and may only ask
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pfa-aid-guided-bundle.h"
#include "pfa-cli-guided.h"
#include "pfa-cli-knowledge.h"
#include "pfa-cli-outbox.h"
#include "pfa-cli-setup.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"

/* How long a goodbye may take to leave the computer. */
#define FAREWELL_MS 300

typedef struct
{
  PfaAid *aid;
  PfaGuidedSession *session;
  PfaCliGuided *screen;
  GMainLoop *loop;
  GDataInputStream *input;
  GCancellable *cancellable;
} Run;

static void read_line (Run *run);

/* "yes step-restart-router": it worked. */
static gboolean
end_step (Run *run, const char *word, gboolean worked)
{
  g_autoptr (GError) error = NULL;

  if (!g_str_has_prefix (word, PFA_CLI_GUIDED_STEP))
    return FALSE;
  if (!pfa_aid_end_step (run->aid,
                         word + strlen (PFA_CLI_GUIDED_STEP),
                         worked ? "worked" : "failed",
                         &error))
    pfa_cli_complain ("%s", error->message);
  return TRUE;
}

static gboolean
answer (Run *run, char **words, gboolean yes)
{
  const char *id = words[1];
  const char *value = id != NULL ? words[2] : NULL;

  return id != NULL && (end_step (run, id, yes) ||
                        pfa_guided_session_answer (run->session,
                                                   (guint) g_ascii_strtoull (id, NULL, 10),
                                                   yes,
                                                   value));
}

static void
obey (Run *run, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  gboolean done = TRUE;

  if (words[0] == NULL)
    return;
  if (g_str_equal (words[0], "yes") || g_str_equal (words[0], "no"))
    done = answer (run, words, g_str_equal (words[0], "yes"));
  else if (g_str_equal (words[0], "say"))
    done = pfa_guided_session_say (run->session, line + strlen ("say "));
  else if (g_str_equal (words[0], "stop"))
    pfa_guided_session_stop (run->session);
  else
    done = FALSE;
  if (!done)
    pfa_cli_complain (_ ("“%s” cannot be done now; say yes ID, no ID, say TEXT or stop"), line);
}

static void
on_line_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source),
                                                                     result,
                                                                     NULL,
                                                                     &error);
  Run *run = user_data;

  /* At the end of the input nobody can say yes any more: the session goes on, and all is no. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || (line == NULL && error == NULL))
    return;
  if (line != NULL && *g_strstrip (line) != '\0')
    obey (run, line);
  read_line (run);
}

static void
read_line (Run *run)
{
  g_data_input_stream_read_line_async (run->input,
                                       G_PRIORITY_DEFAULT,
                                       run->cancellable,
                                       on_line_read_cb,
                                       run);
}

static gboolean
on_stopped_cb (gpointer user_data)
{
  pfa_guided_session_stop (((Run *) user_data)->session);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_farewell_said_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_ended_cb (PfaGuidedSession *session, const char *reason, gpointer user_data)
{
  g_timeout_add (FAREWELL_MS, on_farewell_said_cb, ((Run *) user_data)->loop);
}

static int
exit_status (PfaGuidedSession *session)
{
  static const char *const good[] = { PFA_GUIDED_END_STOPPED, PFA_GUIDED_END_AGENT_LEFT, NULL };
  static const char *const open[] = { PFA_GUIDED_END_NO_NETWORK,
                                      PFA_GUIDED_END_REFUSED,
                                      PFA_GUIDED_END_UNTRUSTED,
                                      PFA_GUIDED_END_NOBODY_JOINED,
                                      NULL };
  const char *reason = pfa_guided_session_get_reason (session);

  if (g_strv_contains (good, reason))
    return PFA_EXIT_GOOD;
  return g_strv_contains (open, reason) ? PFA_EXIT_OPEN : PFA_EXIT_BAD;
}

static int
guide (PfaAid *aid, PfaGuidedSession *session, gboolean json)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GInputStream) standard = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (standard);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PfaCliGuided *screen = pfa_cli_guided_new (session, aid, json);
  Run run = { aid, session, screen, loop, input, cancellable };
  guint interrupted = g_unix_signal_add (SIGINT, on_stopped_cb, &run);
  guint terminated = g_unix_signal_add (SIGTERM, on_stopped_cb, &run);

  g_signal_connect (session, "ended", G_CALLBACK (on_ended_cb), &run);
  read_line (&run);
  pfa_guided_session_start (session);
  g_main_loop_run (loop);
  g_cancellable_cancel (cancellable);
  g_signal_handlers_disconnect_by_data (session, &run);
  g_source_remove (interrupted);
  g_source_remove (terminated);
  pfa_cli_guided_free (screen);
  return exit_status (session);
}

/* The open incident goes on where it was; without one a new one begins. */
static PfaAid *
take_up (PfaKnowledge *knowledge, PfaJournal *journal, const char *id_or_file)
{
  g_autoptr (PfaIncident) incident =
      journal != NULL ? pfa_journal_load_newest (journal, TRUE, NULL) : NULL;
  const char *known = incident != NULL ? incident->provider : NULL;
  g_autoptr (PfaProvider) provider =
      pfa_cli_load_provider (knowledge, id_or_file != NULL ? id_or_file : known);
  g_autoptr (PfaAid) aid = NULL;

  if (provider == NULL)
    return NULL;
  if (provider->guided_url == NULL)
    {
      pfa_cli_complain (_ ("“%s” offers no guided sessions; call their support instead"),
                        provider->id);
      return NULL;
    }
  aid = pfa_cli_new_aid (knowledge, journal);
  if (incident != NULL)
    {
      pfa_aid_resume (aid, incident);
      pfa_aid_set_provider (aid, provider);
    }
  else
    pfa_aid_begin (aid, "96", provider);
  return g_steal_pointer (&aid);
}

int
pfa_command_guided (int argc, char *argv[])
{
  g_autofree char *id_or_file = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "provider",
      0,
      0,
      G_OPTION_ARG_STRING,
      &id_or_file,
      N_ ("Whose support may watch"),
      "ID|FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print one event a line as JSON"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (PfaKnowledge) knowledge = NULL;
  g_autoptr (PfaJournal) journal = NULL;
  g_autoptr (PfaAid) aid = NULL;
  g_autoptr (PfaOutbox) outbox = NULL;
  g_autofree char *temporary = NULL;
  g_autoptr (PfaAidGuided) view = NULL;
  g_autoptr (PfaGuidedSession) session = NULL;
  int status;

  if (!pfa_cli_parse (&argc, &argv, entries, NULL))
    return PFA_EXIT_USAGE;
  knowledge = pfa_cli_load_knowledge ();
  if (knowledge == NULL)
    return PFA_EXIT_USAGE;
  journal = pfa_cli_open_journal ();
  aid = take_up (knowledge, journal, id_or_file);
  if (aid == NULL)
    return PFA_EXIT_USAGE;
  view = pfa_aid_guided_new (aid, pfa_cli_get_language ());
  outbox = pfa_cli_open_outbox (&temporary);
  if (outbox != NULL)
    pfa_aid_guided_set_outbox (view, outbox);
  session = pfa_aid_guided_create_session (view);
  status = guide (aid, session, json);
  if (outbox != NULL)
    pfa_outbox_stop (outbox);
  pfa_cli_close_outbox (outbox, g_steal_pointer (&temporary));
  return status;
}
