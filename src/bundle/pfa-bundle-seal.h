/* pfa-bundle-seal.h - CMS AuthEnvelopedData, as a stream, for one or two certificates
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PfaBundleSeal PfaBundleSeal;

/* Refuses with a sentence what cannot or must not be sealed for: no certificate, more than two,
 * expired or not yet valid ones, those for another purpose, and keys other than RSA from 2048 bits
 * and P-256, P-384. Writes to @fd, which stays the caller's. */
PfaBundleSeal *pfa_bundle_seal_new (const char *certificates, int fd, GError **error);
void pfa_bundle_seal_free (PfaBundleSeal *self);
gboolean
pfa_bundle_seal_write (PfaBundleSeal *self, gconstpointer data, gsize length, GError **error);
gboolean pfa_bundle_seal_finish (PfaBundleSeal *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaBundleSeal, pfa_bundle_seal_free)

G_END_DECLS
