/* pfa-nexo.c - nexo Terminal API: the diagnosis request and its answer, in the clear
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-nexo.h"

#include <gio/gio.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"

static const char protocol_version[] = "3.0";

char *
pfa_nexo_new_service_id (void)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_auto (GStrv) parts = g_strsplit (uuid, "-", -1);
  g_autofree char *joined = g_strjoinv ("", parts);

  joined[PFA_NEXO_SERVICE_ID_LENGTH] = '\0';
  return g_ascii_strup (joined, -1);
}

char *
pfa_nexo_build_diagnosis (const PfaNexoRequest *request)
{
  g_autoptr (JsonObject) root = json_object_new ();
  JsonObject *message = json_object_new ();
  JsonObject *header = json_object_new ();
  JsonObject *diagnosis = json_object_new ();

  json_object_set_string_member (header, "ProtocolVersion", protocol_version);
  json_object_set_string_member (header, "MessageClass", "Service");
  json_object_set_string_member (header, "MessageCategory", "Diagnosis");
  json_object_set_string_member (header, "MessageType", "Request");
  json_object_set_string_member (header, "ServiceID", request->service_id);
  json_object_set_string_member (header, "SaleID", PFA_NEXO_SALE_ID);
  json_object_set_string_member (header, "POIID", request->poi_id);
  json_object_set_boolean_member (diagnosis, "HostDiagnosisFlag", request->host_diagnosis);
  json_object_set_object_member (message, "MessageHeader", header);
  json_object_set_object_member (message, "DiagnosisRequest", diagnosis);
  json_object_set_object_member (root, "SaleToPOIRequest", message);
  return pfa_json_write_object (root, FALSE);
}

static gboolean
fail (GError **error, const char *why)
{
  g_set_error_literal (error, PFA_ERROR, PFA_ERROR_INVALID_DATA, why);
  return FALSE;
}

static gboolean
has_value (JsonObject *header, const char *member, const char *value)
{
  return g_strcmp0 (pfa_json_peek_string (header, member), value) == 0;
}

/* An answer to somebody else, or an old one sent again, carries another ServiceID. */
static gboolean
check_header (JsonObject *message, const PfaNexoRequest *request, GError **error)
{
  JsonObject *header = pfa_json_peek_object (message, "MessageHeader");

  if (header == NULL)
    return fail (error, "the answer has no header");
  if (!has_value (header, "MessageCategory", "Diagnosis") ||
      !has_value (header, "MessageType", "Response"))
    return fail (error, "the answer is not one to a diagnosis");
  if (!has_value (header, "ServiceID", request->service_id) ||
      !has_value (header, "POIID", request->poi_id))
    return fail (error, "the answer belongs to another request or terminal");
  return TRUE;
}

/* Dialects write booleans as true or as "true". */
static PfaNexoFlag
read_flag (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);
  const char *text;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return PFA_NEXO_NOT_TOLD;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node) ? PFA_NEXO_YES : PFA_NEXO_NO;
  text = pfa_json_peek_string (object, member);
  if (text == NULL)
    return PFA_NEXO_NOT_TOLD;
  if (g_ascii_strcasecmp (text, "true") == 0)
    return PFA_NEXO_YES;
  return g_ascii_strcasecmp (text, "false") == 0 ? PFA_NEXO_NO : PFA_NEXO_NOT_TOLD;
}

static void
read_hosts (JsonObject *diagnosis, PfaNexoAnswer *answer)
{
  JsonArray *hosts = pfa_json_peek_array (diagnosis, "HostStatus");

  for (guint i = 0; hosts != NULL && i < json_array_get_length (hosts); i++)
    {
      JsonNode *node = json_array_get_element (hosts, i);
      PfaNexoFlag flag;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      flag = read_flag (json_node_get_object (node), "IsReachableFlag");
      if (flag == PFA_NEXO_NO || answer->host_reachable == PFA_NEXO_NOT_TOLD)
        answer->host_reachable = flag;
    }
}

static void
read_status (JsonObject *diagnosis, PfaNexoAnswer *answer)
{
  JsonObject *status = pfa_json_peek_object (diagnosis, "POIStatus");

  if (status == NULL)
    return;
  answer->global_status = g_strdup (pfa_json_peek_string (status, "GlobalStatus"));
  answer->printer = g_strdup (pfa_json_peek_string (status, "PrinterStatus"));
  answer->security = read_flag (status, "SecurityOKFlag");
  answer->pin_pad = read_flag (status, "PEDOKFlag");
  answer->card_reader = read_flag (status, "CardReaderOKFlag");
  answer->communication = read_flag (status, "CommunicationOKFlag");
  answer->fraud_prevention = read_flag (status, "FraudPreventionFlag");
}

static int
read_number (const char *text, int least, int most)
{
  char *end = NULL;
  gint64 value = g_ascii_strtoll (text, &end, 10);

  return end != text && value >= least && value <= most ? (int) value : -1;
}

/* "batteryLevel=100%25&firmwareVersion=…": only what is named here is kept; the network profile and
 * the merchant's account are passed over. */
static void
read_additional (const char *pairs, PfaNexoAnswer *answer)
{
  GUriParamsIter iter;
  char *name;
  char *value;

  g_uri_params_iter_init (&iter, pairs, -1, "&", G_URI_PARAMS_NONE);
  while (g_uri_params_iter_next (&iter, &name, &value, NULL))
    {
      g_autofree char *owned_name = name;
      g_autofree char *owned_value = value;

      if (strcmp (owned_name, "batteryLevel") == 0)
        answer->battery_percent = read_number (owned_value, 0, 100);
      else if (strcmp (owned_name, "unconfirmedBatchCount") == 0)
        answer->unconfirmed_batches = read_number (owned_value, 0, G_MAXINT);
      else if (strcmp (owned_name, "firmwareVersion") == 0 && answer->firmware == NULL)
        answer->firmware = g_steal_pointer (&owned_value);
      else if (strcmp (owned_name, "terminalId") == 0 && answer->terminal_id == NULL)
        answer->terminal_id = g_steal_pointer (&owned_value);
    }
}

static void
read_response (JsonObject *diagnosis, PfaNexoAnswer *answer)
{
  JsonObject *response = pfa_json_peek_object (diagnosis, "Response");
  const char *additional;

  if (response == NULL)
    return;
  answer->result = g_strdup (pfa_json_peek_string (response, "Result"));
  answer->error_condition = g_strdup (pfa_json_peek_string (response, "ErrorCondition"));
  additional = pfa_json_peek_string (response, "AdditionalResponse");
  if (additional != NULL)
    read_additional (additional, answer);
}

static gboolean
read_event (JsonObject *message, PfaNexoAnswer *answer, GError **error)
{
  JsonObject *event = pfa_json_peek_object (message, "EventNotification");
  const char *kind = pfa_json_peek_string (event, "EventToNotify");
  const char *details = pfa_json_peek_string (event, "EventDetails");

  if (g_strcmp0 (kind, "Reject") != 0)
    return fail (error, "an event instead of an answer");
  answer->rejected = g_strdup (details != NULL ? details : kind);
  return TRUE;
}

PfaNexoAnswer *
pfa_nexo_parse_answer (JsonObject *message, const PfaNexoRequest *request, GError **error)
{
  g_autoptr (PfaNexoAnswer) answer = g_new0 (PfaNexoAnswer, 1);
  JsonObject *diagnosis;

  answer->battery_percent = -1;
  answer->unconfirmed_batches = -1;
  if (pfa_json_peek_object (message, "EventNotification") != NULL)
    return read_event (message, answer, error) ? g_steal_pointer (&answer) : NULL;
  if (!check_header (message, request, error))
    return NULL;
  diagnosis = pfa_json_peek_object (message, "DiagnosisResponse");
  if (diagnosis == NULL)
    {
      fail (error, "the answer holds no diagnosis");
      return NULL;
    }
  read_response (diagnosis, answer);
  read_status (diagnosis, answer);
  read_hosts (diagnosis, answer);
  return g_steal_pointer (&answer);
}

void
pfa_nexo_answer_free (PfaNexoAnswer *self)
{
  g_free (self->result);
  g_free (self->error_condition);
  g_free (self->global_status);
  g_free (self->printer);
  g_free (self->firmware);
  g_free (self->terminal_id);
  g_free (self->rejected);
  g_free (self);
}
