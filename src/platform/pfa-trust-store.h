/* pfa-trust-store.h - the authorities this computer trusts, read once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The system's own database behind a thin front. GLib's GnuTLS reads all authorities anew for every
 * connection that uses its database directly (6 ms and 2.5 MB each, in the main thread); it does
 * not for another type. Certificates are checked by the system's database all the same: chain,
 * times and name; only an answer about revocation that a server staples to its handshake is not
 * looked at. */
#define PFA_TYPE_TRUST_STORE (pfa_trust_store_get_type ())
G_DECLARE_FINAL_TYPE (PfaTrustStore, pfa_trust_store, PFA, TRUST_STORE, GTlsDatabase)

/* Wraps @system, or any other database. (transfer full) */
GTlsDatabase *pfa_trust_store_new (GTlsDatabase *system);

/* Reads the authorities in a worker thread (15 to 80 ms) and makes them the default of all TLS
 * connections of this program. Once is enough; a second time costs nothing. */
void pfa_trust_store_load_async (GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pfa_trust_store_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
