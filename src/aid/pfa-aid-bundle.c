/* pfa-aid-bundle.c - the bundle of the aid's incident
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-bundle.h"

#include "pfa-aid-system.h"

static JsonObject *
build_titles (const PfaIncident *incident, PfaKnowledge *knowledge, const char *language)
{
  JsonObject *titles = json_object_new ();

  for (guint i = 0; i < incident->steps->len; i++)
    {
      const PfaIncidentStep *step = incident->steps->pdata[i];
      const PfaAction *action = pfa_knowledge_find_action (knowledge, step->action);

      if (action != NULL)
        json_object_set_string_member (titles,
                                       step->action,
                                       pfa_text_get (action->title, language));
    }
  return titles;
}

PfaBundle *
pfa_aid_create_bundle (PfaAid *self, const char *language, GPtrArray *logs)
{
  const PfaIncident *incident = pfa_aid_get_incident (self);
  const char *names[] = { g_get_host_name (), NULL };
  g_autoptr (JsonObject) report = NULL;
  g_autoptr (JsonObject) english = NULL;
  g_autoptr (JsonObject) titles = NULL;
  g_autoptr (JsonObject) english_titles = NULL;
  g_autoptr (JsonObject) system = NULL;
  g_autoptr (PfaNetworkState) network = pfa_network_state_read (NULL);
  g_autoptr (JsonArray) stations = NULL;
  g_autoptr (JsonArray) english_stations = NULL;

  if (incident == NULL)
    return NULL;
  titles = build_titles (incident, pfa_aid_get_knowledge (self), language);
  english_titles = build_titles (incident, pfa_aid_get_knowledge (self), "en");
  system = pfa_aid_build_system (network, "", incident, language);
  report = pfa_aid_build_report (self, language);
  /* The provider's support reads English at least. */
  if (!g_str_equal (language, "en"))
    english = pfa_aid_build_report (self, "en");
  stations = pfa_aid_build_stations (self, language);
  english_stations = pfa_aid_build_stations (self, "en");
  return pfa_bundle_new (&(PfaBundleSource){
      .incident = incident,
      .report = report,
      .agent_report = english,
      .language = language,
      .agent_language = "en",
      .stations = stations,
      .agent_stations = english_stations,
      .titles = titles,
      .agent_titles = english_titles,
      .system = system,
      .logs = logs,
      .names = names,
  });
}
