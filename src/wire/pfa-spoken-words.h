/* pfa-spoken-words.h - the numbers that stand for causes and steps in a spoken code
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NULL-terminated; the first has the number 1. A test compares them with data/knowledge. */
extern const char *const pfa_spoken_causes[];
extern const char *const pfa_spoken_actions[];

G_END_DECLS
