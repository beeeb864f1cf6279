/* pfa-check-context.h - what one running check may use: the run's facts, its own cancellable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "pfa-observation.h"
#include "pfa-provider.h"

G_BEGIN_DECLS

/* One check of one run. Owned by the run. Callbacks of what a check has started may come after it
 * was stopped: they hold a reference and ask pfa_check_is_over() before anything else. Reports of a
 * check that is over are dropped. */
typedef struct _PfaCheckContext PfaCheckContext;

/* What is known before the run starts. Plain values; copied by the run. */
typedef struct
{
  PfaProvider *provider;
  /* Of the terminal: lan, wifi, mobile, …; and its address on the LAN (numeric) or NULL. */
  const char *connection;
  const char *terminal_host;
  guint16 terminal_port;
  /* The person wants the line's speed measured: up to 2 MB are loaded (DESIGN.md 5.2). */
  gboolean throughput;
  /* Where proc/, sys/ and etc/ lie; NULL: the real ones. */
  const char *system_root;
} PfaCheckSettings;

PfaCheckContext *pfa_check_context_ref (PfaCheckContext *self);
void pfa_check_context_unref (PfaCheckContext *self);
gboolean pfa_check_is_over (PfaCheckContext *self);

const PfaCheckSettings *pfa_check_get_settings (PfaCheckContext *self);
/* Cancelled when the run is stopped or its deadline comes. (transfer none) */
GCancellable *pfa_check_get_cancellable (PfaCheckContext *self);
/* Milliseconds since the run began. */
guint pfa_check_get_elapsed_ms (PfaCheckContext *self);
/* Milliseconds left until the run's deadline; no wait may be longer. */
guint pfa_check_get_remaining_ms (PfaCheckContext *self);
/* An observation that this run has already made, or NULL. (transfer none) */
PfaObservation *pfa_check_find_observation (PfaCheckContext *self, const char *id);

/* A value that checks of one run share (the default route found, the addresses of a name …), by a
 * name that both sides know. (transfer none) */
gpointer pfa_check_get_shared (PfaCheckContext *self, const char *name);
void pfa_check_set_shared (PfaCheckContext *self,
                           const char *name,
                           gpointer value,
                           GDestroyNotify destroy);

/* What this one check keeps between its callbacks. (transfer none) */
gpointer pfa_check_get_data (PfaCheckContext *self);
void pfa_check_set_data (PfaCheckContext *self, gpointer data, GDestroyNotify destroy);

/* @observation: (transfer full). Its elapsed time is set when the check has not. */
void pfa_check_report (PfaCheckContext *self, PfaObservation *observation);
void
pfa_check_report_cannot (PfaCheckContext *self, const char *observation_id, const char *reason);
/* Have all checks ended but those that only watch? */
gboolean pfa_check_is_last (PfaCheckContext *self);
/* Calls @callback once after @delay_ms, unless the check has ended by then. */
void
pfa_check_later (PfaCheckContext *self, guint delay_ms, void (*callback) (PfaCheckContext *self));
/* The check is over; @self must not be used after it. */
void pfa_check_done (PfaCheckContext *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaCheckContext, pfa_check_context_unref)

G_END_DECLS
