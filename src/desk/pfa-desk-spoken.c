/* pfa-desk-spoken.c - /spoken?code=…: reads, for agents, the code that a merchant says on the phone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-routes.h"
#include "pfa-spoken.h"

static void
answer_spoken (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  g_autoptr (PfaDeskAgent) agent = pfa_desk_server_authenticate (desk, message);
  const char *text = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) query = soup_form_decode (text != NULL ? text : "");
  const char *code = g_hash_table_lookup (query, "code");
  g_autoptr (PfaSpoken) spoken = NULL;

  if (agent == NULL)
    {
      pfa_desk_answer_problem (message, SOUP_STATUS_UNAUTHORIZED, "sign-in", "sign in first");
      return;
    }
  spoken = pfa_spoken_decode (code != NULL ? code : "", NULL);
  if (spoken == NULL)
    pfa_desk_answer_problem (message,
                             SOUP_STATUS_UNPROCESSABLE_ENTITY,
                             "spoken-code",
                             "this code was misheard or mistyped");
  else
    pfa_desk_answer_json (message, SOUP_STATUS_OK, pfa_spoken_to_json (spoken));
}

const PfaDeskRoute pfa_desk_spoken_routes[] = {
  { "/spoken", answer_spoken, NULL },
  { NULL, NULL, NULL },
};
