/* pfa-hostile.h - one dialogue against whatever bytes come, and what it may have said
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-dialogue.h"

/* Protocols by their address; the last is NULL. */
extern const char *const pfa_hostile_addresses[];

/* Feeds @bytes in pieces whose lengths @random draws (NULL: all at once), with waits running out in
 * between, then hangs up. Asserts that the dialogue ends, and that all it ever said is on the list
 * of what may be said to that terminal. */
void pfa_hostile_run (const char *address, PfaSpan bytes, GRand *random);
