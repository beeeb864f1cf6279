/* pfa-check-provider.c - what do the provider's own test addresses answer?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-json.h"
#include "pfa-web-question.h"

#define MAX_ANSWER_BYTES 65536
#define TIMEOUT_MS       5000
/* DESIGN.md 4.2: later than this is slow, beyond the line's own round trips. */
#define SLOW_MS 2000
/* A handshake and an answer take three; a lost SYN must not make them look longer. */
#define ROUND_TRIPS           3
#define LONGEST_ROUND_TRIP_US 900000
#define MAX_ENDPOINTS         4

typedef struct
{
  const PfaProviderHost *host;
  const char *value; /* NULL: not known yet */
  guint status;
  guint answer_ms;
  char *code; /* the answer's own */
} Endpoint;

typedef struct
{
  Endpoint endpoints[MAX_ENDPOINTS];
  guint count;
  guint done;
} Provider;

static void
provider_free (Provider *self)
{
  for (guint i = 0; i < self->count; i++)
    g_free (self->endpoints[i].code);
  g_free (self);
}

/* The worst that any of them said, in this order. */
static const char *const order[] = { "says-96", "busy",  "silent",        "slow",
                                     "broken",  "error", "no-connection", "ok" };

static guint
rank (const char *value)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (order); i++)
    if (g_str_equal (order[i], value))
      break;
  return i;
}

static void
conclude (PfaCheckContext *context)
{
  Provider *self = pfa_check_get_data (context);
  Endpoint *worst = &self->endpoints[0];
  PfaObservation *observation;

  for (guint i = 1; i < self->count; i++)
    if (rank (self->endpoints[i].value) < rank (worst->value))
      worst = &self->endpoints[i];
  observation = pfa_check_new_observation ("provider-answer", worst->value);
  pfa_observation_set_fact_string (observation, "role", worst->host->role);
  pfa_observation_set_fact_int (observation, "status", worst->status);
  pfa_observation_set_fact_int (observation, "answer_ms", worst->answer_ms);
  pfa_observation_set_fact_string (observation, "code", worst->code);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static void
settle (PfaCheckContext *context, Endpoint *endpoint, const char *value)
{
  Provider *self = pfa_check_get_data (context);

  endpoint->value = value;
  if (++self->done == self->count)
    conclude (context);
}

static char *
dup_scalar (JsonNode *node)
{
  GValue value = G_VALUE_INIT;
  char *text;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  json_node_get_value (node, &value);
  text = G_VALUE_HOLDS_STRING (&value) ? g_value_dup_string (&value)
                                       : g_strdup_value_contents (&value);
  g_value_unset (&value);
  return text;
}

/* Codes of "the system is at fault, or the bank behind it is not there". */
static gboolean
is_malfunction (const char *code)
{
  return g_strcmp0 (code, "96") == 0 || g_strcmp0 (code, "91") == 0 ||
         g_ascii_strcasecmp (code, "DEGRADED") == 0 || g_ascii_strcasecmp (code, "DOWN") == 0;
}

/* "ok" when every member is there with the value expected. */
static const char *
compare_members (Endpoint *endpoint, JsonObject *answer)
{
  g_autoptr (GList) names = json_object_get_members (endpoint->host->expect_json);

  for (GList *at = names; at != NULL; at = at->next)
    {
      g_autofree char *wanted =
          dup_scalar (json_object_get_member (endpoint->host->expect_json, at->data));
      g_autofree char *got = json_object_has_member (answer, at->data)
                                 ? dup_scalar (json_object_get_member (answer, at->data))
                                 : NULL;

      if (got == NULL)
        return "broken";
      if (g_strcmp0 (wanted, got) == 0)
        continue;
      g_free (endpoint->code);
      endpoint->code = g_steal_pointer (&got);
      return is_malfunction (endpoint->code) ? "says-96" : "error";
    }
  return "ok";
}

static const char *
judge_body (Endpoint *endpoint, const PfaWebResult *result)
{
  gsize size;
  const char *text = g_bytes_get_data (result->body, &size);
  g_autoptr (JsonObject) answer = NULL;

  if (endpoint->host->expect_json == NULL)
    return "ok";
  /* A payment host's answer is a few members; anything longer is not looked through here, in the
   * main loop. */
  if (size > MAX_ANSWER_BYTES)
    return "broken";
  answer = pfa_json_parse_object (text != NULL ? text : "", (gssize) size, "answer", NULL);
  return answer != NULL ? compare_members (endpoint, answer) : "broken";
}

static const char *
judge_answer (Endpoint *endpoint, const PfaWebResult *result)
{
  guint round_trip_us = result->elapsed_us - MIN (result->answer_us, result->elapsed_us);
  const char *said;

  endpoint->status = result->status;
  endpoint->answer_ms = result->answer_us / 1000;
  if (result->status == 429 || result->status == 503 || result->retry_after != NULL)
    return "busy";
  said = judge_body (endpoint, result);
  if (g_str_equal (said, "says-96"))
    return said;
  if (result->status >= 400)
    return "error";
  if (result->answer_us > ROUND_TRIPS * MIN (round_trip_us, LONGEST_ROUND_TRIP_US) + SLOW_MS * 1000)
    return "slow";
  return said;
}

static const char *
judge (Endpoint *endpoint, const PfaWebResult *result)
{
  switch (result->outcome)
    {
    case PFA_WEB_ANSWERED:
      return judge_answer (endpoint, result);
    case PFA_WEB_SILENT:
      endpoint->answer_ms = result->answer_us / 1000;
      return result->secure ? "silent" : "no-connection";
    case PFA_WEB_BROKEN:
      return "broken";
    case PFA_WEB_BAD_TLS:
    case PFA_WEB_NO_CONNECTION:
    default:
      return "no-connection";
    }
}

static void
on_answered (PfaCheckContext *context, PfaWebResult *answer, gpointer user_data)
{
  g_autoptr (PfaWebResult) result = answer;
  Endpoint *endpoint = user_data;

  settle (context, endpoint, result != NULL ? judge (endpoint, result) : "no-connection");
}

static void
start (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  Provider *self = g_new0 (Provider, 1);

  pfa_check_set_data (context, self, (GDestroyNotify) provider_free);
  for (guint i = 0; provider != NULL && i < provider->hosts->len; i++)
    {
      const PfaProviderHost *host = g_ptr_array_index (provider->hosts, i);

      if (host->url != NULL && self->count < MAX_ENDPOINTS)
        self->endpoints[self->count++].host = host;
    }
  if (self->count == 0)
    {
      pfa_check_report_cannot (context, "provider-answer", "the profile names no test address");
      pfa_check_done (context);
      return;
    }
  for (guint i = 0; i < self->count; i++)
    {
      PfaWebQuestion question = { .url = self->endpoints[i].host->url,
                                  .of_profile = TRUE,
                                  .timeout_ms = TIMEOUT_MS,
                                  .answered = on_answered,
                                  .user_data = &self->endpoints[i] };

      if (!pfa_web_question_ask (context, &question))
        settle (context, &self->endpoints[i], "no-connection");
    }
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "provider-answer", NULL };

const PfaCheck pfa_check_provider = {
  .id = "provider",
  .needs = needs,
  .blocked_by = pfa_blocks_of_way,
  .reports = reports,
  .secure = TRUE,
  .sends = "one web request to each test address of the profile, at most four",
  .start = start,
};
