/* test-incident.c - a run survives being written and read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-incident.h"
#include "pfa-json.h"

static PfaIncident *
make_incident (void)
{
  PfaIncident *incident = pfa_incident_new ("96");
  PfaObservation *observation = pfa_observation_new ("router-answer", "none", PFA_FROM_CHECK);

  pfa_observation_set_fact_string (observation, "address", "192.168.1.1");
  pfa_observation_set_elapsed (observation, 401);
  pfa_evidence_take (incident->evidence, observation);
  pfa_evidence_take (incident->evidence,
                     pfa_observation_new_cannot_check ("wifi-signal",
                                                       PFA_FROM_CHECK,
                                                       "no wireless card"));
  pfa_evidence_add_failed (incident->evidence, "restart-router");
  pfa_evidence_add_skipped (incident->evidence, "other-terminals");
  pfa_incident_add_step (incident, "restart-router", "failed");
  pfa_incident_set (&incident->provider, "lab");
  json_object_set_string_member (incident->payment, "portal", "approved");
  return incident;
}

static void
test_round_trip (void)
{
  g_autoptr (PfaIncident) incident = make_incident ();
  g_autoptr (PfaIncident) copy = pfa_incident_copy (incident);
  g_autoptr (JsonObject) before = pfa_incident_to_json (incident);
  g_autoptr (JsonObject) after = NULL;
  g_autofree char *before_text = pfa_json_write_object (before, FALSE);
  g_autofree char *after_text = NULL;

  g_assert_nonnull (copy);
  after = pfa_incident_to_json (copy);
  after_text = pfa_json_write_object (after, FALSE);
  g_assert_cmpstr (after_text, ==, before_text);
  g_assert_cmpmem (copy->pseudonym_key,
                   sizeof copy->pseudonym_key,
                   incident->pseudonym_key,
                   sizeof incident->pseudonym_key);
}

static void
test_keys_differ (void)
{
  g_autoptr (PfaIncident) one = pfa_incident_new ("96");
  g_autoptr (PfaIncident) two = pfa_incident_new ("96");

  g_assert_cmpstr (one->id, !=, two->id);
  g_assert_true (memcmp (one->pseudonym_key, two->pseudonym_key, sizeof one->pseudonym_key) != 0);
}

static void
test_damaged_key_is_refused (void)
{
  g_autoptr (PfaIncident) incident = make_incident ();
  g_autoptr (JsonObject) object = pfa_incident_to_json (incident);
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (object, "pseudonym_key", "abc");
  g_assert_null (pfa_incident_new_from_json (object, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
}

static void
test_new_observation_replaces_old (void)
{
  g_autoptr (PfaIncident) incident = make_incident ();

  pfa_evidence_take (incident->evidence,
                     pfa_observation_new ("router-answer", "fast", PFA_FROM_CHECK));
  g_assert_cmpuint (incident->evidence->observations->len, ==, 2);
  g_assert_cmpstr (pfa_evidence_get_value (incident->evidence, "router-answer"), ==, "fast");
  g_assert_cmpstr (pfa_evidence_find (incident->evidence, "wifi-signal")->reason,
                   ==,
                   "no wireless card");
}

static void
test_evidence_twice_is_refused (void)
{
  g_autoptr (JsonObject) object =
      pfa_json_parse_object ("{\"observations\":{\"a\":\"b\"},\"failed\":[\"x\",\"x\"]}",
                             -1,
                             "e",
                             NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (pfa_evidence_new_from_json (object, "evidence", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/incident/round-trip", test_round_trip);
  g_test_add_func ("/core/incident/ids-and-keys-differ", test_keys_differ);
  g_test_add_func ("/core/incident/damaged-key-is-refused", test_damaged_key_is_refused);
  g_test_add_func ("/core/evidence/new-observation-replaces-old",
                   test_new_observation_replaces_old);
  g_test_add_func ("/core/evidence/failed-twice-is-refused", test_evidence_twice_is_refused);
  return g_test_run ();
}
