/* pfa-redact-scan.h - finds what is secret in one piece of text; inside the redactor only
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "pfa-redact-block.h"
#include "pfa-redactor.h"
#include "pfa-safe-text.h"

G_BEGIN_DECLS

/* How deep encodings inside encodings are followed; deeper ones are masked unseen. */
#define PFA_SCAN_MAX_DEPTH   4
#define PFA_SPAN_TEXT_LENGTH 64
/* The longest value that a key can have, in bytes. */
#define PFA_VALUE_MAX 4096

typedef struct _PfaWordTable PfaWordTable;

#define PFA_WORD_START_BITS 15

/* Which first letters begin a word: three where it has no more, else four. */
typedef struct
{
  guint64 three[1 << (PFA_WORD_START_BITS - 6)];
  guint64 four[1 << (PFA_WORD_START_BITS - 6)];
} PfaWordStarts;

typedef struct _PfaScan PfaScan;
typedef void (*PfaScanLoop) (PfaScan *scan);

/* One secret place: [start, end) is replaced by @text. */
typedef struct
{
  gsize start;
  gsize end;
  PfaSecret secret;
  char text[PFA_SPAN_TEXT_LENGTH];
} PfaSpan;

/* What the name of a value says about it. */
typedef enum
{
  PFA_KEY_NONE,
  PFA_KEY_PASSWORD,
  PFA_KEY_SECRET, /* cryptographic keys */
  PFA_KEY_BARE,   /* "key" and nothing else: only what looks like one */
  PFA_KEY_TOKEN,
  PFA_KEY_CODE, /* one-time codes */
  PFA_KEY_AUTH,
  PFA_KEY_COOKIE,
  PFA_KEY_CARD,
  PFA_KEY_EXPIRY,
  PFA_KEY_TRACK,
  PFA_KEY_PIN,
  PFA_KEY_PIN_BLOCK,
  PFA_KEY_VERIFICATION,
  PFA_KEY_ICC,
  PFA_KEY_IDENTITY,
  PFA_KEY_IBAN,
  PFA_KEY_PHONE,
  PFA_KEY_WIFI,
  PFA_KEY_MAC,
  PFA_KEY_SERIAL,
  PFA_KEY_HOST,
  PFA_KEY_PERSON,
  PFA_KEY_PLACE,
  PFA_KEY_COORDINATE,
  PFA_KEY_REFERENCE, /* declared: 12 */
  PFA_KEY_TRACE,     /* 6 */
  PFA_KEY_TERMINAL,  /* 8 */
  PFA_KEY_MERCHANT,  /* 15 */
  PFA_KEY_ORDER,     /* the shop's or a wallet's number of the order */
  PFA_KEY_ARTICLE,
  PFA_KEY_TIME,
  PFA_KEY_VERSION,
  PFA_KEY_DIGEST,
} PfaKey;

#define PFA_KEY_CACHE_LENGTH 4096

/* Logs repeat the same few names. */
typedef struct
{
  guint8 length;
  char name[47];
  PfaKey key;
} PfaKeyCacheEntry;

/* What all scans of one redactor share. */
typedef struct
{
  PfaKeyCacheEntry *names;
  PfaScanLoop loop;
  PfaWordTable *words;
  const PfaBlockWords *block_words;
  const PfaWordStarts *own_words;
  const PfaWordStarts *words_anywhere;
  guint64 *key_marks;
  PfaReader reader;
  guint8 key[PFA_REDACTOR_KEY_LENGTH];
} PfaScanRules;

/* A run of digits in a chain of runs with little between them. */
typedef struct
{
  gsize start;
  guint length; /* saturates */
} PfaDigits;

#define PFA_CHAIN_MAX 96

struct _PfaScan
{
  const PfaScanRules *rules;
  const guint8 *text;
  gsize length;
  gsize until; /* where the search ends; what is found may reach further */
  guint depth;
  /* TRUE while only the strongest shapes count: bytes that may be no text at all. */
  gboolean strict;
  /* Where looking at wrapped or dumped lines, or a view, has already been done up to. */
  gsize dumped_until;
  gsize viewed_until;
  gsize encoded_until;
  gsize tabled_until;
  /* Where names have been looked at: 64 bytes from the first of the block on. */
  gsize named_from;
  guint64 named;
  GArray *spans; /* (element-type PfaSpan) */
  guint n_chain;
  guint chain_digits;
  PfaDigits chain[PFA_CHAIN_MAX];
};

/* The fastest for this processor, and the one for any. */
PfaScanLoop pfa_scan_get_loop (void);
void pfa_scan_loop (PfaScan *scan);
/* Appends to @spans what is secret in @text, in no order, possibly overlapping. */
void pfa_scan_text (const PfaScanRules *rules,
                    const guint8 *text,
                    gsize length,
                    guint depth,
                    gboolean strict,
                    GArray *spans);
/* The same of what begins before @until. */
void pfa_scan_part (const PfaScanRules *rules,
                    const guint8 *text,
                    gsize length,
                    gsize until,
                    GArray *spans);
/* TRUE when something in @text, which was decoded from the text of @scan, is secret. */
gboolean
pfa_scan_is_secret (const PfaScan *scan, const guint8 *text, gsize length, gboolean strict);
/* Sorts @spans and joins those that overlap; the stronger one names the whole. */
void pfa_spans_merge (GArray *spans);

/* [KIND:abcdefghij]: the same for the same @value, whatever it stood in. @value NULL: [KIND]. */
void pfa_scan_add (PfaScan *scan,
                   gsize start,
                   gsize end,
                   PfaSecret secret,
                   const char *value,
                   gsize value_length);
/* Replaced by @text as it is. */
void pfa_scan_add_text (PfaScan *scan, gsize start, gsize end, PfaSecret secret, const char *text);
/* ••••1234: the last four letters or digits of the place. */
void pfa_scan_add_last_four (PfaScan *scan, gsize start, gsize end, PfaSecret secret);

/* 0 behind the end. */
static inline guint8
pfa_scan_at (const PfaScan *scan, gsize position)
{
  return position < scan->length ? scan->text[position] : 0;
}

/* pfa-redact-pan.c */
typedef enum
{
  PFA_PAN_NO,
  PFA_PAN_WITH_LUHN, /* a known range and length: a card if the check digit is right */
  PFA_PAN_ALWAYS,    /* a range whose cards may have no right check digit */
} PfaPan;
/* No card's number begins with 0, 1 or 7; most dates, times and sums do. */
static inline gboolean
pfa_pan_may_begin (guint8 digit)
{
  return digit > '1' && digit != '7';
}
PfaPan pfa_pan_classify (const char *digits, guint length);
/* The ranges and lengths of cards in use, for places where much else could stand. */
gboolean pfa_pan_is_common (const char *digits, guint length);
gboolean pfa_pan_has_luhn (const char *digits, guint length);
/* FALSE for thirteen zeros and the like, which are right by accident. */
gboolean pfa_pan_is_varied (const char *digits, guint length);
gboolean pfa_ean_is_right (const char *digits, guint length);

/* pfa-redact-digits.c: a chain of runs of digits from its first digit to behind its last one. */
void pfa_scan_chain (PfaScan *scan, gsize start, gsize end);
/* TRUE when two runs with [start, end) between them are of one chain. */
gboolean pfa_scan_gap_joins (const PfaScan *scan, gsize start, gsize end);
/* What hides the middle of a number, behind six or more digits. */
void pfa_scan_mask (PfaScan *scan, gsize position);

/* pfa-redact-number.c: telephone numbers, addresses, dates and identity numbers in a chain. */
gboolean pfa_chain_is_date (const PfaScan *scan, guint first, guint *n_groups);
void pfa_chain_find_numbers (PfaScan *scan);
gboolean pfa_scan_is_in_uuid (const PfaScan *scan, gsize position);

/* pfa-redact-track.c */
gboolean pfa_scan_track (PfaScan *scan, gsize start, gsize end);
/* Tags 57, 5A, 9F6B, 56, 5F20 … in hexadecimal at or before the digits; TRUE when one was hidden.
 */
gboolean pfa_scan_tags (PfaScan *scan, gsize start, gsize end);
/* FALSE: pfa_scan_tags() would find none. */
gboolean pfa_scan_has_tags (const PfaScan *scan, gsize start, gsize end);
/* A tag whose value is text: the cardholder's name, discretionary data. */
void pfa_scan_text_tag (PfaScan *scan, gsize position);
/* A raw ISO 8583 message in ASCII: version, bitmap, fields. */
gboolean pfa_scan_message (PfaScan *scan, gsize start, gsize end);

/* pfa-redact-names.c: the first rule that fits decides. */
typedef struct
{
  const char *pattern;
  PfaKey key;
} PfaNameRule;
const PfaNameRule *pfa_name_rules_get (guint *n_rules);
const char *const *pfa_name_rules_get_harmless_ends (guint *n_ends);

/* pfa-redact-key.c */
/* Which letters each of the rules about names asks for: most rules need no closer look. */
guint64 *pfa_key_marks_new (void);
PfaKey pfa_key_classify (const guint64 *marks, const char *name, gsize length);
/* The same for [start, end) of the text, remembered. */
PfaKey pfa_scan_classify (const PfaScan *scan, gsize start, gsize end);
/* What stands before the value at @position, as "key" in key=value, "key": value, <key>value. */
PfaKey pfa_scan_find_key (const PfaScan *scan, gsize position);
/* TRUE when a declared number of that key has @length digits. */
gboolean pfa_key_declares (PfaKey key, guint length);

/* pfa-redact-prose.c: the value of the name [start, end) where no sign stands between. */
void pfa_scan_prose (PfaScan *scan, gsize start, gsize end, PfaKey key);

/* pfa-redact-command.c: @word is one of these, NULL behind the last. */
const char *pfa_command_get_word (guint i);
void pfa_scan_command (PfaScan *scan, gsize position, const char *word);

/* pfa-redact-table.c: the name [start, end) may be that of a column. */
void pfa_scan_table (PfaScan *scan, gsize start, gsize end);

/* pfa-redact-value.c: the value that belongs to the name around @position. */
void pfa_scan_key (PfaScan *scan, gsize position);
/* Applies what becomes of a value under @key; TRUE when something was hidden. */
gboolean pfa_scan_value (PfaScan *scan, PfaKey key, gsize start, gsize end);
gboolean pfa_value_is_harmless (const char *value, gsize length);

/* pfa-redact-shape.c */
typedef enum
{
  PFA_WORD_NAME, /* part of a key's name */
  PFA_WORD_URL,
  PFA_WORD_BASIC,
  PFA_WORD_PEM,
  PFA_WORD_JWT,
  PFA_WORD_VENDOR,
  PFA_WORD_PROCESS,
  PFA_WORD_MONTH,
  PFA_WORD_DOMAIN,
  PFA_WORD_DEVICE,
  PFA_WORD_PRINTABLE,
  PFA_WORD_LITERAL,
  PFA_WORD_TAG,
  PFA_WORD_OPTION,
  PFA_WORD_HOME,
  PFA_WORD_COMMAND,
} PfaWordKind;
/* @own: only words that count where a word begins, else only those that count anywhere. */
void pfa_scan_word (PfaScan *scan, gsize position, gboolean own);
void pfa_scan_email (PfaScan *scan, gsize at);
void pfa_scan_colons (PfaScan *scan, gsize colon);
void pfa_scan_mac (PfaScan *scan, gsize position);
void pfa_scan_dotted_mac (PfaScan *scan, gsize position);
void pfa_scan_iban (PfaScan *scan, gsize digits);

/* pfa-redact-words.c */
PfaWordTable *pfa_word_table_new (PfaReader reader);
void pfa_word_table_free (PfaWordTable *self);
void pfa_word_table_add (PfaWordTable *self, PfaWordKind kind, PfaSecret secret, const char *text);
const PfaBlockWords *pfa_word_table_get_block (const PfaWordTable *self);
/* Which three letters begin a word; @own: one that counts only where a word begins. */
const PfaWordStarts *pfa_word_table_get_starts (const PfaWordTable *self, gboolean own);

/* Four bytes at @text without what tells capital from small in letters. Other signs fall together
 * as well; the comparison that follows tells them apart. */
static inline guint32
pfa_word_fold (const guint8 *text)
{
  guint32 value;

  memcpy (&value, text, sizeof value);
  return GUINT32_FROM_LE (value) | 0x20202020;
}

static inline guint
pfa_word_hash (guint32 folded, guint n, guint bits)
{
  return (n == 3 ? folded & 0xffffff : folded) * 2654435761u >> (32 - bits);
}

/* FALSE: no such word is at @text, of which four bytes are read. */
static inline gboolean
pfa_word_starts_have (const PfaWordStarts *self, const guint8 *text)
{
  const guint32 folded = pfa_word_fold (text);
  const guint three = pfa_word_hash (folded, 3, PFA_WORD_START_BITS);
  const guint four = pfa_word_hash (folded, 4, PFA_WORD_START_BITS);

  return ((self->three[three / 64] >> three % 64 | self->four[four / 64] >> four % 64) & 1) != 0;
}

/* Calls @found for each word that stands at @text. */
typedef struct
{
  char *text;
  char *folded;
  guint length;
  PfaWordKind kind;
  PfaSecret secret;
  gboolean own; /* must not begin inside a word */
  int next;
} PfaWord;
const PfaWord *pfa_word_table_find (const PfaWordTable *self,
                                    const guint8 *text,
                                    gsize length,
                                    const PfaWord *previous);

/* pfa-redact-encoded.c: base64 and hexadecimal in one token; hexdumps over lines. */
void pfa_scan_token (PfaScan *scan, gsize start, gsize end);
void pfa_scan_pairs (PfaScan *scan, gsize position);
void pfa_scan_packed (PfaScan *scan, gsize position);

/* pfa-redact-view.c: the same text with escapes and foreign digits made plain. */
void pfa_scan_view (PfaScan *scan, gsize position);
/* TRUE when the byte at @position, which is no plain ASCII letter, could hide something. */
gboolean pfa_scan_needs_view (const PfaScan *scan, gsize position);

G_END_DECLS
