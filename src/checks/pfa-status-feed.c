/* pfa-status-feed.c - what a provider's public status feed says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-status-feed.h"

#include <string.h>

#include "pfa-json.h"

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

/* From good to bad; "unknown" below all, so that it never hides a stated fault. */
static int
rank (const char *value)
{
  static const char *const order[] = { "unknown", "none", "maintenance", "degraded", "down" };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (g_str_equal (order[i], value))
      return (int) i;
  return 0;
}

/* One line of plain text, whatever the feed holds. */
static char *
dup_plain (const char *text)
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

      g_string_append_unichar (plain, g_unichar_iscntrl (letter) ? ' ' : letter);
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

/* The worst of the components that count; NULL when none of them is there. */
static const char *
judge_components (JsonArray *list, const char *const *components)
{
  const char *worst = NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      JsonObject *component = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *value;

      if (component == NULL || !is_wanted (pfa_json_peek_string (component, "name"), components))
        continue;
      value = look_up (component_states,
                       G_N_ELEMENTS (component_states),
                       pfa_json_peek_string (component, "status"));
      if (worst == NULL || rank (value) > rank (worst))
        worst = value;
    }
  return worst;
}

static JsonObject *
peek_first (JsonObject *root, const char *member)
{
  JsonArray *list = pfa_json_peek_array (root, member);
  JsonNode *node =
      list != NULL && json_array_get_length (list) > 0 ? json_array_get_element (list, 0) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
has_running_maintenance (JsonObject *root)
{
  JsonArray *list = pfa_json_peek_array (root, "scheduled_maintenances");

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      const char *status = JSON_NODE_HOLDS_OBJECT (node)
                               ? pfa_json_peek_string (json_node_get_object (node), "status")
                               : NULL;

      if (g_strcmp0 (status, "in_progress") == 0 || g_strcmp0 (status, "verifying") == 0)
        return TRUE;
    }
  return FALSE;
}

static void
read_statuspage (JsonObject *root, const char *const *components, PfaStatusFeed *feed)
{
  JsonObject *status = pfa_json_peek_object (root, "status");
  JsonObject *page = pfa_json_peek_object (root, "page");
  JsonObject *incident = peek_first (root, "incidents");
  const char *narrow = components != NULL && components[0] != NULL
                           ? judge_components (pfa_json_peek_array (root, "components"), components)
                           : NULL;

  if (status == NULL || pfa_json_peek_string (status, "indicator") == NULL)
    return;
  feed->value =
      look_up (indicators, G_N_ELEMENTS (indicators), pfa_json_peek_string (status, "indicator"));
  if (narrow != NULL)
    feed->value = narrow;
  if (g_str_equal (feed->value, "none") && has_running_maintenance (root))
    feed->value = "maintenance";
  if (incident != NULL)
    feed->title = dup_plain (pfa_json_peek_string (incident, "name"));
  if (page != NULL)
    feed->updated = dup_plain (pfa_json_peek_string (page, "updated_at"));
}

/* The older form of one provider: {"UptimeStatus"/"largestatus": "up"|"degraded"|"down", …}. */
static void
read_stripe (JsonObject *root, const char *const *components, PfaStatusFeed *feed)
{
  const char *word = pfa_json_peek_string (root, "largestatus");

  if (word == NULL)
    word = pfa_json_peek_string (root, "UptimeStatus");
  feed->value = look_up (stripe_states, G_N_ELEMENTS (stripe_states), word);
  feed->title = dup_plain (pfa_json_peek_string (root, "message"));
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

static const struct
{
  const char *kind;
  FeedReader read;
} readers[] = {
  { "statuspage-v2", read_statuspage },
  { "stripe-current", read_stripe },
  { "better-stack", read_better_stack },
  { "rootly", read_rootly },
};

gboolean
pfa_status_feed_knows (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (g_strcmp0 (readers[i].kind, kind) == 0)
      return TRUE;
  return FALSE;
}

/* A page that nobody has touched for a week tells nothing about today. */
static gboolean
is_stale (const PfaStatusFeed *feed, GDateTime *now)
{
  g_autoptr (GDateTime) updated =
      feed->updated != NULL ? g_date_time_new_from_iso8601 (feed->updated, NULL) : NULL;

  return updated != NULL && g_date_time_difference (now, updated) > 7 * G_TIME_SPAN_DAY;
}

void
pfa_status_feed_parse (const char *kind,
                       const char *text,
                       gsize length,
                       const char *const *components,
                       GDateTime *now,
                       PfaStatusFeed *feed)
{
  g_autoptr (JsonObject) root = pfa_json_parse_object (text, (gssize) length, "feed", NULL);

  memset (feed, 0, sizeof *feed);
  feed->value = "unknown";
  for (guint i = 0; root != NULL && i < G_N_ELEMENTS (readers); i++)
    if (g_strcmp0 (readers[i].kind, kind) == 0)
      readers[i].read (root, components, feed);
  if (is_stale (feed, now))
    feed->value = "unknown";
}

void
pfa_status_feed_clear (PfaStatusFeed *feed)
{
  g_clear_pointer (&feed->title, g_free);
  g_clear_pointer (&feed->updated, g_free);
}
