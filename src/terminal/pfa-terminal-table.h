/* pfa-terminal-table.h - codes of terminals and what they mean, in the person's language
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-text.h"

G_BEGIN_DECLS

/* Reads data/terminals/texts (one JSON file a table), which is compiled in. Each file is one table:
 * an object whose members are codes or ids; an entry has "text" and, where the code is a terminal's
 * state, "state" and "needs". */

typedef struct
{
  PfaText *text;
  char *state; /* or NULL */
  GStrv needs; /* never NULL */
} PfaTerminalEntry;

/* NULL when there is no such table or entry. (transfer none), kept until the program ends. */
const PfaTerminalEntry *pfa_terminal_table_find (const char *table, const char *key);
PfaText *pfa_terminal_table_get_text (const char *table, const char *key);
/* The text of the protocol's own code, else that of the state. */
PfaText *
pfa_terminal_table_get_state_text (const char *protocol, const char *state, const char *code);
/* The text of a result code by who made it; there is always one. */
PfaText *
pfa_terminal_table_get_result_text (const char *protocol, const char *made_by, const char *code);

G_END_DECLS
