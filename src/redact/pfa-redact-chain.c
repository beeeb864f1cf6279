/* pfa-redact-chain.c - runs of digits with little between them, sixty-four bytes at once
 *
 * Most chains of a log are a sum or a counter: too few digits for anything. They are counted here,
 * as bits, and never looked at.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-loop.h"

/* Too short for a telephone number, too few runs for an address. */
#define FEWEST_DIGITS 8
#define FEWEST_RUNS   4

static inline guint
two_digits (const guint8 *text)
{
  return (guint) (text[0] - '0') * 10 + (guint) (text[1] - '0');
}

/* 2026-03-04 or 04.03.2026, where ten bytes hold eight digits. */
static gboolean
is_date (const guint8 *text)
{
  const gboolean year_first = !pfa_is_digit (text[4]);
  const guint8 sign = text[year_first ? 4 : 2];
  const guint8 *year = text + (year_first ? 0 : 6);
  const guint month = two_digits (text + (year_first ? 5 : 3));
  const guint day = two_digits (text + (year_first ? 8 : 0));

  if ((sign != '-' && sign != '/' && sign != '.') || text[year_first ? 7 : 5] != sign ||
      !((year[0] == '1' && year[1] == '9' && year[2] >= '7') || (year[0] == '2' && year[1] == '0')))
    return FALSE;
  /* Day and month change places in some countries. */
  return month >= 1 && month <= (year_first ? 12 : 31) && day >= 1 && day <= 31;
}

/* 05:06:07, where eight bytes hold six digits. */
static gboolean
is_time (const guint8 *text)
{
  return text[2] == ':' && text[5] == ':' && two_digits (text) <= 23 &&
         two_digits (text + 3) <= 59 && two_digits (text + 6) <= 60;
}

/* A short figure at the end of a line and the date that begins the next: too few digits for a card,
 * or twelve that no card of twelve begins with. */
static gboolean
is_figure_and_date (const guint8 *text, const PfaChain *chain)
{
  const guint figure = chain->digits - 8;

  return figure >= 1 && figure <= 4 && text[chain->end - 11] == '\n' &&
         is_date (text + chain->end - 10) && !pfa_is_digit (text[chain->start + figure]) &&
         (figure < 4 || (text[chain->start] != '5' && text[chain->start] != '6'));
}

/* TRUE for most of what a log holds of chains so long: nothing but the date and the time of a line,
 * and perhaps the end of the line before. What pfa_scan_chain() would say to it is nothing. */
static gboolean
is_stamp (const guint8 *all, const PfaChain *chain)
{
  const gsize length = chain->end - chain->start;
  const gsize others = length - chain->digits;
  const guint8 *text = all + chain->start;

  if (chain->runs == 3)
    return length == 10 && others == 2 && is_date (text);
  if (length < 10)
    return FALSE;
  if (chain->runs == 4)
    return (others == 3 && length <= 17 && (text[8] == '.' || text[8] == ',') && is_time (text)) ||
           (length >= 12 && is_figure_and_date (all, chain));
  if (length < 19 || !is_date (text) || !is_time (text + 11))
    return FALSE;
  return (chain->runs == 6 && length == 19 && others == 5) ||
         (chain->runs == 7 && others == 6 && length <= 29 && (text[19] == '.' || text[19] == ','));
}

/* TRUE when a lone run is only a counter: no telephone number begins so or is so long. */
static inline gboolean
is_counter (const PfaScan *scan, const PfaChain *chain)
{
  const guint8 before = chain->start > 0 ? scan->text[chain->start - 1] : ' ';

  return chain->runs == 1 && chain->digits < 11 && before != '+' && before != '(' &&
         scan->text[chain->start] != '0';
}

static void
judge (PfaScan *scan, const PfaChain *chain)
{
  if ((chain->digits >= FEWEST_DIGITS || chain->runs >= FEWEST_RUNS) && !is_counter (scan, chain) &&
      !is_stamp (scan->text, chain))
    pfa_scan_chain (scan, chain->start, chain->end);
}

/* The chain that waits ends here, or goes on over the end of a line. */
static G_GNUC_NO_INLINE void
end_waiting (PfaChains *self, PfaScan *scan, gsize start)
{
  if (self->line_ended && start - self->waiting.end > 1 &&
      pfa_scan_gap_joins (scan, self->waiting.end, start))
    self->chain = self->waiting;
  else
    judge (scan, &self->waiting);
  self->waiting.runs = 0;
}

/* DE89… may be an account. */
static inline guint64
find_accounts (const PfaBlock *before, const PfaBlock *block, const PfaBlock *next, guint64 starts)
{
  const guint64 alpha = block->alnum & ~block->digit;
  const guint64 alpha_before = before->alnum & ~before->digit;
  const guint64 behind_two = starts & pfa_block_behind (alpha, alpha_before, 1) &
                             pfa_block_behind (alpha, alpha_before, 2);

  return behind_two == 0 ? 0
                         : behind_two & ~pfa_block_behind (block->alnum, before->alnum, 3) &
                               pfa_block_ahead (block->digit, next->digit, 1);
}

/* 41111111****1111 shows too much: the last six digits before something else. */
static inline guint64
find_six (guint64 digit, guint64 next)
{
  const guint64 two = digit & pfa_block_ahead (digit, next, 1);
  const guint64 two_next = next & next >> 1;

  return two & pfa_block_ahead (two, two_next, 2) & pfa_block_ahead (two, two_next, 4) &
         ~pfa_block_ahead (digit, next, 6);
}

static void
look_at_neighbours (PfaScan *scan, gsize base, guint64 accounts, guint64 six)
{
  for (; accounts != 0; accounts &= accounts - 1)
    pfa_scan_iban (scan, base + (gsize) __builtin_ctzll (accounts));
  for (; six != 0; six &= six - 1)
    pfa_scan_mask (scan, base + (gsize) __builtin_ctzll (six) + 6);
}

/* Digits and the gaps inside a chain; a gap may have begun in the block before. */
static inline guint64
find_chains (PfaChains *self, const PfaBlock *before, const PfaBlock *block, const PfaBlock *next)
{
  const guint64 joint = block->joint;
  const guint64 gaps = pfa_block_behind (block->digit, before->digit, 1) & ~block->digit;
  const guint64 two_joints = gaps & joint & pfa_block_ahead (joint, next->joint, 1);
  const guint64 one =
      gaps & (joint | block->newline) & pfa_block_ahead (block->digit, next->digit, 1);
  const guint64 two = two_joints & pfa_block_ahead (block->digit, next->digit, 2);
  const guint64 three = two_joints & pfa_block_ahead (joint, next->joint, 2) &
                        pfa_block_ahead (block->digit, next->digit, 3);
  const guint64 longer = two | three;
  const guint64 chains = block->digit | one | longer | longer << 1 | three << 2 | self->carried;

  self->carried = longer >> 63 | three >> 62;
  return chains;
}

static inline void
count (PfaChain *chain, guint64 digit, guint64 starts, guint64 inside)
{
  chain->digits += (guint) __builtin_popcountll (digit & inside);
  chain->runs += (guint) __builtin_popcountll (starts & inside);
}

/* Chains that end in the block are judged unless the next may still belong to them. */
static void
walk (PfaChains *self,
      PfaScan *scan,
      gsize base,
      const PfaBlock *block,
      guint64 chains,
      guint64 runs)
{
  const guint64 shifted = chains << 1 | self->open;
  guint64 starts = chains & ~shifted;
  guint64 ends = ~chains & shifted;
  guint from = 0;

  while (self->open != 0 || starts != 0)
    {
      guint end, next;

      if (self->open == 0)
        {
          from = (guint) __builtin_ctzll (starts);
          starts &= starts - 1;
          self->chain = (PfaChain){ .start = base + from };
          if (self->waiting.runs > 0)
            {
              self->line_ended |= (block->newline & (((guint64) 1 << from) - 1)) != 0;
              end_waiting (self, scan, base + from);
            }
        }
      self->open = ends == 0;
      count (&self->chain, block->digit, runs, (~(guint64) 0 << from) & ((ends & -ends) - 1));
      if (ends == 0)
        return;
      end = (guint) __builtin_ctzll (ends);
      ends &= ends - 1;
      self->chain.end = base + end;
      next = starts != 0 ? (guint) __builtin_ctzll (starts) : 64;
      self->line_ended = (block->newline & pfa_block_between (end, next)) != 0;
      if (next < 64 && !self->line_ended)
        judge (scan, &self->chain);
      else
        self->waiting = self->chain;
    }
}

/* Blocks as they come. */
void
pfa_chains_look (PfaChains *self,
                 PfaScan *scan,
                 gsize base,
                 const PfaBlock *before,
                 const PfaBlock *block,
                 const PfaBlock *next)
{
  const guint64 digit = block->digit;
  const guint64 runs = digit & ~pfa_block_behind (digit, before->digit, 1);
  const guint64 chains = find_chains (self, before, block, next);
  const guint64 accounts = find_accounts (before, block, next, runs);
  const guint64 six = find_six (digit, next->digit);

  if (chains == 0 && self->open == 0)
    self->line_ended |= block->newline != 0;
  else
    walk (self, scan, base, block, chains, runs);
  if ((accounts | six) != 0)
    look_at_neighbours (scan, base, accounts, six);
}

void
pfa_chains_end (PfaChains *self, PfaScan *scan)
{
  judge (scan, &self->waiting);
}
