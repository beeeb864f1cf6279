/* pfa-code.h - what one response code means, and what to do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-text.h"

G_BEGIN_DECLS

/* One file of data/knowledge/codes. Immutable, owned by PfaKnowledge. */
typedef struct
{
  char *code;           /* upper case */
  char *layer;          /* approved, issuer, host, link, … (reference/codes.json) */
  char *retry;          /* done, no, no_same_card, once-after-check, escalate, … */
  char *unionpay_class; /* A to E, or NULL */
  GStrv sources;
  PfaText *meaning;
  PfaText *action;        /* what you do */
  PfaText *tell_customer; /* what you tell the customer */
  PfaText *differs;       /* where meanings differ; NULL where they agree */
  GStrv screen_words;     /* words seen on screens for it, any language */
} PfaCode;

/* Some providers give their codes names ("insufficient_funds"). */
#define PFA_CODE_MAX_LENGTH 32

/* TRUE for a code that may be kept, known or not: one short printable word. More than eight digits
 * are no code but may be a card number, which is kept nowhere. */
gboolean pfa_code_is_plausible (const char *typed);

PfaCode *pfa_code_new_from_json (JsonObject *object, const char *where, GError **error);
void pfa_code_free (PfaCode *self);

/* How well @words, as typed from a screen in any language, fit this code; 0: not at all. */
guint pfa_code_rate (const PfaCode *self, const char *words, const char *language);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaCode, pfa_code_free)

G_END_DECLS
