/* pfa-stream-exchange.h - one exchange over a pair of streams, for TCP and serial lines alike
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* As pfa_transport_exchange_async(), on behalf of @source. */
void pfa_stream_exchange_async (GObject *source,
                                GInputStream *input,
                                GOutputStream *output,
                                GBytes *request,
                                guint timeout_ms,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GBytes *pfa_stream_exchange_finish (GAsyncResult *result, GError **error);

G_END_DECLS
