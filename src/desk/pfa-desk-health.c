/* pfa-desk-health.c - /health: is the desk able to take bundles?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-relay.h"
#include "pfa-desk-routes.h"

static void
answer_health (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  g_autoptr (GError) error = NULL;
  PfaDeskStore *store = pfa_desk_server_get_store (desk);
  sqlite3_stmt *statement = pfa_desk_store_prepare (store, "SELECT count (*) FROM agents", &error);
  gboolean up = statement != NULL && pfa_desk_store_step (store, statement, &error);
  PfaDeskRelay *relay = pfa_desk_server_get_part (desk, "relay");
  JsonObject *answer = json_object_new ();

  if (statement != NULL)
    sqlite3_reset (statement);
  json_object_set_string_member (answer, "status", up ? "UP" : "DOWN");
  if (relay != NULL)
    json_object_set_object_member (answer, "guided", pfa_desk_relay_build_counts (relay));
  pfa_desk_answer_json (message, up ? SOUP_STATUS_OK : SOUP_STATUS_SERVICE_UNAVAILABLE, answer);
}

const PfaDeskRoute pfa_desk_health_routes[] = {
  { "/health", answer_health, NULL },
  { NULL, NULL, NULL },
};
