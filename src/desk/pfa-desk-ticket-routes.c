/* pfa-desk-ticket-routes.c - /tickets: intake, what the merchant may read, what agents may do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pfa-desk-filing.h"
#include "pfa-desk-intake.h"
#include "pfa-desk-log.h"
#include "pfa-desk-routes.h"
#include "pfa-desk-tickets.h"
#include "pfa-desk-withdrawal.h"
#include "pfa-json.h"

#define MAX_ANSWER_LENGTH 8192
#define DEFAULT_RESULTS   50

static void
answer_not_found (SoupServerMessage *message)
{
  pfa_desk_answer_problem (message, SOUP_STATUS_NOT_FOUND, "not-found", "there is no such ticket");
}

static void
answer_storage (SoupServerMessage *message, const GError *error)
{
  pfa_desk_log ("storage", "text", error != NULL ? error->message : NULL, NULL);
  pfa_desk_answer_problem (message,
                           SOUP_STATUS_SERVICE_UNAVAILABLE,
                           "storage",
                           "the desk's index cannot be used just now");
}

/* Whoever holds the merchant's token of this ticket. */
static gboolean
is_merchant (PfaDeskServer *desk, SoupServerMessage *message, const char *ticket)
{
  const char *header =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    "Authorization");

  return header != NULL && g_ascii_strncasecmp (header, "Bearer ", 7) == 0 &&
         pfa_desk_tickets_is_token (pfa_desk_server_get_store (desk), ticket, header + 7);
}

static JsonObject *
ticket_to_json (const PfaDeskTicket *ticket)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "ticket", ticket->ticket);
  json_object_set_string_member (object, "state", ticket->state);
  json_object_set_int_member (object, "created", ticket->created);
  json_object_set_int_member (object, "changed", ticket->changed);
  json_object_set_object_member (object, "summary", json_object_ref (ticket->summary));
  json_object_set_object_member (object, "contact", pfa_contact_to_json (ticket->contact));
  return object;
}

static JsonArray *
bundles_to_json (PfaDeskStore *store, const PfaDeskTicket *ticket)
{
  g_autoptr (GPtrArray) bundles = pfa_desk_tickets_list_bundles (store, ticket, NULL);
  JsonArray *array = json_array_new ();

  for (guint i = 0; bundles != NULL && i < bundles->len; i++)
    {
      const PfaDeskBundle *bundle = bundles->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "sha256", bundle->sha256);
      json_object_set_int_member (object, "size", bundle->size);
      json_object_set_boolean_member (object, "sealed", bundle->sealed);
      json_object_set_int_member (object, "received", bundle->received);
      json_array_add_object_element (array, object);
    }
  return array;
}

static void
answer_state (PfaDeskServer *desk,
              SoupServerMessage *message,
              const PfaDeskTicket *ticket,
              const PfaDeskAgent *agent)
{
  PfaDeskStore *store = pfa_desk_server_get_store (desk);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaTicketState) state = pfa_desk_tickets_get_state (store, ticket, &error);
  g_autoptr (JsonObject) object = NULL;

  if (state == NULL)
    {
      answer_storage (message, error);
      return;
    }
  object = pfa_ticket_state_to_json (state);
  json_object_set_array_member (object, "bundles", bundles_to_json (store, ticket));
  if (agent != NULL)
    json_object_set_object_member (object, "details", ticket_to_json (ticket));
  pfa_desk_answer_json (message, SOUP_STATUS_OK, g_steal_pointer (&object));
}

static gint64
parse_time (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = NULL;
  guint64 number;

  if (text == NULL)
    return 0;
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    return (gint64) number;
  time = g_date_time_new_from_iso8601 (text, utc);
  return time != NULL ? g_date_time_to_unix (time) : 0;
}

static void
answer_search (PfaDeskServer *desk, SoupServerMessage *message)
{
  const char *text = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) query = soup_form_decode (text != NULL ? text : "");
  g_autoptr (GPtrArray) tickets = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();
  const char *limit = g_hash_table_lookup (query, "limit");
  const char *offset = g_hash_table_lookup (query, "offset");
  PfaDeskSearch search = {
    .ticket = g_hash_table_lookup (query, "ticket"),
    .shop = g_hash_table_lookup (query, "shop"),
    .cause = g_hash_table_lookup (query, "cause"),
    .state = g_hash_table_lookup (query, "state"),
    .words = g_hash_table_lookup (query, "words"),
    .from = parse_time (g_hash_table_lookup (query, "from")),
    .to = parse_time (g_hash_table_lookup (query, "to")),
    .limit = limit != NULL ? (guint) g_ascii_strtoull (limit, NULL, 10) : DEFAULT_RESULTS,
    .offset = offset != NULL ? (guint) g_ascii_strtoull (offset, NULL, 10) : 0,
  };

  json_object_set_array_member (object, "tickets", array);
  tickets = pfa_desk_tickets_search (pfa_desk_server_get_store (desk), &search, &error);
  for (guint i = 0; tickets != NULL && i < tickets->len; i++)
    json_array_add_object_element (array, ticket_to_json (tickets->pdata[i]));
  pfa_desk_answer_json (message, SOUP_STATUS_OK, object);
  if (tickets == NULL)
    answer_storage (message, error);
}

static void
answer_bundle (PfaDeskServer *desk,
               SoupServerMessage *message,
               const PfaDeskTicket *ticket,
               const char *sha256)
{
  g_autoptr (GPtrArray) bundles =
      pfa_desk_tickets_list_bundles (pfa_desk_server_get_store (desk), ticket, NULL);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  for (guint i = 0; bundles != NULL && i < bundles->len; i++)
    {
      const PfaDeskBundle *bundle = bundles->pdata[i];
      g_autofree char *path = NULL;
      g_autofree char *disposition = NULL;
      g_autoptr (GMappedFile) file = NULL;
      g_autoptr (GBytes) bytes = NULL;

      if (!g_str_equal (bundle->sha256, sha256))
        continue;
      path = g_build_filename (pfa_desk_server_get_config (desk)->data, bundle->path, NULL);
      file = g_mapped_file_new (path, FALSE, NULL);
      if (file == NULL)
        break;
      bytes = g_mapped_file_get_bytes (file);
      disposition = g_strdup_printf ("attachment; filename=\"%s.posaid.%s\"",
                                     ticket->ticket,
                                     bundle->sealed ? "p7m" : "zip");
      soup_message_headers_replace (headers, "Content-Disposition", disposition);
      soup_message_headers_replace (headers,
                                    "Content-Security-Policy",
                                    "sandbox; default-src 'none'");
      pfa_desk_answer_text (message, SOUP_STATUS_OK, "application/octet-stream", "");
      soup_message_headers_replace (headers,
                                    "Content-Type",
                                    bundle->sealed ? "application/pkcs7-mime" : "application/zip");
      soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
      return;
    }
  answer_not_found (message);
}

static JsonObject *
read_body (SoupServerMessage *message)
{
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  gsize length;
  const char *text = g_bytes_get_data (body, &length);

  return pfa_json_parse_object (text != NULL ? text : "", (gssize) length, "request", NULL);
}

static void
add_answer (PfaDeskServer *desk,
            SoupServerMessage *message,
            PfaDeskTicket *ticket,
            const PfaDeskAgent *agent)
{
  PfaDeskStore *store = pfa_desk_server_get_store (desk);
  g_autoptr (JsonObject) body = read_body (message);
  const char *text = body != NULL ? pfa_json_peek_string (body, "text") : NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL || *text == '\0' || strlen (text) > MAX_ANSWER_LENGTH)
    pfa_desk_answer_problem (message,
                             SOUP_STATUS_BAD_REQUEST,
                             "text",
                             "the answer's text is missing or too long");
  else if (!pfa_desk_tickets_add_answer (store,
                                         ticket,
                                         g_get_real_time () / G_USEC_PER_SEC,
                                         agent->name,
                                         text,
                                         NULL,
                                         &error) ||
           !pfa_desk_tickets_set_state (store, ticket, "answered", &error))
    answer_storage (message, error);
  else
    answer_state (desk, message, ticket, agent);
}

static void
change_state (PfaDeskServer *desk,
              SoupServerMessage *message,
              PfaDeskTicket *ticket,
              const PfaDeskAgent *agent)
{
  static const char *const states[] = { "open", "answered", "solved", NULL };
  g_autoptr (JsonObject) body = read_body (message);
  const char *state = body != NULL ? pfa_json_peek_string (body, "state") : NULL;
  g_autoptr (GError) error = NULL;

  if (state == NULL || !g_strv_contains (states, state))
    pfa_desk_answer_problem (message,
                             SOUP_STATUS_BAD_REQUEST,
                             "state",
                             "the state is open, answered or solved");
  else if (!pfa_desk_tickets_set_state (pfa_desk_server_get_store (desk), ticket, state, &error))
    answer_storage (message, error);
  else
    answer_state (desk, message, ticket, agent);
}

/* What only agents may do with a ticket. */
static void
answer_agent (PfaDeskServer *desk,
              SoupServerMessage *message,
              PfaDeskTicket *ticket,
              const PfaDeskAgent *agent,
              const char *verb)
{
  const char *method = soup_server_message_get_method (message);

  if (g_str_equal (method, "GET") && *verb == '\0')
    answer_state (desk, message, ticket, agent);
  else if (g_str_equal (method, "GET") && g_str_has_prefix (verb, "bundles/"))
    answer_bundle (desk, message, ticket, verb + strlen ("bundles/"));
  else if (g_str_equal (method, "POST") && g_str_equal (verb, "answers"))
    add_answer (desk, message, ticket, agent);
  else if (g_str_equal (method, "POST") && g_str_equal (verb, "state"))
    change_state (desk, message, ticket, agent);
  else
    pfa_desk_answer_problem (message,
                             SOUP_STATUS_METHOD_NOT_ALLOWED,
                             "method",
                             "this cannot be asked of a ticket");
}

static void
withdraw (PfaDeskServer *desk, SoupServerMessage *message, PfaDeskTicket *ticket)
{
  g_autoptr (GError) error = NULL;
  JsonObject *receipt = pfa_desk_withdrawal_run (desk, ticket, &error);

  if (receipt != NULL)
    pfa_desk_answer_json (message, SOUP_STATUS_OK, receipt);
  else
    answer_storage (message, error);
}

typedef struct
{
  PfaDeskServer *desk;
  SoupServerMessage *message;
  gint64 ticket_id;
} Looking;

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Looking *looking = user_data;
  g_autoptr (PfaDeskTicket) ticket =
      pfa_desk_tickets_find_id (pfa_desk_server_get_store (looking->desk),
                                looking->ticket_id,
                                NULL);

  if (ticket != NULL)
    answer_state (looking->desk, looking->message, ticket, NULL);
  else
    answer_not_found (looking->message);
  soup_server_message_unpause (looking->message);
  g_object_unref (looking->desk);
  g_object_unref (looking->message);
  g_free (looking);
}

/* What the merchant reads is what the help desk says now. */
static void
look (PfaDeskServer *desk, SoupServerMessage *message, const PfaDeskTicket *ticket)
{
  PfaDeskFiling *filing = pfa_desk_server_get_part (desk, "filing");
  Looking *looking;

  if (filing == NULL)
    {
      answer_state (desk, message, ticket, NULL);
      return;
    }
  looking = g_new0 (Looking, 1);
  looking->desk = g_object_ref (desk);
  looking->message = g_object_ref (message);
  looking->ticket_id = ticket->id;
  soup_server_message_pause (message);
  pfa_desk_filing_look_async (filing, ticket->id, on_looked_cb, looking);
}

static void
answer_ticket (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  g_autofree char *number = g_strndup (rest, strcspn (rest, "/"));
  const char *verb = strchr (rest, '/') != NULL ? strchr (rest, '/') + 1 : "";
  const char *method = soup_server_message_get_method (message);
  gboolean merchant = *verb == '\0' && is_merchant (desk, message, number);
  g_autoptr (PfaDeskAgent) agent = merchant ? NULL : pfa_desk_server_authenticate (desk, message);
  g_autoptr (PfaDeskTicket) ticket = NULL;

  if (!merchant && agent == NULL)
    {
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_UNAUTHORIZED,
                               "token",
                               "this needs the ticket's token or an agent's");
      return;
    }
  ticket = pfa_desk_tickets_find (pfa_desk_server_get_store (desk), number, NULL);
  if (ticket == NULL)
    answer_not_found (message);
  else if (agent != NULL)
    answer_agent (desk, message, ticket, agent, verb);
  else if (g_str_equal (method, "DELETE"))
    withdraw (desk, message, ticket);
  else
    look (desk, message, ticket);
}

static void
answer_tickets (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  const char *method = soup_server_message_get_method (message);
  g_autoptr (PfaDeskAgent) agent = NULL;

  if (*rest != '\0')
    {
      answer_ticket (desk, message, rest);
      return;
    }
  if (g_str_equal (method, "POST"))
    {
      pfa_desk_intake_answer_post (desk, message);
      return;
    }
  agent = pfa_desk_server_authenticate (desk, message);
  if (agent == NULL)
    pfa_desk_answer_problem (message, SOUP_STATUS_UNAUTHORIZED, "sign-in", "sign in first");
  else if (g_str_equal (method, "GET"))
    answer_search (desk, message);
  else
    pfa_desk_answer_problem (message,
                             SOUP_STATUS_METHOD_NOT_ALLOWED,
                             "method",
                             "ask with GET or hand over with POST");
}

const PfaDeskRoute pfa_desk_ticket_routes[] = {
  { "/tickets", answer_tickets, NULL },
  { NULL, NULL, NULL },
};
