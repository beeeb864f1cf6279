/* test-stories.c - golden cases on the program's own model, through its guards
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "model-tools.h"
#include "pfa-diagnosis.h"
#include "pfa-guarding.h"
#include "pfa-knowledge.h"

/* Knowledge does not change between stories. */
typedef struct
{
  PfaKnowledge *knowledge;
  char *path;
} Story;

static const char *
get_next_id (const PfaDecision *decision, const PfaModel *model)
{
  switch (decision->next_kind)
    {
    case PFA_NEXT_ACTION:
      return model->actions[decision->next].id;
    case PFA_NEXT_QUESTION:
      return model->observations[decision->next].id;
    case PFA_NEXT_CALL_SUPPORT:
    default:
      return "call-support";
    }
}

/* A member that is one word or a list of words. */
static gboolean
names (JsonObject *story, const char *member, const char *word)
{
  JsonNode *node = json_object_get_member (story, member);
  JsonArray *array;

  if (JSON_NODE_HOLDS_VALUE (node))
    return g_str_equal (json_node_get_string (node), word);
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (g_str_equal (json_array_get_string_element (array, i), word))
      return TRUE;
  return FALSE;
}

static void
check_members (JsonObject *story, const char *path)
{
  static const char *const known[] = { "name",
                                       "observations",
                                       "failed",
                                       "skipped",
                                       "acceptable_first",
                                       "unacceptable",
                                       "place",
                                       "leading",
                                       "forbidden_by_guard",
                                       "allowed_by_guard",
                                       "payment_state",
                                       "note",
                                       "source",
                                       NULL };
  JsonObjectIter iter;
  const char *member;

  json_object_iter_init (&iter, story);
  while (json_object_iter_next (&iter, &member, NULL))
    if (!g_strv_contains (known, member))
      g_error ("%s: no story has “%s”", path, member);
}

static void
check_guards (JsonObject *story, const PfaModel *model, GPtrArray *applying)
{
  g_auto (GStrv) forbidden = pfa_json_dup_strings (story, "forbidden_by_guard", "story", NULL);
  g_auto (GStrv) allowed = pfa_json_dup_strings (story, "allowed_by_guard", "story", NULL);

  for (guint i = 0; forbidden[i] != NULL; i++)
    {
      g_assert_cmpint (pfa_model_find_action (model, forbidden[i]), >=, 0);
      if (pfa_guards_find_forbidding (applying, forbidden[i]) == NULL)
        g_error ("no guard forbids %s", forbidden[i]);
    }
  for (guint i = 0; allowed[i] != NULL; i++)
    {
      const PfaGuard *guard = pfa_guards_find_forbidding (applying, allowed[i]);

      if (guard != NULL)
        g_error ("%s forbids %s", guard->id, allowed[i]);
    }
}

static void
check_decision (JsonObject *story, const PfaModel *model, const PfaDecision *decision)
{
  const char *next = get_next_id (decision, model);
  const char *place = g_array_index (decision->places, PfaPlaceShare, 0).place;
  const char *cause = model->causes[decision->leading_cause].id;

  if (!names (story, "acceptable_first", next))
    g_error ("the first step is %s (%s leads with %.2f)",
             next,
             cause,
             decision->posterior[decision->leading_cause]);
  if (json_object_has_member (story, "unacceptable"))
    {
      g_assert_false (names (story, "unacceptable", next));
      for (guint i = 0; i < decision->plan->len; i++)
        if (names (story,
                   "unacceptable",
                   model->actions[g_array_index (decision->plan, guint, i)].id))
          g_error ("%s is in the plan",
                   model->actions[g_array_index (decision->plan, guint, i)].id);
    }
  if (json_object_has_member (story, "place") && !names (story, "place", place))
    g_error ("the place is %s (%s leads)", place, cause);
  if (json_object_has_member (story, "leading") && !names (story, "leading", cause))
    g_error ("%s leads with %.2f", cause, decision->posterior[decision->leading_cause]);
}

static void
test_story (gconstpointer data)
{
  const Story *story = data;
  PfaModel *model = pfa_knowledge_get_model (story->knowledge);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = pfa_json_load (story->path, &error);
  g_autoptr (PfaEvidence) evidence = NULL;
  g_autoptr (PfaEvidence) guarded = NULL;
  g_autoptr (GPtrArray) applying = NULL;
  g_autoptr (PfaDecision) decision = NULL;
  JsonObject *object;

  g_assert_no_error (error);
  object = json_node_get_object (node);
  check_members (object, story->path);
  evidence = pfa_evidence_new_from_json (object, story->path, &error);
  g_assert_no_error (error);
  applying = pfa_guards_find_applying (pfa_knowledge_get_guards (story->knowledge),
                                       model,
                                       evidence,
                                       pfa_json_peek_string (object, "payment_state"),
                                       &error);
  g_assert_no_error (error);
  check_guards (object, model, applying);
  guarded = pfa_guards_withhold (applying, model, evidence);
  decision = pfa_diagnosis_decide (model, guarded, &error);
  g_assert_no_error (error);
  check_decision (object, model, decision);
}

static void
story_free (gpointer data)
{
  Story *story = data;

  g_free (story->path);
  g_free (story);
}

int
main (int argc, char *argv[])
{
  g_autofree char *folder = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaKnowledge) knowledge = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  knowledge = pfa_knowledge_new (&error);
  g_assert_no_error (error);
  folder = g_build_filename (g_getenv ("PFA_SOURCE_DIR"), "tests", "diagnosis", "stories", NULL);
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      Story *story;
      g_autofree char *stem = g_strndup (name, strcspn (name, "."));
      g_autofree char *path = g_strdup_printf ("/diagnosis/stories/%s", stem);

      if (!g_str_has_suffix (name, ".json"))
        continue;
      story = g_new0 (Story, 1);
      story->knowledge = knowledge;
      story->path = g_build_filename (folder, name, NULL);
      g_test_add_data_func_full (path, story, test_story, story_free);
    }
  return g_test_run ();
}
