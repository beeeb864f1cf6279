/* pfa-cli-knowledge.h - what several commands begin with: the knowledge, the provider's profile
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-knowledge.h"

G_BEGIN_DECLS

/* Both complain by themselves. NULL: leave with PFA_EXIT_USAGE. (transfer full) */
PfaKnowledge *pfa_cli_load_knowledge (void);
/* @id_or_file: an id, a file, or NULL for "I don't know". */
PfaProvider *pfa_cli_load_provider (PfaKnowledge *knowledge, const char *id_or_file);

G_END_DECLS
