/* pfa-bundle-headers.h - a ZIP tells of its members twice: is it the same story?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Compares the table of contents at the end with the header in front of each member: names, ways of
 * packing, sums and sizes, and that nothing lies between the members. Programs differ in which of
 * the two they believe. FALSE and PFA_ERROR_BAD_INPUT when the two differ. Blocks. */
gboolean pfa_bundle_check_headers (const char *path, GError **error);

G_END_DECLS
