/* pfa-bundle-readme.c - readme.html: what a support agent wants to know, on one page
 *
 * Static: no script, no picture, nothing loaded from anywhere. Every text is escaped here and
 * redacted by the caller.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-documents.h"
#include "pfa-json.h"
#include "pfa-text.h"

typedef enum
{
  WORD_TITLE,
  WORD_PRACTICE,
  WORD_CODE,
  WORD_PROVIDER,
  WORD_BEGUN,
  WORD_CONNECTION,
  WORD_ANSWERED,
  WORD_STATE,
  WORD_FINDINGS,
  WORD_REASONS,
  WORD_INCOMPLETE,
  WORD_PAYMENT,
  WORD_MAY_RETRY,
  WORD_MAY_NOT_RETRY,
  WORD_PATH,
  WORD_TERMINAL,
  WORD_STEPS,
  WORD_NO_STEPS,
  WORD_STEP,
  WORD_OUTCOME,
  WORD_FROM,
  WORD_TO,
  WORD_CHECKS,
  WORD_CHECK,
  WORD_VALUE,
  WORD_TOOK,
  WORD_DETAILS,
  WORD_COMPUTER,
  WORD_NEXT,
  WORD_FILES,
  N_WORDS
} Word;

static const char *const words[3][N_WORDS] = {
  { "POS First Aid: diagnostic bundle",
    "Practice: nothing in this bundle is real",
    "Code",
    "Provider",
    "Begun",
    "Connection",
    "Who answered",
    "State",
    "Findings",
    "Why",
    "The checks did not all end.",
    "The customer’s payment",
    "A further attempt is safe.",
    "No further attempt before this is cleared.",
    "The way to the provider",
    "Terminal",
    "What was tried",
    "Nothing yet.",
    "Step",
    "Outcome",
    "From",
    "To",
    "Checks",
    "Check",
    "Result",
    "Took",
    "Details",
    "This computer (not the terminal)",
    "Next",
    "The other files hold the same for programs; logs/ holds the logs. In all of them secrets are "
    "replaced by marks in brackets: the same mark is the same secret." },
  { "POS急救箱：诊断包",
    "练习：包里的内容都不是真的",
    "应答码",
    "服务商",
    "开始时间",
    "连接方式",
    "应答方",
    "状态",
    "诊断结果",
    "依据",
    "检查没有全部完成。",
    "顾客的付款",
    "可以再试一次。",
    "查清之前不要再收款。",
    "到服务商的线路",
    "刷卡机",
    "已尝试的步骤",
    "暂无。",
    "步骤",
    "结果",
    "开始",
    "结束",
    "检查",
    "项目",
    "结果",
    "用时",
    "详情",
    "这台电脑（不是刷卡机）",
    "下一步",
    "其余文件供程序读取，logs/中是日志。机密都换成了方括号标记，标记相同内容就相同。" },
  { "POS-Erste-Hilfe: Diagnosepaket",
    "Übung: nichts in diesem Paket ist echt",
    "Code",
    "Anbieter",
    "Begonnen",
    "Verbindung",
    "Wer geantwortet hat",
    "Zustand",
    "Befunde",
    "Warum",
    "Nicht alle Prüfungen wurden fertig.",
    "Die Zahlung des Kunden",
    "Ein weiterer Versuch ist unbedenklich.",
    "Kein weiterer Versuch, bevor das geklärt ist.",
    "Der Weg zum Anbieter",
    "Terminal",
    "Was versucht wurde",
    "Noch nichts.",
    "Schritt",
    "Ergebnis",
    "Von",
    "Bis",
    "Prüfungen",
    "Prüfung",
    "Ergebnis",
    "Dauer",
    "Einzelheiten",
    "Dieser Computer (nicht das Terminal)",
    "Als Nächstes",
    "Die anderen Dateien enthalten dasselbe für Programme, logs/ die Protokolle. Geheimes ist "
    "darin durch Marken in Klammern ersetzt: gleiche Marke, gleiches Geheimnis." },
};

typedef struct
{
  GString *out;
  const PfaBundleSource *source;
  JsonObject *report;
  const char *const *word;
} Page;

static const char style[] =
    "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:1rem auto;padding:0 "
    "1rem;color:#222;background:#fff}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;border-bottom:1px solid #ccc;margin-top:2rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:."
    "25rem .75rem .25rem 0;border-bottom:1px solid #eee}"
    ".lead{font-size:1.2rem;font-weight:600}.note{background:#fff3cd;padding:.5rem "
    "1rem}code{font-size:.9em}"
    "ol.path{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.5rem}ol.path li{border:1px "
    "solid #999;border-radius:.5rem;padding:.4rem .8rem}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#1e1e1e}.note{color:#222}}</"
    "style>";

static void
text (Page *page, const char *value)
{
  g_autofree char *escaped = g_markup_escape_text (value != NULL ? value : "", -1);

  g_string_append (page->out, escaped);
}

static void
raw (Page *page, const char *markup)
{
  g_string_append (page->out, markup);
}

static void
heading (Page *page, Word word)
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
columns (Page *page, const Word *names, guint n)
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
  row (page, page->word[WORD_CODE], incident->code);
  row (page, page->word[WORD_PROVIDER], incident->provider);
  row (page, page->word[WORD_BEGUN], pfa_json_peek_string (page->report, "started"));
  row (page, page->word[WORD_CONNECTION], incident->connection);
  row (page, page->word[WORD_ANSWERED], incident->answered);
  row (page, page->word[WORD_STATE], incident->state);
  raw (page, "</table>\n");
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
  if (reasons == NULL || json_array_get_length (reasons) == 0)
    return;
  raw (page, "<p>");
  text (page, page->word[WORD_REASONS]);
  raw (page, ":</p><ul>\n");
  for (guint i = 0; i < json_array_get_length (reasons); i++)
    {
      JsonObject *reason = json_array_get_object_element (reasons, i);
      const char *words_of_it = pfa_json_peek_string (reason, "text");

      raw (page, "<li>");
      text (page, words_of_it != NULL ? words_of_it : pfa_json_peek_string (reason, "observation"));
      g_string_append_printf (page->out,
                              " (%+.1f dB)</li>\n",
                              pfa_json_peek_double (reason, "db", 0));
    }
  raw (page, "</ul>\n");
}

static void
add_findings (Page *page)
{
  JsonArray *causes = pfa_json_peek_array (page->report, "causes");

  heading (page, WORD_FINDINGS);
  if (!pfa_json_peek_boolean (page->report, "complete", TRUE))
    {
      raw (page, "<p class=\"note\">");
      text (page, page->word[WORD_INCOMPLETE]);
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
  heading (page, WORD_COMPUTER);
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
  heading (page, WORD_PAYMENT);
  raw (page, "<p><code>");
  text (page, pfa_json_peek_string (payment, "state"));
  raw (page, "</code> ");
  text (page,
        page->word[pfa_json_peek_boolean (payment, "may_retry", FALSE) ? WORD_MAY_RETRY
                                                                       : WORD_MAY_NOT_RETRY]);
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
  heading (page, WORD_PATH);
  raw (page, "<ol class=\"path\">");
  for (guint i = 0; i < json_array_get_length (stations); i++)
    {
      JsonObject *station = json_array_get_object_element (stations, i);

      raw (page, "<li><b>");
      text (page, pfa_json_peek_string (station, "id"));
      raw (page, "</b>: ");
      text (page, pfa_json_peek_string (station, "state"));
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
  heading (page, WORD_TERMINAL);
  raw (page, "<table>");
  add_object (page, NULL, page->source->incident->terminal_status, 0);
  raw (page, "</table>\n");
}

static void
add_steps (Page *page)
{
  static const Word names[] = { WORD_STEP, WORD_OUTCOME, WORD_FROM, WORD_TO };
  g_autoptr (JsonArray) steps = pfa_bundle_build_steps (page->source);

  heading (page, WORD_STEPS);
  if (json_array_get_length (steps) == 0)
    {
      raw (page, "<p>");
      text (page, page->word[WORD_NO_STEPS]);
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
          text (page, pfa_json_peek_string (step, members[j]));
        }
      raw (page, "</td></tr>\n");
    }
  raw (page, "</table>\n");
}

static void
add_checks (Page *page)
{
  static const Word names[] = { WORD_CHECK, WORD_VALUE, WORD_TOOK, WORD_DETAILS };
  g_autoptr (JsonArray) checks = pfa_bundle_build_checks (page->source);

  heading (page, WORD_CHECKS);
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
      raw (page, "</code></td></tr>\n");
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
  heading (page, WORD_NEXT);
  raw (page, "<p>");
  text (page, title);
  raw (page, "</p>\n");
}

static void
add_section (Page *page, const char *language)
{
  static const char *const languages[] = { "en", "zh_CN", "de" };
  static const char *const tags[] = { "en", "zh-CN", "de" };
  const char *known = pfa_text_match_language (language);
  guint i = 0;

  for (guint j = 0; j < G_N_ELEMENTS (languages); j++)
    if (g_str_equal (known, languages[j]))
      i = j;
  page->word = words[i];
  g_string_append_printf (page->out, "<section lang=\"%s\">\n<h1>", tags[i]);
  text (page, page->word[WORD_TITLE]);
  raw (page, "</h1>\n");
  if (page->source->incident->practice)
    {
      raw (page, "<p class=\"note\">");
      text (page, page->word[WORD_PRACTICE]);
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
  text (page, page->word[WORD_FILES]);
  raw (page, "</p>\n</section>\n");
}

char *
pfa_bundle_build_readme (const PfaBundleSource *source, const char *id)
{
  Page page = { .out = g_string_new (NULL), .source = source, .report = source->report };
  const char *language = source->language != NULL ? source->language : "en";

  raw (&page, "<!DOCTYPE html>\n<html lang=\"");
  raw (&page,
       g_str_equal (pfa_text_match_language (language), "zh_CN")
           ? "zh-CN"
           : pfa_text_match_language (language));
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
