/* pfa-bundle-verify.h - the receiving side: is this a sound bundle?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *name;
  guint64 size;
  char *sha256;
} PfaBundleEntry;

/* What a sound bundle holds. */
typedef struct
{
  GPtrArray *entries; /* (element-type PfaBundleEntry), in the archive's order */
  JsonObject *manifest;
  JsonObject *summary;
  char *id;
} PfaBundleContents;

void pfa_bundle_contents_free (PfaBundleContents *self);

/* TRUE when the file begins as a sealed bundle: only the provider's key opens it. */
gboolean pfa_bundle_is_sealed (const char *path);

/* Reads the whole archive in bounded memory. NULL and PFA_ERROR_BAD_INPUT with one sentence when it
 * is no bundle, or has wrong sums, extra, missing, doubled or strangely named members, links,
 * packed or encrypted members, a table of contents that tells otherwise than the members, or more
 * than a bundle may hold. Blocks. */
PfaBundleContents *pfa_bundle_verify (const char *path, GCancellable *cancellable, GError **error);

/* One member of a bundle that has been verified, at most @max_length bytes of it. Blocks. */
GBytes *
pfa_bundle_read_entry (const char *path, const char *name, gsize max_length, GError **error);

/* TRUE when @name is one that a bundle may have. */
gboolean pfa_bundle_is_member_name (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaBundleContents, pfa_bundle_contents_free)

G_END_DECLS
