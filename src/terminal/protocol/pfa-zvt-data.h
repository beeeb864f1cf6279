/* pfa-zvt-data.h - walking the data of ZVT messages: BMP lists and TLV containers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-parse.h"

G_BEGIN_DECLS

#define PFA_BMP_TLV             0x06
#define PFA_BMP_TIME            0x0c
#define PFA_BMP_RESULT          0x27
#define PFA_BMP_TERMINAL_ID     0x29
#define PFA_BMP_ADDITIONAL_TEXT 0x3c
#define PFA_BMP_HOST_RESULT     0xa0
#define PFA_BMP_DATE            0xaa

/* Both readers hold what is left. COMPLETE: one entry was taken; NEEDS_MORE: nothing is left;
 * INVALID: unknown tag or a length beyond the data; what was read before stands. */
PfaParse pfa_bmp_next (PfaSpan *rest, guint8 *tag, PfaSpan *value);
PfaParse pfa_tlv_next (PfaSpan *rest, guint32 *tag, PfaSpan *value);

/* The length in front of a TLV container or value: 00–7F, 81 n, 82 n n. */
PfaParse pfa_tlv_length (PfaSpan bytes, gsize *length, gsize *consumed);
/* The digits Fx Fy (two) or Fx Fy Fz (three) in front of a value; INVALID when they are none. */
PfaParse pfa_zvt_var_length (PfaSpan bytes, guint digits, gsize *length);
/* The first value of @tag in @container, not looked for in what is nested. */
gboolean pfa_tlv_find (PfaSpan container, guint32 tag, PfaSpan *value);

void pfa_tlv_append (GByteArray *out, guint32 tag, PfaSpan value);

G_END_DECLS
