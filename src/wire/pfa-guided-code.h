/* pfa-guided-code.h - the code that a merchant reads out, NNN-NNN-NNN
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PFA_GUIDED_CODE_ROUTINGS 1000
#define PFA_GUIDED_CODE_SECRETS  1000000
#define PFA_GUIDED_CODE_LENGTH   11

/* Three digits of routing, six random ones. (transfer full) */
char *pfa_guided_code_build (guint routing, guint secret);
/* Takes what a person types or pastes: spaces, hyphens, dots and the digits of any script between
 * nine digits. FALSE when it is not nine digits. Either place may be NULL. */
gboolean pfa_guided_code_parse (const char *text, guint *routing, guint *secret);

G_END_DECLS
