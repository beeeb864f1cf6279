/* pfa-bundle-readme.c - readme.html: what a support agent wants to know, on one page
 *
 * Static: no script, no picture, nothing loaded from anywhere. Every text is escaped here and
 * redacted by the caller.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-documents.h"
#include "pfa-bundle-words.h"
#include "pfa-json.h"

typedef struct
{
  GString *out;
  const PfaBundleSource *source;
  JsonObject *report;
  const char *language;
  const char *const *word;
} Page;

/* Weaker ones say next to nothing; all of them are in report.json. */
#define LEAST_DB    0.1
#define MAX_REASONS 6

static const char style[] =
    "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:1rem auto;padding:0 "
    "1rem;color:#222;background:#fff}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;border-bottom:1px solid #ccc;margin-top:2rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:."
    "25rem .75rem .25rem 0;border-bottom:1px solid #eee}"
    ".lead{font-size:1.2rem;font-weight:600}.note{background:#fff3cd;padding:.5rem "
    "1rem}code{font-size:.9em;overflow-wrap:anywhere}"
    "ol.path{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.5rem}ol.path li{border:1px "
    "solid #999;border-radius:.5rem;padding:.4rem .8rem}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#1e1e1e}th,td{border-color:#444}"
    ".note{color:#222}}</style>";

static void
text (Page *page, const char *value)
{
  g_autofree char *escaped = g_markup_escape_text (value != NULL ? value : "", -1);

  g_string_append (page->out, escaped);
}

static const char *
say (Page *page, const char *id)
{
  return pfa_bundle_words_say (page->language, id);
}

static void
raw (Page *page, const char *markup)
{
  g_string_append (page->out, markup);
}

static void
heading (Page *page, PfaBundleWord word)
{
  raw (page, "<h2>");
  text (page, page->word[word]);
  raw (page, "</h2>\n");
}

static void
row (Page *page, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  raw (page, "<tr><th scope=\"row\">");
  text (page, name);
  raw (page, "</th><td>");
  text (page, value);
  raw (page, "</td></tr>\n");
}

static void
columns (Page *page, const PfaBundleWord *names, guint n)
{
  raw (page, "<table><tr>");
  for (guint i = 0; i < n; i++)
    {
      raw (page, "<th scope=\"col\">");
      text (page, page->word[names[i]]);
      raw (page, "</th>");
    }
  raw (page, "</tr>\n");
}

static void
add_facts (Page *page)
{
  const PfaIncident *incident = page->source->incident;

  raw (page, "<table>");
  row (page, page->word[PFA_BUNDLE_WORD_CODE], incident->code);
  row (page, page->word[PFA_BUNDLE_WORD_PROVIDER], incident->provider);
  row (page, page->word[PFA_BUNDLE_WORD_BEGUN], pfa_json_peek_string (page->report, "started"));
  row (page, page->word[PFA_BUNDLE_WORD_CONNECTION], say (page, incident->connection));
  row (page, page->word[PFA_BUNDLE_WORD_ANSWERED], say (page, incident->answered));
  row (page, page->word[PFA_BUNDLE_WORD_STATE], say (page, incident->state));
  raw (page, "</table>\n");
}

static void
add_reasons (Page *page, JsonArray *reasons)
{
  guint shown = 0;

  for (guint i = 0; i < json_array_get_length (reasons) && shown < MAX_REASONS; i++)
    {
      JsonObject *reason = json_array_get_object_element (reasons, i);
      const char *words_of_it = pfa_json_peek_string (reason, "text");
      const double db = pfa_json_peek_double (reason, "db", 0);

      if (ABS (db) < LEAST_DB)
        continue;
      if (shown++ == 0)
        {
          raw (page, "<p>");
          text (page, page->word[PFA_BUNDLE_WORD_REASONS]);
          raw (page, ":</p><ul>\n");
        }
      raw (page, "<li>");
      text (page, words_of_it != NULL ? words_of_it : pfa_json_peek_string (reason, "observation"));
      g_string_append_printf (page->out, " (%+.1f dB)</li>\n", db);
    }
  if (shown > 0)
    raw (page, "</ul>\n");
}

static void
add_cause (Page *page, JsonObject *cause, gboolean leads)
{
  JsonArray *reasons = pfa_json_peek_array (cause, "reasons");
  const char *title = pfa_json_peek_string (cause, "title");

  g_string_append_printf (page->out, "<p%s>", leads ? " class=\"lead\"" : "");
  text (page, title != NULL ? title : pfa_json_peek_string (cause, "id"));
  g_string_append_printf (page->out,
                          " – %.0f %% <code>",
                          100 * pfa_json_peek_double (cause, "probability", 0));
  text (page, pfa_json_peek_string (cause, "id"));
  raw (page, "</code></p>\n");
  if (reasons != NULL)
    add_reasons (page, reasons);
}

static void
add_findings (Page *page)
{
  JsonArray *causes = pfa_json_peek_array (page->report, "causes");

  heading (page, PFA_BUNDLE_WORD_FINDINGS);
  if (!pfa_json_peek_boolean (page->report, "complete", TRUE))
    {
      raw (page, "<p class=\"note\">");
      text (page, page->word[PFA_BUNDLE_WORD_INCOMPLETE]);
      raw (page, "</p>\n");
    }
  for (guint i = 0; causes != NULL && i < MIN (3, json_array_get_length (causes)); i++)
    {
      JsonObject *cause = json_array_get_object_element (causes, i);

      if (i == 0 || pfa_json_peek_double (cause, "probability", 0) >= 0.02)
        add_cause (page, cause, i == 0);
    }
}

static void
add_computer (Page *page)
{
  JsonArray *computer = pfa_json_peek_array (page->report, "computer");

  if (computer == NULL || json_array_get_length (computer) == 0)
    return;
  heading (page, PFA_BUNDLE_WORD_COMPUTER);
  raw (page, "<ul>");
  for (guint i = 0; i < json_array_get_length (computer); i++)
    {
      raw (page, "<li>");
      text (page, pfa_json_peek_string (json_array_get_object_element (computer, i), "text"));
      raw (page, "</li>\n");
    }
  raw (page, "</ul>\n");
}

static void
add_payment (Page *page)
{
  JsonObject *payment = pfa_json_peek_object (page->report, "payment");

  if (payment == NULL)
    return;
  heading (page, PFA_BUNDLE_WORD_PAYMENT);
  raw (page, "<p><code>");
  text (page, pfa_json_peek_string (payment, "state"));
  raw (page, "</code> ");
  text (page,
        page->word[pfa_json_peek_boolean (payment, "may_retry", FALSE)
                       ? PFA_BUNDLE_WORD_MAY_RETRY
                       : PFA_BUNDLE_WORD_MAY_NOT_RETRY]);
  raw (page, "</p><p>");
  text (page, pfa_json_peek_string (payment, "advice"));
  raw (page, "</p>\n");
}

static void
add_path (Page *page)
{
  JsonArray *stations = page->source->stations;

  if (stations == NULL || json_array_get_length (stations) == 0)
    return;
  heading (page, PFA_BUNDLE_WORD_PATH);
  raw (page, "<ol class=\"path\">");
  for (guint i = 0; i < json_array_get_length (stations); i++)
    {
      JsonObject *station = json_array_get_object_element (stations, i);

      raw (page, "<li><b>");
      text (page, say (page, pfa_json_peek_string (station, "id")));
      raw (page, "</b>: ");
      text (page, say (page, pfa_json_peek_string (station, "state")));
      raw (page, "<br>");
      text (page, pfa_json_peek_string (station, "text"));
      raw (page, "</li>\n");
    }
  raw (page, "</ol>\n");
}

/* One level of a JSON object as rows; deeper ones as "outer inner". */
static void
add_object (Page *page, const char *prefix, JsonObject *object, guint depth)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonNode *node = json_object_get_member (object, l->data);
      g_autofree char *name =
          prefix != NULL ? g_strdup_printf ("%s %s", prefix, (char *) l->data) : g_strdup (l->data);

      if (prefix == NULL && g_str_equal (l->data, "format"))
        continue;
      if (JSON_NODE_HOLDS_OBJECT (node) && depth < 3)
        add_object (page, name, json_node_get_object (node), depth + 1);
      else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        row (page, name, json_node_get_string (node));
      else if (!JSON_NODE_HOLDS_NULL (node))
        {
          g_autofree char *value = pfa_json_write (node, FALSE);

          row (page, name, value);
        }
    }
}

static void
add_terminal (Page *page)
{
  if (page->source->incident->terminal_status == NULL)
    return;
  heading (page, PFA_BUNDLE_WORD_TERMINAL);
  raw (page, "<table>");
  add_object (page, NULL, page->source->incident->terminal_status, 0);
  raw (page, "</table>\n");
}

static void
add_steps (Page *page)
{
  static const PfaBundleWord names[] = { PFA_BUNDLE_WORD_STEP,
                                         PFA_BUNDLE_WORD_OUTCOME,
                                         PFA_BUNDLE_WORD_FROM,
                                         PFA_BUNDLE_WORD_TO };
  g_autoptr (JsonArray) steps = pfa_bundle_build_steps (page->source);

  heading (page, PFA_BUNDLE_WORD_STEPS);
  if (json_array_get_length (steps) == 0)
    {
      raw (page, "<p>");
      text (page, page->word[PFA_BUNDLE_WORD_NO_STEPS]);
      raw (page, "</p>\n");
      return;
    }
  columns (page, names, G_N_ELEMENTS (names));
  for (guint i = 0; i < json_array_get_length (steps); i++)
    {
      JsonObject *step = json_array_get_object_element (steps, i);
      const char *title = pfa_json_peek_string (step, "title");
      static const char *const members[] = { "outcome", "started", "ended" };

      raw (page, "<tr><td>");
      text (page, title != NULL ? title : pfa_json_peek_string (step, "action"));
      for (guint j = 0; j < G_N_ELEMENTS (members); j++)
        {
          raw (page, "</td><td>");
          text (page, say (page, pfa_json_peek_string (step, members[j])));
        }
      raw (page, "</td></tr>\n");
    }
  raw (page, "</table>\n");
}

static void
add_checks (Page *page)
{
  static const PfaBundleWord names[] = { PFA_BUNDLE_WORD_CHECK,
                                         PFA_BUNDLE_WORD_VALUE,
                                         PFA_BUNDLE_WORD_TOOK,
                                         PFA_BUNDLE_WORD_DETAILS,
                                         PFA_BUNDLE_WORD_SOURCE };
  g_autoptr (JsonArray) checks = pfa_bundle_build_checks (page->source);

  heading (page, PFA_BUNDLE_WORD_CHECKS);
  columns (page, names, G_N_ELEMENTS (names));
  for (guint i = 0; i < json_array_get_length (checks); i++)
    {
      JsonObject *check = json_array_get_object_element (checks, i);
      JsonObject *facts = pfa_json_peek_object (check, "facts");
      g_autofree char *details = facts != NULL ? pfa_json_write_object (facts, FALSE)
                                               : g_strdup (pfa_json_peek_string (check, "reason"));

      raw (page, "<tr><td>");
      text (page, pfa_json_peek_string (check, "id"));
      raw (page, "</td><td>");
      text (page, pfa_json_peek_string (check, "value"));
      g_string_append_printf (page->out,
                              "</td><td>%.0f ms</td><td><code>",
                              pfa_json_peek_double (check, "elapsed_ms", 0));
      text (page, details);
      /* The last cell is never empty: a reason that ends in "host" must not name the next row. */
      raw (page, "</code></td><td>");
      text (page, pfa_json_peek_string (check, "from"));
      raw (page, ".</td></tr>\n");
    }
  raw (page, "</table>\n");
}

static void
add_next (Page *page)
{
  JsonObject *next = pfa_json_peek_object (page->report, "next_step");
  const char *title = next != NULL ? pfa_json_peek_string (next, "title") : NULL;

  if (title == NULL)
    return;
  heading (page, PFA_BUNDLE_WORD_NEXT);
  raw (page, "<p>");
  text (page, title);
  raw (page, "</p>\n");
}

static void
add_section (Page *page, const char *language)
{
  page->language = language;
  page->word = pfa_bundle_words_get (language);
  g_string_append_printf (page->out,
                          "<section lang=\"%s\">\n<h1>",
                          pfa_bundle_words_get_tag (language));
  text (page, page->word[PFA_BUNDLE_WORD_TITLE]);
  raw (page, "</h1>\n");
  if (page->source->incident->practice)
    {
      raw (page, "<p class=\"note\">");
      text (page, page->word[PFA_BUNDLE_WORD_PRACTICE]);
      raw (page, "</p>\n");
    }
  add_facts (page);
  add_findings (page);
  add_payment (page);
  add_path (page);
  add_computer (page);
  add_terminal (page);
  add_steps (page);
  add_next (page);
  add_checks (page);
  raw (page, "<p>");
  text (page, page->word[PFA_BUNDLE_WORD_FILES]);
  raw (page, "</p>\n</section>\n");
}

char *
pfa_bundle_build_readme (const PfaBundleSource *source, const char *id)
{
  Page page = { .out = g_string_new (NULL), .source = source, .report = source->report };
  const char *language = source->language != NULL ? source->language : "en";

  raw (&page, "<!DOCTYPE html>\n<html lang=\"");
  raw (&page, pfa_bundle_words_get_tag (language));
  raw (&page,
       "\"><head><meta charset=\"utf-8\">\n"
       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
       "'unsafe-inline'\">\n"
       "<meta name=\"viewport\" content=\"width=device-width\">\n<title>POS First Aid ");
  text (&page, id);
  raw (&page, "</title>\n");
  raw (&page, style);
  raw (&page, "</head><body>\n");
  /* The agent's language first: the page is for the agent. */
  if (source->agent_report != NULL)
    {
      PfaBundleSource agent = *source;

      if (agent.agent_titles != NULL)
        agent.titles = agent.agent_titles;
      if (agent.agent_stations != NULL)
        agent.stations = agent.agent_stations;
      page.source = &agent;
      page.report = source->agent_report;
      add_section (&page, source->agent_language);
      raw (&page, "<hr>\n");
      page.source = source;
      page.report = source->report;
    }
  add_section (&page, language);
  raw (&page, "<p><code>");
  text (&page, id);
  raw (&page, "</code></p>\n</body></html>\n");
  return g_string_free (page.out, FALSE);
}
