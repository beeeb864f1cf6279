/* pfa-bundle-record.h - which incident a sealed file is of, remembered where it was sealed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Nobody here can look into a sealed file, and two files of one incident must become one ticket:
 * @directory ("…/pos-first-aid") keeps the ids of the newest ones by their SHA-256. */
gboolean
pfa_bundle_record_add (const char *directory, const char *path, const char *id, GError **error);
/* NULL: not sealed here, or long ago. (transfer full) */
char *pfa_bundle_record_find (const char *directory, const char *path);

G_END_DECLS
