/* pfa-desk-log.h - the desk's structured log: one JSON object a line on standard error
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One line {"time": …, "event": @event, key: value, …}. The arguments are pairs of texts, ended by
 * NULL; a pair whose value is NULL is left out. Never a token, never a bundle's content. */
void pfa_desk_log (const char *event, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
