/* pfa-command-list.h - the commands, one line each; their files are pfa-command-NAME.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

int pfa_command_bundle (int argc, char *argv[]);
int pfa_command_check (int argc, char *argv[]);
int pfa_command_diagnose (int argc, char *argv[]);
int pfa_command_explain (int argc, char *argv[]);
int pfa_command_guided (int argc, char *argv[]);
int pfa_command_journal (int argc, char *argv[]);
int pfa_command_model (int argc, char *argv[]);
int pfa_command_outbox (int argc, char *argv[]);
int pfa_command_send (int argc, char *argv[]);
int pfa_command_profile (int argc, char *argv[]);
int pfa_command_redact (int argc, char *argv[]);
int pfa_command_terminals (int argc, char *argv[]);
int pfa_command_terminal_status (int argc, char *argv[]);
int pfa_command_validate (int argc, char *argv[]);

G_END_DECLS
