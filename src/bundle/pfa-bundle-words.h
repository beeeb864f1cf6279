/* pfa-bundle-words.h - what readme.html says, in the languages of the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PFA_BUNDLE_WORD_TITLE,
  PFA_BUNDLE_WORD_PRACTICE,
  PFA_BUNDLE_WORD_CODE,
  PFA_BUNDLE_WORD_PROVIDER,
  PFA_BUNDLE_WORD_BEGUN,
  PFA_BUNDLE_WORD_CONNECTION,
  PFA_BUNDLE_WORD_ANSWERED,
  PFA_BUNDLE_WORD_STATE,
  PFA_BUNDLE_WORD_FINDINGS,
  PFA_BUNDLE_WORD_REASONS,
  PFA_BUNDLE_WORD_INCOMPLETE,
  PFA_BUNDLE_WORD_PAYMENT,
  PFA_BUNDLE_WORD_MAY_RETRY,
  PFA_BUNDLE_WORD_MAY_NOT_RETRY,
  PFA_BUNDLE_WORD_PATH,
  PFA_BUNDLE_WORD_TERMINAL,
  PFA_BUNDLE_WORD_STEPS,
  PFA_BUNDLE_WORD_NO_STEPS,
  PFA_BUNDLE_WORD_STEP,
  PFA_BUNDLE_WORD_OUTCOME,
  PFA_BUNDLE_WORD_FROM,
  PFA_BUNDLE_WORD_TO,
  PFA_BUNDLE_WORD_CHECKS,
  PFA_BUNDLE_WORD_CHECK,
  PFA_BUNDLE_WORD_VALUE,
  PFA_BUNDLE_WORD_TOOK,
  PFA_BUNDLE_WORD_DETAILS,
  PFA_BUNDLE_WORD_SOURCE,
  PFA_BUNDLE_WORD_COMPUTER,
  PFA_BUNDLE_WORD_NEXT,
  PFA_BUNDLE_WORD_FILES,
  PFA_BUNDLE_N_WORDS
} PfaBundleWord;

/* All words of @language, in the order above; English where it is not known. (transfer none) */
const char *const *pfa_bundle_words_get (const char *language);
/* A station, a state, a connection, an outcome: its word; @id itself where there is none. NULL
 * gives NULL. (transfer none) */
const char *pfa_bundle_words_say (const char *language, const char *id);
/* For the attribute lang: "zh-CN". (transfer none) */
const char *pfa_bundle_words_get_tag (const char *language);

G_END_DECLS
