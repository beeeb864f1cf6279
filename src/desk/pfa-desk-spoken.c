/* pfa-desk-spoken.c - /spoken?code=…&language=…: reads, for agents, the code that a merchant says
 * on the phone, and says in the agent's language what it means
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-routes.h"
#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-knowledge.h"
#include "pfa-spoken.h"

/* The knowledge's own ids of what the code calls otherwise. */
static const char *const origins[][2] = {
  { "host", "host" },
  { "terminal", "terminal" },
  { "reversal", "reversal-slip" },
  { "sign-in", "at-sign-in" },
};

/* Read at the first code; the desk needs it for nothing else. */
static PfaKnowledge *
ensure_knowledge (PfaDeskServer *desk)
{
  PfaKnowledge *known = pfa_desk_server_get_part (desk, "knowledge");
  g_autoptr (PfaKnowledge) fresh = NULL;

  if (known != NULL)
    return known;
  fresh = pfa_knowledge_new (NULL);
  if (fresh != NULL)
    pfa_desk_server_set_part (desk, "knowledge", G_OBJECT (fresh));
  return fresh;
}

static const char *
say_cause (PfaKnowledge *knowledge, const char *id, const char *language)
{
  const PfaCause *cause = id != NULL ? pfa_knowledge_find_cause (knowledge, id) : NULL;

  return cause != NULL ? pfa_text_get (cause->title, language) : NULL;
}

static const char *
say_action (PfaKnowledge *knowledge, const char *id, const char *language)
{
  const PfaAction *action = pfa_knowledge_find_action (knowledge, id);

  return action != NULL ? pfa_text_get (action->title, language) : id;
}

static const char *
say_answer (PfaKnowledge *knowledge, const char *question, const char *id, const char *language)
{
  const PfaObservationKind *kind = pfa_knowledge_find_observation (knowledge, question);
  int index = kind != NULL && id != NULL ? pfa_observation_kind_find_value (kind, id) : -1;
  const PfaValue *value;

  if (index < 0)
    return NULL;
  value = &kind->values[index];
  return pfa_text_get (value->label != NULL ? value->label : value->because, language);
}

static const char *
say_origin (PfaKnowledge *knowledge, const char *id, const char *language)
{
  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    if (g_strcmp0 (origins[i][0], id) == 0)
      return say_answer (knowledge, "answer-from", origins[i][1], language);
  return NULL;
}

static char *
dup_payment (PfaKnowledge *knowledge, const char *id, const char *language)
{
  JsonArray *states = pfa_json_peek_array (pfa_knowledge_get_payment (knowledge), "states");

  for (guint i = 0; id != NULL && states != NULL && i < json_array_get_length (states); i++)
    {
      JsonObject *state = json_array_get_object_element (states, i);
      g_autoptr (PfaText) title = NULL;

      if (g_strcmp0 (pfa_json_peek_string (state, "id"), id) != 0)
        continue;
      title = pfa_text_new_from_json (json_object_get_member (state, "title"), "title", NULL);
      return title != NULL ? g_strdup (pfa_text_get (title, language)) : NULL;
    }
  return NULL;
}

static void
set_text (JsonObject *texts, const char *member, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (texts, member, text);
}

/* What has no text is unknown; the page says so in its own words. */
static JsonObject *
build_texts (PfaKnowledge *knowledge, const PfaSpoken *spoken, const char *language)
{
  JsonObject *texts = json_object_new ();
  JsonArray *failed = json_array_new ();
  g_autofree char *payment = dup_payment (knowledge, spoken->payment, language);

  set_text (texts, "cause", say_cause (knowledge, spoken->cause, language));
  set_text (texts, "payment", payment);
  set_text (texts,
            "connection",
            say_answer (knowledge, "connection", spoken->connection, language));
  set_text (texts, "answered", say_origin (knowledge, spoken->answered, language));
  for (guint i = 0; i < spoken->failed->len; i++)
    json_array_add_string_element (failed,
                                   say_action (knowledge, spoken->failed->pdata[i], language));
  json_object_set_array_member (texts, "failed", failed);
  return texts;
}

static void
answer_code (PfaDeskServer *desk, SoupServerMessage *message, GHashTable *query)
{
  const char *code = g_hash_table_lookup (query, "code");
  const char *language = g_hash_table_lookup (query, "language");
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaSpoken) spoken = pfa_spoken_decode (code != NULL ? code : "", &error);
  PfaKnowledge *knowledge;
  JsonObject *answer;

  if (spoken == NULL)
    {
      gboolean version = g_error_matches (error, PFA_ERROR, PFA_ERROR_NOT_SUPPORTED);

      pfa_desk_answer_problem (message,
                               SOUP_STATUS_UNPROCESSABLE_ENTITY,
                               version ? "spoken-version" : "spoken-code",
                               error->message);
      return;
    }
  answer = pfa_spoken_to_json (spoken);
  knowledge = ensure_knowledge (desk);
  if (knowledge != NULL)
    json_object_set_object_member (answer,
                                   "texts",
                                   build_texts (knowledge,
                                                spoken,
                                                pfa_text_match_language (language != NULL ? language
                                                                                          : "en")));
  pfa_desk_answer_json (message, SOUP_STATUS_OK, answer);
}

static void
answer_spoken (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  g_autoptr (PfaDeskAgent) agent = pfa_desk_server_authenticate (desk, message);
  const char *text = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) query = soup_form_decode (text != NULL ? text : "");

  if (agent == NULL)
    pfa_desk_answer_problem (message, SOUP_STATUS_UNAUTHORIZED, "sign-in", "sign in first");
  else
    answer_code (desk, message, query);
}

const PfaDeskRoute pfa_desk_spoken_routes[] = {
  { "/spoken", answer_spoken, NULL },
  { NULL, NULL, NULL },
};
