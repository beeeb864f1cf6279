/* pfa-command-journal.c - pos-first-aid journal: earlier incidents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-knowledge.h"
#include "pfa-cli-setup.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"

#define INDENT          2
#define INCIDENTS_SHOWN 20

static char *
format_time (gint64 time, const char *format)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);

  return g_str_equal (format, "iso8601") ? g_date_time_format_iso8601 (local)
                                         : g_date_time_format (local, format);
}

static void
add_time (JsonObject *object, const char *member, gint64 time)
{
  g_autofree char *text = NULL;

  if (time == 0)
    {
      json_object_set_null_member (object, member);
      return;
    }
  text = format_time (time, "iso8601");
  json_object_set_string_member (object, member, text);
}

static JsonArray *
build_steps (const PfaIncident *incident)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < incident->steps->len; i++)
    {
      const PfaIncidentStep *step = incident->steps->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "action", step->action);
      json_object_set_string_member (object, "outcome", step->outcome);
      add_time (object, "started", step->started);
      add_time (object, "ended", step->ended);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonObject *
build_incident (const PfaIncident *incident)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", incident->id);
  json_object_set_string_member (object, "code", incident->code);
  json_object_set_string_member (object, "provider", incident->provider);
  json_object_set_string_member (object, "state", incident->state);
  json_object_set_string_member (object, "cause", incident->cause);
  json_object_set_string_member (object, "place", incident->place);
  json_object_set_string_member (object, "solved_by", incident->solved_by);
  json_object_set_string_member (object, "ticket", incident->ticket);
  json_object_set_boolean_member (object, "practice", incident->practice);
  add_time (object, "started", incident->started);
  add_time (object, "ended", incident->ended);
  json_object_set_array_member (object, "steps", build_steps (incident));
  return object;
}

static void
print_json (GPtrArray *incidents)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < incidents->len; i++)
    json_array_add_object_element (array, build_incident (incidents->pdata[i]));
  json_object_set_string_member (object, "format", "pos-first-aid-journal/1");
  json_object_set_array_member (object, "incidents", array);
  pfa_cli_print_json (object);
}

static const char *
state_name (const char *state)
{
  if (g_strcmp0 (state, PFA_INCIDENT_SOLVED) == 0)
    return _ ("solved");
  if (g_strcmp0 (state, PFA_INCIDENT_HANDED_OVER) == 0)
    return _ ("handed over");
  if (g_strcmp0 (state, PFA_INCIDENT_GIVEN_UP) == 0)
    return _ ("ended");
  return _ ("open");
}

static void
print_incident (const PfaIncident *incident, PfaKnowledge *knowledge)
{
  const PfaCause *cause =
      incident->cause != NULL ? pfa_knowledge_find_cause (knowledge, incident->cause) : NULL;
  g_autofree char *time = format_time (incident->started, "%Y-%m-%d %H:%M");

  g_print ("%.8s  %s  %s  %s\n",
           incident->id,
           time,
           incident->code,
           incident->practice ? _ ("practice") : state_name (incident->state));
  if (cause != NULL)
    pfa_cli_print_wrapped (pfa_text_get (cause->title, pfa_cli_get_language ()), INDENT);
}

/* The newest first, as many as a person reads; --json has them all. */
static void
print_text (GPtrArray *incidents, PfaKnowledge *knowledge)
{
  guint shown = MIN (incidents->len, INCIDENTS_SHOWN);

  if (incidents->len == 0)
    g_print ("%s\n", _ ("No incident so far."));
  for (guint i = 0; i < shown; i++)
    print_incident (incidents->pdata[i], knowledge);
  if (incidents->len > shown)
    {
      g_autofree char *more =
          g_strdup_printf (ngettext ("… and %u earlier incident; --json lists it too.",
                                     "… and %u earlier incidents; --json lists them too.",
                                     incidents->len - shown),
                           incidents->len - shown);

      pfa_cli_print_wrapped (more, 0);
    }
}

int
pfa_command_journal (int argc, char *argv[])
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (PfaJournal) journal = NULL;
  g_autoptr (PfaKnowledge) knowledge = NULL;
  g_autoptr (GPtrArray) incidents = NULL;

  if (!pfa_cli_parse (&argc, &argv, entries, NULL))
    return PFA_EXIT_USAGE;
  knowledge = pfa_cli_load_knowledge ();
  if (knowledge == NULL)
    return PFA_EXIT_USAGE;
  journal = pfa_cli_open_journal_to_read ();
  if (journal != NULL)
    incidents = pfa_journal_list (journal, 0, NULL);
  if (incidents == NULL)
    incidents = g_ptr_array_new ();
  if (json)
    print_json (incidents);
  else if (journal != NULL)
    print_text (incidents, knowledge);
  return PFA_EXIT_GOOD;
}
