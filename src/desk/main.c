/* main.c - pos-first-aid-desk: the provider's side, or one agent more
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <sys/resource.h>

#include "pfa-desk-adapter.h"
#include "pfa-desk-filing.h"
#include "pfa-desk-intake.h"
#include "pfa-desk-limits.h"
#include "pfa-desk-log.h"
#include "pfa-desk-loop.h"
#include "pfa-desk-routes.h"
#include "pfa-desk-uploads.h"
#include "pfa-desk-withdrawal.h"

#define EXIT_USAGE 2
/* 10,000 waiting sessions, the same in uploads. */
#define DEFAULT_RATE           120
#define DEFAULT_RETENTION_DAYS 90
#define DEFAULT_MAX_SIZE_MIB   32
/* Longer than the pauses of a weak mobile line. */
#define IDLE_S             90
#define WANTED_DESCRIPTORS 20000

static const char summary[] =
    "Commands:\n"
    "  agent add NAME --organisation O    prints the agent's token, once\n"
    "  agent remove NAME\n"
    "Without a command the desk begins to serve.";

static gboolean
on_stopped_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= WANTED_DESCRIPTORS)
    return;
  limit.rlim_cur = MIN (limit.rlim_max, (rlim_t) WANTED_DESCRIPTORS);
  if (limit.rlim_max == RLIM_INFINITY)
    limit.rlim_cur = WANTED_DESCRIPTORS;
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < WANTED_DESCRIPTORS)
    g_printerr ("pos-first-aid-desk: this system allows only %lu open connections\n",
                (gulong) limit.rlim_cur);
}

static int
complain (GError *error)
{
  g_printerr ("pos-first-aid-desk: %s\n", error->message);
  return EXIT_USAGE;
}

static int
run_agent_command (const PfaDeskConfig *config, int argc, char *argv[], const char *organisation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskStore) store = NULL;
  g_autofree char *token = NULL;

  if (argc != 4 ||
      !(g_str_equal (argv[2], "remove") || (g_str_equal (argv[2], "add") && organisation != NULL)))
    {
      g_printerr (
          "pos-first-aid-desk: say agent add NAME --organisation O, or agent remove NAME\n");
      return EXIT_USAGE;
    }
  store = pfa_desk_store_open (config->data, &error);
  if (store == NULL)
    return complain (error);
  if (g_str_equal (argv[2], "remove"))
    return pfa_desk_agents_remove (store, argv[3], &error) ? 0 : complain (error);
  token = pfa_desk_agents_add (store, argv[3], organisation, &error);
  if (token == NULL)
    return complain (error);
  g_print ("%s\n", token);
  return 0;
}

static gboolean
on_bundle_filed (gint64 ticket_id, const char *sha256, gpointer user_data, GError **error)
{
  return pfa_desk_filing_note (user_data, ticket_id, "bundle", sha256, error);
}

static gboolean
add_parts (PfaDeskServer *desk, GError **error)
{
  const PfaDeskConfig *config = pfa_desk_server_get_config (desk);
  g_autoptr (PfaDeskUploads) uploads = pfa_desk_uploads_new (config->data, error);
  g_autoptr (PfaDeskIntake) intake = pfa_desk_intake_new (desk);
  g_autoptr (GPtrArray) adapters = config->adapters != NULL
                                       ? pfa_desk_adapters_load (config->adapters, error)
                                       : g_ptr_array_new ();
  g_autoptr (PfaDeskFiling) filing = NULL;
  g_autoptr (PfaDeskLimits) limits = pfa_desk_limits_new ((guint) MAX (config->rate, 0));

  if (uploads == NULL || adapters == NULL)
    return FALSE;
  filing = pfa_desk_filing_new (desk, adapters);
  pfa_desk_server_set_part (desk, "filing", filing);
  pfa_desk_intake_set_filed_func (intake, on_bundle_filed, filing);
  pfa_desk_server_set_part (desk, "uploads", uploads);
  pfa_desk_server_set_part (desk, "limits", limits);
  pfa_desk_server_set_part (desk, "intake", intake);
  pfa_desk_limits_watch_idle (desk, IDLE_S);
  pfa_desk_withdrawal_watch_age (desk, (guint) MAX (config->retention, 0));
  pfa_desk_server_add_routes (desk, pfa_desk_health_routes);
  pfa_desk_server_add_routes (desk, pfa_desk_session_routes);
  pfa_desk_server_add_routes (desk, pfa_desk_tus_routes);
  pfa_desk_server_add_routes (desk, pfa_desk_ticket_routes);
  pfa_desk_server_add_routes (desk, pfa_desk_spoken_routes);
  pfa_desk_server_add_routes (desk, pfa_desk_spoken_routes);
  pfa_desk_server_add_routes (desk, pfa_desk_web_routes);
  return pfa_desk_guided_add (desk, error);
}

static int
serve (const PfaDeskConfig *config)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskServer) desk = NULL;
  g_autofree char *address = NULL;

  raise_descriptor_limit ();
  desk = pfa_desk_server_new (config, &error);
  if (desk == NULL)
    return complain (error);
  if (!add_parts (desk, &error))
    return complain (error);
  if (!pfa_desk_server_start (desk, &error))
    return complain (error);

  pfa_desk_loop_begin_batches (pfa_desk_server_get_soup (desk));
  address = pfa_desk_server_dup_address (desk);
  g_print ("listening %s\n", address);
  fflush (stdout);
  pfa_desk_log ("started", "address", address, "version", PACKAGE_VERSION, NULL);
  g_unix_signal_add (SIGINT, on_stopped_cb, loop);
  g_unix_signal_add (SIGTERM, on_stopped_cb, loop);
  g_main_loop_run (loop);
  pfa_desk_log ("stopped", NULL);
  return 0;
}

int
main (int argc, char *argv[])
{
  PfaDeskConfig config = { .rate = DEFAULT_RATE, .retention = DEFAULT_RETENTION_DAYS };
  int max_size_mib = DEFAULT_MAX_SIZE_MIB;
  g_autofree char *organisation = NULL;
  /* clang-format off */
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &config.data, "Where bundles and the index lie", "DIR" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &config.listen, "Port 0: any", "ADDRESS:PORT" },
    { "tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &config.tls_certificate, "PEM, with its chain", "FILE" },
    { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &config.tls_key, "PEM", "FILE" },
    { "adapters", 0, 0, G_OPTION_ARG_FILENAME, &config.adapters, "Where tickets are filed", "FILE" },
    { "public-url", 0, 0, G_OPTION_ARG_STRING, &config.public_url, "How shops reach the desk", "URL" },
    { "bus", 0, 0, G_OPTION_ARG_STRING, &config.bus, "Joins several desks", "nats://HOST:PORT" },
    { "behind-proxy", 0, 0, G_OPTION_ARG_NONE, &config.behind_proxy, "Another server ends TLS", NULL },
    { "max-size", 0, 0, G_OPTION_ARG_INT, &max_size_mib, "Of one bundle, in MiB (32)", "N" },
    { "retention", 0, 0, G_OPTION_ARG_INT, &config.retention, "Days that a bundle is kept (90; 0: for ever)", "N" },
    { "rate", 0, 0, G_OPTION_ARG_INT, &config.rate, "Uploads and tickets a minute and address (120; 0: any)", "N" },
    { "organisation", 0, 0, G_OPTION_ARG_STRING, &organisation, "The agent's organisation", "NAME" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  /* clang-format on */
  g_autoptr (GOptionContext) context = g_option_context_new ("[agent add|remove NAME]");
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return complain (error);
  config.max_size = (gint64) MAX (max_size_mib, 1) * 1024 * 1024;
  if (config.data == NULL)
    {
      g_printerr ("pos-first-aid-desk: --data DIR is missing\n");
      return EXIT_USAGE;
    }
  if (argc > 1 && g_str_equal (argv[1], "agent"))
    return run_agent_command (&config, argc, argv, organisation);
  if (argc > 1 || config.listen == NULL)
    {
      g_printerr ("pos-first-aid-desk: %s\n",
                  argc > 1 ? "the only command is “agent”" : "--listen ADDRESS:PORT is missing");
      return EXIT_USAGE;
    }
  return serve (&config);
}
