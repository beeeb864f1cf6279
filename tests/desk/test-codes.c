/* test-codes.c - a code joins once, dies of wrong claims, and nobody may guess for long
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-codes.h"
#include "pfa-guided-code.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)

static char shop[] = "shop";

static char *
other_code (const char *code, guint distance)
{
  guint routing, secret;

  g_assert_true (pfa_guided_code_parse (code, &routing, &secret));
  return pfa_guided_code_build (routing, (secret + distance) % PFA_GUIDED_CODE_SECRETS);
}

static gpointer
claim (PfaDeskCodes *codes, const char *code, gint64 now, guint n_dead)
{
  g_autoptr (GPtrArray) dead = NULL;
  gpointer owner = pfa_desk_codes_claim (codes, code, now, &dead);

  g_assert_cmpuint (dead != NULL ? dead->len : 0, ==, n_dead);
  return owner;
}

static void
test_once (void)
{
  g_autoptr (PfaDeskCodes) codes = pfa_desk_codes_new ();
  g_autofree char *code = pfa_desk_codes_allot (codes, shop, MINUTE);

  g_assert_cmpstr (claim (codes, code, 0, 0), ==, "shop");
  g_assert_null (claim (codes, code, 0, 0));
  g_assert_cmpuint (pfa_desk_codes_get_size (codes), ==, 0);
}

static void
test_too_old (void)
{
  g_autoptr (PfaDeskCodes) codes = pfa_desk_codes_new ();
  g_autofree char *code = pfa_desk_codes_allot (codes, shop, MINUTE);
  g_autoptr (GPtrArray) none = pfa_desk_codes_expire (codes, MINUTE - 1);
  g_autoptr (GPtrArray) expired = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_null (claim (codes, code, MINUTE, 0));
  expired = pfa_desk_codes_expire (codes, MINUTE);
  g_assert_cmpuint (expired->len, ==, 1);
  g_assert_null (claim (codes, code, 0, 0));
}

static void
test_three_wrong_claims (void)
{
  g_autoptr (PfaDeskCodes) codes = pfa_desk_codes_new ();
  g_autofree char *code = pfa_desk_codes_allot (codes, shop, MINUTE);

  for (guint i = 1; i <= PFA_DESK_CODES_WRONG_CLAIMS; i++)
    {
      g_autofree char *wrong = other_code (code, i);

      g_assert_null (claim (codes, wrong, 0, i == PFA_DESK_CODES_WRONG_CLAIMS));
    }
  g_assert_null (claim (codes, code, 0, 0));
}

static void
test_new_code_replaces (void)
{
  g_autoptr (PfaDeskCodes) codes = pfa_desk_codes_new ();
  g_autofree char *old = pfa_desk_codes_allot (codes, shop, MINUTE);
  g_autofree char *fresh = pfa_desk_codes_allot (codes, shop, MINUTE);

  g_assert_cmpuint (pfa_desk_codes_get_size (codes), ==, 1);
  g_assert_null (claim (codes, old, 0, 0));
  g_assert_cmpstr (claim (codes, fresh, 0, 0), ==, "shop");
}

/* 10,000 who wait: every code is its own, and none of the routings is crowded. */
static void
test_many (void)
{
  g_autoptr (PfaDeskCodes) codes = pfa_desk_codes_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint counts[PFA_GUIDED_CODE_ROUTINGS] = { 0 };

  for (guint i = 0; i < 10000; i++)
    {
      char *code = pfa_desk_codes_allot (codes, GUINT_TO_POINTER (i + 1), MINUTE);
      guint routing;

      g_assert_true (pfa_guided_code_parse (code, &routing, NULL));
      g_assert_cmpuint (++counts[routing], <, 20);
      g_assert_true (g_hash_table_add (seen, code));
    }
  for (guint i = 0; i < 10000; i++)
    pfa_desk_codes_drop (codes, GUINT_TO_POINTER (i + 1));
  g_assert_cmpuint (pfa_desk_codes_get_size (codes), ==, 0);
}

static void
test_random_claims (void)
{
  g_autoptr (PfaDeskCodes) codes = pfa_desk_codes_new ();
  g_autofree char *code = pfa_desk_codes_allot (codes, shop, MINUTE);

  for (guint i = 0; i < 20000; i++)
    {
      char text[24];
      g_autoptr (GPtrArray) dead = NULL;

      for (guint k = 0; k < sizeof text - 1; k++)
        text[k] = (char) g_test_rand_int_range (1, 256);
      text[g_test_rand_int_range (0, sizeof text)] = '\0';
      text[sizeof text - 1] = '\0';
      g_assert_null (pfa_desk_codes_claim (codes, text, 0, &dead));
    }
}

static void
test_wrongs (void)
{
  g_autoptr (PfaDeskWrongs) wrongs = pfa_desk_wrongs_new (6, 30);
  gint64 now = 0;

  for (guint i = 0; i < 6; i++)
    {
      g_assert_cmpuint (pfa_desk_wrongs_look (wrongs, "Li Na", now), ==, 0);
      pfa_desk_wrongs_add (wrongs, "Li Na", now);
    }
  g_assert_cmpuint (pfa_desk_wrongs_look (wrongs, "Li Na", now + SECOND), ==, 59);
  g_assert_cmpuint (pfa_desk_wrongs_look (wrongs, "Wang Wei", now), ==, 0);
  for (guint i = 6; i < 30; i++)
    {
      now += MINUTE;
      g_assert_cmpuint (pfa_desk_wrongs_look (wrongs, "Li Na", now), ==, 0);
      pfa_desk_wrongs_add (wrongs, "Li Na", now);
    }
  /* Thirty within the hour: now it waits for the hour to pass. */
  g_assert_cmpuint (pfa_desk_wrongs_look (wrongs, "Li Na", now + MINUTE), >, 60);
  g_assert_cmpuint (pfa_desk_wrongs_look (wrongs, "Li Na", now + 61 * MINUTE), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/codes/joins-once", test_once);
  g_test_add_func ("/desk/codes/too-old", test_too_old);
  g_test_add_func ("/desk/codes/three-wrong-claims", test_three_wrong_claims);
  g_test_add_func ("/desk/codes/new-code-replaces", test_new_code_replaces);
  g_test_add_func ("/desk/codes/many", test_many);
  g_test_add_func ("/desk/codes/random-claims", test_random_claims);
  g_test_add_func ("/desk/wrongs/limits", test_wrongs);
  return g_test_run ();
}
