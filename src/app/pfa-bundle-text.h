/* pfa-bundle-text.h - members of a bundle and what is hidden in them, as words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-bundle.h"

G_BEGIN_DECLS

/* "card number". (transfer none) */
const char *pfa_bundle_text_say_secret (PfaSecret secret);
/* "What you tried (steps.json)". (transfer full) */
char *pfa_bundle_text_dup_title (const PfaBundleMember *member);
/* Size, what is hidden, and what leaving it out would mean. (transfer full) */
char *pfa_bundle_text_dup_member (const PfaBundleMember *member);

G_END_DECLS
