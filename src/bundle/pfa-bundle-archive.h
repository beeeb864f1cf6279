/* pfa-bundle-archive.h - writes the archive; takes nothing but safe text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "pfa-safe-text.h"

G_BEGIN_DECLS

typedef struct _PfaBundleArchive PfaBundleArchive;

/* What was written of one member. */
typedef struct
{
  guint64 size;
  char sha256[65];
} PfaBundleSum;

/* A new file beside @path; it gets that name only in pfa_bundle_archive_close(). @certificates:
 * PEM, or NULL for a plain ZIP. @level: of deflate, 1 to 9. */
PfaBundleArchive *
pfa_bundle_archive_new (const char *path, const char *certificates, int level, GError **error);
/* Removes what was written unless it was closed. */
void pfa_bundle_archive_free (PfaBundleArchive *self);

gboolean pfa_bundle_archive_begin (PfaBundleArchive *self, const char *name, GError **error);
gboolean pfa_bundle_archive_write (PfaBundleArchive *self, PfaSafeText *text, GError **error);
gboolean pfa_bundle_archive_end (PfaBundleArchive *self, PfaBundleSum *sum, GError **error);
/* Bytes packed so far. */
guint64 pfa_bundle_archive_get_packed (const PfaBundleArchive *self);
/* On the disk for good when it returns TRUE. */
gboolean pfa_bundle_archive_close (PfaBundleArchive *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaBundleArchive, pfa_bundle_archive_free)

G_END_DECLS
