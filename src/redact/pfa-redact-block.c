/* pfa-redact-block.c - sixty-four bytes at once, byte by byte: for processors without AVX2, and as
 * the reference of the tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-block.h"

#include <string.h>

#if defined(__x86_64__)
#include "pfa-redact-block-avx2.h"
#define HAVE_AVX2 1
#endif

static gboolean
is_special (guint8 c)
{
  return c == '@' || c == '%' || c == '&' || c == '\\' || c == 0x7f ||
         (c < 0x20 && c != '\t' && c != '\n' && c != '\r');
}

/* Not =: it ends the number of a track. */
static const gboolean joins_runs[256] = {
  ['\t'] = TRUE,        [' ' ... '/'] = TRUE, [':' ... '<'] = TRUE, ['>' ... '?'] = TRUE,
  ['[' ... ']'] = TRUE, ['_' ... '`'] = TRUE, ['|'] = TRUE,         ['~'] = TRUE,
};

gboolean
pfa_block_is_joint (guint8 c)
{
  return joins_runs[c];
}

void
pfa_block_classify_plain (const guint8 *bytes, const PfaBlockWords *words, PfaBlock *block)
{
  memset (block, 0, sizeof *block);
  for (guint i = 0; i < PFA_BLOCK_LENGTH; i++)
    {
      const guint64 bit = (guint64) 1 << i;
      const guint8 c = bytes[i];

      for (guint k = 0; k < PFA_BLOCK_BUCKETS / 8; k++)
        {
          guint8 buckets = 0xff;

          for (guint j = 0; j < 3; j++)
            buckets &= words->low[k][j][bytes[i + j] & 15] & words->high[k][j][bytes[i + j] >> 4];
          block->word |= buckets != 0 ? bit : 0;
        }
      block->digit |= g_ascii_isdigit (c) ? bit : 0;
      block->alnum |= g_ascii_isalnum (c) ? bit : 0;
      block->upper |= g_ascii_isupper (c) ? bit : 0;
      block->hex |= g_ascii_isxdigit (c) ? bit : 0;
      block->token |= g_ascii_isalnum (c) || c == '+' || c == '/' || c == '_' || c == '-' ? bit : 0;
      block->colon |= c == ':' ? bit : 0;
      block->special |= is_special (c) ? bit : 0;
      block->high |= c >= 0x80 ? bit : 0;
      block->newline |= c == '\n' ? bit : 0;
      block->joint |= joins_runs[c] ? bit : 0;
    }
}

#ifdef HAVE_AVX2
PFA_TARGET_AVX2 static void
classify_avx2 (const guint8 *bytes, const PfaBlockWords *words, PfaBlock *block)
{
  pfa_block_classify_avx2 (bytes, words, block);
}
#endif

PfaBlockFunction
pfa_block_get_function (void)
{
#ifdef HAVE_AVX2
  if (__builtin_cpu_supports ("avx2"))
    return classify_avx2;
#endif
  return pfa_block_classify_plain;
}
