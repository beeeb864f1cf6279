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
  if (is_upgrade (message))
    pfa_desk_limits_pass (desk, message);
  else
    on_agent_asked_cb (desk, message, rest);
}

/* GET /guided/waiting */
static void
answer_guided (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  PfaDeskRelay *relay = pfa_desk_server_get_part (desk, "relay");
  JsonObject *answer;

  /* libsoup goes on with the upgrade when nobody has answered. */
  if (is_upgrade (message))
    return;
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
on_merchant_arrived_cb (SoupServer *soup,
                        SoupServerMessage *message,
                        const char *path,
                        SoupWebsocketConnection *connection,
                        gpointer user_data)
{
  PfaDeskServer *desk = user_data;
  g_autofree char *client = pfa_desk_server_dup_client (desk, message);

  pfa_desk_relay_take_merchant (pfa_desk_server_get_part (desk, "relay"), connection, client);
}

static void
on_agent_arrived_cb (SoupServer *soup,
                     SoupServerMessage *message,
                     const char *path,
                     SoupWebsocketConnection *connection,
                     gpointer user_data)
{
  PfaDeskServer *desk = user_data;
  g_autofree char *client = pfa_desk_server_dup_client (desk, message);
  g_autoptr (PfaDeskAgent) agent = pfa_desk_server_authenticate (desk, message);

  if (agent == NULL)
    soup_websocket_connection_close (connection, PFA_GUIDED_CLOSE_NOT_SIGNED_IN, "sign-in");
  else
    pfa_desk_relay_take_agent (pfa_desk_server_get_part (desk, "relay"), connection, client, agent);
}

static const PfaDeskRoute guided_routes[] = {
  { "/guided", answer_guided, on_merchant_asked_cb },
  { "/guided/agent", answer_guided, on_agent_asked_cb },
  { NULL, NULL, NULL },
};

gboolean
pfa_desk_guided_add (PfaDeskServer *desk, GError **error)
{
  const PfaDeskConfig *config = pfa_desk_server_get_config (desk);
  SoupServer *soup = pfa_desk_server_get_soup (desk);
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
  soup_server_add_websocket_handler (soup,
                                     "/guided",
                                     NULL,
                                     protocols,
                                     on_merchant_arrived_cb,
                                     desk,
                                     NULL);
  soup_server_add_websocket_handler (soup,
                                     "/guided/agent",
                                     NULL,
                                     protocols,
                                     on_agent_arrived_cb,
                                     desk,
                                     NULL);
  return TRUE;
}
