/* pfa-bundle-documents.c - what stands in the members, before it is redacted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-documents.h"

#include <math.h>

#include "pfa-json.h"

char *
pfa_bundle_format_time (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_format (utc, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("");
}

static JsonNode *
round_node (JsonNode *node)
{
  JsonNode *copy;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *from = json_node_get_object (node);
      JsonObject *object = json_object_new ();
      g_autoptr (GList) names = json_object_get_members (from);

      for (GList *l = names; l != NULL; l = l->next)
        json_object_set_member (object,
                                l->data,
                                round_node (json_object_get_member (from, l->data)));
      copy = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (copy, object);
      return copy;
    }
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *from = json_node_get_array (node);
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < json_array_get_length (from); i++)
        json_array_add_element (array, round_node (json_array_get_element (from, i)));
      copy = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (copy, array);
      return copy;
    }
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_DOUBLE)
    return json_node_copy (node);
  copy = json_node_new (JSON_NODE_VALUE);
  json_node_set_double (copy, round (json_node_get_double (node) * 1e6) / 1e6);
  return copy;
}

static void
copy_member (JsonObject *to, JsonObject *from, const char *name)
{
  if (json_object_has_member (from, name))
    json_object_set_member (to, name, round_node (json_object_get_member (from, name)));
}

static JsonObject *
build_cause (JsonObject *cause)
{
  JsonObject *object = json_object_new ();

  copy_member (object, cause, "id");
  copy_member (object, cause, "title");
  copy_member (object, cause, "where");
  copy_member (object, cause, "probability");
  return object;
}

JsonObject *
pfa_bundle_build_summary (const PfaBundleSource *source, const char *id)
{
  const PfaIncident *incident = source->incident;
  static const char *const copied[] = { "code",      "provider",     "started",  "elapsed_ms",
                                        "complete",  "places",       "computer", "payment",
                                        "next_step", "conflict_bits" };
  JsonObject *object = json_object_new ();
  JsonArray *causes = pfa_json_peek_array (source->report, "causes");
  JsonArray *leading = json_array_new ();

  json_object_set_string_member (object, "format", "pos-first-aid-summary/1");
  json_object_set_string_member (object, "bundle", id);
  json_object_set_string_member (object, "program", PACKAGE_VERSION);
  for (guint i = 0; i < G_N_ELEMENTS (copied); i++)
    copy_member (object, source->report, copied[i]);
  json_object_set_string_member (object,
                                 "state",
                                 incident->state != NULL ? incident->state : PFA_INCIDENT_OPEN);
  if (incident->connection != NULL)
    json_object_set_string_member (object, "connection", incident->connection);
  if (incident->answered != NULL)
    json_object_set_string_member (object, "answered", incident->answered);
  json_object_set_boolean_member (object, "practice", incident->practice);
  for (guint i = 0; causes != NULL && i < MIN (3, json_array_get_length (causes)); i++)
    json_array_add_object_element (leading,
                                   build_cause (json_array_get_object_element (causes, i)));
  json_object_set_array_member (object, "causes", leading);
  json_object_set_array_member (object, "steps", pfa_bundle_build_steps (source));
  return object;
}

JsonObject *
pfa_bundle_copy_report (JsonObject *report, const PfaIncident *incident)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonNode) copy = NULL;
  g_autofree char *started = pfa_bundle_format_time (incident->started);
  JsonObject *object;

  json_node_set_object (node, report);
  copy = round_node (node);
  object = json_node_dup_object (copy);
  json_object_set_string_member (object, "started", started);
  return object;
}

JsonArray *
pfa_bundle_build_checks (const PfaBundleSource *source)
{
  JsonArray *observations = pfa_json_peek_array (source->report, "observations");
  JsonArray *lines = json_array_new ();

  for (guint i = 0; observations != NULL && i < json_array_get_length (observations); i++)
    {
      JsonNode *node = round_node (json_array_get_element (observations, i));

      if (JSON_NODE_HOLDS_OBJECT (node))
        json_object_set_int_member (json_node_get_object (node), "seq", (gint64) i + 1);
      json_array_add_element (lines, node);
    }
  return lines;
}

JsonArray *
pfa_bundle_build_steps (const PfaBundleSource *source)
{
  GPtrArray *steps = source->incident->steps;
  JsonArray *array = json_array_new ();

  for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
      const PfaIncidentStep *step = steps->pdata[i];
      JsonObject *object = json_object_new ();
      g_autofree char *started = pfa_bundle_format_time (step->started);
      g_autofree char *ended = step->ended != 0 ? pfa_bundle_format_time (step->ended) : NULL;
      const char *title =
          source->titles != NULL ? pfa_json_peek_string (source->titles, step->action) : NULL;

      json_object_set_string_member (object, "action", step->action);
      if (title != NULL)
        json_object_set_string_member (object, "title", title);
      json_object_set_string_member (object, "outcome", step->outcome);
      json_object_set_string_member (object, "started", started);
      if (ended != NULL)
        json_object_set_string_member (object, "ended", ended);
      json_array_add_object_element (array, object);
    }
  return array;
}

typedef struct
{
  gint64 time;
  const char *event;
  const char *action;
  const char *outcome;
} Event;

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const Event *one = a;
  const Event *other = b;

  return one->time < other->time ? -1 : one->time > other->time ? 1 : 0;
}

static void
add_event (GArray *events, gint64 time, const char *event, const char *action, const char *outcome)
{
  const Event new_event = { time, event, action, outcome };

  if (time > 0)
    g_array_append_val (events, new_event);
}

JsonArray *
pfa_bundle_build_timeline (const PfaBundleSource *source)
{
  const PfaIncident *incident = source->incident;
  g_autoptr (GArray) events = g_array_new (FALSE, FALSE, sizeof (Event));
  JsonArray *lines = json_array_new ();

  add_event (events, incident->started, "begun", NULL, incident->code);
  for (guint i = 0; incident->steps != NULL && i < incident->steps->len; i++)
    {
      const PfaIncidentStep *step = incident->steps->pdata[i];

      add_event (events, step->started, "step-begun", step->action, NULL);
      add_event (events, step->ended, "step-ended", step->action, step->outcome);
    }
  add_event (events, incident->ended, "ended", incident->solved_by, incident->state);
  g_array_sort (events, compare_events);
  for (guint i = 0; i < events->len; i++)
    {
      const Event *event = &g_array_index (events, Event, i);
      JsonObject *object = json_object_new ();
      g_autofree char *time = pfa_bundle_format_time (event->time);

      json_object_set_string_member (object, "time", time);
      json_object_set_string_member (object, "event", event->event);
      if (event->action != NULL)
        json_object_set_string_member (object, "action", event->action);
      if (event->outcome != NULL)
        json_object_set_string_member (object, "detail", event->outcome);
      json_array_add_object_element (lines, object);
    }
  return lines;
}
