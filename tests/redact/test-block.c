/* test-block.c - the fast look at sixty-four bytes agrees with the plain one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "pfa-redact-block.h"
#include "pfa-redact-scan.h"

static void
test_agrees (void)
{
  PfaWordTable *words = pfa_word_table_new (PFA_READER_ANYONE);
  const PfaBlockFunction fast = pfa_block_get_function ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint round = 0; round < 20000; round++)
    {
      guint8 bytes[PFA_BLOCK_LENGTH + 8];
      PfaBlock one, other;

      for (guint i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8) (round % 2 == 0 ? g_rand_int_range (rand, 0, 256)
                                            : g_rand_int_range (rand, 32, 127));
      fast (bytes, pfa_word_table_get_block (words), &one);
      pfa_block_classify_plain (bytes, pfa_word_table_get_block (words), &other);
      g_assert_cmpmem (&one, sizeof one, &other, sizeof other);
    }
  pfa_word_table_free (words);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/block/fast-agrees-with-plain", test_agrees);
  return g_test_run ();
}
