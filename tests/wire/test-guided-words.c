/* test-guided-words.c - names and messages of strangers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-words.h"

typedef struct
{
  const char *name;
  const char *text;
  guint max;
  const char *clean;
} CleanCase;

static const CleanCase clean_cases[] = {
  { "plain", "Li Na", 60, "Li Na" },
  { "chinese", "李娜（支持）", 60, "李娜（支持）" },
  { "markup-stays-text", "<b>Li</b> & \"Na\"", 60, "<b>Li</b> & \"Na\"" },
  { "terminal-is-not-steered", "Li\x1b[2J\x07Na", 60, "Li [2J Na" },
  { "one-line", "Li\r\nNa\t\n", 60, "Li Na" },
  { "line-separator", "Li\xe2\x80\xa8Na", 60, "Li Na" },
  { "direction", "Li\xe2\x80\xaeoN\xe2\x80\xac\xe2\x81\xa6x\xe2\x81\xa9", 60, "Li oN x" },
  { "unseen", "L\xe2\x80\x8bi\xc2\xad \xef\xbb\xbfNa", 60, "L i Na" },
  { "fillers", "\xe3\x85\xa4\xe1\x85\x9f\xe2\xa0\x80", 60, "" },
  { "blanks-folded", "  Li \xc2\xa0 \xe3\x80\x80 Na  ", 60, "Li Na" },
  { "composed", "Mu\xcc\x88ller", 60, "Müller" },
  { "no-towers", "x\xcc\x80\xcc\x81\xcc\x82\xcc\x83\xcc\x84y", 60, "x\xcc\x80\xcc\x81y" },
  { "cut", "abcdefgh", 5, "abcde…" },
  { "fits", "abcde", 5, "abcde" },
  { "cut-after-a-blank", "abcd efgh", 5, "abcd…" },
  { "invalid", "a\xff\xfe", 60, "a\xef\xbf\xbd\xef\xbf\xbd" },
  { "private-use",
    "a\xee\x80\x80"
    "b",
    60,
    "a b" },
  { "empty", "", 60, "" },
};

static void
test_clean (gconstpointer data)
{
  const CleanCase *c = data;
  g_autofree char *clean = pfa_guided_words_clean (c->text, c->max);

  g_assert_cmpstr (clean, ==, c->clean);
}

typedef struct
{
  const char *name;
  gboolean own;
} NameCase;

static const NameCase name_cases[] = {
  { "POS First Aid", TRUE },
  { "pos-first-aid", TRUE },
  { "Ｐ Ｏ Ｓ　Ｆｉｒｓｔ Ａｉｄ", TRUE },
  { "РОЅ Fіrst Аіd", TRUE }, /* Cyrillic and Ukrainian letters */
  { "ΡΟS First Aid", TRUE }, /* Greek ones */
  { "P0S F1rst A1d", TRUE },
  { "POS F|rst Aid", TRUE },
  { "𝐏𝐎𝐒 𝐅𝐢𝐫𝐬𝐭 𝐀𝐢𝐝", TRUE },
  { "P\xe2\x80\x8bOS First Aid", TRUE },
  { "PÓS Fírst Aíd", TRUE },
  { "POS First Aid: press Yes", TRUE },
  { "POS急救箱", TRUE },
  { "ＰＯＳ 急救箱 提示", TRUE },
  { "POS-Erste-Hilfe", TRUE },
  { "Li Na", FALSE },
  { "First Aid Support", FALSE },
  { "POS Support", FALSE },
  { "Анна Петрова", FALSE },
  { "", FALSE },
};

static void
test_own_name (gconstpointer data)
{
  const NameCase *c = data;

  g_assert_cmpint (pfa_guided_words_is_own_name (c->name), ==, c->own);
}

static void
test_random (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      char text[40];
      gsize size = (gsize) g_test_rand_int_range (0, sizeof text);
      g_autofree char *clean = NULL;

      for (gsize k = 0; k < size; k++)
        text[k] = (char) g_test_rand_int_range (1, 256);
      text[size] = '\0';
      clean = pfa_guided_words_clean (text, 10);
      g_assert_true (g_utf8_validate (clean, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (clean, -1), <=, 11);
      for (const char *p = clean; *p != '\0'; p++)
        g_assert_false (g_ascii_iscntrl (*p));
      pfa_guided_words_is_own_name (text);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (clean_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/guided-words/clean/", clean_cases[i].name, NULL);

      g_test_add_data_func (path, &clean_cases[i], test_clean);
    }
  for (guint i = 0; i < G_N_ELEMENTS (name_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wire/guided-words/own-name/%u", i);

      g_test_add_data_func (path, &name_cases[i], test_own_name);
    }
  g_test_add_func ("/wire/guided-words/random", test_random);
  return g_test_run ();
}
