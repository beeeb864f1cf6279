/* pfa-terminal-fixture.c - a simulated terminal in this process, and one read of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pfa-terminal-fixture.h"

#include "pfa-json.h"
#include "pfa-parse.h"

static PfaSimServer *
make_server (const char *protocol, const char *state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = pfa_json_parse_object (state, -1, "state", &error);

  g_assert_no_error (error);
  return pfa_sim_server_new (protocol, object, NULL);
}

void
pfa_terminal_fixture_listen (PfaTerminalFixture *self,
                             const char *protocol,
                             const char *scheme,
                             const char *query,
                             const char *state)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) error = NULL;
  guint16 port;

  self->server = make_server (protocol, state);
  port = pfa_sim_server_listen (self->server, loopback, 0, &error);
  g_assert_no_error (error);
  self->address = g_strdup_printf ("%s://127.0.0.1:%u%s", scheme, port, query);
}

void
pfa_terminal_fixture_open_pty (PfaTerminalFixture *self,
                               const char *protocol,
                               const char *scheme,
                               const char *state)
{
  g_autoptr (GError) error = NULL;
  const char *path;

  self->server = make_server (protocol, state);
  path = pfa_sim_server_open_pty (self->server, &error);
  g_assert_no_error (error);
  self->address = g_strdup_printf ("%s://%s", scheme, path);
}

void
pfa_terminal_fixture_clear (PfaTerminalFixture *self)
{
  g_assert_finalize_object (self->server);
  g_free (self->address);
}

char *
pfa_terminal_fixture_dup_received (PfaTerminalFixture *self)
{
  const GByteArray *received = pfa_sim_server_get_received (self->server);

  return pfa_span_dup_hex ((PfaSpan){ received->data, received->len });
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

PfaTerminalStatus *
pfa_terminal_fixture_read (const char *address,
                           const PfaTerminalOptions *options,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pfa_terminal_session_read_async (address, options, cancellable, on_read_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return pfa_terminal_session_read_finish (result, error);
}

void
pfa_terminal_fixture_wait_closed (PfaTerminalFixture *self)
{
  while (pfa_sim_server_count_connections (self->server) > 0)
    g_main_context_iteration (NULL, TRUE);
}
