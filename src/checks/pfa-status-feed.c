/* pfa-status-feed.c - what a provider's public status feed says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-status-feed.h"

#include <string.h>

#include "pfa-json.h"
#include "pfa-status-notices.h"

#define MAX_TEXT 300

typedef void (*FeedReader) (JsonObject *root, const char *const *components, PfaStatusFeed *feed);

typedef struct
{
  const char *word;
  const char *value;
} Meaning;

static const char *
look_up (const Meaning *meanings, gsize count, const char *word)
{
  for (gsize i = 0; word != NULL && i < count; i++)
    if (g_ascii_strcasecmp (meanings[i].word, word) == 0)
      return meanings[i].value;
  return "unknown";
}

static const Meaning indicators[] = {
  { "none", "none" },     { "minor", "degraded" },          { "major", "down" },
  { "critical", "down" }, { "maintenance", "maintenance" },
};

static const Meaning component_states[] = {
  { "operational", "none" },  { "degraded_performance", "degraded" }, { "partial_outage", "down" },
  { "major_outage", "down" }, { "under_maintenance", "maintenance" },
};

static const Meaning stripe_states[] = { { "up", "none" },
                                         { "degraded", "degraded" },
                                         { "down", "down" } };

static const Meaning better_stack_states[] = {
  { "operational", "none" },
  { "degraded", "degraded" },
  { "downtime", "down" },
  { "maintenance", "maintenance" },
};

/* From good to bad. What is not known is not good, and never hides a stated fault. */
static int
rank (const char *value)
{
  static const char *const order[] = { "none", "unknown", "maintenance", "degraded", "down" };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (g_str_equal (order[i], value))
      return (int) i;
  return 0;
}

const char *
pfa_status_feed_worse (const char *a, const char *b)
{
  return rank (b) > rank (a) ? b : a;
}

char *
pfa_status_feed_dup_plain (const char *text)
{
  g_autofree char *valid = NULL;
  g_autoptr (GString) plain = NULL;

  if (text == NULL)
    return NULL;
  valid = g_utf8_make_valid (text, -1);
  plain = g_string_new (NULL);
  for (const char *at = valid; *at != '\0' && plain->len < MAX_TEXT; at = g_utf8_next_char (at))
    {
      gunichar letter = g_utf8_get_char (at);
      GUnicodeType type = g_unichar_type (letter);

      /* Those that turn the direction or have no width could make it read as something else. */
      if (type == G_UNICODE_FORMAT)
        continue;
      if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
          type == G_UNICODE_PARAGRAPH_SEPARATOR)
        letter = ' ';
      g_string_append_unichar (plain, letter);
    }
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

static gboolean
is_wanted (const char *name, const char *const *components)
{
  g_autofree char *folded = name != NULL ? g_utf8_casefold (name, -1) : NULL;

  for (guint i = 0; folded != NULL && components[i] != NULL; i++)
    {
      g_autofree char *word = g_utf8_casefold (components[i], -1);

      if (strstr (folded, word) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* The object at @index of @list, or NULL. */
static JsonObject *
peek_object_at (JsonArray *list, guint index)
{
  JsonNode *node = json_array_get_element (list, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static guint
count (JsonArray *list)
{
  return list != NULL ? json_array_get_length (list) : 0;
}

/* The worst of the components that count; NULL when none of them is there. */
static const char *
judge_components (JsonArray *list, const char *const *components)
{
  const char *worst = NULL;

  for (guint i = 0; i < count (list); i++)
    {
      JsonObject *component = peek_object_at (list, i);
      const char *value;

      if (component == NULL || !is_wanted (pfa_json_peek_string (component, "name"), components))
        continue;
      value = look_up (component_states,
                       G_N_ELEMENTS (component_states),
                       pfa_json_peek_string (component, "status"));
      worst = worst != NULL ? pfa_status_feed_worse (worst, value) : value;
    }
  return worst;
}

/* Does the entry name components, and none that counts? */
static gboolean
is_elsewhere (JsonObject *entry, const char *const *components)
{
  JsonArray *list = pfa_json_peek_array (entry, "components");

  if (components == NULL || components[0] == NULL || count (list) == 0)
    return FALSE;
  for (guint i = 0; i < count (list); i++)
    {
      JsonObject *component = peek_object_at (list, i);

      if (component == NULL || is_wanted (pfa_json_peek_string (component, "name"), components))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_one_of (const char *word, const char *const *words)
{
  return word != NULL && g_strv_contains (words, word);
}

/* What an incident that has not ended states; NULL: nothing. */
static const char *
judge_incident (JsonObject *incident, const char *const *components)
{
  static const char *const ended[] = { "resolved", "postmortem", "completed", NULL };
  const char *status = pfa_json_peek_string (incident, "status");
  const char *value;

  if (is_one_of (status, ended) || is_elsewhere (incident, components))
    return NULL;
  value =
      look_up (indicators, G_N_ELEMENTS (indicators), pfa_json_peek_string (incident, "impact"));
  if (g_str_equal (value, "none") || g_str_equal (value, "unknown"))
    return NULL;
  /* It is mended, and they watch whether it stays so. */
  return g_strcmp0 (status, "monitoring") == 0 ? "degraded" : value;
}

static const char *
judge_maintenance (JsonObject *entry, const char *const *components)
{
  static const char *const now[] = { "in_progress", "verifying", NULL };

  return is_one_of (pfa_json_peek_string (entry, "status"), now) &&
                 !is_elsewhere (entry, components)
             ? "maintenance"
             : NULL;
}

/* Takes the worst that the entries of @list state, and the name of the first that states it. */
static void
take_entries (PfaStatusFeed *feed,
              JsonArray *list,
              const char *const *components,
              const char *(*judge) (JsonObject *entry, const char *const *components))
{
  for (guint i = 0; i < count (list); i++)
    {
      JsonObject *entry = peek_object_at (list, i);
      const char *value = entry != NULL ? judge (entry, components) : NULL;

      if (value == NULL)
        continue;
      if (feed->title == NULL || rank (value) > rank (feed->value))
        {
          g_free (feed->title);
          feed->title = pfa_status_feed_dup_plain (pfa_json_peek_string (entry, "name"));
        }
      feed->value = pfa_status_feed_worse (feed->value, value);
    }
}

/* summary.json has all of it, status.json the page and the status, incidents.json and
 * scheduled-maintenances.json the page and what they are called after: those state what goes on and
 * never that nothing does. */
static void
read_statuspage (JsonObject *root, const char *const *components, PfaStatusFeed *feed)
{
  JsonObject *status = pfa_json_peek_object (root, "status");
  JsonObject *page = pfa_json_peek_object (root, "page");
  JsonArray *incidents = pfa_json_peek_array (root, "incidents");
  const char *narrow = components != NULL && components[0] != NULL
                           ? judge_components (pfa_json_peek_array (root, "components"), components)
                           : NULL;

  if (page != NULL)
    feed->updated = pfa_status_feed_dup_plain (pfa_json_peek_string (page, "updated_at"));
  if (narrow != NULL)
    feed->value = narrow;
  else if (status != NULL)
    feed->value =
        look_up (indicators, G_N_ELEMENTS (indicators), pfa_json_peek_string (status, "indicator"));
  take_entries (feed, incidents, components, judge_incident);
  take_entries (feed,
                pfa_json_peek_array (root, "scheduled_maintenances"),
                components,
                judge_maintenance);
  if (feed->title == NULL && count (incidents) > 0 && rank (feed->value) > rank ("unknown"))
    {
      JsonObject *first = peek_object_at (incidents, 0);

      feed->title =
          first != NULL ? pfa_status_feed_dup_plain (pfa_json_peek_string (first, "name")) : NULL;
    }
}

/* The older form of one provider: {"UptimeStatus"/"largestatus": "up"|"degraded"|"down", …}. */
static void
read_stripe (JsonObject *root, const char *const *components, PfaStatusFeed *feed)
{
  const char *word = pfa_json_peek_string (root, "largestatus");

  if (word == NULL)
    word = pfa_json_peek_string (root, "UptimeStatus");
  feed->value = look_up (stripe_states, G_N_ELEMENTS (stripe_states), word);
  feed->title = pfa_status_feed_dup_plain (pfa_json_peek_string (root, "message"));
}

static void
read_better_stack (JsonObject *root, const char *const *components, PfaStatusFeed *feed)
{
  JsonObject *data = pfa_json_peek_object (root, "data");
  JsonObject *attributes = data != NULL ? pfa_json_peek_object (data, "attributes") : NULL;

  if (attributes != NULL)
    feed->value = look_up (better_stack_states,
                           G_N_ELEMENTS (better_stack_states),
                           pfa_json_peek_string (attributes, "aggregate_state"));
}

static void
read_rootly (JsonObject *root, const char *const *components, PfaStatusFeed *feed)
{
  JsonObject *status = pfa_json_peek_object (root, "status");
  const char *word = pfa_json_peek_string (status != NULL ? status : root, "indicator");

  feed->value = look_up (indicators, G_N_ELEMENTS (indicators), word);
}

static const Meaning instatus_states[] = {
  { "UP", "none" },
  { "HASISSUES", "degraded" },
  { "ALLUNDERMAINTENANCE", "maintenance" },
  { "UNDERMAINTENANCE", "maintenance" },
};

static const Meaning instatus_impacts[] = {
  { "DEGRADEDPERFORMANCE", "degraded" },
  { "PARTIALOUTAGE", "down" },
  { "MAJOROUTAGE", "down" },
};

static const char *
judge_instatus_incident (JsonObject *incident, const char *const *components)
{
  const char *value = look_up (instatus_impacts,
                               G_N_ELEMENTS (instatus_impacts),
                               pfa_json_peek_string (incident, "impact"));

  return g_str_equal (value, "unknown") ? NULL : value;
}

static void
read_instatus (JsonObject *root, const char *const *components, PfaStatusFeed *feed)
{
  JsonObject *page = pfa_json_peek_object (root, "page");

  if (page != NULL)
    feed->value = look_up (instatus_states,
                           G_N_ELEMENTS (instatus_states),
                           pfa_json_peek_string (page, "status"));
  take_entries (feed,
                pfa_json_peek_array (root, "activeIncidents"),
                components,
                judge_instatus_incident);
}

static const struct
{
  const char *kind;
  FeedReader read;
} readers[] = {
  { "statuspage-v2", read_statuspage },  { "stripe-current", read_stripe },
  { "better-stack", read_better_stack }, { "rootly", read_rootly },
  { "instatus", read_instatus },
};

static gboolean
is_of_notices (const char *kind)
{
  return g_strcmp0 (kind, "rss") == 0 || g_strcmp0 (kind, "atom") == 0;
}

gboolean
pfa_status_feed_knows (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (g_strcmp0 (readers[i].kind, kind) == 0)
      return TRUE;
  return is_of_notices (kind);
}

/* A page that nobody has touched for a week tells nothing about today; one from tomorrow has a
 * clock, or a writer, that cannot be believed. */
static gboolean
is_out_of_time (const PfaStatusFeed *feed, GDateTime *now)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) updated =
      feed->updated != NULL ? g_date_time_new_from_iso8601 (feed->updated, utc) : NULL;
  GTimeSpan age = updated != NULL ? g_date_time_difference (now, updated) : 0;

  return age > 7 * G_TIME_SPAN_DAY || age < -G_TIME_SPAN_DAY;
}

void
pfa_status_feed_parse (const char *kind,
                       const char *text,
                       gsize length,
                       const char *const *components,
                       GDateTime *now,
                       PfaStatusFeed *feed)
{
  g_autoptr (JsonObject) root = NULL;

  memset (feed, 0, sizeof *feed);
  feed->value = "unknown";
  if (is_of_notices (kind))
    pfa_status_notices_parse (text, length, now, feed);
  else
    root = pfa_json_parse_object (text, (gssize) length, "feed", NULL);
  for (guint i = 0; root != NULL && i < G_N_ELEMENTS (readers); i++)
    if (g_strcmp0 (readers[i].kind, kind) == 0)
      readers[i].read (root, components, feed);
  if (is_out_of_time (feed, now))
    feed->value = "unknown";
}

void
pfa_status_feed_clear (PfaStatusFeed *feed)
{
  g_clear_pointer (&feed->title, g_free);
  g_clear_pointer (&feed->updated, g_free);
}
