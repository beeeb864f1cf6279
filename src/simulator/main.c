/* main.c - pos-first-aid-sim: terminals that answer like real ones, also when ill
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-sim-nexo.h"
#include "pfa-sim-server.h"

#define EXIT_USAGE 2

static const char *const protocols[] = {
  "zvt", "nexo", "ecr17", "transbank", "codepay", "echo", "poslink", NULL,
};

/* What a terminal can suffer from (README.md); which of it, depends on the protocol. */
static const char *const illnesses[] = {
  "silent",
  "slow",
  "garbage",
  "trickle",
  "held",
  "busy",
  "drop-after-yes",
  "never-completes",
  "nak-storm",
  "status-storm",
  "wrong-hmac",
  "other-service-id",
  "replay",
  "missing-status",
  "big-body",
  "duplicate-keys",
  "redirect",
  "http-404",
  "http-500",
  "mute-refusal",
  "no-handshake",
  "no-heartbeat",
  NULL,
};

typedef struct
{
  char *listen;
  gboolean pty;
  char *state;
  char *log;
  char *root;
} Options;

static int
complain (const char *sentence)
{
  g_printerr ("pos-first-aid-sim: %s\n", sentence);
  return EXIT_USAGE;
}

/* "127.0.0.1:20007", "[::1]:0". */
static GInetSocketAddress *
parse_listen (const char *text)
{
  g_autoptr (GSocketConnectable) parsed = NULL;
  g_autoptr (GInetAddress) address = NULL;
  const char *colon = strrchr (text, ':');
  guint64 port;

  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &port, NULL))
    return NULL;
  parsed = g_network_address_parse (text, 0, NULL);
  if (parsed == NULL)
    return NULL;
  address =
      g_inet_address_new_from_string (g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)));
  if (address == NULL)
    return NULL;
  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new (address, (guint16) port));
}

static GInetSocketAddress *
require_listen (const Options *options, GError **error)
{
  GInetSocketAddress *wanted =
      parse_listen (options->listen != NULL ? options->listen : "127.0.0.1:0");

  if (wanted == NULL)
    g_set_error_literal (error,
                         PFA_ERROR,
                         PFA_ERROR_BAD_INPUT,
                         "--listen takes ADDRESS:PORT, as in 127.0.0.1:20007");
  return wanted;
}

static void
print_listening (GInetSocketAddress *wanted, guint16 port)
{
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (wanted));
  gboolean ipv6 = strchr (host, ':') != NULL;

  printf ("listening %s%s%s:%u\n", ipv6 ? "[" : "", host, ipv6 ? "]" : "", port);
}

static gboolean
open_port (PfaSimServer *server, const Options *options, GError **error)
{
  g_autoptr (GInetSocketAddress) wanted = require_listen (options, error);
  guint16 port = 0;

  if (wanted != NULL)
    port = pfa_sim_server_listen (server,
                                  g_inet_socket_address_get_address (wanted),
                                  g_inet_socket_address_get_port (wanted),
                                  error);
  if (port == 0)
    return FALSE;
  print_listening (wanted, port);
  return TRUE;
}

/* Programs have to know the root that a terminal's certificate chains to. */
static gboolean
open_nexo (PfaSimNexo *nexo, const Options *options, GError **error)
{
  g_autoptr (GInetSocketAddress) wanted = require_listen (options, error);
  guint16 port = 0;

  if (wanted != NULL)
    port = pfa_sim_nexo_listen (nexo,
                                g_inet_socket_address_get_address (wanted),
                                g_inet_socket_address_get_port (wanted),
                                error);
  if (port == 0)
    return FALSE;
  if (options->root != NULL &&
      !g_file_set_contents (options->root, pfa_sim_nexo_get_root (nexo), -1, error))
    return FALSE;
  print_listening (wanted, port);
  return TRUE;
}

static gboolean
open_pty (PfaSimServer *server, GError **error)
{
  const char *path = pfa_sim_server_open_pty (server, error);

  if (path == NULL)
    return FALSE;
  printf ("pty %s\n", path);
  return TRUE;
}

static gboolean
on_signal_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
serve (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  fflush (stdout);
  g_unix_signal_add (SIGINT, on_signal_cb, loop);
  g_unix_signal_add (SIGTERM, on_signal_cb, loop);
  g_main_loop_run (loop);
}

static gboolean
start (const char *protocol,
       JsonObject *state,
       const Options *options,
       GObject **terminal,
       GError **error)
{
  PfaSimServer *server;

  if (g_str_equal (protocol, "nexo"))
    {
      *terminal = G_OBJECT (pfa_sim_nexo_new (state, options->state));
      return open_nexo (PFA_SIM_NEXO (*terminal), options, error);
    }
  server = pfa_sim_server_new (protocol, state, options->state);
  *terminal = G_OBJECT (server);
  if (options->log != NULL)
    pfa_sim_server_set_log (server, options->log);
  return options->pty ? open_pty (server, error) : open_port (server, options, error);
}

/* A misspelt illness would play a healthy terminal. */
static JsonNode *
load_state (const char *path, GError **error)
{
  g_autoptr (JsonNode) state = pfa_json_load (path, error);
  const char *illness;

  if (state == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (state))
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           PFA_ERROR_BAD_INPUT,
                           "the state file must hold one JSON object");
      return NULL;
    }
  illness = pfa_json_peek_string (json_node_get_object (state), "illness");
  if (illness != NULL && !g_strv_contains (illnesses, illness))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "%s: no terminal suffers from “%s”",
                   path,
                   illness);
      return NULL;
    }
  return g_steal_pointer (&state);
}

static int
run (const char *protocol, const Options *options)
{
  g_autoptr (GObject) terminal = NULL;
  g_autoptr (JsonNode) state = NULL;
  g_autoptr (GError) error = NULL;

  if (options->state != NULL)
    {
      state = load_state (options->state, &error);
      if (state == NULL)
        return complain (error->message);
    }
  if (!start (protocol,
              state != NULL ? json_node_get_object (state) : NULL,
              options,
              &terminal,
              &error))
    return complain (error->message);
  serve ();
  return 0;
}

int
main (int argc, char *argv[])
{
  Options options = { NULL, FALSE, NULL, NULL, NULL };
  const GOptionEntry entries[] = {
    { "listen",
      0,
      0,
      G_OPTION_ARG_STRING,
      &options.listen,
      "Where to wait; port 0: any",
      "ADDRESS:PORT" },
    { "pty", 0, 0, G_OPTION_ARG_NONE, &options.pty, "A serial line instead", NULL },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &options.state, "What the terminal is like", "FILE" },
    { "log", 0, 0, G_OPTION_ARG_FILENAME, &options.log, "Writes what it receives, in hex", "FILE" },
    { "root",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &options.root,
      "nexo: writes the root certificate",
      "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("terminal PROTOCOL");
  g_autoptr (GError) error = NULL;
  g_autofree char *known = g_strjoinv (", ", (char **) protocols);
  int status;

  g_option_context_set_summary (context, "A payment terminal to try the program without one.");
  g_option_context_set_description (context, known);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return complain (error->message);
  if (argc != 3 || !g_str_equal (argv[1], "terminal") || !g_strv_contains (protocols, argv[2]))
    return complain ("say which terminal: pos-first-aid-sim terminal zvt; --help lists them");
  status = run (argv[2], &options);
  g_free (options.listen);
  g_free (options.state);
  g_free (options.log);
  g_free (options.root);
  return status;
}
