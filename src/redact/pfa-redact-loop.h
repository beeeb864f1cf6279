/* pfa-redact-loop.h - one look at all bytes of a text; inside the redactor only
 *
 * pfa-redact-loop.c and pfa-redact-chain.c are built twice: for any processor, and for those with
 * AVX2, where PFA_LOOP_AVX2 is set.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-redact-scan.h"

G_BEGIN_DECLS

#ifdef PFA_LOOP_AVX2
#define pfa_scan_loop   pfa_scan_loop_avx2
#define pfa_chains_look pfa_chains_look_avx2
#define pfa_chains_end  pfa_chains_end_avx2
#endif

#ifdef PFA_HAVE_LOOP_AVX2
void pfa_scan_loop_avx2 (PfaScan *scan);
#endif

/* Bit n of the result is bit n + @by of the two blocks together. */
static inline guint64
pfa_block_ahead (guint64 block, guint64 next, guint by)
{
  return block >> by | next << (64 - by);
}

/* Bit n of the result is bit n - @by. */
static inline guint64
pfa_block_behind (guint64 block, guint64 before, guint by)
{
  return block << by | before >> (64 - by);
}

/* Bits from @first on, before @end, which is not 0. */
static inline guint64
pfa_block_between (guint first, guint end)
{
  return (~(guint64) 0 << first) & (~(guint64) 0 >> (64 - end));
}

/* pfa-redact-chain.c: runs of digits with little between them. */
typedef struct
{
  gsize start;
  gsize end;
  guint digits;
  guint runs;
} PfaChain;

/* How far the look at one text is; begins as zeros. */
typedef struct
{
  PfaChain chain;      /* goes on while @open */
  PfaChain waiting;    /* ended: the next may still belong to it, over the end of a line */
  gboolean line_ended; /* since then */
  guint64 open;
  guint64 carried; /* bytes of a gap that began in the block before */
} PfaChains;

/* Blocks as they come; @before and @next are its neighbours. */
void pfa_chains_look (PfaChains *self,
                      PfaScan *scan,
                      gsize base,
                      const PfaBlock *before,
                      const PfaBlock *block,
                      const PfaBlock *next);
void pfa_chains_end (PfaChains *self, PfaScan *scan);

G_END_DECLS
