/* pfa-command-check.c - pos-first-aid check: the whole run, in a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>

#include "pfa-aid.h"
#include "pfa-cli-knowledge.h"
#include "pfa-cli-report.h"
#include "pfa-cli-setup.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"

#define DEADLINE_MAX_S 300

typedef struct
{
  char *code;
  char *provider;
  char *connection;
  char *answered;
  char *terminal;
  gboolean online_test;
  gboolean throughput;
  char **answers;
  double deadline_s;
  gboolean json;
} Options;

typedef struct
{
  PfaAid *aid;
  GMainLoop *loop;
  GCancellable *cancellable;
  guint pending;
} Run;

static void
options_clear (Options *options)
{
  g_free (options->code);
  g_free (options->provider);
  g_free (options->connection);
  g_free (options->answered);
  g_free (options->terminal);
  g_strfreev (options->answers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (int *argc, char **argv[], Options *options)
{
  const GOptionEntry entries[] = {
    { "code", 0, 0, G_OPTION_ARG_STRING, &options->code, N_ ("The code on the terminal"), "96" },
    { "provider",
      0,
      0,
      G_OPTION_ARG_STRING,
      &options->provider,
      N_ ("Whose terminal it is"),
      "ID|FILE" },
    { "connection",
      0,
      0,
      G_OPTION_ARG_STRING,
      &options->connection,
      N_ ("How the terminal is connected"),
      "lan|wifi|mobile|phone-line|phone-app|unknown" },
    { "answered",
      0,
      0,
      G_OPTION_ARG_STRING,
      &options->answered,
      N_ ("Where the code came from"),
      "host|terminal|reversal|sign-in|unknown" },
    { "terminal",
      0,
      0,
      G_OPTION_ARG_STRING,
      &options->terminal,
      N_ ("The terminal to ask"),
      "ADDRESS" },
    { "online-terminal-test",
      0,
      0,
      G_OPTION_ARG_NONE,
      &options->online_test,
      N_ ("Let the terminal test its line; it goes online"),
      NULL },
    { "throughput",
      0,
      0,
      G_OPTION_ARG_NONE,
      &options->throughput,
      N_ ("Also measure the speed of the line (loads up to 2 MB)"),
      NULL },
    { "answer",
      0,
      0,
      G_OPTION_ARG_STRING_ARRAY,
      &options->answers,
      N_ ("An answer to a question"),
      "ID=VALUE" },
    { "deadline",
      0,
      0,
      G_OPTION_ARG_DOUBLE,
      &options->deadline_s,
      N_ ("When the check must end"),
      "SECONDS" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, N_ ("Print the report as JSON"), NULL },
    G_OPTION_ENTRY_NULL
  };

  return pfa_cli_parse (argc, argv, entries, NULL);
}

static gboolean
are_sound (const Options *options)
{
  /* Said this way round, it refuses what is no number as well. */
  if (!(options->deadline_s >= 0.1 && options->deadline_s <= DEADLINE_MAX_S))
    {
      pfa_cli_complain (_ ("the deadline must be from 0.1 to %d seconds"), DEADLINE_MAX_S);
      return FALSE;
    }
  if (options->code != NULL && !pfa_code_is_plausible (options->code))
    {
      pfa_cli_complain (_ ("--code needs one short code, as the terminal shows it"));
      return FALSE;
    }
  if (options->online_test && options->terminal == NULL)
    {
      pfa_cli_complain (_ ("--online-terminal-test needs --terminal"));
      return FALSE;
    }
  return TRUE;
}

/* --answered speaks of the slip as a person does; the model has its own ids for two of them. */
static const char *
answer_from (const char *answered)
{
  if (g_strcmp0 (answered, "reversal") == 0)
    return "reversal-slip";
  if (g_strcmp0 (answered, "sign-in") == 0)
    return "at-sign-in";
  return answered;
}

static gboolean
give_answer (PfaAid *aid, const char *id, const char *value)
{
  g_autoptr (GError) error = NULL;

  if (value == NULL)
    return TRUE;
  if (pfa_payment_answer (pfa_aid_get_payment (aid), id, value, NULL))
    {
      pfa_aid_answer_payment (aid, id, value);
      return TRUE;
    }
  if (pfa_aid_answer (aid, id, value, &error))
    return TRUE;
  pfa_cli_complain ("%s", error->message);
  return FALSE;
}

static gboolean
give_answers (PfaAid *aid, const Options *options)
{
  if (!give_answer (aid, "connection", options->connection) ||
      !give_answer (aid, "answer-from", answer_from (options->answered)))
    return FALSE;

  for (guint i = 0; options->answers != NULL && options->answers[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (options->answers[i], "=", 2);

      if (parts[0] == NULL || parts[1] == NULL)
        {
          pfa_cli_complain (_ ("“%s” is not of the form ID=VALUE"), options->answers[i]);
          return FALSE;
        }
      if (!give_answer (aid, parts[0], parts[1]))
        return FALSE;
    }
  return TRUE;
}

static void
end_one (Run *run)
{
  if (--run->pending == 0)
    g_main_loop_quit (run->loop);
}

static void
on_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* Stopped by hand or by the deadline: what is known is printed all the same. */
  pfa_aid_check_finish (PFA_AID (source), result, &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pfa_cli_complain ("%s", error->message);
  end_one (user_data);
}

static void
on_terminal_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  pfa_aid_read_terminal_finish (PFA_AID (source), result, &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pfa_cli_complain ("%s", error->message);
  end_one (user_data);
}

static gboolean
on_interrupted_cb (gpointer user_data)
{
  g_cancellable_cancel (((Run *) user_data)->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
check (PfaAid *aid, const Options *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Run run = { .aid = aid, .loop = loop, .cancellable = cancellable, .pending = 1 };
  guint interrupted = g_unix_signal_add (SIGINT, on_interrupted_cb, &run);
  guint deadline_ms = (guint) (options->deadline_s * 1000);

  if (options->terminal != NULL)
    {
      run.pending++;
      pfa_aid_read_terminal_async (aid,
                                   options->online_test,
                                   deadline_ms,
                                   cancellable,
                                   on_terminal_read_cb,
                                   &run);
    }
  pfa_aid_check_async (aid, deadline_ms, cancellable, on_checked_cb, &run);
  g_main_loop_run (loop);
  g_source_remove (interrupted);
}

/* The first line of a run for people says what will be contacted, before it is. */
static void
announce (PfaAid *aid, const Options *options)
{
  const PfaProvider *provider = pfa_aid_get_provider (aid);
  g_auto (GStrv) contacts = pfa_provider_dup_contacts (pfa_aid_get_provider (aid));
  g_autofree char *list = g_strjoinv (", ", contacts);
  g_autofree char *sentence = NULL;

  if (contacts[0] == NULL)
    sentence = g_strdup (_ ("Looking at this shop’s own network only."));
  else
    sentence = g_strdup_printf (_ ("Looking at this shop’s network and asking: %s."), list);
  pfa_cli_print_wrapped (sentence, 0);
  if (options->throughput && provider->throughput_url != NULL)
    {
      g_autofree char *loading =
          g_strdup_printf (_ ("Then up to 2 MB of %s, to measure the speed of the line."),
                           provider->throughput_url);

      pfa_cli_print_wrapped (loading, 0);
    }
}

/* Beyond this computer: at least one thing was seen that lies on the path. */
static gboolean
saw_beyond_computer (PfaAid *aid)
{
  g_autoptr (GArray) stations = pfa_aid_dup_stations (aid);

  for (guint i = 0; i < stations->len; i++)
    {
      const PfaStation *station = &g_array_index (stations, PfaStation, i);

      if (!g_str_equal (station->id, "computer") && station->state != PFA_STATION_NOT_CHECKED &&
          station->state != PFA_STATION_WAITING)
        return TRUE;
    }
  return FALSE;
}

static int
exit_status (PfaAid *aid)
{
  const PfaIncident *incident = pfa_aid_get_incident (aid);

  if (g_strcmp0 (incident->cause, "unknown") == 0 || !saw_beyond_computer (aid))
    return PFA_EXIT_OPEN;
  return g_strcmp0 (incident->cause, "no-fault-found") == 0 ? PFA_EXIT_GOOD : PFA_EXIT_BAD;
}

static gboolean
set_up (PfaAid *aid, PfaProvider *provider, const Options *options)
{
  pfa_aid_begin (aid, options->code != NULL ? options->code : "96", provider);
  return (options->terminal == NULL || pfa_cli_set_terminal (aid, options->terminal)) &&
         give_answers (aid, options);
}

int
pfa_command_check (int argc, char *argv[])
{
  g_auto (Options) options = { .deadline_s = 6 };
  g_autoptr (PfaKnowledge) knowledge = NULL;
  g_autoptr (PfaProvider) provider = NULL;
  g_autoptr (PfaJournal) journal = NULL;
  g_autoptr (PfaAid) rehearsal = NULL;
  g_autoptr (PfaAid) aid = NULL;

  if (!parse (&argc, &argv, &options) || !are_sound (&options))
    return PFA_EXIT_USAGE;
  knowledge = pfa_cli_load_knowledge ();
  provider = knowledge != NULL ? pfa_cli_load_provider (knowledge, options.provider) : NULL;
  if (provider == NULL)
    return PFA_EXIT_USAGE;

  /* Nonsense must not leave an incident behind: it is tried on an aid that keeps nothing. */
  rehearsal = pfa_aid_new (knowledge, NULL);
  if (!set_up (rehearsal, provider, &options))
    return PFA_EXIT_USAGE;
  journal = pfa_cli_open_journal ();
  aid = pfa_cli_new_aid (knowledge, journal);
  set_up (aid, provider, &options);
  pfa_aid_set_throughput (aid, options.throughput);

  if (!options.json)
    announce (aid, &options);
  check (aid, &options);
  if (options.json)
    pfa_cli_print_json (pfa_aid_build_report (aid, pfa_cli_get_language ()));
  else
    pfa_cli_print_report (aid);
  return exit_status (aid);
}
