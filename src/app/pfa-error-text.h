/* pfa-error-text.h - a failure as a sentence for the shop owner
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-error.h"

G_BEGIN_DECLS

/* What happened and what to do, by the error's code; the message itself is for logs and for
 * developers. (transfer none) */
const char *pfa_error_text_say (const GError *error);

G_END_DECLS
