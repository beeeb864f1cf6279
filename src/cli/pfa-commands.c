/* pfa-commands.c - the table of commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-command-list.h"
#include "pfa-commands.h"

const PfaCommand pfa_commands[] = {
  { "bundle", pfa_command_bundle },
  { "check", pfa_command_check },
  { "diagnose", pfa_command_diagnose },
  { "explain", pfa_command_explain },
  { "guided", pfa_command_guided },
  { "journal", pfa_command_journal },
  { "model", pfa_command_model },
  { "outbox", pfa_command_outbox },
  { "profile", pfa_command_profile },
  { "send", pfa_command_send },
  { "redact", pfa_command_redact },
  { "terminals", pfa_command_terminals },
  { "terminal-status", pfa_command_terminal_status },
  { "validate", pfa_command_validate },
  /* The end of the table. */
  { NULL, NULL },
};
