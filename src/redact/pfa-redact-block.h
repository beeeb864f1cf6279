/* pfa-redact-block.h - sixty-four bytes at once: which of them are digits, words, signs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PFA_BLOCK_LENGTH 64

/* Bit n stands for byte n of the block. */
typedef struct
{
  guint64 digit; /* 0-9 */
  guint64 upper; /* A-Z */
  guint64 alnum; /* 0-9 A-Z a-z */
  guint64 hex;   /* 0-9 A-F a-f */
  guint64 token; /* alnum + / _ - : what base64 and its kin are made of */
  guint64 colon;
  guint64 special; /* @ % & \ and control characters but tab and line feed and carriage return */
  guint64 high;    /* 128 and above */
  guint64 newline;
  guint64 word; /* a word that counts anywhere may begin here */
} PfaBlock;

/* Three-letter beginnings of words: for each of the first three bytes, which of eight buckets have
 * a word with that low and that high half. */
typedef struct
{
  guint8 low[3][16];
  guint8 high[3][16];
} PfaBlockWords;

/* Reads PFA_BLOCK_LENGTH bytes at @bytes and two more behind them for the words. */
typedef void (*PfaBlockFunction) (const guint8 *bytes, const PfaBlockWords *words, PfaBlock *block);

/* The fastest for this processor. */
PfaBlockFunction pfa_block_get_function (void);
/* The plain one, for other processors and as the reference of the tests. */
void pfa_block_classify_plain (const guint8 *bytes, const PfaBlockWords *words, PfaBlock *block);

G_END_DECLS
