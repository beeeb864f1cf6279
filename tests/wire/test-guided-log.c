/* test-guided-log.c - a line that was changed, left out or added shows in the head
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-log.h"
#include "pfa-json.h"

static PfaGuidedLog *
build_log (guint length)
{
  PfaGuidedLog *log = pfa_guided_log_new ("session-1");

  for (guint i = 0; i < length; i++)
    {
      g_autoptr (JsonObject) details = json_object_new ();

      json_object_set_string_member (details, "step", i % 2 ? "restart-router" : "路由器 \"x\"");
      pfa_guided_log_add (log,
                          (gint64) i * G_USEC_PER_SEC,
                          PFA_GUIDED_BY_AGENT,
                          "suggest-step",
                          details);
    }
  return log;
}

static void
test_sound (void)
{
  g_autoptr (PfaGuidedLog) log = build_log (12);
  g_autoptr (JsonArray) entries = pfa_guided_log_to_json (log);
  guint fault = 99;

  g_assert_cmpuint (json_array_get_length (entries), ==, 12);
  g_assert_true (pfa_guided_log_verify ("session-1", entries, &fault));
  g_assert_cmpuint (fault, ==, 0);
  g_assert_true (pfa_guided_log_verify ("session-1", entries, &fault));
  g_assert_false (pfa_guided_log_verify ("session-2", entries, &fault));
  g_assert_cmpuint (fault, ==, 1);
}

static void
test_changed (void)
{
  g_autoptr (PfaGuidedLog) log = build_log (5);
  g_autoptr (JsonArray) entries = pfa_guided_log_to_json (log);
  guint fault;

  json_object_set_string_member (json_array_get_object_element (entries, 2), "step", "other");
  g_assert_false (pfa_guided_log_verify ("session-1", entries, &fault));
  g_assert_cmpuint (fault, ==, 3);
}

static void
test_left_out (void)
{
  g_autoptr (PfaGuidedLog) log = build_log (5);
  g_autoptr (JsonArray) entries = pfa_guided_log_to_json (log);
  guint fault;

  json_array_remove_element (entries, 1);
  g_assert_false (pfa_guided_log_verify ("session-1", entries, &fault));
  g_assert_cmpuint (fault, ==, 2);
}

/* Two sessions of one incident, each beginning with its own name. */
static JsonArray *
build_two (void)
{
  JsonArray *all = json_array_new ();

  for (guint i = 0; i < 2; i++)
    {
      const char *name = i == 0 ? "session-1" : "session-2";
      g_autoptr (PfaGuidedLog) log = pfa_guided_log_new (name);
      g_autoptr (JsonObject) details = json_object_new ();
      g_autoptr (JsonArray) entries = NULL;

      json_object_set_string_member (details, PFA_GUIDED_LOG_SESSION, name);
      pfa_guided_log_add (log, 0, PFA_GUIDED_BY_AGENT, "claim", details);
      pfa_guided_log_add (log, 0, PFA_GUIDED_BY_MERCHANT, "allow", NULL);
      pfa_guided_log_add (log, 0, PFA_GUIDED_BY_PROGRAM, "end", NULL);
      entries = pfa_guided_log_to_json (log);
      for (guint k = 0; k < json_array_get_length (entries); k++)
        json_array_add_element (all, json_node_copy (json_array_get_element (entries, k)));
    }
  return all;
}

typedef struct
{
  const char *name;
  int change; /* the entry whose word is changed, from 0; -1: none */
  int drop;
  guint fault;
} TwoCase;

static const TwoCase two_cases[] = {
  { "sound", -1, -1, 0 },
  { "changed-in-the-first", 1, -1, 2 },
  { "changed-in-the-second", 4, -1, 5 },
  { "dropped-in-the-first", -1, 1, 2 },
  { "dropped-beginning", -1, 0, 1 },
  { "dropped-beginning-of-the-second", -1, 3, 4 },
  /* Only the agent's own head shows this. */
  { "dropped-end", -1, 5, 0 },
};

static void
test_two (gconstpointer data)
{
  const TwoCase *c = data;
  g_autoptr (JsonArray) entries = build_two ();
  guint fault = 99;

  if (c->change >= 0)
    json_object_set_string_member (json_array_get_object_element (entries, (guint) c->change),
                                   "what",
                                   "consent");
  if (c->drop >= 0)
    json_array_remove_element (entries, (guint) c->drop);
  g_assert_cmpint (pfa_guided_log_verify (NULL, entries, &fault), ==, c->fault == 0);
  g_assert_cmpuint (fault, ==, c->fault);
}

static void
test_matches (void)
{
  g_autoptr (PfaGuidedLog) log = build_log (3);
  g_autofree char *head = g_strdup (pfa_guided_log_get_head (log));

  g_assert_true (pfa_guided_log_matches (log, 3, head));
  g_assert_false (pfa_guided_log_matches (log, 2, head));
  g_assert_false (pfa_guided_log_matches (log, 4, head));
  pfa_guided_log_add (log, 0, PFA_GUIDED_BY_PROGRAM, "end", NULL);
  g_assert_true (pfa_guided_log_matches (log, 3, head));
}

/* The same two lines that the page chains (src/wire/pfa-guided-vectors.json). */
static void
test_vectors (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PFA_SOURCE_DIR"),
                                            "src",
                                            "wire",
                                            "pfa-guided-vectors.json",
                                            NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = pfa_json_load (path, &error);
  g_autoptr (PfaGuidedLog) log = pfa_guided_log_new ("vector-session-1");
  JsonArray *lines;

  g_assert_no_error (error);
  lines = pfa_json_peek_array (json_node_get_object (node), "log");
  for (guint i = 0; i < json_array_get_length (lines); i++)
    {
      JsonObject *vector = json_array_get_object_element (lines, i);
      g_autoptr (JsonObject) line =
          pfa_json_parse_object (pfa_json_peek_string (vector, "line"), -1, "vector", &error);
      g_autoptr (JsonObject) details = json_object_new ();
      g_autoptr (GDateTime) time =
          g_date_time_new_from_iso8601 (pfa_json_peek_string (line, "time"), NULL);
      const char *extra = i == 0 ? "step" : "answer";

      g_assert_no_error (error);
      json_object_set_string_member (details, extra, pfa_json_peek_string (line, extra));
      g_assert_cmpstr (pfa_guided_log_add (log,
                                           g_date_time_to_unix (time) * G_USEC_PER_SEC,
                                           pfa_json_peek_string (line, "who"),
                                           pfa_json_peek_string (line, "what"),
                                           details),
                       ==,
                       pfa_json_peek_string (vector, "line"));
      g_assert_cmpstr (pfa_guided_log_get_head (log), ==, pfa_json_peek_string (vector, "head"));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/guided-log/sound", test_sound);
  g_test_add_func ("/wire/guided-log/changed-line-shows", test_changed);
  g_test_add_func ("/wire/guided-log/line-left-out-shows", test_left_out);
  g_test_add_func ("/wire/guided-log/head-belongs-to-its-length", test_matches);
  g_test_add_func ("/wire/guided-log/vectors", test_vectors);
  for (guint i = 0; i < G_N_ELEMENTS (two_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/guided-log/two/", two_cases[i].name, NULL);

      g_test_add_data_func (path, &two_cases[i], test_two);
    }
  return g_test_run ();
}
