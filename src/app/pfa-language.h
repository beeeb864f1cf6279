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

G_END_DECLS
