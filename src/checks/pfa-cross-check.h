/* pfa-cross-check.h - do connections get lost too, or only questions to a name server?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  PFA_CROSS_UNKNOWN, /* too few answered to tell */
  PFA_CROSS_CLEAN,
  PFA_CROSS_LOSES,
} PfaCrossVerdict;

/* What @count opening times (milliseconds; negative: never) say. A lost first packet is repeated by
 * the kernel after a second, so its connection opens that much later than the quickest. */
PfaCrossVerdict pfa_cross_check_judge (const double *opened, guint count);

/* Opens @count connections to @addresses (element-type GInetAddress) in turn, one every
 * @interval_ms, and closes them at once. A refusal is an answer too. */
void pfa_cross_check_async (GPtrArray *addresses,
                            guint16 port,
                            guint count,
                            guint interval_ms,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
/* PFA_CROSS_UNKNOWN with @error only when cancelled. */
PfaCrossVerdict pfa_cross_check_finish (GAsyncResult *result, GError **error);

G_END_DECLS
