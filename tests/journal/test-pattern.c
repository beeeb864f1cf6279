/* test-pattern.c - a pattern is said only when an exact test supports it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-pattern.h"

typedef struct
{
  const char *name;
  guint k;
  guint n;
  double p;
  double tail;
} TailCase;

/* By Python: 1 - scipy-free sum of math.comb(n, i) p^i (1-p)^(n-i). */
static const TailCase tail_cases[] = {
  { "nothing-asked", 0, 10, 0.3, 1.0 },        { "all-of-ten", 10, 10, 0.5, 0.0009765625 },
  { "six-of-ten", 6, 10, 0.5, 0.376953125 },   { "one-of-seven", 1, 7, 1.0 / 7, 0.6600833 },
  { "more-than-there-are", 11, 10, 0.5, 0.0 },
};

static void
test_tail (gconstpointer data)
{
  const TailCase *row = data;

  g_assert_cmpfloat_with_epsilon (pfa_pattern_binomial_tail (row->k, row->n, row->p),
                                  row->tail,
                                  1e-6);
}

static void
test_lunch_is_found (void)
{
  guint hours[PFA_PATTERN_HOURS] = { [9] = 1, [11] = 5, [12] = 9, [18] = 1, [20] = 1 };
  PfaPattern pattern = pfa_pattern_find_hours (hours);

  g_assert_true (pattern.found);
  g_assert_cmpint (pattern.from, ==, 11);
  g_assert_cmpint (pattern.to, ==, 13);
  g_assert_cmpuint (pattern.events, ==, 14);
  g_assert_cmpuint (pattern.of, ==, 17);
}

static void
test_even_spread_is_none (void)
{
  guint hours[PFA_PATTERN_HOURS] = { 0 };
  guint days[PFA_PATTERN_WEEKDAYS] = { 4, 5, 4, 4, 5, 4, 4 };

  for (guint i = 9; i < 21; i++)
    hours[i] = 3;
  g_assert_false (pfa_pattern_find_hours (hours).found);
  g_assert_false (pfa_pattern_find_weekday (days).found);
}

static void
test_few_are_never_a_pattern (void)
{
  guint hours[PFA_PATTERN_HOURS] = { [12] = PFA_PATTERN_LEAST_EVENTS - 1 };
  guint days[PFA_PATTERN_WEEKDAYS] = { PFA_PATTERN_LEAST_EVENTS - 1 };

  g_assert_false (pfa_pattern_find_hours (hours).found);
  g_assert_false (pfa_pattern_find_weekday (days).found);
  g_assert_false (pfa_pattern_find_recent (5, 5, 0.1).found);
  memset (hours, 0, sizeof hours);
  g_assert_false (pfa_pattern_find_hours (hours).found);
}

/* With nothing but chance, a pattern is said at most once in a hundred histories. */
static void
test_chance_seldom_speaks (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (96);
  guint said = 0;

  for (guint round = 0; round < 2000; round++)
    {
      guint days[PFA_PATTERN_WEEKDAYS] = { 0 };

      for (guint i = 0; i < 30; i++)
        days[g_rand_int_range (random, 0, PFA_PATTERN_WEEKDAYS)]++;
      said += pfa_pattern_find_weekday (days).found ? 1 : 0;
    }
  g_assert_cmpuint (said, <=, 20);
}

typedef struct
{
  const char *name;
  guint counts[PFA_PATTERN_HOURS];
  PfaPatternTime time;
} TimeCase;

static const TimeCase time_cases[] = {
  { "nothing", { 0 }, PFA_PATTERN_TOO_LITTLE },
  { "five-at-noon", { [12] = 5 }, PFA_PATTERN_TOO_LITTLE },
  { "lunch", { [9] = 1, [11] = 5, [12] = 9, [18] = 1 }, PFA_PATTERN_PEAK_HOURS },
  { "evening", { [10] = 1, [18] = 6, [19] = 6, [15] = 1 }, PFA_PATTERN_PEAK_HOURS },
  { "around-midnight", { [23] = 4, [0] = 4 }, PFA_PATTERN_NIGHT },
  { "after-midnight", { [1] = 5, [2] = 4, [14] = 1 }, PFA_PATTERN_NIGHT },
  { "spread", { [9] = 1, [11] = 1, [13] = 2, [15] = 1, [17] = 1, [20] = 1 }, PFA_PATTERN_NONE },
  { "early-morning", { [5] = 6, [6] = 6, [15] = 1 }, PFA_PATTERN_PEAK_HOURS },
};

static void
test_time (gconstpointer data)
{
  const TimeCase *row = data;

  g_assert_cmpint (pfa_pattern_find_time (row->counts), ==, row->time);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tail_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/journal/pattern/tail/%s", tail_cases[i].name);

      g_test_add_data_func (path, &tail_cases[i], test_tail);
    }
  g_test_add_func ("/journal/pattern/lunch-is-found", test_lunch_is_found);
  g_test_add_func ("/journal/pattern/even-spread-is-none", test_even_spread_is_none);
  g_test_add_func ("/journal/pattern/few-are-never-one", test_few_are_never_a_pattern);
  g_test_add_func ("/journal/pattern/chance-seldom-speaks", test_chance_seldom_speaks);
  for (guint i = 0; i < G_N_ELEMENTS (time_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/journal/pattern/time/%s", time_cases[i].name);

      g_test_add_data_func (path, &time_cases[i], test_time);
    }
  return g_test_run ();
}
