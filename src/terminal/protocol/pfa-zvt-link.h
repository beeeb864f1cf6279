/* pfa-zvt-link.h - ZVT messages over TCP (bare) or a serial line (framed, confirmed, repeated)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-zvt-serial.h"

G_BEGIN_DECLS

/* T1: gap inside a frame; T2: wait for 06/15; at most two repeats (PA00P016 3). */
#define PFA_ZVT_T1_MS     200
#define PFA_ZVT_T2_MS     5000
#define PFA_ZVT_MAX_SENDS 3

/* Pure: no clock, no input or output. Both sides of the line can use it. */
typedef struct _PfaZvtLink PfaZvtLink;

PfaZvtLink *pfa_zvt_link_new (gboolean serial);
void pfa_zvt_link_free (PfaZvtLink *self);

/* @out gets what is to be written now; a frame behind an unconfirmed one waits its turn. */
void pfa_zvt_link_send (PfaZvtLink *self, PfaSpan apdu, GByteArray *out);
/* Takes what came; confirmations and repeats go to @out. At most one whole message is kept ahead:
 * what lies behind it stays in the link until pfa_zvt_link_next() has taken it. */
void pfa_zvt_link_receive (PfaZvtLink *self, PfaSpan bytes, GByteArray *out);
/* The next whole message, valid until the next call of any function here. */
gboolean pfa_zvt_link_next (PfaZvtLink *self, PfaZvtApdu *apdu, GByteArray *out);
/* Milliseconds until pfa_zvt_link_expire() is due, counted from the last byte or send; 0: never. */
guint pfa_zvt_link_get_wait_ms (const PfaZvtLink *self);
/* T1 or T2 ran out. */
void pfa_zvt_link_expire (PfaZvtLink *self, GByteArray *out);
/* Nothing we sent was confirmed after three times, or damage does not end. */
gboolean pfa_zvt_link_has_failed (const PfaZvtLink *self);
/* Something whole or a confirmation came at least once. */
gboolean pfa_zvt_link_has_heard (const PfaZvtLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaZvtLink, pfa_zvt_link_free)

G_END_DECLS
