/* pfa-redact-scan.c - finds what is secret in one piece of text
 *
 * One look at all bytes says where something could be (pfa-redact-block.c); everything else looks
 * at those places only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-scan.h"

#include <string.h>

typedef struct
{
  gsize run_start; /* of the run of digits that goes on, or G_MAXSIZE */
  gsize token_end; /* where the last long token ended */
} Progress;

static void
describe (const PfaScan *scan, PfaSecret secret, const char *value, gsize length, char *text)
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  g_autofree char *name = g_ascii_strup (pfa_secret_get_id (secret), -1);
  g_autoptr (GHmac) hmac = NULL;
  guint8 digest[32];
  gsize digest_length = sizeof digest;
  guint64 bits = 0;
  char token[11];

  if (value == NULL)
    {
      g_snprintf (text, PFA_SPAN_TEXT_LENGTH, "[%s]", name);
      return;
    }
  hmac = g_hmac_new (G_CHECKSUM_SHA256, scan->rules->key, sizeof scan->rules->key);
  g_hmac_update (hmac, (const guchar *) value, (gssize) length);
  g_hmac_get_digest (hmac, digest, &digest_length);
  for (guint i = 0; i < 8; i++)
    bits = bits << 8 | digest[i];
  for (guint i = 0; i < 10; i++, bits >>= 5)
    token[i] = alphabet[bits & 31];
  token[10] = '\0';
  g_snprintf (text, PFA_SPAN_TEXT_LENGTH, "[%s:%s]", name, token);
}

void
pfa_scan_add_text (PfaScan *scan, gsize start, gsize end, PfaSecret secret, const char *text)
{
  PfaSpan span = { .start = start, .end = MIN (end, scan->length), .secret = secret };

  if (span.end <= start)
    return;
  g_strlcpy (span.text, text, sizeof span.text);
  g_array_append_val (scan->spans, span);
}

void
pfa_scan_add (PfaScan *scan,
              gsize start,
              gsize end,
              PfaSecret secret,
              const char *value,
              gsize value_length)
{
  char text[PFA_SPAN_TEXT_LENGTH];

  describe (scan, secret, value, value_length, text);
  pfa_scan_add_text (scan, start, end, secret, text);
}

void
pfa_scan_add_last_four (PfaScan *scan, gsize start, gsize end, PfaSecret secret)
{
  char text[PFA_SPAN_TEXT_LENGTH];
  char last[5] = "";
  gsize p = end;
  guint n = 4;

  while (p > start && n > 0)
    if (g_ascii_isalnum ((char) scan->text[--p]))
      last[--n] = (char) scan->text[p];
  g_snprintf (text, sizeof text, "••••%s", n < 4 ? last + n : "");
  pfa_scan_add_text (scan, start, end, secret, text);
}

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const PfaSpan *one = a;
  const PfaSpan *other = b;

  if (one->start != other->start)
    return one->start < other->start ? -1 : 1;
  if (one->end != other->end)
    return one->end > other->end ? -1 : 1;
  return (int) one->secret - (int) other->secret;
}

void
pfa_spans_merge (GArray *spans)
{
  guint n = 0;

  g_array_sort (spans, compare_spans);
  for (guint i = 0; i < spans->len; i++)
    {
      PfaSpan *next = &g_array_index (spans, PfaSpan, i);
      PfaSpan *last = n > 0 ? &g_array_index (spans, PfaSpan, n - 1) : NULL;

      if (last == NULL || next->start >= last->end)
        {
          g_array_index (spans, PfaSpan, n++) = *next;
          continue;
        }
      last->end = MAX (last->end, next->end);
      if (next->secret < last->secret)
        {
          last->secret = next->secret;
          memcpy (last->text, next->text, sizeof last->text);
        }
    }
  g_array_set_size (spans, n);
}

gboolean
pfa_scan_is_secret (const PfaScan *scan, const guint8 *text, gsize length, gboolean strict)
{
  g_autoptr (GArray) spans = NULL;

  /* Too deep to be looked into: not safe. */
  if (scan->depth >= PFA_SCAN_MAX_DEPTH)
    return TRUE;
  spans = g_array_new (FALSE, FALSE, sizeof (PfaSpan));
  pfa_scan_text (scan->rules, text, length, scan->depth + 1, strict, spans);
  return spans->len > 0;
}

static inline guint64
ahead (guint64 now, guint64 next, guint n)
{
  return now >> n | next << (64 - n);
}

/* Starts of what stands alone as two hexadecimal digits. */
static guint64
pair_starts (const PfaBlock *block, const PfaBlock *next, guint64 before)
{
  return block->hex & ahead (block->hex, next->hex, 1) & ~ahead (block->alnum, next->alnum, 2) &
         ~(block->alnum << 1 | before >> 63);
}

static guint64
quad_starts (const PfaBlock *block, const PfaBlock *next, guint64 before)
{
  return block->hex & ahead (block->hex, next->hex, 1) & ahead (block->hex, next->hex, 2) &
         ahead (block->hex, next->hex, 3) & ~ahead (block->alnum, next->alnum, 4) &
         ~(block->alnum << 1 | before >> 63);
}

static void
scan_digit_runs (PfaScan *scan, Progress *progress, gsize base, guint64 digit)
{
  const guint64 before = progress->run_start != G_MAXSIZE ? 1 : 0;
  guint64 edges = digit ^ (digit << 1 | before);

  while (edges != 0)
    {
      const gsize p = base + (gsize) __builtin_ctzll (edges);

      edges &= edges - 1;
      if (progress->run_start == G_MAXSIZE)
        {
          progress->run_start = p;
          continue;
        }
      if (progress->run_start >= 2 &&
          g_ascii_isalpha ((char) scan->text[progress->run_start - 1]) &&
          p - progress->run_start >= 2 &&
          g_ascii_isalpha ((char) scan->text[progress->run_start - 2]) &&
          (progress->run_start == 2 ||
           !g_ascii_isalnum ((char) scan->text[progress->run_start - 3])))
        pfa_scan_iban (scan, progress->run_start);
      pfa_scan_digits (scan, progress->run_start, p);
      progress->run_start = G_MAXSIZE;
    }
}

static gboolean
is_token_byte (guint8 c)
{
  return g_ascii_isalnum ((char) c) || c == '+' || c == '/' || c == '_' || c == '-';
}

/* A run of at least sixteen has eight bytes in a row that begin at a multiple of eight. */
static void
scan_long_tokens (PfaScan *scan, Progress *progress, gsize base, guint64 token)
{
  guint64 full = token & token >> 1;

  full &= full >> 2;
  full &= full >> 4;
  for (full &= G_GUINT64_CONSTANT (0x0101010101010101); full != 0; full &= full - 1)
    {
      const gsize i = (gsize) __builtin_ctzll (full);
      gsize start, end;

      if (base + i < progress->token_end)
        continue;
      start = end = base + i;
      while (start > progress->token_end && is_token_byte (scan->text[start - 1]))
        start--;
      while (end < scan->length && is_token_byte (scan->text[end]))
        end++;
      progress->token_end = end;
      if (end - start >= 16)
        pfa_scan_token (scan, start, end);
    }
}

static gboolean
has_packed_neighbour (const PfaScan *scan, gsize position)
{
  const guint8 c = scan->text[position];
  const guint8 next = pfa_scan_at (scan, position + 1);

  return (c & 15) <= 9 && (next >> 4) <= 9 && (next & 15) <= 9;
}

static void
scan_signs (PfaScan *scan, gsize base, guint64 signs)
{
  while (signs != 0)
    {
      const gsize p = base + (gsize) __builtin_ctzll (signs);

      signs &= signs - 1;
      if (p >= scan->length)
        return;
      if (scan->text[p] == '@')
        pfa_scan_email (scan, p);
      else if (scan->text[p] < 0x20 && scan->text[p] != 0 && has_packed_neighbour (scan, p))
        pfa_scan_packed (scan, p);
      if (scan->text[p] != '@' && p >= scan->viewed_until && pfa_scan_needs_view (scan, p))
        pfa_scan_view (scan, p);
    }
}

static void
scan_pairs_and_colons (PfaScan *scan,
                       gsize base,
                       const PfaBlock *block,
                       const PfaBlock *next,
                       const PfaBlock *after,
                       guint64 before)
{
  const guint64 pair = pair_starts (block, next, before);
  const guint64 colon = block->colon;

  if (pair != 0)
    {
      const guint64 pair_next = pair_starts (next, after, block->alnum);
      guint64 six = pair & ahead (pair, pair_next, 3) & ahead (pair, pair_next, 6) &
                    ahead (pair, pair_next, 9) & ahead (pair, pair_next, 12) &
                    ahead (pair, pair_next, 15);

      for (; six != 0; six &= six - 1)
        {
          const gsize p = base + (gsize) __builtin_ctzll (six);

          pfa_scan_mac (scan, p);
          pfa_scan_pairs (scan, p);
        }
    }
  if (colon != 0)
    {
      const guint64 c = next->colon;
      const guint64 near = ahead (colon, c, 2) | ahead (colon, c, 3) | ahead (colon, c, 4) |
                           ahead (colon, c, 5) | ahead (colon, c, 1);
      const guint64 near_next = c >> 2 | c >> 3 | c >> 4 | c >> 5 | c >> 1;
      const guint64 two = colon & near;
      const guint64 two_next = c & near_next;
      guint64 hits = two & (ahead (two, two_next, 2) | ahead (two, two_next, 3) |
                            ahead (two, two_next, 4) | ahead (two, two_next, 5));

      hits |= colon & ahead (colon, c, 1);
      /* One is enough: the whole address is read around it. */
      for (; hits != 0; hits &= hits - 1)
        pfa_scan_colons (scan, base + (gsize) __builtin_ctzll (hits));
    }
}

static void
scan_quads (PfaScan *scan,
            gsize base,
            const PfaBlock *block,
            const PfaBlock *next,
            const PfaBlock *after,
            guint64 before)
{
  const guint64 quad = quad_starts (block, next, before);
  guint64 four;

  if (quad == 0)
    return;
  four = quad_starts (next, after, block->alnum);
  four = quad & ahead (quad, four, 5) & ahead (quad, four, 10) & ahead (quad, four, 15);
  for (; four != 0; four &= four - 1)
    pfa_scan_pairs (scan, base + (gsize) __builtin_ctzll (four));
}

/* After what is no letter, and at the capital letters inside camelCase. */
static void
scan_word_starts (PfaScan *scan, gsize base, const PfaBlock *block, const PfaBlock *before)
{
  const guint64 alpha = block->alnum & ~block->digit;
  const guint64 small = alpha & ~block->upper;
  const guint64 alpha_before = before->alnum & ~before->digit;
  guint64 starts = (alpha & ~(alpha << 1 | alpha_before >> 63)) |
                   (block->upper & (small << 1 | (alpha_before & ~before->upper) >> 63));

  for (; starts != 0; starts &= starts - 1)
    {
      const gsize p = base + (gsize) __builtin_ctzll (starts);

      if (p + 3 <= scan->length && pfa_word_starts_have (scan->rules->own_words, scan->text + p))
        pfa_scan_word (scan, p, TRUE);
    }
}

static void
scan_block (PfaScan *scan,
            Progress *progress,
            gsize base,
            const PfaBlock *block,
            const PfaBlock *next,
            const PfaBlock *after,
            const PfaBlock *before)
{
  scan_digit_runs (scan, progress, base, block->digit);
  if (scan->strict)
    return;
  for (guint64 words = block->word; words != 0; words &= words - 1)
    {
      const gsize p = base + (gsize) __builtin_ctzll (words);

      if (p + 3 <= scan->length &&
          pfa_word_starts_have (scan->rules->words_anywhere, scan->text + p))
        pfa_scan_word (scan, p, FALSE);
    }
  scan_word_starts (scan, base, block, before);
  scan_long_tokens (scan, progress, base, block->token);
  if ((block->special | block->high) != 0)
    scan_signs (scan, base, block->special | block->high);
  scan_pairs_and_colons (scan, base, block, next, after, before->alnum);
  scan_quads (scan, base, block, next, after, before->alnum);
}

/* The last blocks reach over the end: they are read from a copy with zeros behind it. */
static G_GNUC_NO_INLINE void
classify_end (const PfaScan *scan, gsize base, PfaBlock *block)
{
  guint8 rest[PFA_BLOCK_LENGTH + 8] = { 0 };

  if (base >= scan->length)
    {
      memset (block, 0, sizeof *block);
      return;
    }
  if (base < scan->length)
    memcpy (rest, scan->text + base, MIN (sizeof rest, scan->length - base));
  scan->rules->classify (rest, pfa_word_table_get_block (scan->rules->words), block);
  if (scan->length - MIN (base, scan->length) < PFA_BLOCK_LENGTH)
    block->special &= ((guint64) 1 << (scan->length - MIN (base, scan->length))) - 1;
}

static inline void
classify_at (const PfaScan *scan, gsize base, PfaBlock *block)
{
  if (base + PFA_BLOCK_LENGTH + 8 <= scan->length)
    scan->rules->classify (scan->text + base, pfa_word_table_get_block (scan->rules->words), block);
  else
    classify_end (scan, base, block);
}

void
pfa_scan_text (const PfaScanRules *rules,
               const guint8 *text,
               gsize length,
               guint depth,
               gboolean strict,
               GArray *spans)
{
  /* All but the chain, which is large: many scans are of one short token. */
  PfaScan scan;
  Progress progress = { .run_start = G_MAXSIZE };
  PfaBlock blocks[4] = { 0 };

  memset (&scan, 0, G_STRUCT_OFFSET (PfaScan, chain));
  scan.rules = rules;
  scan.text = text;
  scan.length = length;
  scan.depth = depth;
  scan.strict = strict;
  scan.spans = spans;
  /* Four blocks in a ring: the one before, the one looked at, and two ahead of it. */
  classify_at (&scan, 0, &blocks[0]);
  classify_at (&scan, PFA_BLOCK_LENGTH, &blocks[1]);
  for (gsize base = 0; base < length + 1; base += PFA_BLOCK_LENGTH)
    {
      const guint i = (guint) (base / PFA_BLOCK_LENGTH);

      classify_at (&scan, base + 2 * PFA_BLOCK_LENGTH, &blocks[(i + 2) % 4]);
      scan_block (&scan,
                  &progress,
                  base,
                  &blocks[i % 4],
                  &blocks[(i + 1) % 4],
                  &blocks[(i + 2) % 4],
                  &blocks[(i + 3) % 4]);
    }
  if (progress.run_start != G_MAXSIZE)
    pfa_scan_digits (&scan, progress.run_start, length);
  pfa_scan_digits_end (&scan);
}
