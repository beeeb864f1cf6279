/* pfa-incident.c - one run, from "it shows 96" to "solved" or "handed over"
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-incident.h"

#include <string.h>
#include <sys/random.h>

#include "pfa-error.h"
#include "pfa-json.h"

/* The members that are plain texts, by their names in JSON. One table reads, writes and frees. */
static const struct
{
  const char *name;
  gsize offset;
} text_members[] = {
  { "id", G_STRUCT_OFFSET (PfaIncident, id) },
  { "code", G_STRUCT_OFFSET (PfaIncident, code) },
  { "provider", G_STRUCT_OFFSET (PfaIncident, provider) },
  { "terminal", G_STRUCT_OFFSET (PfaIncident, terminal) },
  { "connection", G_STRUCT_OFFSET (PfaIncident, connection) },
  { "answered", G_STRUCT_OFFSET (PfaIncident, answered) },
  { "state", G_STRUCT_OFFSET (PfaIncident, state) },
  { "solved_by", G_STRUCT_OFFSET (PfaIncident, solved_by) },
  { "cause", G_STRUCT_OFFSET (PfaIncident, cause) },
  { "place", G_STRUCT_OFFSET (PfaIncident, place) },
  { "ticket", G_STRUCT_OFFSET (PfaIncident, ticket) },
  { "conversation", G_STRUCT_OFFSET (PfaIncident, conversation) },
};

static char **
text_member (const PfaIncident *self, guint i)
{
  return (char **) G_STRUCT_MEMBER_P (self, text_members[i].offset);
}

static void
step_free (gpointer data)
{
  PfaIncidentStep *step = data;

  g_free (step->action);
  g_free (step->outcome);
  g_free (step);
}

static PfaIncident *
incident_new_empty (void)
{
  PfaIncident *self = g_new0 (PfaIncident, 1);

  self->evidence = pfa_evidence_new ();
  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->payment = json_object_new ();
  return self;
}

PfaIncident *
pfa_incident_new (const char *code)
{
  PfaIncident *self;

  g_return_val_if_fail (code != NULL, NULL);

  self = incident_new_empty ();
  self->id = g_uuid_string_random ();
  self->code = g_ascii_strup (code, -1);
  self->connection = g_strdup (PFA_VALUE_UNKNOWN);
  self->answered = g_strdup (PFA_VALUE_UNKNOWN);
  self->state = g_strdup (PFA_INCIDENT_OPEN);
  self->started = g_get_real_time ();
  /* getrandom() of 32 bytes neither blocks after boot nor returns short. */
  if (getrandom (self->pseudonym_key, sizeof self->pseudonym_key, 0) != sizeof self->pseudonym_key)
    g_critical ("the system gives no random numbers");
  return self;
}

void
pfa_incident_free (PfaIncident *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (text_members); i++)
    g_free (*text_member (self, i));
  pfa_evidence_free (self->evidence);
  g_ptr_array_unref (self->steps);
  json_object_unref (self->payment);
  g_clear_pointer (&self->terminal_status, json_object_unref);
  g_clear_pointer (&self->guided, json_array_unref);
  g_free (self);
}

PfaIncident *
pfa_incident_copy (const PfaIncident *self)
{
  g_autoptr (JsonObject) object = pfa_incident_to_json (self);
  g_autofree char *text = pfa_json_write_object (object, FALSE);
  g_autoptr (JsonObject) fresh = pfa_json_parse_object (text, -1, "incident", NULL);

  return pfa_incident_new_from_json (fresh, NULL);
}

PfaIncidentStep *
pfa_incident_add_step (PfaIncident *self, const char *action, const char *outcome)
{
  PfaIncidentStep *step = g_new0 (PfaIncidentStep, 1);

  step->action = g_strdup (action);
  step->outcome = g_strdup (outcome);
  step->started = g_get_real_time ();
  g_ptr_array_add (self->steps, step);
  return step;
}

PfaIncidentStep *
pfa_incident_find_step (const PfaIncident *self, const char *action)
{
  for (guint i = self->steps->len; i > 0; i--)
    {
      PfaIncidentStep *step = self->steps->pdata[i - 1];

      if (g_str_equal (step->action, action))
        return step;
    }
  return NULL;
}

void
pfa_incident_set (char **field, const char *value)
{
  char *copy = g_strdup (value);

  g_free (*field);
  *field = copy;
}

static JsonArray *
steps_to_json (GPtrArray *steps)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < steps->len; i++)
    {
      PfaIncidentStep *step = steps->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "action", step->action);
      json_object_set_string_member (object, "outcome", step->outcome);
      json_object_set_int_member (object, "started", step->started);
      json_object_set_int_member (object, "ended", step->ended);
      json_object_set_double_member (object, "chance", step->chance);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonArray *
observations_to_json (PfaEvidence *evidence)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < evidence->observations->len; i++)
    json_array_add_object_element (array,
                                   pfa_observation_to_json (evidence->observations->pdata[i]));
  return array;
}

static JsonArray *
words_to_json (GPtrArray *words)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < words->len; i++)
    json_array_add_string_element (array, words->pdata[i]);
  return array;
}

static char *
key_to_hex (const guint8 *key)
{
  GString *hex = g_string_new (NULL);

  for (guint i = 0; i < PFA_INCIDENT_KEY_LENGTH; i++)
    g_string_append_printf (hex, "%02x", key[i]);
  return g_string_free (hex, FALSE);
}

static gboolean
read_key (const char *hex, guint8 *key)
{
  if (hex == NULL || strlen (hex) != 2 * PFA_INCIDENT_KEY_LENGTH)
    return FALSE;
  for (guint i = 0; i < PFA_INCIDENT_KEY_LENGTH; i++)
    {
      int high = g_ascii_xdigit_value (hex[2 * i]);
      int low = g_ascii_xdigit_value (hex[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      key[i] = (guint8) (high * 16 + low);
    }
  return TRUE;
}

JsonObject *
pfa_incident_to_json (const PfaIncident *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *key = key_to_hex (self->pseudonym_key);

  for (guint i = 0; i < G_N_ELEMENTS (text_members); i++)
    if (*text_member (self, i) != NULL)
      json_object_set_string_member (object, text_members[i].name, *text_member (self, i));
  json_object_set_int_member (object, "started", self->started);
  json_object_set_int_member (object, "ended", self->ended);
  json_object_set_int_member (object, "elapsed_ms", self->elapsed_ms);
  json_object_set_boolean_member (object, "complete", self->complete);
  json_object_set_boolean_member (object, "practice", self->practice);
  json_object_set_array_member (object, "observations", observations_to_json (self->evidence));
  json_object_set_array_member (object, "failed", words_to_json (self->evidence->failed));
  json_object_set_array_member (object, "skipped", words_to_json (self->evidence->skipped));
  json_object_set_array_member (object, "steps", steps_to_json (self->steps));
  json_object_set_object_member (object, "payment", json_object_ref (self->payment));
  if (self->terminal_status != NULL)
    json_object_set_object_member (object,
                                   "terminal_status",
                                   json_object_ref (self->terminal_status));
  if (self->guided != NULL)
    json_object_set_array_member (object, "guided", json_array_ref (self->guided));
  json_object_set_string_member (object, "pseudonym_key", key);
  return object;
}

static gboolean
read_observations (PfaIncident *self, JsonObject *object, GError **error)
{
  JsonArray *array = pfa_json_peek_array (object, "observations");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      PfaObservation *observation = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        observation = pfa_observation_new_from_json (json_node_get_object (node), error);
      else
        g_set_error_literal (error,
                             PFA_ERROR,
                             PFA_ERROR_BAD_INPUT,
                             "incident: an observation is not an object");
      if (observation == NULL)
        return FALSE;
      pfa_evidence_take (self->evidence, observation);
    }
  return TRUE;
}

static void
read_steps (PfaIncident *self, JsonObject *object)
{
  JsonArray *array = pfa_json_peek_array (object, "steps");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *step = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *action = step != NULL ? pfa_json_peek_string (step, "action") : NULL;
      const char *outcome = step != NULL ? pfa_json_peek_string (step, "outcome") : NULL;
      PfaIncidentStep *fresh;

      if (action == NULL || outcome == NULL)
        continue;
      fresh = pfa_incident_add_step (self, action, outcome);
      fresh->started = (gint64) pfa_json_peek_double (step, "started", 0);
      fresh->ended = (gint64) pfa_json_peek_double (step, "ended", 0);
      fresh->chance = pfa_json_peek_double (step, "chance", 0);
    }
}

static void
read_words (JsonObject *object, const char *member, GPtrArray *words)
{
  g_auto (GStrv) list = pfa_json_dup_strings (object, member, "incident", NULL);

  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    g_ptr_array_add (words, g_strdup (list[i]));
}

PfaIncident *
pfa_incident_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (PfaIncident) self = incident_new_empty ();
  JsonObject *child;
  JsonArray *guided;

  if (pfa_json_require_string (object, "id", "incident", error) == NULL ||
      pfa_json_require_string (object, "code", "incident", error) == NULL)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (text_members); i++)
    pfa_incident_set (text_member (self, i), pfa_json_peek_string (object, text_members[i].name));
  if (self->state == NULL)
    self->state = g_strdup (PFA_INCIDENT_OPEN);
  self->started = (gint64) pfa_json_peek_double (object, "started", 0);
  self->ended = (gint64) pfa_json_peek_double (object, "ended", 0);
  self->elapsed_ms = (guint) CLAMP (pfa_json_peek_double (object, "elapsed_ms", 0), 0, G_MAXINT);
  self->complete = pfa_json_peek_boolean (object, "complete", FALSE);
  self->practice = pfa_json_peek_boolean (object, "practice", FALSE);
  if (!read_observations (self, object, error))
    return NULL;
  read_words (object, "failed", self->evidence->failed);
  read_words (object, "skipped", self->evidence->skipped);
  read_steps (self, object);

  child = pfa_json_peek_object (object, "payment");
  if (child != NULL)
    {
      json_object_unref (self->payment);
      self->payment = json_object_ref (child);
    }
  child = pfa_json_peek_object (object, "terminal_status");
  if (child != NULL)
    self->terminal_status = json_object_ref (child);
  guided = pfa_json_peek_array (object, "guided");
  if (guided != NULL)
    self->guided = json_array_ref (guided);
  if (!read_key (pfa_json_peek_string (object, "pseudonym_key"), self->pseudonym_key))
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           PFA_ERROR_BAD_INPUT,
                           "incident: “pseudonym_key” is missing or damaged");
      return NULL;
    }
  return g_steal_pointer (&self);
}
