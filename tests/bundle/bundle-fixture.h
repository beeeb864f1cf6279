/* bundle-fixture.h - an incident with a report, and secrets planted everywhere
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib/gstdio.h>

#include "pfa-bundle-verify.h"
#include "pfa-bundle.h"
#include "pfa-json.h"

static const char fixture_report[] =
    "{\"format\":\"pos-first-aid-report/"
    "1\",\"program\":\"1.0.0\",\"code\":\"96\",\"provider\":\"lab\","
    "\"started\":\"2026-11-22T09:41:07+08:00\",\"elapsed_ms\":812,\"complete\":true,"
    "\"observations\":[{\"id\":\"router-answer\",\"value\":\"none\",\"from\":\"check\",\"elapsed_"
    "ms\":401,"
    "\"facts\":{\"address\":\"192.168.1.1\",\"note\":\"card 4111 1111 1111 1111\",\"sent\":20}}],"
    "\"causes\":[{\"id\":\"router-dead\",\"probability\":0.9312345678901234,\"where\":\"shop\","
    "\"title\":\"The <router> is dead\","
    "\"reasons\":[{\"observation\":\"router-answer\",\"value\":\"none\",\"db\":13.1,\"text\":\"It "
    "does not answer\"}]},"
    "{\"id\":\"no-fault-found\",\"probability\":0.0687654321098766,\"where\":\"none\",\"title\":"
    "\"Nothing\",\"reasons\":[]}],"
    "\"places\":{\"shop\":0.97},\"computer\":[],\"payment\":{\"state\":\"unknown\",\"may_retry\":"
    "false,\"advice\":\"Look first\"},"
    "\"next_step\":{\"kind\":\"action\",\"id\":\"restart-router\",\"minutes\":5,\"title\":"
    "\"Restart it\"},\"conflict_bits\":0.0}";

typedef struct
{
  char *folder;
  char *path;
  PfaIncident *incident;
  JsonObject *report;
  GPtrArray *logs;
} Fixture;

static inline void
fixture_set_up (Fixture *fixture)
{
  JsonArray *guided = json_array_new ();
  JsonObject *event = json_object_new ();

  fixture->folder = g_dir_make_tmp ("pfa-bundle-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "x.posaid.zip", NULL);
  fixture->incident = pfa_incident_new ("96");
  fixture->incident->started = 1763775667000000;
  pfa_incident_add_step (fixture->incident, "restart-router", "failed")->started = 1763775700000000;
  fixture->incident->terminal_status = pfa_json_parse_object (
      "{\"format\":\"pos-first-aid-terminal/"
      "1\",\"identity\":{\"serial\":\"ABC1234567\",\"terminal_id\":\"10005535\"}}",
      -1,
      "terminal",
      NULL);
  fixture->incident->conversation =
      g_strdup ("# zvt over tcp\n+0.014 < 3: 80 00 00\n+0.015 < 16: 4111 1111 1111 1111\n");
  json_object_set_string_member (event,
                                 "text",
                                 "my password is hunter2x and mail me at a.muster@example.com");
  json_array_add_object_element (guided, event);
  fixture->incident->guided = guided;
  fixture->report = pfa_json_parse_object (fixture_report, -1, "report", NULL);
  fixture->logs = g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_bundle_log_free);
}

static inline void
fixture_add_log (Fixture *fixture, const char *name, const char *text, gssize length)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
  g_ptr_array_add (fixture->logs, pfa_bundle_log_new ("terminal", path));
}

static inline PfaBundle *
fixture_make_bundle (Fixture *fixture)
{
  return pfa_bundle_new (&(PfaBundleSource){
      .incident = fixture->incident,
      .report = fixture->report,
      .agent_report = fixture->report,
      .language = "zh_CN",
      .agent_language = "de",
      .logs = fixture->logs,
  });
}

static inline void
fixture_tear_down (Fixture *fixture)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);

  for (const char *name = g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder))
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  pfa_incident_free (fixture->incident);
  json_object_unref (fixture->report);
  g_ptr_array_unref (fixture->logs);
}
