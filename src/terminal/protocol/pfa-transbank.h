/* pfa-transbank.h - Transbank POS Integrado (Chile): the poll
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-stx-frame.h"

G_BEGIN_DECLS

/* 02 "0100" 03 02; the answer is 06 alone. There is no builder for anything else. */
void pfa_transbank_append_poll (GByteArray *out);

G_END_DECLS
