/* pfa-desk-session.c - /session: an agent's browser signs in with the token and gets a cookie
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-desk-log.h"
#include "pfa-desk-routes.h"
#include "pfa-json.h"

static void
set_cookie (PfaDeskServer *desk, SoupServerMessage *message, const char *value, int max_age)
{
  g_autofree char *base = pfa_desk_server_dup_base_url (desk, message);
  gboolean secure = g_str_has_prefix (base, "https:");
  g_autofree char *cookie =
      g_strdup_printf ("posaid-session=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s",
                       value,
                       max_age,
                       secure ? "; Secure" : "");

  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Set-Cookie",
                                cookie);
}

static JsonObject *
agent_to_json (const PfaDeskAgent *agent)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", agent->name);
  json_object_set_string_member (object, "organisation", agent->organisation);
  return object;
}

/* The body is {"token": "…"}; a script may send Authorization: Bearer instead. */
static PfaDeskAgent *
find_agent (PfaDeskServer *desk, SoupServerMessage *message)
{
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (JsonObject) object = NULL;
  gsize length;
  const char *text = g_bytes_get_data (body, &length);

  if (length == 0)
    return pfa_desk_server_authenticate (desk, message);
  object = pfa_json_parse_object (text, (gssize) length, "sign-in", NULL);
  return object == NULL ? NULL
                        : pfa_desk_agents_find (pfa_desk_server_get_store (desk),
                                                pfa_json_peek_string (object, "token"),
                                                NULL);
}

static void
sign_in (PfaDeskServer *desk, SoupServerMessage *message)
{
  g_autoptr (PfaDeskAgent) agent = find_agent (desk, message);
  g_autofree char *cookie = NULL;

  if (agent == NULL)
    {
      pfa_desk_log ("sign-in-refused", NULL);
      pfa_desk_answer_problem (message, SOUP_STATUS_UNAUTHORIZED, "token", "nobody has this token");
      return;
    }
  cookie = pfa_desk_agents_open_session (pfa_desk_server_get_store (desk), agent, NULL);
  if (cookie == NULL)
    {
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_SERVICE_UNAVAILABLE,
                               "storage",
                               "the session cannot be kept");
      return;
    }
  pfa_desk_log ("signed-in", "agent", agent->name, NULL);
  set_cookie (desk, message, cookie, PFA_DESK_SESSION_S);
  pfa_desk_answer_json (message, SOUP_STATUS_OK, agent_to_json (agent));
}

static void
answer_session (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  const char *method = soup_server_message_get_method (message);
  g_autoptr (PfaDeskAgent) agent = NULL;

  if (g_str_equal (method, "POST"))
    {
      sign_in (desk, message);
      return;
    }
  agent = pfa_desk_server_authenticate (desk, message);
  if (agent == NULL)
    pfa_desk_answer_problem (message, SOUP_STATUS_UNAUTHORIZED, "sign-in", "sign in first");
  else if (g_str_equal (method, "DELETE"))
    {
      pfa_desk_server_end_session (desk, message);
      set_cookie (desk, message, "", 0);
      pfa_desk_answer_json (message, SOUP_STATUS_OK, json_object_new ());
    }
  else
    pfa_desk_answer_json (message, SOUP_STATUS_OK, agent_to_json (agent));
}

const PfaDeskRoute pfa_desk_session_routes[] = {
  { "/session", answer_session, NULL },
  { NULL, NULL, NULL },
};
