/* pfa-redact-text.h - small questions to the text around a name and its value; inside the redactor
 * only
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "pfa-redact-scan.h"

G_BEGIN_DECLS

/* The length of a name, and how far the two members of a pair may be apart. */
#define PFA_NAME_LIMIT 64
#define PFA_PAIR_LIMIT 96
#define PFA_GAP_LIMIT  24

/* [start, end) of the text. */
typedef struct
{
  gsize start;
  gsize end;
} PfaPlace;

static inline gboolean
pfa_text_is_name_byte (guint8 c)
{
  static const gboolean name_bytes[256] = {
    ['-' ... '9'] = TRUE, ['A' ... 'Z'] = TRUE,   ['_'] = TRUE,
    ['a' ... 'z'] = TRUE, [0x80 ... 0xff] = TRUE,
  };

  return name_bytes[c];
}

static inline gboolean
pfa_text_assigns (guint8 c)
{
  return c == ':' || c == '=';
}

static inline gboolean
pfa_text_is_space (guint8 c)
{
  return c == ' ' || c == '\t';
}

static inline gsize
pfa_text_skip_spaces (const PfaScan *scan, gsize p)
{
  const gsize limit = p + PFA_GAP_LIMIT;

  while (p < limit && pfa_text_is_space (pfa_scan_at (scan, p)))
    p++;
  return p;
}

static inline gboolean
pfa_text_stands_at (const PfaScan *scan, gsize p, const char *text)
{
  gsize n;

  /* Nearly always the first byte decides. */
  if (p >= scan->length || ((scan->text[p] ^ (guint8) text[0]) & 0xdf) != 0)
    return FALSE;
  n = strlen (text);
  return p + n <= scan->length && g_ascii_strncasecmp ((const char *) scan->text + p, text, n) == 0;
}

/* TRUE at " word=", " word:" and " --word": the next pair of the line. */
static inline gboolean
pfa_text_begins_pair (const PfaScan *scan, gsize p)
{
  gsize q = p;

  if (pfa_text_stands_at (scan, p, "--"))
    return TRUE;
  while (q - p < 32 &&
         (pfa_is_alnum (pfa_scan_at (scan, q)) || strchr ("_-.", pfa_scan_at (scan, q)) != NULL) &&
         pfa_scan_at (scan, q) != 0)
    q++;
  return q > p && (pfa_scan_at (scan, q) == '=' ||
                   (pfa_scan_at (scan, q) == ':' && (pfa_scan_at (scan, q + 1) == ' ' ||
                                                     pfa_is_alnum (pfa_scan_at (scan, q + 1)))));
}

/* pfa-redact-label.c: the whole name around @position, and with the words that follow it. */
PfaPlace pfa_name_around (const PfaScan *scan, gsize position);
PfaPlace pfa_name_label_around (const PfaScan *scan, PfaPlace name);
/* What a name of "key" means behind the word before it. */
PfaKey pfa_name_key_with_word_before (const PfaScan *scan, PfaPlace name);
gboolean pfa_name_is_wireless (const PfaScan *scan, gsize position);
gboolean pfa_name_is_digest (const PfaScan *scan, PfaPlace name);

/* pfa-redact-assign.c: where the value of a name begins, before its quotation marks; 0 when none
 * follows. */
gsize pfa_value_find (const PfaScan *scan, PfaPlace name, PfaKey key);
gsize pfa_value_find_bare_pair (const PfaScan *scan, PfaPlace name);
/* The value of an object that stands where a value at @p was looked for, 0 when it has none; @p
 * itself when there is no object. */
gsize pfa_value_find_member (const PfaScan *scan, gsize p);

/* pfa-redact-extent.c: the value that begins at @p. */
PfaPlace pfa_value_at (const PfaScan *scan, gsize p, PfaKey key);

G_END_DECLS
