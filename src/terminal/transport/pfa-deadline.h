/* pfa-deadline.h - ends one wait when its time is over or somebody cancels, and tells which
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Lives in the thread-default main context of whoever makes it. */
typedef struct _PfaDeadline PfaDeadline;

/* @outer may be NULL. */
PfaDeadline *pfa_deadline_new (guint timeout_ms, GCancellable *outer);
void pfa_deadline_free (PfaDeadline *self);
/* Cancelled by both; for the operations that are waited for. (transfer none) */
GCancellable *pfa_deadline_get_cancellable (PfaDeadline *self);
/* Our own error for @error (transfer full): TIMED_OUT when the time was over. */
GError *pfa_deadline_explain (PfaDeadline *self, GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDeadline, pfa_deadline_free)

G_END_DECLS
