/* pfa-redact-inflate.h - small packed texts, unpacked in memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* gzip, zlib, xz, bzip2, zstd, zip by their first bytes. */
gboolean pfa_inflate_is_packed (const guint8 *bytes, gsize length);
/* Writes at most @size bytes of what @bytes holds. -1 when it cannot be read, is encrypted or holds
 * more than @size. */
gssize pfa_inflate (const guint8 *bytes, gsize length, guint8 *out, gsize size);

G_END_DECLS
