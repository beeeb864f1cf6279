/* pfa-commands.c - the table of commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-command-list.h"
#include "pfa-commands.h"

const PfaCommand pfa_commands[] = {
  { "diagnose", pfa_command_diagnose },
  { "explain", pfa_command_explain },
  { "model", pfa_command_model },
  { "terminal-status", pfa_command_terminal_status },
  { "outbox", pfa_command_outbox },
  { "send", pfa_command_send },
  { "validate", pfa_command_validate },
  { NULL, NULL },
};
