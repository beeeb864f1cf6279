/* pfa-spoken.h - a short code for the telephone: what was found and tried, when no line is left
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PFA_SPOKEN_MAX_FAILED 7

/* A plain value. Ids are those of the knowledge; NULL: unknown. */
typedef struct
{
  char *code; /* "96"; two letters or digits, all else is unknown */
  char *cause;
  guint confidence;  /* 0: under a half, 1: from 50 %, 2: from 80 %, 3: from 95 % */
  char *payment;     /* u1 … u11 */
  char *connection;  /* lan, wifi, mobile, phone-line, phone-app */
  char *answered;    /* host, terminal, reversal, sign-in */
  GPtrArray *failed; /* (element-type utf8) steps that did not help, oldest first */
} PfaSpoken;

PfaSpoken *pfa_spoken_new (void);
void pfa_spoken_free (PfaSpoken *self);
/* 0 … 3 as above. */
guint pfa_spoken_confidence_for (double probability);

/* "7Q4K-2M96-…": groups of four of 0-9 and A-Z without I, L, O, U. Of more than seven failed steps
 * the newest go along. 8 to 17 characters, 12 with three steps. (transfer full) */
char *pfa_spoken_encode (const PfaSpoken *self);
/* What stands in the QR code. (transfer full) */
char *pfa_spoken_build_qr_text (const PfaSpoken *self);

/* Takes what a person types: any case, blanks and hyphens anywhere, O for 0, I or L for 1, or the
 * QR code's text. One wrong character and two swapped ones are always noticed. PFA_ERROR_BAD_INPUT;
 * PFA_ERROR_NOT_SUPPORTED for a sound code of another version. */
PfaSpoken *pfa_spoken_decode (const char *text, GError **error);
JsonObject *pfa_spoken_to_json (const PfaSpoken *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaSpoken, pfa_spoken_free)

G_END_DECLS
