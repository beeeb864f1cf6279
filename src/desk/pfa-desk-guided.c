/* pfa-desk-guided.c - /guided and /guided/agent: lets lines in and gives them to the relay
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-desk-limits.h"
#include "pfa-desk-relay.h"
#include "pfa-desk-routes.h"
#include "pfa-guided-frame.h"
#include "pfa-guided-meter.h"

/* Not in SoupStatus. */
#define STATUS_UPGRADE_REQUIRED 426

static char protocol[] = PFA_GUIDED_PROTOCOL;
static char *protocols[] = { protocol, NULL };

static gboolean
is_upgrade (SoupServerMessage *message)
{
  return soup_message_headers_header_contains (soup_server_message_get_request_headers (message),
                                               "Upgrade",
                                               "websocket");
}

/* All of this is looked at before the upgrade, so that a refused line costs little and its program
 * can read why. */
static void
on_agent_asked_cb (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  g_autoptr (PfaDeskAgent) agent = pfa_desk_server_authenticate (desk, message);

  if (agent == NULL)
    pfa_desk_answer_problem (message, SOUP_STATUS_UNAUTHORIZED, "sign-in", "sign in first");
}

static void
on_merchant_asked_cb (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  /* A merchant has no token: anybody may open a line, and nothing else. */
  if (is_upgrade (message) && *rest == '\0')
    pfa_desk_limits_pass (desk, message);
  else
    on_agent_asked_cb (desk, message, rest);
}

typedef void (*TakeLine) (PfaDeskServer *desk,
                          SoupServerMessage *message,
                          SoupWebsocketConnection *connection);

typedef struct
{
  PfaDeskServer *desk;
  TakeLine take;
} Upgrade;

static void
take_merchant (PfaDeskServer *desk, SoupServerMessage *message, SoupWebsocketConnection *connection)
{
  g_autofree char *client = pfa_desk_server_dup_client (desk, message);

  pfa_desk_relay_take_merchant (pfa_desk_server_get_part (desk, "relay"), connection, client);
}

static void
take_agent (PfaDeskServer *desk, SoupServerMessage *message, SoupWebsocketConnection *connection)
{
  g_autofree char *client = pfa_desk_server_dup_client (desk, message);
  g_autoptr (PfaDeskAgent) agent = pfa_desk_server_authenticate (desk, message);

  if (agent == NULL)
    soup_websocket_connection_close (connection, PFA_GUIDED_CLOSE_NOT_SIGNED_IN, "sign-in");
  else
    pfa_desk_relay_take_agent (pfa_desk_server_get_part (desk, "relay"), connection, client, agent);
}

static void
upgrade_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

/* The answer 101 is out: from now on the connection is ours. */
static void
on_upgraded_cb (SoupServerMessage *message, gpointer user_data)
{
  Upgrade *upgrade = user_data;
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  g_autoptr (GIOStream) metered = pfa_guided_metered_stream_new (stream);
  g_autoptr (SoupWebsocketConnection) connection =
      soup_websocket_connection_new (metered,
                                     soup_server_message_get_uri (message),
                                     SOUP_WEBSOCKET_CONNECTION_SERVER,
                                     NULL,
                                     PFA_GUIDED_PROTOCOL,
                                     NULL);

  upgrade->take (upgrade->desk, message, connection);
}

/* As soup_server_add_websocket_handler() does it, but behind a meter, and without compression: a
 * few bytes may unfold to megabytes before anybody counts them. */
static void
upgrade_line (PfaDeskServer *desk, SoupServerMessage *message, TakeLine take)
{
  GList *extensions = NULL;
  Upgrade *upgrade;

  if (!soup_websocket_server_process_handshake (message, NULL, protocols, NULL, &extensions))
    return;
  upgrade = g_new (Upgrade, 1);
  upgrade->desk = desk;
  upgrade->take = take;
  g_signal_connect_data (message,
                         "wrote-informational",
                         G_CALLBACK (on_upgraded_cb),
                         upgrade,
                         upgrade_free,
                         0);
}

/* GET /guided/waiting */
static void
answer_guided (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  PfaDeskRelay *relay = pfa_desk_server_get_part (desk, "relay");
  JsonObject *answer;

  if (is_upgrade (message) && *rest == '\0')
    {
      upgrade_line (desk, message, take_merchant);
      return;
    }
  if (!g_str_equal (rest, "waiting"))
    {
      pfa_desk_answer_problem (message,
                               STATUS_UPGRADE_REQUIRED,
                               "websocket",
                               "this address speaks " PFA_GUIDED_PROTOCOL);
      return;
    }
  answer = pfa_desk_relay_build_counts (relay);
  json_object_set_array_member (answer, "sessions", pfa_desk_relay_build_waiting (relay));
  pfa_desk_answer_json (message, SOUP_STATUS_OK, answer);
}

static void
answer_agent (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  if (is_upgrade (message) && *rest == '\0')
    upgrade_line (desk, message, take_agent);
  else
    answer_guided (desk, message, rest);
}

static const PfaDeskRoute guided_routes[] = {
  { "/guided", answer_guided, on_merchant_asked_cb },
  { "/guided/agent", answer_agent, on_agent_asked_cb },
  { NULL, NULL, NULL },
};

gboolean
pfa_desk_guided_add (PfaDeskServer *desk, GError **error)
{
  const PfaDeskConfig *config = pfa_desk_server_get_config (desk);
  g_autoptr (PfaDeskBus) bus = NULL;
  g_autoptr (PfaDeskRelay) relay = NULL;

  if (config->bus != NULL)
    {
      bus = pfa_desk_bus_new (config->bus, error);
      if (bus == NULL)
        return FALSE;
    }
  relay = pfa_desk_relay_new (&pfa_desk_relay_default_times, bus);
  pfa_desk_server_set_part (desk, "relay", relay);
  pfa_desk_server_add_routes (desk, guided_routes);
  return TRUE;
}
