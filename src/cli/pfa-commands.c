/* pfa-commands.c - the table of commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-command-list.h"
#include "pfa-commands.h"

const PfaCommand pfa_commands[] = {
  { "terminal-status", pfa_command_terminal_status },
  { NULL, NULL },
};
