/* test-model.c - a damaged model is refused, whatever the damage; a sound one is read as written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <math.h>
#include <string.h>

#include "model-tools.h"
#include "pfa-error.h"
#include "pfa-knowledge.h"

static JsonObject *
get_root (JsonNode *model)
{
  return json_node_get_object (model);
}

static JsonObject *
observation (JsonNode *model, const char *id)
{
  return tools_find_item (model, "observations", id);
}

static JsonObject *
action (JsonNode *model, const char *id)
{
  return tools_find_item (model, "actions", id);
}

static JsonObject *
row (JsonNode *model, const char *id, const char *cause)
{
  return json_object_get_object_member (json_object_get_object_member (observation (model, id),
                                                                       "given"),
                                        cause);
}

static JsonObject *
default_row (JsonNode *model, const char *id)
{
  return json_object_get_object_member (observation (model, id), "default");
}

static void
block (JsonNode *model,
       const char *id,
       const char *member,
       const char *upstream,
       const char *value,
       const char *section)
{
  JsonObject *blocks = json_object_new ();
  JsonArray *values = json_array_new ();

  json_array_add_string_element (values, value);
  json_object_set_array_member (blocks, upstream, values);
  json_object_set_object_member (tools_find_item (model, section, id), member, blocks);
}

static void
name_list (JsonObject *object, const char *member, const char *id)
{
  JsonArray *list = json_array_new ();

  json_array_add_string_element (list, id);
  json_object_set_array_member (object, member, list);
}

/* clang-format off: one line a damage reads as a table. */

/* One way to damage the example model. */
static void
damage_duplicate_cause (JsonNode *m)
{
  json_object_set_string_member (tools_find_item (m, "causes", "isp_down"), "id", "dns_fault");
}
static void
damage_duplicate_observation (JsonNode *m)
{
  json_object_set_string_member (observation (m, "dns"), "id", "portal");
}
static void
damage_duplicate_action (JsonNode *m)
{
  json_object_set_string_member (action (m, "wait_10"), "id", "wait_30");
}
static void
damage_duplicate_value (JsonNode *m)
{
  json_object_set_string_member (
      json_array_get_object_element (json_object_get_array_member (observation (m, "dns"),
                                                                   "values"),
                                     1),
      "id",
      "ok");
}
static void
damage_unknown_cause_in_row (JsonNode *m)
{
  json_object_set_member (json_object_get_object_member (observation (m, "dns"), "given"),
                          "ghost",
                          tools_copy (json_object_get_member (
                              json_object_get_object_member (observation (m, "dns"), "given"),
                              "dns_fault")));
}
static void
damage_unknown_cause_in_fix (JsonNode *m)
{
  json_object_set_double_member (json_object_get_object_member (action (m, "wait_10"), "fixes"),
                                 "ghost",
                                 0.5);
}
static void
damage_value_missing_in_row (JsonNode *m)
{
  json_object_remove_member (row (m, "dns", "dns_fault"), "wrong");
}
static void
damage_unknown_value_in_row (JsonNode *m)
{
  json_object_set_double_member (row (m, "dns", "dns_fault"), "ghost", 0.1);
}
static void
damage_row_sum (JsonNode *m)
{
  json_object_set_double_member (row (m, "dns", "dns_fault"), "ok", 0.2);
}
static void
damage_default_sum (JsonNode *m)
{
  json_object_set_double_member (default_row (m, "dns"), "ok", 0.98);
}
static void
damage_default_missing (JsonNode *m)
{
  json_object_remove_member (observation (m, "dns"), "default");
}
static void
damage_probability_zero (JsonNode *m)
{
  json_object_set_double_member (row (m, "portal", "captive_portal"), "no", 0);
  json_object_set_double_member (row (m, "portal", "captive_portal"), "yes", 1);
}
static void
damage_probability_below_floor (JsonNode *m)
{
  json_object_set_double_member (row (m, "portal", "captive_portal"), "no", 0.004);
  json_object_set_double_member (row (m, "portal", "captive_portal"), "yes", 0.996);
}
static void
damage_fix_one (JsonNode *m)
{
  json_object_set_double_member (json_object_get_object_member (action (m, "wait_10"), "fixes"),
                                 "provider_busy",
                                 1);
}
static void
damage_fix_negative (JsonNode *m)
{
  json_object_set_double_member (json_object_get_object_member (action (m, "wait_10"), "fixes"),
                                 "provider_busy",
                                 -0.2);
}
static void
damage_prior_sum (JsonNode *m)
{
  json_object_set_double_member (tools_find_item (m, "causes", "isp_down"), "per_1000", 33);
}
static void
damage_prior_negative (JsonNode *m)
{
  json_object_set_double_member (tools_find_item (m, "causes", "isp_down"), "per_1000", -1);
}
static void
damage_unknown_missing (JsonNode *m)
{
  json_object_set_string_member (tools_find_item (m, "causes", "unknown"), "id", "other");
}
static void
damage_action_time_zero (JsonNode *m)
{
  json_object_set_double_member (action (m, "wait_10"), "minutes", 0);
}
static void
damage_action_time_negative (JsonNode *m)
{
  json_object_set_double_member (action (m, "wait_10"), "minutes", -5);
}
static void
damage_service_time (JsonNode *m)
{
  json_object_set_double_member (json_object_get_object_member (get_root (m), "service"),
                                 "minutes",
                                 0);
}
static void
damage_service_missing (JsonNode *m)
{
  json_object_remove_member (get_root (m), "service");
}
static void
damage_question_free (JsonNode *m)
{
  json_object_set_double_member (observation (m, "q_txn_type"), "minutes", 0);
}
static void
damage_blocked_by_later (JsonNode *m)
{
  block (m, "pc_link", "blocked_by", "dns", "ok", "observations");
}
static void
damage_blocked_by_itself (JsonNode *m)
{
  block (m, "dns", "blocked_by", "dns", "ok", "observations");
}
static void
damage_blocked_by_unknown (JsonNode *m)
{
  block (m, "dns", "blocked_by", "ghost", "ok", "observations");
}
static void
damage_blocked_by_value (JsonNode *m)
{
  block (m, "dns", "blocked_by", "pc_link", "ghost", "observations");
}
static void
damage_blocked_when_unknown (JsonNode *m)
{
  block (m, "wait_10", "blocked_when", "ghost", "ok", "actions");
}
static void
damage_blocked_when_value (JsonNode *m)
{
  block (m, "wait_10", "blocked_when", "pc_link", "ghost", "actions");
}
static void
damage_recheck (JsonNode *m)
{
  name_list (action (m, "wait_10"), "recheck", "ghost");
}
static void
damage_safety (JsonNode *m)
{
  name_list (action (m, "wait_10"), "safety", "ghost");
}
static void
damage_order (JsonNode *m)
{
  name_list (json_object_get_object_member (json_object_get_object_member (get_root (m),
                                                                           "reference_orders"),
                                            "seed"),
             "actions",
             "ghost");
}
static void
damage_text_language (JsonNode *m)
{
  json_object_remove_member (json_object_get_object_member (action (m, "wait_10"), "title"),
                             "zh_CN");
}
static void
damage_text_empty (JsonNode *m)
{
  json_object_set_string_member (json_object_get_object_member (action (m, "wait_10"), "title"),
                                 "en",
                                 " ");
}
static void
damage_text_missing (JsonNode *m)
{
  json_object_remove_member (action (m, "wait_10"), "title");
}
static void
damage_text_card_number (JsonNode *m)
{
  json_object_set_string_member (json_object_get_object_member (action (m, "wait_10"), "title"),
                                 "en",
                                 "Type 4111 1111-1111 1111 again");
}
static void
damage_format (JsonNode *m)
{
  json_object_set_string_member (get_root (m), "format", "pos96-model/2");
}
static void
damage_number_as_text (JsonNode *m)
{
  json_object_set_string_member (default_row (m, "dns"), "ok", "0.985");
}
static void
damage_member_misspelt (JsonNode *m)
{
  json_object_set_int_member (action (m, "wait_10"), "minuets", 3);
}
static void
damage_causes_gone (JsonNode *m)
{
  json_object_remove_member (get_root (m), "causes");
}
static void
damage_where_missing (JsonNode *m)
{
  json_object_remove_member (tools_find_item (m, "causes", "isp_down"), "where");
}
static void
damage_kind (JsonNode *m)
{
  json_object_set_string_member (observation (m, "dns"), "kind", "chek");
}
static void
damage_floor (JsonNode *m)
{
  json_object_set_double_member (json_object_get_object_member (get_root (m), "limits"),
                                 "min_probability",
                                 0.6);
}
static void
damage_temper (JsonNode *m)
{
  json_object_set_double_member (json_object_get_object_member (get_root (m), "inference"),
                                 "temper_checks",
                                 -1);
}

/* clang-format on */

typedef struct
{
  const char *name;
  void (*damage) (JsonNode *model);
  const char *said;     /* a part of the line that tells */
  gboolean is_bearable; /* the engine can still compute with it */
} Damage;

static const Damage damages[] = {
  { "duplicate-cause", damage_duplicate_cause, "stands twice", FALSE },
  { "duplicate-observation", damage_duplicate_observation, "stands twice", FALSE },
  { "duplicate-action", damage_duplicate_action, "stands twice", FALSE },
  { "duplicate-value", damage_duplicate_value, "stands twice", FALSE },
  { "unknown-cause-in-row", damage_unknown_cause_in_row, "no cause “ghost”", FALSE },
  { "unknown-cause-in-fix", damage_unknown_cause_in_fix, "no cause “ghost”", FALSE },
  { "value-missing-in-row", damage_value_missing_in_row, "lists 2 values of 3", FALSE },
  { "unknown-value-in-row", damage_unknown_value_in_row, "no value “ghost”", FALSE },
  { "row-sum", damage_row_sum, "adds up to", FALSE },
  { "default-sum", damage_default_sum, "adds up to", FALSE },
  { "default-missing", damage_default_missing, "dns.default is missing", FALSE },
  { "probability-zero", damage_probability_zero, "is not between", FALSE },
  { "probability-below-floor", damage_probability_below_floor, "is not between", FALSE },
  { "fix-one", damage_fix_one, "is not between", FALSE },
  { "fix-negative", damage_fix_negative, "is not between", FALSE },
  { "prior-sum", damage_prior_sum, "adds up to 1001", FALSE },
  { "prior-negative", damage_prior_negative, "not above 0", FALSE },
  { "unknown-missing", damage_unknown_missing, "“unknown” is missing", FALSE },
  { "action-time-zero", damage_action_time_zero, "costs time", FALSE },
  { "action-time-negative", damage_action_time_negative, "costs time", FALSE },
  { "service-time", damage_service_time, "costs time", FALSE },
  { "service-missing", damage_service_missing, "“service” is missing", FALSE },
  { "question-free", damage_question_free, "costs time", FALSE },
  { "blocked-by-later", damage_blocked_by_later, "no earlier observation", FALSE },
  { "blocked-by-itself", damage_blocked_by_itself, "no earlier observation", FALSE },
  { "blocked-by-unknown", damage_blocked_by_unknown, "“ghost” is no observation", FALSE },
  { "blocked-by-value", damage_blocked_by_value, "no value “ghost”", FALSE },
  { "blocked-when-unknown", damage_blocked_when_unknown, "“ghost” is no observation", FALSE },
  { "blocked-when-value", damage_blocked_when_value, "no value “ghost”", FALSE },
  { "recheck", damage_recheck, "no observation “ghost”", FALSE },
  { "safety", damage_safety, "no safety text “ghost”", FALSE },
  { "order", damage_order, "no action “ghost”", FALSE },
  { "text-language", damage_text_language, "no text in “zh_CN”", FALSE },
  { "text-empty", damage_text_empty, "is empty", FALSE },
  { "text-missing", damage_text_missing, "“title” is missing", TRUE },
  { "text-card-number", damage_text_card_number, "card number", FALSE },
  { "format", damage_format, "pos96-model/2", FALSE },
  { "number-as-text", damage_number_as_text, "is not a number", FALSE },
  { "member-misspelt", damage_member_misspelt, "no member “minuets”", TRUE },
  { "causes-gone", damage_causes_gone, "“causes” is missing", FALSE },
  { "where-missing", damage_where_missing, "“where” is missing", FALSE },
  { "kind", damage_kind, "no kind of observation", TRUE },
  { "floor", damage_floor, "not between 0 and 0.5", FALSE },
  { "temper", damage_temper, "not between 0 and 1", FALSE },
};

static gboolean
has_fault (GStrv lines)
{
  return lines[0] != NULL && !g_str_has_prefix (lines[0], PFA_WARNING_PREFIX);
}

static void
test_damage (gconstpointer data)
{
  const Damage *damage = data;
  g_autoptr (JsonNode) json = tools_load_example ();
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaModel) model = NULL;
  gboolean was_said = FALSE;

  damage->damage (json);
  lines = pfa_model_validate (json, "m.json");
  g_assert_true (has_fault (lines));
  for (guint i = 0; lines[i] != NULL; i++)
    was_said = was_said || strstr (lines[i], damage->said) != NULL;
  if (!was_said)
    g_error ("not said: %s; instead: %s", damage->said, lines[0]);

  /* What the engine relies on, it refuses as well. */
  model = pfa_model_new_from_json (json, "m.json", &error);
  if (damage->is_bearable)
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_null (model);
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_assert_true (g_str_has_prefix (error->message, "m.json: "));
}

static void
test_example_is_sound (void)
{
  g_autoptr (JsonNode) json = tools_load_example ();
  g_auto (GStrv) lines = pfa_model_validate (json, "example");

  g_assert_null (lines[0]);
}

static void
test_duplicate_key (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PFA_SOURCE_DIR"),
                                            "tests/fixtures/diagnosis/example-model.json",
                                            NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) doubled = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  doubled = g_string_new (text);
  g_assert_cmpuint (g_string_replace (doubled,
                                      "\"where\": \"internet\"",
                                      "\"where\": \"shop\", \"where\": \"internet\"",
                                      1),
                    ==,
                    1);
  g_assert_null (pfa_json_parse (doubled->str, -1, "m.json", &error));
  g_assert_nonnull (strstr (error->message, "stands twice"));
}

/* A broken model is refused or, where the damage is to a text only, still computes: never a crash,
 * never a number that is none. */
static void
try_text (const char *text, gsize length)
{
  g_autoptr (JsonNode) json = pfa_json_parse (text, (gssize) length, "m.json", NULL);
  g_autoptr (PfaModel) model = NULL;
  g_auto (GStrv) lines = NULL;

  if (json == NULL)
    return;
  lines = pfa_model_validate (json, "m.json");
  model = pfa_model_new_from_json (json, "m.json", NULL);
  if (model == NULL)
    g_assert_true (has_fault (lines));
  for (guint i = 0; model != NULL && i < model->n_causes; i++)
    g_assert_true (isfinite (model->causes[i].log_prior));
}

static void
test_flipped_bytes (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PFA_SOURCE_DIR"),
                                            "tests/fixtures/diagnosis/example-model.json",
                                            NULL);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (int round = 0; round < 400; round++)
    {
      gsize at = (gsize) g_test_rand_int_range (0, (gint32) length);
      char was = text[at];

      text[at] ^= (char) (1 << g_test_rand_int_range (0, 7));
      try_text (text, length);
      text[at] = was;
    }
  for (int round = 0; round < 200; round++)
    try_text (text, (gsize) g_test_rand_int_range (0, (gint32) length));
}

static gboolean
is_worth_saying (const char *line, const char *part)
{
  return g_str_has_prefix (line, PFA_WARNING_PREFIX) && strstr (line, part) != NULL;
}

static void
test_warnings (void)
{
  static const char *const parts[] = { "isp_down: no observation tells it",
                                       "isp_down: no action mends it",
                                       "alone in its family “lonely”",
                                       "mends as much" };
  g_autoptr (JsonNode) json = tools_load_example ();
  JsonArray *observations = tools_get_items (json, "observations");
  JsonArray *actions = tools_get_items (json, "actions");
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < json_array_get_length (observations); i++)
    json_object_remove_member (
        json_object_get_object_member (json_array_get_object_element (observations, i), "given"),
        "isp_down");
  for (guint i = 0; i < json_array_get_length (actions); i++)
    json_object_remove_member (
        json_object_get_object_member (json_array_get_object_element (actions, i), "fixes"),
        "isp_down");
  json_object_set_string_member (action (json, "call_isp"), "family", "lonely");
  json_object_set_double_member (action (json, "reseat_cable"), "minutes", 60);
  json_object_set_object_member (action (json, "reseat_cable"), "fixes", json_object_new ());
  json_object_set_double_member (json_object_get_object_member (action (json, "reseat_cable"),
                                                                "fixes"),
                                 "cable_loose",
                                 0.01);
  lines = pfa_model_validate (json, "m");
  for (guint k = 0; k < G_N_ELEMENTS (parts); k++)
    {
      gboolean found = FALSE;

      for (guint i = 0; lines[i] != NULL; i++)
        found = found || is_worth_saying (lines[i], parts[k]);
      if (!found)
        g_error ("no warning “%s”", parts[k]);
    }
  g_assert_false (has_fault (lines));
}

static void
test_reads_what_is_written (void)
{
  g_autoptr (JsonNode) json = tools_load_example ();
  g_autoptr (PfaModel) model = tools_build (json);
  int dns = pfa_model_find_observation (model, "dns");
  int fault = pfa_model_find_cause (model, "dns_fault");
  int wait = pfa_model_find_action (model, "wait_10");
  const PfaObservationKind *kind = &model->observations[dns];

  g_assert_cmpuint (model->n_causes, ==, 29);
  g_assert_cmpfloat (model->causes[fault].prior, ==, 14 / 1000.0);
  g_assert_cmpfloat (kind->likelihood[2 * model->n_causes + fault], ==, 0.5);
  g_assert_cmpfloat (kind->likelihood[2 * model->n_causes], ==, 0.01);
  g_assert_cmpuint (kind->n_blocks, ==, 3);
  g_assert_cmpint (model->actions[wait].family_index,
                   ==,
                   model->actions[pfa_model_find_action (model, "wait_30")].family_index);
  g_assert_cmpint (model->actions[pfa_model_find_action (model, "call_isp")].family_index, ==, -1);
  g_assert_cmpint (pfa_model_find_cause (model, "ghost"), ==, -1);
  g_assert_cmpstr (pfa_text_get (model->service_title, "zh_CN"), ==, "联系技术支持");
}

static void
test_written_and_read_again (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (&error);
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (PfaModel) model = NULL;

  g_assert_no_error (error);
  text = pfa_json_write (pfa_knowledge_get_model (knowledge)->json, TRUE);
  json = pfa_json_parse (text, -1, "printed", &error);
  g_assert_no_error (error);
  again = pfa_json_write (json, TRUE);
  g_assert_cmpstr (text, ==, again);
  model = tools_build (json);
  for (guint o = 0; o < model->n_observations; o++)
    g_assert_cmpmem (model->observations[o].log_likelihood,
                     sizeof (double) * model->n_causes * model->observations[o].n_values,
                     pfa_knowledge_get_model (knowledge)->observations[o].log_likelihood,
                     sizeof (double) * model->n_causes * model->observations[o].n_values);
  g_object_unref (g_steal_pointer (&knowledge));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/knowledge/model/damage/%s", damages[i].name);

      g_test_add_data_func (path, &damages[i], test_damage);
    }
  g_test_add_func ("/knowledge/model/example-is-sound", test_example_is_sound);
  g_test_add_func ("/knowledge/model/damage/duplicate-key", test_duplicate_key);
  g_test_add_func ("/knowledge/model/flipped-bytes", test_flipped_bytes);
  g_test_add_func ("/knowledge/model/warnings", test_warnings);
  g_test_add_func ("/knowledge/model/reads-what-is-written", test_reads_what_is_written);
  g_test_add_func ("/knowledge/model/written-and-read-again", test_written_and_read_again);
  return g_test_run ();
}
