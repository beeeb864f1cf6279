/* test-code-search.c - codes are found by what people type from a screen, in three languages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-code-words.h"
#include "pfa-knowledge.h"

#define FIRST  3
#define ROUNDS 20000

static PfaKnowledge *knowledge;

typedef struct
{
  const char *typed;
  const char *code; /* that must be among the first three; NULL: nothing may be found */
  const char *language;
} Search;

static const Search typed_codes[] = {
  { "96", "96", "en" },         { "9 6", "96", "en" },
  { "96.", "96", "en" },        { "code 96", "96", "en" },
  { "Code: 96", "96", "de" },   { "错误96", "96", "zh_CN" },
  { "代码 96", "96", "zh_CN" }, { "错误码：96", "96", "zh_CN" },
  { "９６", "96", "zh_CN" },    { "z1", "Z1", "en" },
  { "O5", "05", "en" },         { "5", "05", "en" },
  { "A O", "A0", "en" },        { "Fehler 91", "91", "de" },
  { "ERR 91", "91", "en" },     { "TO", "TO", "en" },
  { "Q9", NULL, "en" },         { "error", NULL, "en" },
  { "", NULL, "en" },
};

static const Search searches[] = {
  { "communication failed", "96", "en" },
  { "Communication error", "96", "en" },
  { "comunication failed", "96", "en" },
  { "system malfunktion", "96", "en" },
  { "sytem error", "96", "en" },
  { "system busy", "96", "en" },
  { "host not found", "C0", "en" },
  { "host unreachable", "C0", "en" },
  { "server not reachable", "C0", "en" },
  { "no connection", "C0", "en" },
  { "connection lost", "LC", "en" },
  { "timeout", "TO", "en" },
  { "time out", "TO", "en" },
  { "no answer from host", "TO", "en" },
  { "sign in required", "A0", "en" },
  { "please sign in", "A0", "en" },
  { "settlement required", "76", "en" },
  { "batch full", "76", "en" },
  { "declined", "05", "en" },
  { "do not honor", "05", "en" },
  { "please call bank", "01", "en" },
  { "insuficient funds", "51", "en" },
  { "not enough money", "51", "en" },
  { "expired", "54", "en" },
  { "the card is expired", "54", "en" },
  { "wrong pin", "55", "en" },
  { "incorect pin", "55", "en" },
  { "card blocked", "62", "en" },
  { "lost card", "41", "en" },
  { "limit exceeded", "61", "en" },
  { "low battery", "PF", "en" },
  { "try again later", "96", "en" },
  { "通讯失败", "96", "zh_CN" },
  { "交换中心异常", "96", "zh_CN" },
  { "系统异常", "96", "zh_CN" },
  { "系统繁忙", "96", "zh_CN" },
  { "无网络", "C0", "zh_CN" },
  { "网络异常", "C0", "zh_CN" },
  { "连接主机失败", "C0", "zh_CN" },
  { "通讯超时", "TO", "zh_CN" },
  { "请签到", "A0", "zh_CN" },
  { "未签到", "A0", "zh_CN" },
  { "请结算", "76", "zh_CN" },
  { "批结算", "76", "zh_CN" },
  { "余额不足", "51", "zh_CN" },
  { "密码错误", "55", "zh_CN" },
  { "卡片过期", "54", "zh_CN" },
  { "终端未登记", "97", "zh_CN" },
  { "无效商户", "03", "zh_CN" },
  { "发卡行无应答", "91", "zh_CN" },
  { "交易拒绝", "05", "zh_CN" },
  { "Verbindungsfehler", "C0", "de" },
  { "keine Verbindung", "C0", "de" },
  { "Host nicht erreichbar", "C0", "de" },
  { "Verbindung unterbrochen", "LC", "de" },
  { "Zeitüberschreitung", "TO", "de" },
  { "Anmeldung erforderlich", "A0", "de" },
  { "Kassenschnitt", "76", "de" },
  { "Karte abgelaufen", "54", "de" },
  { "Karte gesperrt", "62", "de" },
  { "nicht gedeckt", "51", "de" },
  { "Systemfehler", "96", "de" },
  { "Sytemfehler", "96", "de" },
  { "Verarbeitung zur Zeit nicht möglich", "96", "de" },
  { "PIN falsch", "55", "de" },
  { "Limit überschritten", "61", "de" },
  { "Ablehnung", "05", "de" },
  { "Vorgang abgebrochen", "17", "de" },
  { "Bank nicht erreichbar", "91", "de" },
  { "Terminal unbekannt", "97", "de" },
  { "qwertyuiop", NULL, "en" },
  { "   ", NULL, "en" },
  { "a", NULL, "en" },
};

static void
test_typed_code (gconstpointer data)
{
  const Search *search = data;
  const PfaCode *found = pfa_knowledge_find_typed_code (knowledge, search->typed);

  g_assert_cmpstr (found != NULL ? found->code : NULL, ==, search->code);
}

static void
test_search (gconstpointer data)
{
  const Search *search = data;
  g_autoptr (GPtrArray) found =
      pfa_knowledge_search_codes (knowledge, search->typed, search->language);

  if (search->code == NULL)
    {
      g_assert_cmpuint (found->len, ==, 0);
      return;
    }
  for (guint i = 0; i < MIN (found->len, FIRST); i++)
    if (g_str_equal (((PfaCode *) found->pdata[i])->code, search->code))
      return;
  for (guint i = 0; i < MIN (found->len, FIRST); i++)
    g_test_message ("instead: %s", ((PfaCode *) found->pdata[i])->code);
  g_test_fail ();
}

static void
test_near (void)
{
  g_assert_true (pfa_code_words_are_near ("malfunktion", "system malfunction"));
  g_assert_true (pfa_code_words_are_near ("funds insufficient", "insufficient funds"));
  g_assert_true (pfa_code_words_are_near ("swaped", "swapped"));
  g_assert_true (pfa_code_words_are_near ("erorr", "error"));
  g_assert_false (pfa_code_words_are_near ("pin", "pan"));
  g_assert_false (pfa_code_words_are_near ("", "error"));
  g_assert_false (pfa_code_words_are_near ("error", ""));
  g_assert_false (pfa_code_words_are_near ("host error", "error"));
}

static void
test_random (void)
{
  static const char *const pieces[] = { "9", "6",    "O",  " ", "错误", "码", "é",
                                        "ſ", "code", "\n", ":", "ﬃ",    "𝟗",  "error" };

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *code = NULL;
      g_autofree char *folded = NULL;

      for (int n = g_test_rand_int_range (0, 60); n > 0; n--)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      code = pfa_code_words_read_code (text->str);
      folded = pfa_code_words_fold (text->str);
      g_assert_true (g_utf8_validate (code, -1, NULL));
      pfa_code_words_are_near (folded, "system malfunction error");
    }
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  knowledge = pfa_knowledge_new (&error);
  g_assert_no_error (error);
  g_test_add_func ("/code-words/near", test_near);
  g_test_add_func ("/code-words/random", test_random);
  for (guint i = 0; i < G_N_ELEMENTS (typed_codes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/code-search/typed/%u-%s", i, typed_codes[i].typed);

      g_test_add_data_func (path, &typed_codes[i], test_typed_code);
    }
  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autofree char *path = g_strdup_printf ("/code-search/words/%u-%s", i, searches[i].typed);

      g_test_add_data_func (path, &searches[i], test_search);
    }
  status = g_test_run ();
  g_assert_finalize_object (knowledge);
  return status;
}
