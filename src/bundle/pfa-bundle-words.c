/* pfa-bundle-words.c - what readme.html says, in the languages of the program
 *
 * The page is made where nothing is translated (only app and cli use gettext), and in two languages
 * at once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-words.h"

#include "pfa-text.h"

#define N_LANGUAGES 3

/* In the order of pfa_text_languages. */
static const char *const tags[N_LANGUAGES] = { "en", "zh-CN", "de" };

static const char *const words[][PFA_BUNDLE_N_WORDS] = {
  { "POS First Aid – diagnostic bundle",
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
    "From",
    "This computer (not the terminal)",
    "Next",
    "The other files hold the same for programs; logs/ holds the logs. What is hidden in them is "
    "replaced by marks in brackets: the same mark stands for the same thing." },
  { "POS急救箱 – 诊断包",
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
    "来源",
    "这台电脑（不是刷卡机）",
    "下一步",
    "其余文件供程序读取，logs/中是日志。机密都换成了方括号标记，标记相同内容就相同。" },
  { "POS-Erste-Hilfe – Diagnosepaket",
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
    "Woher",
    "Dieser Computer (nicht das Terminal)",
    "Als Nächstes",
    "Die anderen Dateien enthalten dasselbe für Programme, logs/ die Protokolle. Was darin "
    "verborgen ist, ersetzen Marken in Klammern: gleiche Marke, gleicher Inhalt." },
};

/* Ids of incidents and stations, for people. */
static const struct
{
  const char *id;
  const char *words[N_LANGUAGES];
} sayings[] = {
  { "terminal", { "Terminal", "刷卡机", "Terminal" } },
  { "link", { "Shop network", "店内网络", "Netz im Laden" } },
  { "router", { "Router", "路由器", "Router" } },
  { "internet", { "Internet", "互联网", "Internet" } },
  { "provider", { "Provider", "服务商", "Anbieter" } },
  { "computer", { "This computer", "这台电脑", "Dieser Computer" } },
  { "good", { "works", "正常", "geht" } },
  { "degraded", { "is weak", "不稳定", "ist schwach" } },
  { "broken", { "is broken", "有故障", "ist gestört" } },
  { "not-checked", { "was not checked", "未检查", "wurde nicht geprüft" } },
  { "waiting", { "was not checked", "未检查", "wurde nicht geprüft" } },
  { "running", { "was not checked", "未检查", "wurde nicht geprüft" } },
  { "lan", { "by cable", "有线", "per Kabel" } },
  { "wifi", { "by Wi-Fi", "无线", "per WLAN" } },
  { "mobile", { "by a SIM card", "SIM卡", "per SIM-Karte" } },
  { "phone-line", { "by a telephone line", "电话线", "per Telefonleitung" } },
  { "phone-app", { "by a telephone’s app", "手机应用", "per App auf dem Telefon" } },
  { "unknown", { "not known", "不清楚", "nicht bekannt" } },
  { "host", { "the provider’s system", "服务商系统", "das System des Anbieters" } },
  { "reversal", { "on a reversal slip", "冲正小票", "auf einem Stornobeleg" } },
  { "sign-in", { "while signing in", "签到时", "beim Anmelden" } },
  { "open", { "open", "未解决", "offen" } },
  { "solved", { "solved", "已解决", "gelöst" } },
  { "handed-over", { "handed over", "已转交客服", "übergeben" } },
  { "given-up", { "given up", "已放弃", "aufgegeben" } },
  { "failed", { "did not help", "没有用", "half nicht" } },
  { "worked", { "helped", "有用", "half" } },
  { "skipped", { "was left out", "跳过", "wurde ausgelassen" } },
  { "doing", { "is being done", "正在做", "wird gerade getan" } },
};

static guint
find_language (const char *language)
{
  const char *known = pfa_text_match_language (language);

  for (guint i = 0; i < N_LANGUAGES && pfa_text_languages[i] != NULL; i++)
    if (g_str_equal (known, pfa_text_languages[i]))
      return i;
  return 0;
}

const char *const *
pfa_bundle_words_get (const char *language)
{
  return words[find_language (language)];
}

const char *
pfa_bundle_words_say (const char *language, const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (sayings); i++)
    if (g_strcmp0 (id, sayings[i].id) == 0)
      return sayings[i].words[find_language (language)];
  return id;
}

const char *
pfa_bundle_words_get_tag (const char *language)
{
  return tags[find_language (language)];
}
