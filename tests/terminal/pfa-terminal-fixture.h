/* pfa-terminal-fixture.h - a simulated terminal in this process, and one read of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-sim-server.h"
#include "pfa-terminal-session.h"

typedef struct
{
  PfaSimServer *server;
  char *address;
} PfaTerminalFixture;

/* @state: JSON of the simulated terminal. @scheme: "zvt+tcp", …; @query: behind the port, or "". */
void pfa_terminal_fixture_listen (PfaTerminalFixture *self,
                                  const char *protocol,
                                  const char *scheme,
                                  const char *query,
                                  const char *state);
void pfa_terminal_fixture_open_pty (PfaTerminalFixture *self,
                                    const char *protocol,
                                    const char *scheme,
                                    const char *state);
void pfa_terminal_fixture_clear (PfaTerminalFixture *self);
/* Everything that arrived at the terminal, in hex. (transfer full) */
char *pfa_terminal_fixture_dup_received (PfaTerminalFixture *self);

/* Runs the main context until the read has ended. */
PfaTerminalStatus *pfa_terminal_fixture_read (const char *address,
                                              const PfaTerminalOptions *options,
                                              GCancellable *cancellable,
                                              GError **error);
/* Runs the main context until no connection is open at the terminal. */
void pfa_terminal_fixture_wait_closed (PfaTerminalFixture *self);
