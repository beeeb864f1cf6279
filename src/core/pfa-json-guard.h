/* pfa-json-guard.h - is a text strict JSON, shallow and without duplicate keys?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Walks @text once, without recursion. json-glib 1.6 recurses (100,000 brackets overflow its
 * stack), accepts comments and lets the last of two equal keys win, so nothing foreign reaches it
 * before this has passed. @name leads the error message. */
gboolean pfa_json_guard_check (const char *text, gsize length, const char *name, GError **error);

G_END_DECLS
