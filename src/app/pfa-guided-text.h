/* pfa-guided-text.h - a guided session's states, questions and endings as sentences
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-guided-session.h"

G_BEGIN_DECLS

/* NULL where there is nothing to say. (transfer full) */
char *pfa_guided_text_dup_state (PfaGuidedState state,
                                 const char *agent,
                                 const char *organisation,
                                 gboolean line_is_up);
char *pfa_guided_text_dup_prompt (const PfaGuidedPrompt *prompt);
/* What leaves this computer with a yes. (transfer none) */
const char *pfa_guided_text_say_what_is_sent (const PfaGuidedPrompt *prompt);
/* @answer: yes, no or silence; NULL for what nobody said. (transfer none) */
const char *pfa_guided_text_say_answer (const char *answer);
/* @reason: a word of pfa-guided-line.h. (transfer none) */
const char *pfa_guided_text_say_end (const char *reason);

G_END_DECLS
