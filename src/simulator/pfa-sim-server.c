/* pfa-sim-server.c - puts a simulated terminal on a TCP port or a pty
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-sim-server.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-sim-line.h"

struct _PfaSimServer
{
  GObject parent_instance;

  char *protocol;
  JsonObject *state;
  char *state_file;
  char *log_path;
  GSocketService *service;
  GPtrArray *lines; /* (element-type PfaSimLine) */
  char *pty_path;
  int pty_fd; /* our own hold on the program's side, or -1: without it the pty ends when a program
                 does */
  GByteArray *received;
};

G_DEFINE_FINAL_TYPE (PfaSimServer, pfa_sim_server, G_TYPE_OBJECT)

static void
on_received_cb (PfaSimLine *line, PfaSpan bytes, gpointer user_data)
{
  PfaSimServer *self = user_data;
  g_autofree char *hex = NULL;
  FILE *log;

  g_byte_array_append (self->received, bytes.data, (guint) bytes.length);
  if (self->log_path == NULL)
    return;
  log = fopen (self->log_path, "a");
  if (log == NULL)
    return;
  hex = pfa_span_dup_hex (bytes);
  fprintf (log, "%s\n", hex);
  fclose (log);
}

static void
on_ended_cb (PfaSimLine *line, gpointer user_data)
{
  PfaSimServer *self = user_data;

  g_ptr_array_remove_fast (self->lines, line);
}

/* A state file that cannot be read leaves the terminal as it was. */
static void
reload_state (PfaSimServer *self)
{
  g_autoptr (JsonNode) node = NULL;

  if (self->state_file == NULL)
    return;
  node = pfa_json_load (self->state_file, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    pfa_sim_server_set_state (self, json_node_get_object (node));
}

static gboolean
suffers (PfaSimServer *self, const char *illness)
{
  return g_strcmp0 (pfa_json_peek_string (self->state, "illness"), illness) == 0;
}

static gboolean
on_incoming_cb (GSocketService *service,
                GSocketConnection *connection,
                GObject *source,
                gpointer user_data)
{
  PfaSimServer *self = user_data;
  PfaSimPeer *peer;

  reload_state (self);
  /* Held by the till: the connection is taken and dropped without a word. */
  if (suffers (self, "held"))
    {
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      return TRUE;
    }
  g_socket_set_option (g_socket_connection_get_socket (connection),
                       IPPROTO_TCP,
                       TCP_NODELAY,
                       1,
                       NULL);
  peer = pfa_sim_peer_new (self->protocol, FALSE, self->state);
  if (peer != NULL)
    g_ptr_array_add (
        self->lines,
        pfa_sim_line_new (G_IO_STREAM (connection), peer, on_received_cb, on_ended_cb, self));
  return TRUE;
}

guint16
pfa_sim_server_listen (PfaSimServer *self, GInetAddress *address, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (address, port);
  g_autoptr (GSocketAddress) effective = NULL;

  self->service = g_socket_service_new ();
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service),
                                      wanted,
                                      G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP,
                                      NULL,
                                      &effective,
                                      error))
    return 0;
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming_cb), self);
  g_socket_service_start (self->service);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
}

static void
make_raw (int fd)
{
  struct termios line;

  if (tcgetattr (fd, &line) != 0)
    return;
  cfmakeraw (&line);
  tcsetattr (fd, TCSANOW, &line);
}

const char *
pfa_sim_server_open_pty (PfaSimServer *self, GError **error)
{
  int fd = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) output = NULL;
  g_autoptr (GIOStream) stream = NULL;

  if (fd < 0 || grantpt (fd) != 0 || unlockpt (fd) != 0)
    {
      g_set_error_literal (error, PFA_ERROR, PFA_ERROR_INTERNAL, "this system gives no pty");
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  self->pty_path = g_strdup (ptsname (fd));
  self->pty_fd = open (self->pty_path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  make_raw (self->pty_fd);
  input = g_unix_input_stream_new (fd, TRUE);
  output = g_unix_output_stream_new (fd, FALSE);
  stream = g_simple_io_stream_new (input, output);
  reload_state (self);
  g_ptr_array_add (self->lines,
                   pfa_sim_line_new (stream,
                                     pfa_sim_peer_new (self->protocol, TRUE, self->state),
                                     on_received_cb,
                                     on_ended_cb,
                                     self));
  return self->pty_path;
}

void
pfa_sim_server_set_state (PfaSimServer *self, JsonObject *state)
{
  json_object_ref (state);
  json_object_unref (self->state);
  self->state = state;
}

const GByteArray *
pfa_sim_server_get_received (PfaSimServer *self)
{
  return self->received;
}

guint
pfa_sim_server_count_connections (PfaSimServer *self)
{
  return self->lines->len;
}

void
pfa_sim_server_set_log (PfaSimServer *self, const char *path)
{
  g_free (self->log_path);
  self->log_path = g_strdup (path);
}

PfaSimServer *
pfa_sim_server_new (const char *protocol, JsonObject *state, const char *state_file)
{
  PfaSimServer *self = g_object_new (PFA_TYPE_SIM_SERVER, NULL);

  self->protocol = g_strdup (protocol);
  self->state = state != NULL ? json_object_ref (state) : json_object_new ();
  self->state_file = g_strdup (state_file);
  return self;
}

static void
pfa_sim_server_dispose (GObject *object)
{
  PfaSimServer *self = PFA_SIM_SERVER (object);

  if (self->service != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->service, self);
      g_socket_service_stop (self->service);
      g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    }
  g_clear_object (&self->service);
  while (self->lines->len > 0)
    pfa_sim_line_cancel (g_ptr_array_steal_index_fast (self->lines, 0));
  if (self->pty_fd >= 0)
    close (self->pty_fd);
  self->pty_fd = -1;

  G_OBJECT_CLASS (pfa_sim_server_parent_class)->dispose (object);
}

static void
pfa_sim_server_finalize (GObject *object)
{
  PfaSimServer *self = PFA_SIM_SERVER (object);

  g_free (self->protocol);
  json_object_unref (self->state);
  g_free (self->state_file);
  g_free (self->log_path);
  g_free (self->pty_path);
  g_ptr_array_unref (self->lines);
  g_byte_array_unref (self->received);

  G_OBJECT_CLASS (pfa_sim_server_parent_class)->finalize (object);
}

static void
pfa_sim_server_class_init (PfaSimServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_sim_server_dispose;
  object_class->finalize = pfa_sim_server_finalize;
}

static void
pfa_sim_server_init (PfaSimServer *self)
{
  self->pty_fd = -1;
  self->lines = g_ptr_array_new ();
  self->received = g_byte_array_new ();
}
