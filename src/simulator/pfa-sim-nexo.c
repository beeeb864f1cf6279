/* pfa-sim-nexo.c - a terminal of the nexo Terminal API on HTTPS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-sim-nexo.h"

#include <libsoup/soup.h>
#include <string.h>

#include "pfa-json.h"
#include "pfa-nexo-crypto.h"
#include "pfa-sim-certificate.h"

#define POI_ID   "V400m-346403161"
#define BIG_BODY (4 * 1024 * 1024)
#define SLOW_MS  800

struct _PfaSimNexo
{
  GObject parent_instance;

  JsonObject *state;
  char *state_file;
  SoupServer *server;
  char *root;
  char *request;
  char *first_answer; /* kept for a terminal that says the same again */
  guint requests;
};

G_DEFINE_FINAL_TYPE (PfaSimNexo, pfa_sim_nexo, G_TYPE_OBJECT)

static const char *
get_string (PfaSimNexo *self, const char *name, const char *fallback)
{
  const char *value = pfa_json_peek_string (self->state, name);

  return value != NULL ? value : fallback;
}

static gboolean
suffers (PfaSimNexo *self, const char *illness)
{
  return g_strcmp0 (pfa_json_peek_string (self->state, "illness"), illness) == 0;
}

/* FALSE where the state gives no passphrase: then everything goes in the clear. */
static gboolean
derive_key (PfaSimNexo *self, PfaNexoKey *key)
{
  const char *passphrase = pfa_json_peek_string (self->state, "passphrase");

  memset (key, 0, sizeof *key);
  return passphrase != NULL &&
         pfa_nexo_key_derive (key,
                              passphrase,
                              get_string (self, "key_identifier", "CryptoKeyIdentifier12345"),
                              (guint) pfa_json_peek_double (self->state, "key_version", 1));
}

static void
copy_member (JsonObject *from, JsonObject *to, const char *name)
{
  const char *value = pfa_json_peek_string (from, name);

  if (value != NULL)
    json_object_set_string_member (to, name, value);
}

static JsonObject *
build_header (PfaSimNexo *self, JsonObject *request)
{
  JsonObject *header = json_object_new ();

  json_object_set_string_member (header, "MessageClass", "Service");
  json_object_set_string_member (header, "MessageCategory", "Diagnosis");
  json_object_set_string_member (header, "MessageType", "Response");
  copy_member (request, header, "ProtocolVersion");
  copy_member (request, header, "ServiceID");
  copy_member (request, header, "SaleID");
  copy_member (request, header, "POIID");
  if (suffers (self, "other-service-id"))
    json_object_set_string_member (header, "ServiceID", "SOMEBODY");
  return header;
}

static JsonObject *
build_status (PfaSimNexo *self)
{
  const char *const flags[] = { "SecurityOKFlag",
                                "PEDOKFlag",
                                "CardReaderOKFlag",
                                "CommunicationOKFlag" };
  JsonObject *status = json_object_new ();
  gboolean as_text = pfa_json_peek_boolean (self->state, "booleans_as_text", FALSE);

  json_object_set_string_member (status, "GlobalStatus", get_string (self, "status", "OK"));
  json_object_set_string_member (status, "PrinterStatus", get_string (self, "printer", "OK"));
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      gboolean flag = pfa_json_peek_boolean (self->state, flags[i], TRUE);

      if (as_text)
        json_object_set_string_member (status, flags[i], flag ? "true" : "false");
      else
        json_object_set_boolean_member (status, flags[i], flag);
    }
  return status;
}

static char *
dup_additional (PfaSimNexo *self)
{
  return g_strdup_printf ("batteryLevel=%s%%25&firmwareVersion=%s&unconfirmedBatchCount=0"
                          "&merchantAccount=Simulated&terminalId=%s",
                          get_string (self, "battery", "100"),
                          get_string (self, "software", "adyen_v1_49p5"),
                          get_string (self, "terminal_id", POI_ID));
}

static JsonObject *
build_diagnosis (PfaSimNexo *self, gboolean host)
{
  JsonObject *diagnosis = json_object_new ();
  JsonObject *response = json_object_new ();
  const char *condition = pfa_json_peek_string (self->state, "error_condition");
  g_autofree char *additional = dup_additional (self);

  json_object_set_string_member (response, "Result", condition != NULL ? "Failure" : "Success");
  if (condition != NULL)
    json_object_set_string_member (response, "ErrorCondition", condition);
  json_object_set_string_member (response, "AdditionalResponse", additional);
  json_object_set_object_member (diagnosis, "Response", response);
  if (condition == NULL && !suffers (self, "missing-status"))
    json_object_set_object_member (diagnosis, "POIStatus", build_status (self));
  if (host)
    {
      JsonArray *hosts = json_array_new ();
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "AcquirerID", "0");
      json_object_set_boolean_member (entry,
                                      "IsReachableFlag",
                                      pfa_json_peek_boolean (self->state, "host_reachable", TRUE));
      json_array_add_object_element (hosts, entry);
      json_object_set_array_member (diagnosis, "HostStatus", hosts);
    }
  return diagnosis;
}

static char *
dup_plain_answer (PfaSimNexo *self, JsonObject *request)
{
  g_autoptr (JsonObject) root = json_object_new ();
  JsonObject *message = json_object_new ();
  JsonObject *header = pfa_json_peek_object (request, "MessageHeader");
  JsonObject *asked = pfa_json_peek_object (request, "DiagnosisRequest");
  gboolean host = asked != NULL && pfa_json_peek_boolean (asked, "HostDiagnosisFlag", FALSE);

  json_object_set_object_member (message, "MessageHeader", build_header (self, header));
  json_object_set_object_member (message, "DiagnosisResponse", build_diagnosis (self, host));
  json_object_set_object_member (root, PFA_NEXO_RESPONSE, message);
  return pfa_json_write_object (root, FALSE);
}

static char *
dup_rejection (const char *why)
{
  return g_strdup_printf (
      "{\"SaleToPOIRequest\":{\"MessageHeader\":{\"MessageClass\":\"Event\"},"
      "\"EventNotification\":{\"EventToNotify\":\"Reject\",\"EventDetails\":\"%s\"}}}",
      why);
}

/* The clear request, or NULL with a rejection as a real terminal gives it. (transfer full) */
static JsonObject *
open_request (PfaSimNexo *self, const char *body, gsize length, const PfaNexoKey *key)
{
  g_autoptr (JsonObject) root = pfa_json_parse_object (body, (gssize) length, "request", NULL);
  JsonObject *message = root != NULL ? pfa_json_peek_object (root, PFA_NEXO_REQUEST) : NULL;
  g_autofree char *plain = NULL;
  g_autoptr (JsonObject) inner = NULL;

  if (message == NULL || pfa_nexo_is_protected (message) != (key != NULL))
    return NULL;
  if (key == NULL)
    plain = g_strndup (body, length);
  else
    plain = pfa_nexo_unprotect (key, PFA_NEXO_REQUEST, message, NULL);
  if (plain == NULL)
    return NULL;
  g_free (self->request);
  self->request = g_strdup (plain);
  inner = pfa_json_parse_object (plain, -1, "request", NULL);
  message = inner != NULL ? pfa_json_peek_object (inner, PFA_NEXO_REQUEST) : NULL;
  if (message == NULL || pfa_json_peek_object (message, "MessageHeader") == NULL)
    return NULL;
  return json_object_ref (message);
}

static char *
dup_answer (PfaSimNexo *self, const char *body, gsize length)
{
  PfaNexoKey key;
  gboolean has_key = derive_key (self, &key);
  g_autoptr (JsonObject) request = open_request (self, body, length, has_key ? &key : NULL);
  g_autofree char *plain = NULL;
  char *answer;

  if (request == NULL)
    answer = dup_rejection ("message could not be read");
  else
    {
      plain = dup_plain_answer (self, request);
      if (has_key && suffers (self, "wrong-hmac"))
        key.hmac[0] ^= 1;
      answer = has_key ? pfa_nexo_protect (&key, PFA_NEXO_RESPONSE, plain, NULL)
                       : g_steal_pointer (&plain);
    }
  pfa_nexo_key_clear (&key);
  return answer;
}

static void
set_body (SoupServerMessage *message, char *body)
{
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message,
                                    "application/json",
                                    SOUP_MEMORY_TAKE,
                                    body,
                                    strlen (body));
}

/* What a terminal does instead of answering. */
static gboolean
answer_badly (PfaSimNexo *self, SoupServerMessage *message)
{
  if (suffers (self, "http-404"))
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  else if (suffers (self, "http-500"))
    soup_server_message_set_status (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, NULL);
  else if (suffers (self, "redirect"))
    soup_server_message_set_redirect (message,
                                      SOUP_STATUS_TEMPORARY_REDIRECT,
                                      "https://localhost:1/nexo");
  else if (suffers (self, "big-body"))
    set_body (message, g_strnfill (BIG_BODY, ' '));
  else if (suffers (self, "garbage"))
    set_body (message, g_strdup ("{\"SaleToPOIResponse\": {\"MessageHeader\": [[[["));
  else if (suffers (self, "duplicate-keys"))
    set_body (message, g_strdup ("{\"SaleToPOIResponse\":{},\"SaleToPOIResponse\":{}}"));
  else if (suffers (self, "replay") && self->first_answer != NULL)
    set_body (message, g_strdup (self->first_answer));
  else
    return FALSE;
  return TRUE;
}

static void
reload_state (PfaSimNexo *self)
{
  g_autoptr (JsonNode) node =
      self->state_file != NULL ? pfa_json_load (self->state_file, NULL) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  json_object_unref (self->state);
  self->state = json_object_ref (json_node_get_object (node));
}

static gboolean
on_slow_over_cb (gpointer user_data)
{
  soup_server_message_unpause (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_request_cb (SoupServer *server,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer user_data)
{
  PfaSimNexo *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  char *answer;

  reload_state (self);
  self->requests++;
  if (suffers (self, "silent"))
    {
      soup_server_message_pause (message);
      return;
    }
  if (suffers (self, "slow"))
    {
      soup_server_message_pause (message);
      g_timeout_add_full (G_PRIORITY_DEFAULT,
                          (guint) pfa_json_peek_double (self->state, "delay_ms", SLOW_MS),
                          on_slow_over_cb,
                          g_object_ref (message),
                          g_object_unref);
    }
  if (answer_badly (self, message))
    return;
  answer = dup_answer (self, body->data, (gsize) body->length);
  if (self->first_answer == NULL)
    self->first_answer = g_strdup (answer);
  set_body (message, answer);
}

guint16
pfa_sim_nexo_listen (PfaSimNexo *self, GInetAddress *address, guint16 port, GError **error)
{
  g_autofree char *common_name =
      g_strconcat (get_string (self, "terminal_id", POI_ID), ".test.terminal.adyen.com", NULL);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (address, port);
  GSList *uris;

  certificate = pfa_sim_certificate_new (get_string (self, "certificate_name", common_name),
                                         &self->root,
                                         error);
  if (certificate == NULL)
    return 0;
  self->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, "/nexo", on_request_cb, self, NULL);
  if (!soup_server_listen (self->server, wanted, SOUP_SERVER_LISTEN_HTTPS, error))
    return 0;
  uris = soup_server_get_uris (self->server);
  port = (guint16) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

const char *
pfa_sim_nexo_get_root (PfaSimNexo *self)
{
  return self->root;
}

const char *
pfa_sim_nexo_get_request (PfaSimNexo *self)
{
  return self->request;
}

guint
pfa_sim_nexo_count_requests (PfaSimNexo *self)
{
  return self->requests;
}

PfaSimNexo *
pfa_sim_nexo_new (JsonObject *state, const char *state_file)
{
  PfaSimNexo *self = g_object_new (PFA_TYPE_SIM_NEXO, NULL);

  self->state = state != NULL ? json_object_ref (state) : json_object_new ();
  self->state_file = g_strdup (state_file);
  return self;
}

static void
pfa_sim_nexo_dispose (GObject *object)
{
  PfaSimNexo *self = PFA_SIM_NEXO (object);

  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);

  G_OBJECT_CLASS (pfa_sim_nexo_parent_class)->dispose (object);
}

static void
pfa_sim_nexo_finalize (GObject *object)
{
  PfaSimNexo *self = PFA_SIM_NEXO (object);

  json_object_unref (self->state);
  g_free (self->state_file);
  g_free (self->root);
  g_free (self->request);
  g_free (self->first_answer);

  G_OBJECT_CLASS (pfa_sim_nexo_parent_class)->finalize (object);
}

static void
pfa_sim_nexo_class_init (PfaSimNexoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_sim_nexo_dispose;
  object_class->finalize = pfa_sim_nexo_finalize;
}

static void
pfa_sim_nexo_init (PfaSimNexo *self)
{
}
