/* test-feed.c - status feeds, good, broken and hostile: what cannot be read is never "all fine"
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-status-feed.h"

#define ROUNDS 20000

#define PAGE        "\"page\":{\"updated_at\":\"2026-11-22T01:00:00Z\"}"
#define ALL_WELL    "\"status\":{\"indicator\":\"none\"}"
#define OUR_PART(s) "{\"name\":\"Card present\",\"status\":\"" s "\"}"
#define RSS(items)                                                                                 \
  "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Status</title>" items               \
  "</channel></rss>"
#define ITEM(date, t)                                                                              \
  "<item><title>Payments</title><description>" t "</description><pubDate>" date "</pubDate></"     \
                                                                                "item>"
#define TODAY     "Sun, 22 Nov 2026 01:00:00 +0000"
#define THURSDAY  "Thu, 19 Nov 2026 01:00:00 +0000"
#define LAST_YEAR "Fri, 21 Nov 2025 01:00:00 +0000"

typedef struct
{
  const char *name;
  const char *kind;
  const char *text;
  const char *component;
  const char *expected;
  const char *title;
} FeedCase;

static const FeedCase feed_cases[] = {
  { "an-incident-beside-a-green-light",
    "statuspage-v2",
    "{" PAGE "," ALL_WELL ",\"incidents\":[{\"name\":\"Declines\",\"impact\":\"major\",\"status\":"
    "\"investigating\"}]}",
    NULL,
    "down",
    "Declines" },
  { "an-incident-that-is-only-watched",
    "statuspage-v2",
    "{" PAGE "," ALL_WELL ",\"incidents\":[{\"name\":\"Declines\",\"impact\":\"critical\","
    "\"status\":\"monitoring\"}]}",
    NULL,
    "degraded",
    "Declines" },
  { "a-resolved-incident-is-over",
    "statuspage-v2",
    "{" PAGE "," ALL_WELL ",\"incidents\":[{\"name\":\"Declines\",\"impact\":\"major\",\"status\":"
    "\"resolved\"}]}",
    NULL,
    "none",
    NULL },
  { "an-incident-elsewhere",
    "statuspage-v2",
    "{" PAGE "," ALL_WELL
    ",\"components\":[" OUR_PART ("operational") "],\"incidents\":[{\"name\":"
                                                 "\"Reports\",\"impact\":\"major\",\"status\":"
                                                 "\"identified\",\"components\":[{\"name\":"
                                                 "\"Reports\"}]}]}",
    "card present",
    "none",
    NULL },
  { "an-incident-here",
    "statuspage-v2",
    "{" PAGE "," ALL_WELL ",\"components\":[" OUR_PART (
        "operational") "],\"incidents\":[{\"name\":"
                       "\"Cards\",\"impact\":\"minor\",\"status\":\"identified\",\"components\":"
                       "[" OUR_PART ("operational") "]}]}",
    "card present",
    "degraded",
    "Cards" },
  { "one-of-our-components-says-a-new-word",
    "statuspage-v2",
    "{" PAGE "," ALL_WELL
    ",\"components\":[" OUR_PART ("splendid") "," OUR_PART ("operational") "]}",
    "card present",
    "unknown",
    NULL },
  { "the-new-word-last",
    "statuspage-v2",
    "{" PAGE "," ALL_WELL
    ",\"components\":[" OUR_PART ("operational") "," OUR_PART ("splendid") "]}",
    "card present",
    "unknown",
    NULL },
  { "only-incidents-and-one-is-open",
    "statuspage-v2",
    "{" PAGE ",\"incidents\":[{\"name\":\"A\",\"impact\":\"minor\",\"status\":\"identified\"},"
    "{\"name\":\"B\",\"impact\":\"critical\",\"status\":\"identified\"}]}",
    NULL,
    "down",
    "B" },
  { "only-incidents-and-none",
    "statuspage-v2",
    "{" PAGE ",\"incidents\":[]}",
    NULL,
    "unknown",
    NULL },
  { "only-maintenances-and-one-runs",
    "statuspage-v2",
    "{" PAGE ",\"scheduled_maintenances\":[{\"name\":\"Night\",\"status\":\"verifying\"}]}",
    NULL,
    "maintenance",
    "Night" },
  { "maintenance-elsewhere",
    "statuspage-v2",
    "{" PAGE "," ALL_WELL ",\"scheduled_maintenances\":[{\"name\":\"Night\",\"status\":"
    "\"in_progress\",\"components\":[{\"name\":\"Reports\"}]}]}",
    "card present",
    "none",
    NULL },
  { "from-tomorrow",
    "statuspage-v2",
    "{\"page\":{\"updated_at\":\"2026-11-25T01:00:00Z\"}," ALL_WELL "}",
    NULL,
    "unknown",
    NULL },
  { "without-a-zone",
    "statuspage-v2",
    "{\"page\":{\"updated_at\":\"2026-11-22T01:00:00\"}," ALL_WELL "}",
    NULL,
    "none",
    NULL },
  { "a-date-that-is-none",
    "statuspage-v2",
    "{\"page\":{\"updated_at\":\"yesterday\"}," ALL_WELL "}",
    NULL,
    "none",
    NULL },
  { "a-stale-page-with-a-fault",
    "statuspage-v2",
    "{\"page\":{\"updated_at\":\"2026-11-01T01:00:00Z\"},\"status\":{\"indicator\":\"major\"}}",
    NULL,
    "unknown",
    NULL },
  { "the-light-twice",
    "statuspage-v2",
    "{" PAGE "," ALL_WELL ",\"status\":{\"indicator\":\"major\"}}",
    NULL,
    "unknown",
    NULL },
  { "a-number-for-a-light",
    "statuspage-v2",
    "{\"status\":{\"indicator\":0}}",
    NULL,
    "unknown",
    NULL },
  { "cut-off", "statuspage-v2", "{" PAGE "," ALL_WELL, NULL, "unknown", NULL },
  { "nothing", "statuspage-v2", "", NULL, "unknown", NULL },
  { "null-light", "statuspage-v2", "{\"status\":null}", NULL, "unknown", NULL },
  { "a-title-that-turns-round",
    "statuspage-v2",
    "{\"status\":{\"indicator\":\"minor\"},\"incidents\":[{\"name\":\"<b>Pay\\u202e\\u200b\\n"
    "ments\",\"impact\":\"minor\"}]}",
    NULL,
    "degraded",
    "<b>Pay ments" },
  { "instatus-up", "instatus", "{\"page\":{\"status\":\"UP\"}}", NULL, "none", NULL },
  { "instatus-incident",
    "instatus",
    "{\"page\":{\"status\":\"HASISSUES\"},\"activeIncidents\":[{\"name\":\"Cards\",\"impact\":"
    "\"MAJOROUTAGE\"}]}",
    NULL,
    "down",
    "Cards" },
  { "instatus-nothing", "instatus", "{}", NULL, "unknown", NULL },
  { "rss-open-today",
    "rss",
    RSS (ITEM (TODAY, "&lt;strong&gt;Investigating&lt;/strong&gt; - we look")),
    NULL,
    "degraded",
    "Payments" },
  { "rss-resolved",
    "rss",
    RSS (ITEM (TODAY,
               "&lt;p&gt;Nov 22&lt;br&gt;&lt;strong&gt;Resolved&lt;/strong&gt; - done. "
               "&lt;strong&gt;Investigating&lt;/strong&gt; - we look")),
    NULL,
    "none",
    NULL },
  { "rss-unresolved-is-not-resolved",
    "rss",
    RSS (ITEM (TODAY, "This is unresolved. We are investigating.")),
    NULL,
    "degraded",
    "Payments" },
  { "rss-not-yet-resolved",
    "rss",
    RSS (ITEM (TODAY, "It is not yet resolved")),
    NULL,
    "unknown",
    NULL },
  { "rss-in-cdata",
    "rss",
    RSS (ITEM (TODAY, "<![CDATA[<strong>Identified</strong> - found]]>")),
    NULL,
    "degraded",
    "Payments" },
  { "rss-maintenance",
    "rss",
    RSS (ITEM (TODAY, "In progress - scheduled maintenance")),
    NULL,
    "maintenance",
    "Payments" },
  { "rss-planned-maintenance",
    "rss",
    RSS (ITEM (TODAY, "Scheduled - next week")),
    NULL,
    "none",
    NULL },
  { "rss-open-since-days", "rss", RSS (ITEM (THURSDAY, "Investigating")), NULL, "unknown", NULL },
  { "rss-long-past", "rss", RSS (ITEM (LAST_YEAR, "Investigating")), NULL, "none", NULL },
  { "rss-no-word-of-state", "rss", RSS (ITEM (TODAY, "Hello")), NULL, "unknown", NULL },
  { "rss-no-date", "rss", RSS (ITEM ("some day", "Resolved")), NULL, "unknown", NULL },
  { "rss-the-worst-counts",
    "rss",
    RSS (ITEM (TODAY, "Resolved") ITEM (TODAY, "Hello") ITEM (TODAY, "Identified")
             ITEM (TODAY, "Resolved")),
    NULL,
    "degraded",
    "Payments" },
  { "rss-empty", "rss", RSS (""), NULL, "unknown", NULL },
  { "rss-cut-off",
    "rss",
    "<rss><channel>" ITEM (TODAY, "Resolved") "<item><title>",
    NULL,
    "unknown",
    NULL },
  { "rss-of-a-page-nobody-tends",
    "rss",
    RSS ("<lastBuildDate>" LAST_YEAR "</lastBuildDate>" ITEM (TODAY, "Resolved")),
    NULL,
    "unknown",
    NULL },
  { "rss-a-web-page-instead", "rss", "<html><body>All fine</body></html>", NULL, "unknown", NULL },
  { "rss-json-instead", "rss", "{" ALL_WELL "}", NULL, "unknown", NULL },
  { "rss-of-other-vocabularies",
    "rss",
    RSS ("<item><title>Payments</title><description>Resolved</description><media:description>"
         "Investigating</media:description><pubDate>" TODAY "</pubDate></item>"),
    NULL,
    "none",
    NULL },
  { "rss-an-entity-of-its-own",
    "rss",
    "<!DOCTYPE rss [<!ENTITY a \"Resolved\">]>" RSS (ITEM (TODAY, "&a;")),
    NULL,
    "unknown",
    NULL },
  { "atom-open",
    "atom",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><updated>2026-11-22T01:00:00Z</updated><entry>"
    "<title>Cards</title><updated>2026-11-22T01:00:00Z</updated><content type=\"html\">&lt;b&gt;"
    "Monitoring&lt;/b&gt; - mended</content></entry></feed>",
    NULL,
    "degraded",
    "Cards" },
  { "atom-closed",
    "atom",
    "<feed><entry><title>Cards</title><updated>2026-11-22T01:00:00Z</updated><summary>Completed"
    "</summary></entry></feed>",
    NULL,
    "none",
    NULL },
};

static void
parse (const FeedCase *row, const char *text, gsize length, PfaStatusFeed *feed)
{
  const char *components[] = { row->component, NULL };
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 22, 3, 0, 0);

  pfa_status_feed_parse (row->kind, text, length, components, now, feed);
}

static void
test_feed (gconstpointer data)
{
  const FeedCase *row = data;
  PfaStatusFeed feed;

  parse (row, row->text, strlen (row->text), &feed);
  g_assert_cmpstr (feed.value, ==, row->expected);
  if (row->title != NULL)
    g_assert_cmpstr (feed.title, ==, row->title);
  pfa_status_feed_clear (&feed);
}

/* What the profile may name can be read, and the other way round. */
static void
test_kinds (void)
{
  for (guint i = 0; pfa_provider_feed_kinds[i] != NULL; i++)
    g_assert_true (pfa_status_feed_knows (pfa_provider_feed_kinds[i]));
  for (guint i = 0; i < G_N_ELEMENTS (feed_cases); i++)
    g_assert_true (g_strv_contains (pfa_provider_feed_kinds, feed_cases[i].kind));
  g_assert_false (pfa_status_feed_knows ("smoke-signals"));
  g_assert_false (pfa_status_feed_knows (NULL));
}

/* Damage may hide a fault, but a feed with an open fault never becomes more than "none", and what
 * comes out is always one of the five words and valid text. */
static void
test_random (gconstpointer data)
{
  const FeedCase *row = data;
  static const char *const words[] = { "none", "degraded", "down", "maintenance", "unknown", NULL };

  for (guint round = 0; round < ROUNDS / G_N_ELEMENTS (feed_cases); round++)
    {
      gsize length = (gsize) g_test_rand_int_range (0, (gint32) strlen (row->text) + 1);
      g_autofree char *text = g_strndup (row->text, length);
      PfaStatusFeed feed;

      for (guint i = 0; i < 3 && length > 0; i++)
        text[g_test_rand_int_range (0, (gint32) length)] = (char) g_test_rand_int ();
      parse (row, text, length, &feed);
      g_assert_true (g_strv_contains (words, feed.value));
      g_assert_true (feed.title == NULL || g_utf8_validate (feed.title, -1, NULL));
      pfa_status_feed_clear (&feed);
    }
}

/* A mebibyte of nothing but depth, and one of nothing but notices. */
static void
test_hostile (void)
{
  static const FeedCase rss = { .kind = "rss" };
  static const FeedCase statuspage = { .kind = "statuspage-v2" };
  g_autoptr (GString) deep = g_string_new ("<rss><channel>");
  g_autoptr (GString) long_one = g_string_new ("<rss><channel>");
  g_autoptr (GString) brackets = g_string_new ("{\"status\":{\"indicator\":\"none\"},\"a\":");
  PfaStatusFeed feed;

  for (guint i = 0; i < 100000; i++)
    {
      g_string_append (deep, "<item>");
      g_string_append (long_one, ITEM (TODAY, "Resolved"));
      g_string_append_c (brackets, '[');
    }
  parse (&rss, deep->str, deep->len, &feed);
  g_assert_cmpstr (feed.value, ==, "unknown");
  pfa_status_feed_clear (&feed);
  parse (&rss, long_one->str, long_one->len, &feed);
  g_assert_cmpstr (feed.value, ==, "unknown");
  pfa_status_feed_clear (&feed);
  parse (&statuspage, brackets->str, brackets->len, &feed);
  g_assert_cmpstr (feed.value, ==, "unknown");
  pfa_status_feed_clear (&feed);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (feed_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/checks/feed/", feed_cases[i].name, NULL);
      g_autofree char *damaged = g_strconcat ("/checks/damaged-feed/", feed_cases[i].name, NULL);

      g_test_add_data_func (path, &feed_cases[i], test_feed);
      g_test_add_data_func (damaged, &feed_cases[i], test_random);
    }
  g_test_add_func ("/checks/feed/kinds-of-the-profile-can-be-read", test_kinds);
  g_test_add_func ("/checks/feed/hostile", test_hostile);
  return g_test_run ();
}
