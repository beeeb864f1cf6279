/* pfa-guided-words.h - a stranger's words made fit to stand on a person's screen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One line of at most @max characters: what steers a terminal, turns the reading direction, cannot
 * be seen or is no character becomes a blank, marks are not piled up, blanks are folded. "" when
 * nothing is left. (transfer full) */
char *pfa_guided_words_clean (const char *text, guint max);
/* TRUE when a person may take @name for the program itself: its name in any of its languages, also
 * written with letters that only look alike. */
gboolean pfa_guided_words_is_own_name (const char *name);

G_END_DECLS
