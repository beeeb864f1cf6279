/* pfa-file-slice.h - a part of a file as a stream, never held in memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PFA_TYPE_FILE_SLICE (pfa_file_slice_get_type ())
G_DECLARE_FINAL_TYPE (PfaFileSlice, pfa_file_slice, PFA, FILE_SLICE, GInputStream)

/* @length bytes from @offset. A file that ends before gives PFA_ERROR_STORAGE while reading. */
GInputStream *
pfa_file_slice_open (const char *path, goffset offset, goffset length, GError **error);
/* "sha256 <base64>" of those bytes; waits for the disk. NULL: they cannot be read. */
char *pfa_file_slice_dup_checksum (const char *path, goffset offset, goffset length);

G_END_DECLS
