/* pfa-redact-stretch.h - simple questions to many bytes; inside the redactor only
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint64 pfa_stretch_count_lines (const guint8 *bytes, gsize length);
/* How many bytes at the beginning are ASCII and not NUL; most are in most logs. */
gsize pfa_stretch_count_plain (const guint8 *bytes, gsize length);
/* TRUE when there may be control signs that no text has. */
gboolean pfa_stretch_has_odd (const guint8 *bytes, gsize length);

G_END_DECLS
