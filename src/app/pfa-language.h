/* pfa-language.h - the language of the window and of the knowledge's texts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-text.h"

G_BEGIN_DECLS

/* Before anything is translated. @chosen: "en", "zh_CN", "de", or NULL or "system" for what the
 * environment asks. Works also where the locale of that language was never generated. */
void pfa_language_set_up (const char *chosen);
/* One of pfa_text_languages. (transfer none) */
const char *pfa_language_get (void);
/* @text in that language; "" for NULL. (transfer none) */
const char *pfa_language_say (PfaText *text);
/* All lines of @text as one paragraph: Chinese sets no blank between sentences. */
char *pfa_language_dup_paragraph (PfaText *text);
/* "name: text" and "text (aside)", with the marks of the language. */
char *pfa_language_dup_pair (const char *name, const char *text);
char *pfa_language_dup_aside (const char *text, const char *aside);

G_END_DECLS
