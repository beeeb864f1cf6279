/* pfa-status-notices.c - a status feed that is a row of notices: RSS or Atom
 *
 * RSS: rss/channel/item with title, description, pubDate (RFC 822); Atom: feed/entry with title,
 * content or summary, updated (ISO 8601). GMarkup knows no entities of a document's own, so that
 * nothing can be blown up or fetched.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-status-notices.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_DEPTH   32
#define MAX_NOTICES 100
#define MAX_BYTES   16384
/* So far before a word a "not" belongs to it. */
#define NEGATION_BYTES 12

typedef struct
{
  GDateTime *now;
  PfaStatusFeed *feed;
  guint depth;
  gboolean is_feed; /* the outermost element is that of a feed */
  guint notice_at;  /* depth of the notice that is being read; 0: none */
  guint notices;
  GString *text; /* of the element that is being read; NULL: it does not count */
  GString *title;
  GString *body;
  GDateTime *changed;
} Reading;

typedef struct
{
  const char *word;
  const char *value; /* "none": it has ended; NULL: it is not now */
} Stage;

/* A word counts where it stands first. */
static const Stage stages[] = {
  { "resolved", "none" },         { "completed", "none" },      { "in progress", "maintenance" },
  { "verifying", "maintenance" }, { "scheduled", NULL },        { "investigating", "degraded" },
  { "identified", "degraded" },   { "monitoring", "degraded" }, { "degraded", "degraded" },
  { "outage", "degraded" },
};

/* Names of other vocabularies ("media:content") are not those of a feed. */
static const char *
get_local_name (const char *name)
{
  const char *colon = strchr (name, ':');

  if (colon == NULL)
    return name;
  return g_str_has_prefix (name, "rdf:") || g_str_has_prefix (name, "atom:") ? colon + 1 : "";
}

static GDateTime *
parse_date (const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  GDateTime *date = g_date_time_new_from_iso8601 (trimmed, utc);

  return date != NULL ? date : soup_date_time_new_from_http_string (trimmed);
}

/* "unresolved" is no "resolved", and "not yet resolved" is none either. */
static gboolean
is_said (const char *text, const char *at, gsize length)
{
  const char *before = at - MIN ((gsize) (at - text), NEGATION_BYTES);
  g_autofree char *lead = g_strndup (before, (gsize) (at - before));

  return (at == text || !g_ascii_isalpha (at[-1])) && !g_ascii_isalpha (at[length]) &&
         strstr (lead, "not ") == NULL;
}

/* The stage whose word stands first in the text; NULL: it has none. */
static const Stage *
find_stage (const char *text)
{
  g_autofree char *low = g_ascii_strdown (text, -1);
  const Stage *first = NULL;
  const char *where = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      gsize length = strlen (stages[i].word);
      const char *at = strstr (low, stages[i].word);

      while (at != NULL && !is_said (low, at, length))
        at = strstr (at + length, stages[i].word);
      if (at != NULL && (where == NULL || at < where))
        {
          where = at;
          first = &stages[i];
        }
    }
  return first;
}

/* What the notice states now; NULL: nothing that counts today. */
static const char *
judge_notice (Reading *self)
{
  GTimeSpan age;
  const Stage *stage;

  if (self->changed == NULL)
    return "unknown";
  age = g_date_time_difference (self->now, self->changed);
  if (age < -G_TIME_SPAN_DAY)
    return "unknown";
  if (age > 7 * G_TIME_SPAN_DAY)
    return "none";
  stage = find_stage (self->body->str);
  if (stage == NULL)
    stage = find_stage (self->title->str);
  if (stage == NULL)
    return "unknown";
  if (stage->value == NULL)
    return "none";
  return age > G_TIME_SPAN_DAY && !g_str_equal (stage->value, "none") ? "unknown" : stage->value;
}

static void
take_notice (Reading *self)
{
  const char *value = judge_notice (self);
  const char *so_far = self->notices++ > 0 ? self->feed->value : "none";

  self->feed->value = pfa_status_feed_worse (so_far, value);
  if (self->feed->value == so_far || g_str_equal (value, "unknown"))
    return;
  g_clear_pointer (&self->feed->title, g_free);
  self->feed->title = pfa_status_feed_dup_plain (self->title->str);
}

static gboolean
is_any_of (const char *name, const char *const *names)
{
  return g_strv_contains (names, name);
}

static void
on_start (GMarkupParseContext *context,
          const char *element,
          const char **names,
          const char **values,
          gpointer user_data,
          GError **error)
{
  static const char *const feeds[] = { "rss", "feed", "RDF", NULL };
  static const char *const entries[] = { "item", "entry", NULL };
  static const char *const read[] = { "title",   "description", "content",       "summary",
                                      "pubDate", "updated",     "lastBuildDate", NULL };
  Reading *self = user_data;
  const char *name = get_local_name (element);

  self->depth++;
  if (self->depth == 1)
    self->is_feed = is_any_of (name, feeds);
  if (self->depth > MAX_DEPTH || !self->is_feed || self->notices >= MAX_NOTICES)
    {
      g_set_error_literal (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "not a feed");
      return;
    }
  if (self->notice_at == 0 && is_any_of (name, entries))
    {
      self->notice_at = self->depth;
      g_string_truncate (self->title, 0);
      g_string_truncate (self->body, 0);
      g_clear_pointer (&self->changed, g_date_time_unref);
    }
  else if (is_any_of (name, read) && (self->notice_at == 0 || self->depth == self->notice_at + 1))
    {
      if (self->text == NULL)
        self->text = g_string_new (NULL);
      g_string_truncate (self->text, 0);
    }
}

static void
on_text (GMarkupParseContext *context,
         const char *text,
         gsize length,
         gpointer user_data,
         GError **error)
{
  Reading *self = user_data;

  if (self->text != NULL)
    g_string_append_len (self->text,
                         text,
                         (gssize) MIN (length, MAX_BYTES - MIN (self->text->len, MAX_BYTES)));
}

static void
take_date (Reading *self, const char *text)
{
  GDateTime *date = parse_date (text);

  if (date == NULL)
    return;
  if (self->notice_at != 0)
    {
      g_clear_pointer (&self->changed, g_date_time_unref);
      self->changed = date;
      return;
    }
  g_free (self->feed->updated);
  self->feed->updated = g_date_time_format_iso8601 (date);
  g_date_time_unref (date);
}

static void
on_end (GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
  static const char *const dates[] = { "pubDate", "updated", "lastBuildDate", NULL };
  Reading *self = user_data;
  const char *name = get_local_name (element);

  if (self->notice_at == self->depth)
    {
      take_notice (self);
      self->notice_at = 0;
    }
  else if (self->text != NULL && (self->notice_at == 0 || self->depth == self->notice_at + 1))
    {
      if (is_any_of (name, dates))
        take_date (self, self->text->str);
      else if (self->notice_at != 0 && g_str_equal (name, "title"))
        g_string_assign (self->title, self->text->str);
      else if (self->notice_at != 0)
        g_string_assign (self->body, self->text->str);
      g_string_free (g_steal_pointer (&self->text), TRUE);
    }
  self->depth--;
}

void
pfa_status_notices_parse (const char *text, gsize length, GDateTime *now, PfaStatusFeed *feed)
{
  static const GMarkupParser parser = { .start_element = on_start,
                                        .end_element = on_end,
                                        .text = on_text };
  Reading self = { .now = now,
                   .feed = feed,
                   .title = g_string_new (NULL),
                   .body = g_string_new (NULL) };
  g_autoptr (GMarkupParseContext) context =
      g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &self, NULL);

  /* GMarkup goes on after damaged text inside CDATA, so that is looked for first. Half a feed says
   * nothing for certain, not even what it has said so far. */
  if (!g_utf8_validate_len (text, length, NULL) ||
      !g_markup_parse_context_parse (context, text, (gssize) length, NULL) ||
      !g_markup_parse_context_end_parse (context, NULL))
    {
      feed->value = "unknown";
      g_clear_pointer (&feed->title, g_free);
    }
  if (self.text != NULL)
    g_string_free (self.text, TRUE);
  g_string_free (self.title, TRUE);
  g_string_free (self.body, TRUE);
  g_clear_pointer (&self.changed, g_date_time_unref);
}
