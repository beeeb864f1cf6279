/* pfa-redact-block.h - sixty-four bytes at once: which of them are digits, words, signs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PFA_BLOCK_LENGTH 64

/* As GLib's, but without a call or a table in another library: they are asked often, and of bytes
 * that no processor can foresee. */
enum
{
  PFA_BYTE_DIGIT = 1,
  PFA_BYTE_UPPER = 2,
  PFA_BYTE_LOWER = 4,
  PFA_BYTE_HEX = 8,
  PFA_BYTE_TOKEN = 16,
};

static const guint8 pfa_byte_classes[256] = {
  ['0' ... '9'] = PFA_BYTE_DIGIT | PFA_BYTE_HEX | PFA_BYTE_TOKEN,
  ['A' ... 'F'] = PFA_BYTE_UPPER | PFA_BYTE_HEX | PFA_BYTE_TOKEN,
  ['G' ... 'Z'] = PFA_BYTE_UPPER | PFA_BYTE_TOKEN,
  ['a' ... 'f'] = PFA_BYTE_LOWER | PFA_BYTE_HEX | PFA_BYTE_TOKEN,
  ['g' ... 'z'] = PFA_BYTE_LOWER | PFA_BYTE_TOKEN,
  ['+'] = PFA_BYTE_TOKEN,
  ['/'] = PFA_BYTE_TOKEN,
  ['_'] = PFA_BYTE_TOKEN,
  ['-'] = PFA_BYTE_TOKEN,
};

static inline gboolean
pfa_is_digit (guint8 c)
{
  return (guint8) (c - '0') < 10;
}

static inline gboolean
pfa_is_lower (guint8 c)
{
  return (guint8) (c - 'a') < 26;
}

static inline gboolean
pfa_is_upper (guint8 c)
{
  return (guint8) (c - 'A') < 26;
}

static inline gboolean
pfa_is_alpha (guint8 c)
{
  return pfa_is_lower (c | 0x20);
}

static inline gboolean
pfa_is_alnum (guint8 c)
{
  return (pfa_byte_classes[c] & (PFA_BYTE_DIGIT | PFA_BYTE_UPPER | PFA_BYTE_LOWER)) != 0;
}

static inline gboolean
pfa_is_xdigit (guint8 c)
{
  return (pfa_byte_classes[c] & PFA_BYTE_HEX) != 0;
}

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
  guint64 joint; /* what may stand between two runs of one number */
  guint64 word; /* a word that counts anywhere may begin here */
} PfaBlock;

#define PFA_BLOCK_BUCKETS 16

/* Three-letter beginnings of words: for each of the first three bytes, which of twice eight buckets
 * have a word with that low and that high half. */
typedef struct
{
  guint8 low[PFA_BLOCK_BUCKETS / 8][3][16];
  guint8 high[PFA_BLOCK_BUCKETS / 8][3][16];
} PfaBlockWords;

/* Reads PFA_BLOCK_LENGTH bytes at @bytes and two more behind them for the words. */
typedef void (*PfaBlockFunction) (const guint8 *bytes, const PfaBlockWords *words, PfaBlock *block);

gboolean pfa_block_is_joint (guint8 c);
/* The fastest for this processor. */
PfaBlockFunction pfa_block_get_function (void);
/* The plain one, for other processors and as the reference of the tests. */
void pfa_block_classify_plain (const guint8 *bytes, const PfaBlockWords *words, PfaBlock *block);

G_END_DECLS
