/* test-terminal-version.c - which of two software versions is older
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pfa-terminal-version.h"

#include <glib.h>

typedef struct
{
  const char *name;
  const char *a;
  const char *b;
  int expected;
} VersionCase;

static const VersionCase cases[] = {
  { "the-models-number-is-no-version", "LAB-T1 4.2.0", "4.0.0", 1 },
  { "older-behind-a-model", "LAB-T1 2.9.1", "4.0.0", -1 },
  { "a-letter-before-it", "GER-APP-v2.0.9", "2.0.9", 0 },
  { "short-is-zero-filled", "2.0", "2.0.0", 0 },
  { "underscores", "adyen_v1_49p5", "1.50", -1 },
  { "a-lone-number", "build 7", "8", -1 },
};

static void
test_case (gconstpointer data)
{
  const VersionCase *row = data;

  g_assert_cmpint (pfa_terminal_version_compare (row->a, row->b), ==, row->expected);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/terminal/version/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
