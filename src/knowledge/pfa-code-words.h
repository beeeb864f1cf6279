/* pfa-code-words.h - what a person typed from a screen or a slip, compared with what is known
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Without case, and without what full-width forms and blanks at the ends add. (transfer full) */
char *pfa_code_words_fold (const char *text);

/* The code alone of "Code: 96", "9 6", "错误96" or "96."; "" when there is none. (transfer full) */
char *pfa_code_words_read_code (const char *typed);
/* The same with the letters that are typed for digits put right ("O5" is "05"). (transfer full) */
char *pfa_code_words_mend_code (const char *code);

/* TRUE when each word of @needle stands in @text, or nearly does (a letter wrong, missing, too many
 * or swapped). Both folded. Short words must be the same. */
gboolean pfa_code_words_are_near (const char *needle, const char *text);

G_END_DECLS
