/* pfa-cli-setup.h - what several commands begin with: knowledge, provider, journal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid.h"

G_BEGIN_DECLS

/* All three complain by themselves. NULL: leave with PFA_EXIT_USAGE. (transfer full) */
PfaKnowledge *pfa_cli_load_knowledge (void);
/* @id_or_file: an id, a file, or NULL for "I don't know". */
PfaProvider *pfa_cli_load_provider (PfaKnowledge *knowledge, const char *id_or_file);
/* NULL where nothing can be kept: one sentence was said, and the command goes on. */
PfaJournal *pfa_cli_open_journal (void);
/* FALSE when @address is none (DESIGN.md 4.5). */
gboolean pfa_cli_set_terminal (PfaAid *aid, const char *address);

G_END_DECLS
