/* test-guided-code.c - a code is read however a person types it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-code.h"

typedef struct
{
  const char *name;
  const char *text;
  gboolean good;
  guint routing;
  guint secret;
} CodeCase;

static const CodeCase code_cases[] = {
  { "as-shown", "481-902-337", TRUE, 481, 902337 },
  { "spaces", " 481 902 337 ", TRUE, 481, 902337 },
  { "digit-by-digit", "4 8 1 9 0 2 3 3 7", TRUE, 481, 902337 },
  { "no-signs", "000000001", TRUE, 0, 1 },
  { "en-dashes", "481–902–337", TRUE, 481, 902337 },
  { "fullwidth", "４８１－９０２－３３７", TRUE, 481, 902337 },
  { "eight-digits", "481-902-33", FALSE, 0, 0 },
  { "ten-digits", "481-902-3371", FALSE, 0, 0 },
  { "letter", "481-902-33O", FALSE, 0, 0 },
  { "empty", "", FALSE, 0, 0 },
  { "null", NULL, FALSE, 0, 0 },
  { "not-utf8", "481-902-33\xff", FALSE, 0, 0 },
};

static void
test_parse (gconstpointer data)
{
  const CodeCase *c = data;
  guint routing = 0;
  guint secret = 0;

  g_assert_cmpint (pfa_guided_code_parse (c->text, &routing, &secret), ==, c->good);
  g_assert_cmpuint (routing, ==, c->routing);
  g_assert_cmpuint (secret, ==, c->secret);
}

static void
test_round_trip (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      guint routing = (guint) g_test_rand_int_range (0, PFA_GUIDED_CODE_ROUTINGS);
      guint secret = (guint) g_test_rand_int_range (0, PFA_GUIDED_CODE_SECRETS);
      g_autofree char *code = pfa_guided_code_build (routing, secret);
      guint routing_back, secret_back;

      g_assert_cmpuint (strlen (code), ==, PFA_GUIDED_CODE_LENGTH);
      g_assert_true (pfa_guided_code_parse (code, &routing_back, &secret_back));
      g_assert_cmpuint (routing_back, ==, routing);
      g_assert_cmpuint (secret_back, ==, secret);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (code_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wire/guided-code/%s", code_cases[i].name);

      g_test_add_data_func (path, &code_cases[i], test_parse);
    }
  g_test_add_func ("/wire/guided-code/what-is-built-is-read", test_round_trip);
  return g_test_run ();
}
