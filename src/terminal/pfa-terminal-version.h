/* pfa-terminal-version.h - which of two software versions is older
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Compares the first dotted number of each ("GER-APP-v2.0.9;cS02…" is 2.0.9). Below 0: @a is older.
 * 0 as well when one of them has no number: nothing can be said then. */
int pfa_terminal_version_compare (const char *a, const char *b);

G_END_DECLS
