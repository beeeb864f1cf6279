/* pfa-cli-setup.h - what several commands begin with: the journal, the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid.h"
#include "pfa-cli-knowledge.h"

G_BEGIN_DECLS

/* NULL where nothing can be kept: one sentence was said, and the command goes on. */
PfaJournal *pfa_cli_open_journal (void);
/* To look at earlier runs; NULL after one sentence. */
PfaJournal *pfa_cli_open_journal_to_read (void);

/* Complains once when the journal cannot keep the run. (transfer full) */
PfaAid *pfa_cli_new_aid (PfaKnowledge *knowledge, PfaJournal *journal);
/* FALSE when @address is none (DESIGN.md 4.5). */
gboolean pfa_cli_set_terminal (PfaAid *aid, const char *address);

G_END_DECLS
