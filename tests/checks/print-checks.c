/* print-checks.c - runs all checks against a profile and prints what they observe, one a line
 *
 * usage: print-checks [--provider FILE] [--terminal HOST:PORT] [--deadline SECONDS] [--root FOLDER]
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pfa-check-run.h"
#include "pfa-json.h"

static void
on_observed_cb (PfaCheckRun *run, PfaObservation *observation, gpointer user_data)
{
  gint64 *started = user_data;
  g_autoptr (JsonObject) json = pfa_observation_to_json (observation);
  g_autofree char *text = NULL;

  json_object_set_int_member (json, "at_ms", (g_get_monotonic_time () - *started) / 1000);
  text = pfa_json_write_object (json, FALSE);
  g_print ("%s\n", text);
}

static void
on_run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_main_loop_quit (user_data);
}

int
main (int argc, char *argv[])
{
  g_autofree char *profile = NULL;
  g_autofree char *terminal = NULL;
  g_autofree char *root = NULL;
  double deadline = 6;
  const GOptionEntry entries[] = {
    { "provider", 0, 0, G_OPTION_ARG_FILENAME, &profile, NULL, NULL },
    { "terminal", 0, 0, G_OPTION_ARG_STRING, &terminal, NULL, NULL },
    { "root", 0, 0, G_OPTION_ARG_FILENAME, &root, NULL, NULL },
    { "deadline", 0, 0, G_OPTION_ARG_DOUBLE, &deadline, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) options = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaProvider) provider = NULL;
  g_autoptr (PfaCheckRun) run = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSocketConnectable) where = NULL;
  PfaCheckSettings settings = { 0 };
  gint64 started = g_get_monotonic_time ();

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error))
    g_error ("%s", error->message);
  if (profile != NULL && (provider = pfa_provider_load (profile, &error)) == NULL)
    g_error ("%s", error->message);
  if (terminal != NULL)
    where = g_network_address_parse (terminal, 20007, NULL);
  settings.provider = provider;
  settings.system_root = root;
  if (where != NULL)
    {
      settings.terminal_host = g_network_address_get_hostname (G_NETWORK_ADDRESS (where));
      settings.terminal_port = g_network_address_get_port (G_NETWORK_ADDRESS (where));
    }
  run = pfa_check_run_new (&settings);
  g_signal_connect (run, "observed", G_CALLBACK (on_observed_cb), &started);
  pfa_check_run_async (run, (guint) (deadline * 1000), NULL, on_run_cb, loop);
  g_main_loop_run (loop);
  g_print ("{\"elapsed_ms\": %d}\n", (int) ((g_get_monotonic_time () - started) / 1000));
  return 0;
}
