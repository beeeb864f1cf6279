/* pfa-redact-block-avx2.h - sixty-four bytes at once, thirty-two by thirty-two
 *
 * Almost every byte of a log is looked at here and nowhere else, so this is where the speed comes
 * from: one table-free comparison per class and 32 bytes, and for the words the two half-bytes of
 * the first three letters against eight buckets (the idea is Hyperscan's "Teddy").
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <immintrin.h>

#include "pfa-redact-block.h"

typedef struct
{
  guint32 digit, upper, alnum, hex, token, colon, special, high, newline, joint, word;
} PfaHalf;

#define PFA_TARGET_AVX2 __attribute__ ((target ("avx2,bmi,bmi2,popcnt")))
#define AVX2            PFA_TARGET_AVX2 __attribute__ ((always_inline)) static inline

AVX2 __m256i
same (__m256i v, char c)
{
  return _mm256_cmpeq_epi8 (v, _mm256_set1_epi8 (c));
}

/* All ones where @first <= byte < @first + @count, unsigned. */
AVX2 __m256i
within (__m256i v, guint8 first, guint8 count)
{
  const __m256i moved = _mm256_sub_epi8 (v, _mm256_set1_epi8 ((char) (first + 128)));

  return _mm256_cmpgt_epi8 (_mm256_set1_epi8 ((char) (count - 128)), moved);
}

AVX2 guint32
bits (__m256i v)
{
  return (guint32) _mm256_movemask_epi8 (v);
}

/* The bytes of a class that is a set of first half-bytes, each with a set of second ones: one bit
 * of the two tables for each first half-byte. */
AVX2 __m256i
looked_up (__m256i low_halves, __m256i high_halves, __m128i low, __m128i high)
{
  return _mm256_and_si256 (_mm256_shuffle_epi8 (_mm256_broadcastsi128_si256 (low), low_halves),
                           _mm256_shuffle_epi8 (_mm256_broadcastsi128_si256 (high), high_halves));
}

/* Bits: 1 for 2x, 2 for 3x, 4 for 5x, 8 for 60, 16 for 7x, 32 for the tabulator. */
AVX2 guint32
find_joints (__m256i v)
{
  const __m256i nibble = _mm256_set1_epi8 (15);
  const __m256i found =
      looked_up (_mm256_and_si256 (v, nibble),
                 _mm256_and_si256 (_mm256_srli_epi16 (v, 4), nibble),
                 _mm_setr_epi8 (9, 1, 1, 1, 1, 1, 1, 1, 1, 33, 3, 7, 23, 5, 19, 7),
                 _mm_setr_epi8 (32, 0, 1, 2, 0, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0));

  return ~(guint32) _mm256_movemask_epi8 (_mm256_cmpeq_epi8 (found, _mm256_setzero_si256 ()));
}

/* All ones where no word begins. */
AVX2 __m256i
find_no_words (const guint8 *bytes, const PfaBlockWords *words)
{
  const __m256i nibble = _mm256_set1_epi8 (15);
  __m256i found[PFA_BLOCK_BUCKETS / 8];

  for (guint j = 0; j < 3; j++)
    {
      const __m256i v = _mm256_loadu_si256 ((const __m256i_u *) (bytes + j));
      const __m256i low = _mm256_and_si256 (v, nibble);
      const __m256i high = _mm256_and_si256 (_mm256_srli_epi16 (v, 4), nibble);

      for (guint k = 0; k < PFA_BLOCK_BUCKETS / 8; k++)
        {
          const __m256i here = looked_up (low,
                                          high,
                                          _mm_loadu_si128 ((const __m128i_u *) words->low[k][j]),
                                          _mm_loadu_si128 ((const __m128i_u *) words->high[k][j]));

          found[k] = j == 0 ? here : _mm256_and_si256 (found[k], here);
        }
    }
  return _mm256_cmpeq_epi8 (_mm256_or_si256 (found[0], found[1]), _mm256_setzero_si256 ());
}

AVX2 PfaHalf
classify_half (const guint8 *bytes, const PfaBlockWords *words)
{
  const __m256i v = _mm256_loadu_si256 ((const __m256i_u *) bytes);
  const __m256i folded = _mm256_or_si256 (v, _mm256_set1_epi8 (0x20));
  const __m256i digit = within (v, '0', 10);
  const __m256i alnum = _mm256_or_si256 (digit, within (folded, 'a', 26));
  const __m256i newline = same (v, '\n');
  const __m256i blank = _mm256_or_si256 (_mm256_or_si256 (newline, same (v, '\t')), same (v, '\r'));
  const __m256i control = _mm256_or_si256 (within (v, 0, 0x20), same (v, 0x7f));
  const __m256i signs = _mm256_or_si256 (_mm256_or_si256 (same (v, '@'), same (v, '%')),
                                         _mm256_or_si256 (same (v, '&'), same (v, '\\')));
  const __m256i joints = _mm256_or_si256 (_mm256_or_si256 (same (v, '+'), same (v, '/')),
                                          _mm256_or_si256 (same (v, '_'), same (v, '-')));
  return (PfaHalf){
    .digit = bits (digit),
    .alnum = bits (alnum),
    .upper = bits (within (v, 'A', 26)),
    .hex = bits (_mm256_or_si256 (digit, within (folded, 'a', 6))),
    .token = bits (_mm256_or_si256 (alnum, joints)),
    .colon = bits (same (v, ':')),
    .special = bits (_mm256_or_si256 (_mm256_andnot_si256 (blank, control), signs)),
    .high = bits (v),
    .newline = bits (newline),
    .joint = find_joints (v),
    .word = ~bits (find_no_words (bytes, words)),
  };
}

AVX2 void
pfa_block_classify_avx2 (const guint8 *bytes, const PfaBlockWords *words, PfaBlock *block)
{
  const PfaHalf a = classify_half (bytes, words);
  const PfaHalf b = classify_half (bytes + 32, words);

#define JOIN(field) block->field = a.field | (guint64) b.field << 32
  JOIN (digit);
  JOIN (alnum);
  JOIN (upper);
  JOIN (hex);
  JOIN (token);
  JOIN (colon);
  JOIN (special);
  JOIN (high);
  JOIN (newline);
  JOIN (joint);
  JOIN (word);
#undef JOIN
}

#undef AVX2
