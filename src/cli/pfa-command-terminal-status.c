/* pfa-command-terminal-status.c - reads one terminal, because somebody asked for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-secret-store.h"
#include "pfa-terminal-session.h"

typedef struct
{
  GMainLoop *loop;
  PfaTerminalStatus *status;
  GError *error;
} Read;

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Read *read = user_data;

  read->status = pfa_terminal_session_read_finish (result, &read->error);
  g_main_loop_quit (read->loop);
}

static void
print_line (const char *label, const char *value)
{
  g_autofree char *line = NULL;

  if (value == NULL)
    return;
  line = g_strdup_printf (_ ("%s: %s"), label, value);
  pfa_cli_print_wrapped (line, 2);
}

static void
print_texts (const char *label, JsonArray *texts)
{
  for (guint i = 0; texts != NULL && i < json_array_get_length (texts); i++)
    print_line (label, json_array_get_string_element (texts, i));
}

static void
print_clock (JsonObject *status)
{
  const char *clock = pfa_json_peek_string (status, "clock");
  double offset_s = pfa_json_peek_double (status, "clock_offset_s", 0);
  guint minutes = (guint) (ABS (offset_s) / 60);
  g_autofree char *line = NULL;

  if (clock == NULL)
    return;
  if (minutes == 0)
    line = g_strdup_printf (_ ("%s, as this computer’s"), clock);
  else if (offset_s < 0)
    line = g_strdup_printf (ngettext ("%s, %u minute behind this computer’s",
                                      "%s, %u minutes behind this computer’s",
                                      minutes),
                            clock,
                            minutes);
  else
    line = g_strdup_printf (ngettext ("%s, %u minute ahead of this computer’s",
                                      "%s, %u minutes ahead of this computer’s",
                                      minutes),
                            clock,
                            minutes);
  print_line (_ ("Clock"), line);
}

static void
print_battery (JsonObject *status)
{
  double percent = pfa_json_peek_double (status, "battery_percent", -1);
  g_autofree char *line = g_strdup_printf ("%.0f %%", percent);

  if (percent >= 0)
    print_line (_ ("Battery"), line);
}

static void
print_result (JsonObject *result)
{
  g_autofree char *line = NULL;

  if (result == NULL)
    return;
  line = g_strdup_printf ("%s – %s",
                          pfa_json_peek_string (result, "code"),
                          pfa_json_peek_string (result, "text"));
  print_line (_ ("Last result"), line);
}

/* For people: the sentence that matters first, then what the terminal told. */
static void
print_for_people (JsonObject *status)
{
  JsonObject *problem = pfa_json_peek_object (status, "problem");
  JsonObject *identity = pfa_json_peek_object (status, "identity");
  JsonObject *state = pfa_json_peek_object (status, "state");
  JsonObject *online = pfa_json_peek_object (status, "online_test");

  if (problem != NULL)
    pfa_cli_print_wrapped (pfa_json_peek_string (problem, "text"), 0);
  if (problem == NULL || g_strcmp0 (pfa_json_peek_string (state, "id"), "unknown") != 0)
    pfa_cli_print_wrapped (pfa_json_peek_string (state, "text"), 0);
  print_line (_ ("Model"), pfa_json_peek_string (identity, "model"));
  print_line (_ ("Serial number"), pfa_json_peek_string (identity, "serial"));
  print_line (_ ("Terminal number"), pfa_json_peek_string (identity, "terminal_id"));
  print_line (_ ("Software"), pfa_json_peek_string (status, "software"));
  print_clock (status);
  print_battery (status);
  print_line (_ ("Printer"), pfa_json_peek_string (status, "printer"));
  print_texts (_ ("Lock"), pfa_json_peek_array (status, "locks_texts"));
  print_texts (_ ("To do"), pfa_json_peek_array (status, "needs_texts"));
  print_result (pfa_json_peek_object (status, "last_result"));
  if (online != NULL)
    print_line (_ ("Online test"), pfa_json_peek_string (online, "result"));
}

static int
exit_status (PfaTerminalStatus *status)
{
  gboolean online_failed = g_strcmp0 (status->online_result, PFA_ONLINE_NO_CONNECTION) == 0 ||
                           g_strcmp0 (status->online_result, PFA_ONLINE_HOST_REFUSED) == 0;

  if (!status->reached)
    return PFA_EXIT_OPEN;
  if (pfa_terminal_status_is_ready (status) && status->problem == NULL && !online_failed)
    return PFA_EXIT_GOOD;
  return PFA_EXIT_BAD;
}

static int
read_terminal (const char *address, const PfaTerminalOptions *options, gboolean json)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (PfaTerminalStatus) status = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = NULL;
  Read read = { loop, NULL, NULL };

  pfa_terminal_session_read_async (address, options, NULL, on_read_cb, &read);
  g_main_loop_run (loop);
  status = read.status;
  error = read.error;
  if (status == NULL)
    {
      pfa_cli_complain ("%s", error->message);
      return PFA_EXIT_USAGE;
    }
  object = pfa_terminal_status_to_json (status, pfa_cli_get_language ());
  if (json)
    pfa_cli_print_json (json_object_ref (object));
  else
    print_for_people (object);
  if (status->problem_facts != NULL)
    g_info ("%s: %s", status->problem, status->problem_facts);
  return exit_status (status);
}

/* What the file says of @address; FALSE after a complaint. Without a file the session asks the
 * secret store. */
static gboolean
load_secrets (const char *path, const char *address, PfaTerminalOptions *options)
{
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return TRUE;
  options->secrets = pfa_secret_file_find (path, address, &error);
  if (error == NULL)
    return TRUE;
  pfa_cli_complain ("%s", error->message);
  return FALSE;
}

int
pfa_command_terminal_status (int argc, char *argv[])
{
  gboolean online_test = FALSE;
  gboolean json = FALSE;
  g_autofree char *secrets = NULL;
  const GOptionEntry entries[] = {
    { "online-test",
      0,
      0,
      G_OPTION_ARG_NONE,
      &online_test,
      N_ ("Lets the terminal go online and test its way to the provider"),
      NULL },
    { "secrets",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &secrets,
      N_ ("Passwords and keys of terminals, in a file of mode 0600"),
      "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Prints one JSON object"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();

  if (!pfa_cli_parse (&argc, &argv, entries, "ADDRESS"))
    return PFA_EXIT_USAGE;
  if (argc != 2)
    {
      pfa_cli_complain ("%s", _ ("say which terminal, as in zvt+tcp://192.168.1.50:20007"));
      return PFA_EXIT_USAGE;
    }
  if (!load_secrets (secrets, argv[1], options))
    return PFA_EXIT_USAGE;
  options->online_test = online_test;
  return read_terminal (argv[1], options, json);
}
