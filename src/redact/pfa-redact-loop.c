/* pfa-redact-loop.c - one look at all bytes of a text says where something could be
 *
 * Sixty-four bytes become as many bits of some classes; where these bits make a pattern, one of the
 * closer looks is called. Almost all of the time goes by here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-loop.h"

#include <string.h>

#ifdef PFA_LOOP_AVX2
#include "pfa-redact-block-avx2.h"
#define classify pfa_block_classify_avx2
#else
#define classify pfa_block_classify_plain
#endif

/* Bytes behind a block that are read with it. */
#define REACH 8

/* The block before, the one looked at, and the two that follow; and what starts in the one looked
 * at and in the next. */
typedef struct
{
  PfaBlock blocks[4];
  guint64 pairs, pairs_next;
  guint64 quads, quads_next;
  PfaChains chains;
  guint8 rest[PFA_BLOCK_LENGTH + REACH];
} Loop;

/* Bytes above ASCII that may begin a foreign digit, a strange blank or an invisible sign. */
static const gboolean may_need_view[256] = {
  [0xa0] = TRUE, [0xad] = TRUE, [0xc2] = TRUE, [0xd9] = TRUE,          [0xdb] = TRUE,
  [0xdf] = TRUE, [0xe0] = TRUE, [0xe1] = TRUE, [0xe2 ... 0xe5] = TRUE, [0xe9] = TRUE,
  [0xea] = TRUE, [0xef] = TRUE, [0xf0] = TRUE,
};

static gboolean
has_packed_neighbour (const PfaScan *scan, gsize position)
{
  const guint8 c = scan->text[position];
  const guint8 next = pfa_scan_at (scan, position + 1);

  return (c & 15) <= 9 && (next >> 4) <= 9 && (next & 15) <= 9;
}

static void
look_at_signs (PfaScan *scan, gsize base, guint64 signs)
{
  for (; signs != 0; signs &= signs - 1)
    {
      const gsize p = base + (gsize) __builtin_ctzll (signs);
      const guint8 c = p < scan->length ? scan->text[p] : 0xff;

      if (c >= 0x80 && !may_need_view[c])
        continue;
      if (c == '@')
        pfa_scan_email (scan, p);
      else if (c < 0x20 && c != 0 && has_packed_neighbour (scan, p))
        pfa_scan_packed (scan, p);
      if (c != '@' && p >= scan->viewed_until && pfa_scan_needs_view (scan, p))
        pfa_scan_view (scan, p);
    }
}

/* @bytes: those of the block. */
static void
look_at_words (PfaScan *scan, gsize base, const guint8 *bytes, guint64 words, gboolean own)
{
  const PfaWordStarts *starts = own ? scan->rules->own_words : scan->rules->words_anywhere;

  for (; words != 0; words &= words - 1)
    {
      const guint i = (guint) __builtin_ctzll (words);

      if (pfa_word_starts_have (starts, bytes + i) && base + i + 3 <= scan->length)
        pfa_scan_word (scan, base + i, own);
    }
}

/* After what is no letter, and at the capital letters inside camelCase. */
static inline guint64
find_word_starts (const PfaBlock *block, const PfaBlock *before)
{
  const guint64 alpha = block->alnum & ~block->digit;
  const guint64 alpha_before = before->alnum & ~before->digit;

  return (alpha & ~pfa_block_behind (alpha, alpha_before, 1)) |
         (block->upper &
          pfa_block_behind (alpha & ~block->upper, alpha_before & ~before->upper, 1));
}

/* Where sixteen or more letters and digits begin. */
static inline guint64
find_tokens (const PfaBlock *block, const PfaBlock *before, const PfaBlock *next)
{
  const guint64 two = block->token & pfa_block_ahead (block->token, next->token, 1);
  const guint64 two_next = next->token & next->token >> 1;
  const guint64 four = two & pfa_block_ahead (two, two_next, 2);
  const guint64 four_next = two_next & two_next >> 2;
  const guint64 eight = four & pfa_block_ahead (four, four_next, 4);
  const guint64 eight_next = four_next & four_next >> 4;

  return eight & pfa_block_ahead (eight, eight_next, 8) &
         ~pfa_block_behind (block->token, before->token, 1);
}

/* @token: the bits of this block, @next those of the one that follows. */
static void
look_at_tokens (PfaScan *scan, gsize base, guint64 tokens, guint64 token, guint64 next)
{
  for (; tokens != 0; tokens &= tokens - 1)
    {
      const guint i = (guint) __builtin_ctzll (tokens);
      const guint64 others = ~token & ~(guint64) 0 << i;
      gsize end;

      if (others != 0)
        end = base + (gsize) __builtin_ctzll (others);
      else if (~next != 0)
        end = base + PFA_BLOCK_LENGTH + (gsize) __builtin_ctzll (~next);
      else
        for (end = base + 2 * PFA_BLOCK_LENGTH;
             end < scan->length && (pfa_byte_classes[scan->text[end]] & PFA_BYTE_TOKEN) != 0;)
          end++;
      pfa_scan_token (scan, base + i, MIN (end, scan->length));
    }
}

/* Starts of what stands alone as two hexadecimal digits. */
static inline guint64
find_pairs (const PfaBlock *block, const PfaBlock *before, const PfaBlock *next)
{
  return block->hex & pfa_block_ahead (block->hex, next->hex, 1) &
         ~pfa_block_ahead (block->alnum, next->alnum, 2) &
         ~pfa_block_behind (block->alnum, before->alnum, 1);
}

static inline guint64
find_quads (const PfaBlock *block, const PfaBlock *before, const PfaBlock *next)
{
  const guint64 two = block->hex & pfa_block_ahead (block->hex, next->hex, 1);
  const guint64 two_next = next->hex & next->hex >> 1;

  return two & pfa_block_ahead (two, two_next, 2) &
         ~pfa_block_ahead (block->alnum, next->alnum, 4) &
         ~pfa_block_behind (block->alnum, before->alnum, 1);
}

static inline void
look_at_pairs (PfaScan *scan, gsize base, const Loop *loop)
{
  const guint64 two = loop->pairs & pfa_block_ahead (loop->pairs, loop->pairs_next, 3);
  guint64 six;

  if (two == 0)
    return;
  six = two & pfa_block_ahead (loop->pairs, loop->pairs_next, 6) &
        pfa_block_ahead (loop->pairs, loop->pairs_next, 9) &
        pfa_block_ahead (loop->pairs, loop->pairs_next, 12) &
        pfa_block_ahead (loop->pairs, loop->pairs_next, 15);
  for (; six != 0; six &= six - 1)
    {
      const gsize p = base + (gsize) __builtin_ctzll (six);

      pfa_scan_mac (scan, p);
      pfa_scan_pairs (scan, p);
    }
}

static inline void
look_at_quads (PfaScan *scan, gsize base, const Loop *loop)
{
  const guint64 two = loop->quads & pfa_block_ahead (loop->quads, loop->quads_next, 5);
  guint64 three, four;

  if (two == 0)
    return;
  three = two & pfa_block_ahead (loop->quads, loop->quads_next, 10);
  for (guint64 left = three; left != 0; left &= left - 1)
    pfa_scan_dotted_mac (scan, base + (gsize) __builtin_ctzll (left));
  four = three & pfa_block_ahead (loop->quads, loop->quads_next, 15);
  for (; four != 0; four &= four - 1)
    pfa_scan_pairs (scan, base + (gsize) __builtin_ctzll (four));
}

static inline void
look_at_colons (PfaScan *scan, gsize base, guint64 colon, guint64 c)
{
  const guint64 beside = colon & pfa_block_ahead (colon, c, 1);
  const guint64 near = pfa_block_ahead (colon, c, 2) | pfa_block_ahead (colon, c, 3) |
                       pfa_block_ahead (colon, c, 4) | pfa_block_ahead (colon, c, 5) | beside;
  const guint64 two = colon & near;
  guint64 two_next, hits;

  if (two == 0)
    return;
  two_next = c & (c >> 2 | c >> 3 | c >> 4 | c >> 5 | c >> 1);
  hits = two & (pfa_block_ahead (two, two_next, 2) | pfa_block_ahead (two, two_next, 3) |
                pfa_block_ahead (two, two_next, 4) | pfa_block_ahead (two, two_next, 5));
  /* One is enough: the whole address is read around it. */
  for (hits |= beside; hits != 0; hits &= hits - 1)
    pfa_scan_colons (scan, base + (gsize) __builtin_ctzll (hits));
}

static void
look_at_block (PfaScan *scan, Loop *loop, gsize base, const guint8 *bytes)
{
  const guint i = (guint) (base / PFA_BLOCK_LENGTH);
  const PfaBlock *block = &loop->blocks[i % 4];
  const PfaBlock *next = &loop->blocks[(i + 1) % 4];
  const PfaBlock *after = &loop->blocks[(i + 2) % 4];
  const PfaBlock *before = &loop->blocks[(i + 3) % 4];
  guint64 tokens;

  pfa_chains_look (&loop->chains, scan, base, before, block, next);
  if (scan->strict)
    return;
  scan->named_from = base;
  scan->named = 0;
  look_at_words (scan, base, bytes, block->word, FALSE);
  look_at_words (scan, base, bytes, find_word_starts (block, before), TRUE);
  tokens = find_tokens (block, before, next);
  if (tokens != 0)
    look_at_tokens (scan, base, tokens, block->token, next->token);
  if ((block->special | block->high) != 0)
    look_at_signs (scan, base, block->special | block->high);
  loop->pairs = loop->pairs_next;
  loop->quads = loop->quads_next;
  loop->pairs_next = find_pairs (next, block, after);
  loop->quads_next = find_quads (next, block, after);
  look_at_pairs (scan, base, loop);
  if (block->colon != 0)
    look_at_colons (scan, base, block->colon, next->colon);
  look_at_quads (scan, base, loop);
}

/* The last blocks reach over the end: they are read from a copy with zeros behind it. */
static const guint8 *
copy_end (const PfaScan *scan, Loop *loop, gsize base)
{
  const gsize n = base < scan->length ? MIN (sizeof loop->rest, scan->length - base) : 0;

  memset (loop->rest, 0, sizeof loop->rest);
  memcpy (loop->rest, scan->text + scan->length - (scan->length - MIN (base, scan->length)), n);
  return loop->rest;
}

static inline const guint8 *
bytes_at (const PfaScan *scan, Loop *loop, gsize base)
{
  return base + PFA_BLOCK_LENGTH + REACH <= scan->length ? scan->text + base
                                                         : copy_end (scan, loop, base);
}

static inline void
classify_at (const PfaScan *scan, Loop *loop, gsize base)
{
  PfaBlock *block = &loop->blocks[base / PFA_BLOCK_LENGTH % 4];

  if (base >= scan->length)
    {
      memset (block, 0, sizeof *block);
      return;
    }
  classify (bytes_at (scan, loop, base), scan->rules->block_words, block);
  if (scan->length - base < PFA_BLOCK_LENGTH)
    block->special &= ((guint64) 1 << (scan->length - base)) - 1;
}

void
pfa_scan_loop (PfaScan *scan)
{
  Loop loop;
  const PfaBlock none = { 0 };

  memset (&loop, 0, G_STRUCT_OFFSET (Loop, rest));
  classify_at (scan, &loop, 0);
  classify_at (scan, &loop, PFA_BLOCK_LENGTH);
  loop.pairs_next = find_pairs (&loop.blocks[0], &none, &loop.blocks[1]);
  loop.quads_next = find_quads (&loop.blocks[0], &none, &loop.blocks[1]);
  for (gsize base = 0; base < scan->until + 1; base += PFA_BLOCK_LENGTH)
    {
      classify_at (scan, &loop, base + 2 * PFA_BLOCK_LENGTH);
      look_at_block (scan, &loop, base, bytes_at (scan, &loop, base));
    }
  pfa_chains_end (&loop.chains, scan);
}
