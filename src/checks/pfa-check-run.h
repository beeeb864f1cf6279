/* pfa-check-run.h - asks all questions side by side, with one deadline
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-check.h"

G_BEGIN_DECLS

#define PFA_CHECK_DEADLINE_DEFAULT_MS 6000

#define PFA_TYPE_CHECK_RUN (pfa_check_run_get_type ())
G_DECLARE_FINAL_TYPE (PfaCheckRun, pfa_check_run, PFA, CHECK_RUN, GObject)

/* Signals:
 *   observed (PfaObservation *): as soon as each is known, in the main context of the caller.
 *   progressed (guint done, guint total): whenever a check ends.
 * One run an object. @settings is copied. */
PfaCheckRun *pfa_check_run_new (const PfaCheckSettings *settings);

/* Restricts the run to the checks that report one of @observations (for the re-check after a step)
 * and to what those need. Call before it starts. */
void pfa_check_run_limit (PfaCheckRun *self, const char *const *observations);

void pfa_check_run_async (PfaCheckRun *self,
                          guint deadline_ms,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
/* TRUE when every check ended by itself; FALSE without an error when the deadline cut it short (all
 * that is known has been observed). Cancelled: FALSE with G_IO_ERROR_CANCELLED. */
gboolean pfa_check_run_finish (PfaCheckRun *self, GAsyncResult *result, GError **error);

G_END_DECLS
