/* test-topic.c - the pages of advice are there, in order, in every language
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-knowledge.h"

static PfaTopic *
read_topic (const char *json, GError **error)
{
  g_autoptr (JsonNode) node = pfa_json_parse (json, -1, "test", error);

  g_assert_nonnull (node);
  return pfa_topic_new_from_json (json_node_get_object (node), "topics[0]", error);
}

static void
test_built_in (void)
{
  g_autoptr (GError) error = NULL;
  PfaKnowledge *knowledge = pfa_knowledge_new (&error);
  GPtrArray *topics;
  guint last = 0;

  g_assert_no_error (error);
  topics = pfa_knowledge_get_topics (knowledge);
  g_assert_cmpuint (topics->len, >=, 30);
  for (guint i = 0; i < topics->len; i++)
    {
      const PfaTopic *topic = topics->pdata[i];

      g_assert_cmpuint (topic->order, >=, last);
      last = topic->order;
      for (guint k = 0; pfa_text_languages[k] != NULL; k++)
        g_assert_true (pfa_text_has (topic->paragraphs, pfa_text_languages[k]));
      g_assert_true (pfa_knowledge_find_topic (knowledge, topic->id) == topic);
    }
  g_assert_cmpstr (pfa_knowledge_find_topic (knowledge, "task-care")->every, ==, "week");
  g_assert_null (pfa_knowledge_find_topic (knowledge, "nowhere"));
  g_assert_finalize_object (knowledge);
}

static void
test_broken (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaTopic) topic = read_topic (data, &error);

  g_assert_null (topic);
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/knowledge/topic/built-in", test_built_in);
  g_test_add_data_func ("/knowledge/topic/without-id", "{\"kind\":\"topic\"}", test_broken);
  g_test_add_data_func (
      "/knowledge/topic/without-title",
      "{\"id\":\"a\",\"kind\":\"topic\",\"order\":1,\"paragraphs\":{\"en\":[\"A.\"]}}",
      test_broken);
  g_test_add_data_func ("/knowledge/topic/order-is-a-word",
                        "{\"id\":\"a\",\"kind\":\"topic\",\"order\":\"first\"}",
                        test_broken);
  return g_test_run ();
}
