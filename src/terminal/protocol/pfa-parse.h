/* pfa-parse.h - what every parser of foreign bytes answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @PFA_PARSE_COMPLETE: a value was read; @consumed bytes are done with.
 * @PFA_PARSE_NEEDS_MORE: nothing wrong so far, but the end is missing (of a list: nothing is left).
 * @PFA_PARSE_INVALID: these bytes break the protocol; @consumed says how many to throw away. */
typedef enum
{
  PFA_PARSE_COMPLETE,
  PFA_PARSE_NEEDS_MORE,
  PFA_PARSE_INVALID,
} PfaParse;

/* Bytes inside somebody else's buffer; valid as long as that buffer. */
typedef struct
{
  const guint8 *data;
  gsize length;
} PfaSpan;

/* Upper-case hex without blanks. (transfer full) */
char *pfa_span_dup_hex (PfaSpan span);
/* Binary coded digits, high nibble first; NULL when a nibble is not a digit. (transfer full) */
char *pfa_span_dup_digits (PfaSpan span);
/* Text of a terminal as UTF-8: UTF-8 itself, else Latin-1 where a letter fits, else CP437; control
 * characters become blanks, ends are trimmed. At most 256 characters. NULL when nothing is left. */
char *pfa_span_dup_text (PfaSpan span);

G_END_DECLS
