/* pfa-terminal-session.h - connect, ask, close: one status read of one terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-terminal-secrets.h"
#include "pfa-terminal-status.h"
#include "pfa-transport.h"

G_BEGIN_DECLS

/* A terminal is read only on a click that says so, and never while a payment may be running
 * (DESIGN.md 5.3): the caller has asked the person. */
typedef struct
{
  /* Lets the terminal go online and test its way to the provider: has its own yes. */
  gboolean online_test;
  PfaTerminalSecrets *secrets; /* NULL: those of the default secret store, if it has any */
  guint deadline_ms;           /* 0: the default */
  PfaTransport *transport;     /* instead of the address's own (recording, replay); or NULL */
  GDateTime *now;              /* instead of the clock's; or NULL */
  /* Cancelled when the status alone is enough: the terminal's own test is not waited for. */
  GCancellable *enough; /* or NULL */
} PfaTerminalOptions;

#define PFA_TERMINAL_DEADLINE_MS        30000
#define PFA_TERMINAL_ONLINE_DEADLINE_MS 180000

PfaTerminalOptions *pfa_terminal_options_new (void);
void pfa_terminal_options_free (PfaTerminalOptions *self);

/* @options may be NULL and is copied. */
void pfa_terminal_session_read_async (const char *address,
                                      const PfaTerminalOptions *options,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* A terminal that cannot be reached is a status with a problem. Errors: BAD_INPUT (the address
 * or the secrets file), or cancelled. (transfer full) */
PfaTerminalStatus *pfa_terminal_session_read_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaTerminalOptions, pfa_terminal_options_free)

G_END_DECLS
