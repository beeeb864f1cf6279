/* pfa-bundle-tail.h - the end of a file as it was when it was opened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PFA_TYPE_BUNDLE_TAIL (pfa_bundle_tail_get_type ())
G_DECLARE_FINAL_TYPE (PfaBundleTail, pfa_bundle_tail, PFA, BUNDLE_TAIL, GInputStream)

/* Opens @path without following a link; only regular files. @fd and @size are the caller's. */
gboolean pfa_bundle_tail_open (const char *path, int *fd, guint64 *size, GError **error);
/* Reads from @offset, behind the next line feed unless @offset is 0, up to @end. @fd stays the
 * caller's and its position is not used, so that several can read at once. */
GInputStream *pfa_bundle_tail_new (int fd, guint64 offset, guint64 end);

G_END_DECLS
