/* test-redactor.c - what is hidden, what stays, and that nothing planted survives
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <json-glib/json-glib.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-redactor.h"

typedef struct
{
  const char *name;
  const char *text;
  const char *gone; /* must not be in the result */
  const char *kept; /* must be */
} Case;

static const guint8 key[PFA_REDACTOR_KEY_LENGTH] = { 1, 2, 3 };

static const Case cases[] = {
#include "redactor-cases.h"
};

static const Case anyone_cases[] = {
  { "terminal-last-four", "tid=10004321 rc=96", "10004321", "••••4321" },
  { "merchant-last-four", "mid=898440153110001", "898440153110001", "••••0001" },
  { "reference-last-four", "\"rrn\":\"632600123456\"", "632600123456", "••••3456" },
  { "chinese-terminal", "终端号：10004321", "10004321", "••••4321" },
};

static void
check (const Case *c, PfaReader reader)
{
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, reader);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaSafeText) safe = pfa_redactor_redact_text (redactor, "case", c->text, -1, &error);

  g_assert_no_error (error);
  if (c->gone != NULL && strstr (pfa_safe_text_get_data (safe, NULL), c->gone) != NULL)
    g_test_message ("%s", pfa_safe_text_get_data (safe, NULL));
  g_assert_true (c->gone == NULL || strstr (pfa_safe_text_get_data (safe, NULL), c->gone) == NULL);
  if (c->kept != NULL && strstr (pfa_safe_text_get_data (safe, NULL), c->kept) == NULL)
    g_test_message ("%s", pfa_safe_text_get_data (safe, NULL));
  g_assert_true (c->kept == NULL || strstr (pfa_safe_text_get_data (safe, NULL), c->kept) != NULL);
  if (c->gone != NULL)
    g_assert_cmpuint (pfa_redaction_report_get_total (pfa_redactor_get_report (redactor)), >, 0);
}

static void
test_case (gconstpointer data)
{
  check (data, PFA_READER_PROVIDER);
}

static void
test_anyone (gconstpointer data)
{
  check (data, PFA_READER_ANYONE);
}

static void
test_same_placeholder (void)
{
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, PFA_READER_PROVIDER);
  g_autoptr (PfaSafeText) one =
      pfa_redactor_redact_text (redactor, "a", "card=4111111111111111", -1, NULL);
  g_autoptr (PfaSafeText) other =
      pfa_redactor_redact_text (redactor, "b", "card=4111 1111 1111 1111", -1, NULL);
  g_autoptr (PfaRedactor) stranger = pfa_redactor_new_with_fresh_key (PFA_READER_PROVIDER);
  g_autoptr (PfaSafeText) third =
      pfa_redactor_redact_text (stranger, "a", "card=4111111111111111", -1, NULL);

  g_assert_cmpstr (pfa_safe_text_get_data (one, NULL), ==, pfa_safe_text_get_data (other, NULL));
  g_assert_cmpstr (pfa_safe_text_get_data (one, NULL), !=, pfa_safe_text_get_data (third, NULL));
  g_assert_cmpuint (pfa_redaction_report_get_count (pfa_redactor_get_report (redactor),
                                                    "a",
                                                    PFA_SECRET_CARD),
                    ==,
                    1);
}

static void
test_marks (void)
{
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, PFA_READER_PROVIDER);
  g_autoptr (PfaSafeText) safe =
      pfa_redactor_redact_text (redactor, "a", "one\ntwo pwd=abc1\nthree\n", -1, NULL);
  guint n;
  const PfaMark *marks = pfa_safe_text_get_marks (safe, &n);

  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (marks[0].line, ==, 2);
  g_assert_cmpint (marks[0].secret, ==, PFA_SECRET_PASSWORD);
  g_assert_true (
      g_str_has_prefix (pfa_safe_text_get_data (safe, NULL) + marks[0].offset, "[PASSWORD:"));
}

static void
test_json (void)
{
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, PFA_READER_PROVIDER);
  g_autoptr (JsonNode) node = json_from_string (
      "{\"pan\": 4111111111111111, \"list\": [\"a\\nb\", {\"apiToken\": \"abc 123 def 456\"}],"
      " \"tid\": \"10001234\", \"number\": 4.5, \"software\": \"1.5.22.2\", \"ok\": true, "
      "\"ssid\": \"Caf\\u00e9\"}",
      NULL);
  g_autoptr (PfaSafeText) safe = pfa_redactor_redact_json (redactor, "x.json", node, TRUE, NULL);
  g_autoptr (JsonNode) back = json_from_string (pfa_safe_text_get_data (safe, NULL), NULL);

  g_assert_nonnull (back);
  g_assert_null (strstr (pfa_safe_text_get_data (safe, NULL), "4111"));
  g_assert_null (strstr (pfa_safe_text_get_data (safe, NULL), "Caf"));
  g_assert_null (strstr (pfa_safe_text_get_data (safe, NULL), "abc 123"));
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (back), "tid"),
                   ==,
                   "10001234");
  g_assert_nonnull (strstr (pfa_safe_text_get_data (safe, NULL), "1.5.22.2"));
}

static void
test_again (void)
{
  static const char text[] =
      "card=4111111111111111 password=Hunter2!x sn=ABC1234567 mail a.b@example.com 203.0.113.9\n";
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, PFA_READER_PROVIDER);
  g_autoptr (PfaSafeText) one = pfa_redactor_redact_text (redactor, "a", text, -1, NULL);
  g_autoptr (PfaSafeText) two =
      pfa_redactor_redact_text (redactor, "a", pfa_safe_text_get_data (one, NULL), -1, NULL);

  g_assert_cmpstr (pfa_safe_text_get_data (one, NULL), ==, pfa_safe_text_get_data (two, NULL));
}

static char
check_digit (const char *digits, guint n)
{
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    {
      guint d = (guint) (digits[n - 1 - i] - '0');

      if (i % 2 == 0)
        d = d > 4 ? d * 2 - 9 : d * 2;
      sum += d;
    }
  return (char) ('0' + (10 - sum % 10) % 10);
}

/* Cards of all schemes in random text, with random separators: none survives. */
static void
test_planted (void)
{
  static const char *const prefixes[] = { "4",  "51",   "55",   "2221", "37",   "34",
                                          "62", "6011", "3530", "36",   "2200", "9792" };
  static const guint lengths[] = { 16, 16, 16, 16, 15, 15, 19, 16, 16, 14, 16, 16 };
  static const char *const gaps[] = { "", " ", "-", ".", "\u00a0", "\u2009" };
  static const char filler[] = "abc xyz :;,.()=/- \n\t\"'{}[]<>_#";
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);

  for (guint round = 0; round < 4000; round++)
    {
      g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, PFA_READER_PROVIDER);
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GString) plain = g_string_new (NULL);
      const guint scheme = (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (prefixes));
      const guint n = lengths[scheme];
      const char *gap = gaps[g_rand_int_range (rand, 0, n == 16 ? G_N_ELEMENTS (gaps) : 1)];
      char digits[24];
      g_autoptr (PfaSafeText) safe = NULL;
      const char *p;

      strcpy (digits, prefixes[scheme]);
      for (guint i = (guint) strlen (digits); i < n - 1; i++)
        digits[i] = (char) g_rand_int_range (rand, '0', '9' + 1);
      digits[n - 1] = check_digit (digits, n - 1);
      digits[n] = '\0';
      for (int i = g_rand_int_range (rand, 0, 80); i > 0; i--)
        g_string_append_c (text, filler[g_rand_int_range (rand, 0, sizeof filler - 1)]);
      g_string_append_c (text, "x \n=:\""[g_rand_int_range (rand, 0, 6)]);
      for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%s%c", i > 0 && i % 4 == 0 ? gap : "", digits[i]);
      for (int i = g_rand_int_range (rand, 0, 80); i > 0; i--)
        g_string_append_c (text, filler[g_rand_int_range (rand, 0, sizeof filler - 1)]);
      safe = pfa_redactor_redact_text (redactor, "planted", text->str, -1, NULL);
      g_assert_nonnull (safe);
      for (p = pfa_safe_text_get_data (safe, NULL); *p != '\0'; p++)
        if (g_ascii_isdigit (*p))
          g_string_append_c (plain, *p);
      if (strstr (plain->str, digits) != NULL)
        g_test_message ("%s -> %s", text->str, pfa_safe_text_get_data (safe, NULL));
      g_assert_null (strstr (plain->str, digits));
    }
}

static void
test_random_bytes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, PFA_READER_ANYONE);
  static const char signs[] =
      "0123456789 =:\"'\\%&@[]{}()<>ABCDEFpaswordkeytoken-_/+.\n\x1b\xe2\x80\x8b\xef\xbc\x94";

  for (guint round = 0; round < 6000; round++)
    {
      char bytes[400];
      const guint n = (guint) g_rand_int_range (rand, 1, sizeof bytes);
      g_autoptr (PfaSafeText) safe = NULL;

      for (guint i = 0; i < n; i++)
        bytes[i] = round % 3 == 0 ? (char) g_rand_int_range (rand, 0, 256)
                                  : signs[g_rand_int_range (rand, 0, sizeof signs - 1)];
      safe = pfa_redactor_redact_text (redactor, "random", bytes, n, NULL);
      g_assert_true (safe == NULL ||
                     g_utf8_validate (pfa_safe_text_get_data (safe, NULL), -1, NULL));
    }
}

/* Long rows of signs of three and four bytes are looked at in stretches: none is cut in two, and
 * what is damaged costs only itself. */
static void
test_long_rows_of_signs (void)
{
  static const char *const signs[] = { "\xe9\x92\xb1", "\xf0\x9f\x98\x80", "\xc3\xa9" };
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, PFA_READER_PROVIDER);

  for (guint kind = 0; kind < G_N_ELEMENTS (signs); kind++)
    for (guint before = 0; before < 5; before++)
      {
        g_autoptr (GString) text = g_string_new (NULL);
        g_autoptr (PfaSafeText) whole = NULL;
        g_autoptr (PfaSafeText) damaged = NULL;

        for (guint i = 0; i < 200; i++)
          g_string_append (text, i < before ? signs[2] : signs[kind]);
        whole = pfa_redactor_redact_text (redactor, "row", text->str, -1, NULL);
        g_assert_cmpstr (pfa_safe_text_get_data (whole, NULL), ==, text->str);
        g_string_append_c (text, '\x80');
        damaged = pfa_redactor_redact_text (redactor, "row", text->str, -1, NULL);
        g_string_truncate (text, text->len - 1);
        g_string_append (text, "\xef\xbf\xbd");
        g_assert_cmpstr (pfa_safe_text_get_data (damaged, NULL), ==, text->str);
      }
}

/* Each byte value, 64 KiB of it: linear. The limit is far above what is needed and far below what a
 * quadratic rule takes. */
static void
test_hostile (void)
{
  g_autofree char *text = g_malloc (65536);
  const gint64 start = g_get_monotonic_time ();

  for (guint c = 1; c < 256; c++)
    {
      g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, PFA_READER_PROVIDER);
      g_autoptr (PfaSafeText) safe = NULL;

      memset (text, (int) c, 65536);
      safe = pfa_redactor_redact_text (redactor, "hostile", text, 65536, NULL);
    }
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
}

/* The same of phrases that rules wait for, and of random rows of them: each looks only so far. */
static void
test_hostile_phrases (void)
{
  static const char *const phrases[] = {
    "mysql -p",    "net use \\\\a ",   "pin,",         "a,pin\n1,2\n", "key ",
    "wifi:t:",     "chpasswd|:",       "password \"",  "$6$",          "?code=",
    "<ssid><a>",   "digest a=\"b\", ", "\"pin\":{\"a", "[\"token\"",   "GPS 1.23456, ",
    "master key ", "a45e.60aa.bbcc ",  "UGFzc3dvcmQ6", "sqlplus a/b@", "password=['a','b'",
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  const gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 2 * G_N_ELEMENTS (phrases); i++)
    {
      g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, PFA_READER_ANYONE);
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (PfaSafeText) safe = NULL;

      while (text->len < 65536)
        g_string_append (text,
                         phrases[i < G_N_ELEMENTS (phrases)
                                     ? i
                                     : (guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (phrases))]);
      safe = pfa_redactor_redact_text (redactor, "hostile", text->str, -1, NULL);
      g_assert_nonnull (safe);
    }
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
}

/* The digits in the middle pass for a card number of thirteen digits. */
static void
test_a_sum_stays (void)
{
  static const char text[] =
      "{\"sha256\":\"c6e0f1afc4052711744679a481f68ba65898058107899e21e94d5dbee367b0f3\"}";
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new_with_fresh_key (PFA_READER_ANYONE);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autoptr (PfaSafeText) safe = pfa_redactor_redact_json (redactor, "m.json", node, FALSE, NULL);

  g_assert_true (g_str_has_prefix (pfa_safe_text_get_data (safe, NULL), text));
}

/* Measured figures have as many digits as cards have; a log full of them stays as it is, and JSON
 * stays JSON. */
static void
test_figures_stay (void)
{
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new_with_fresh_key (PFA_READER_PROVIDER);

  for (guint i = 0; i < 2000; i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      g_autofree char *line = NULL;
      g_autofree char *document = NULL;
      g_autoptr (PfaSafeText) safe = NULL;
      g_autoptr (PfaSafeText) json = NULL;
      g_autoptr (JsonNode) node = NULL;
      g_autoptr (JsonNode) back = NULL;

      g_ascii_dtostr (number, sizeof number, g_test_rand_double_range (0, 200));
      line = g_strdup_printf ("t=%u value=%s ms\n", i, number);
      safe = pfa_redactor_redact_text (redactor, "x.log", line, -1, NULL);
      g_assert_cmpstr (pfa_safe_text_get_data (safe, NULL), ==, line);

      document = g_strdup_printf ("{\"db\":%s,\"pan\":4539578763621486}", number);
      node = json_from_string (document, NULL);
      json = pfa_redactor_redact_json (redactor, "x.json", node, FALSE, NULL);
      back = json_from_string (pfa_safe_text_get_data (json, NULL), NULL);
      g_assert_nonnull (back);
      g_assert_null (strstr (pfa_safe_text_get_data (json, NULL), "4539578763621486"));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/redact/redactor/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (anyone_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/redact/redactor/anyone/%s", anyone_cases[i].name);

      g_test_add_data_func (path, &anyone_cases[i], test_anyone);
    }
  g_test_add_func ("/redact/redactor/same-secret-same-placeholder", test_same_placeholder);
  g_test_add_func ("/redact/redactor/marks-say-where", test_marks);
  g_test_add_func ("/redact/redactor/json-stays-json", test_json);
  g_test_add_func ("/redact/redactor/a-sum-stays", test_a_sum_stays);
  g_test_add_func ("/redact/redactor/figures-stay", test_figures_stay);
  g_test_add_func ("/redact/redactor/twice-changes-nothing", test_again);
  g_test_add_func ("/redact/redactor/planted-cards-never-survive", test_planted);
  g_test_add_func ("/redact/redactor/random-bytes", test_random_bytes);
  g_test_add_func ("/redact/redactor/long-rows-of-signs-stay", test_long_rows_of_signs);
  g_test_add_func ("/redact/redactor/hostile-input-is-linear", test_hostile);
  g_test_add_func ("/redact/redactor/hostile-phrases-are-linear", test_hostile_phrases);
  return g_test_run ();
}
