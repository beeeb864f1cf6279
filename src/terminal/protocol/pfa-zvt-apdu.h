/* pfa-zvt-apdu.h - one ZVT message: CLASS INSTR LEN data
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-parse.h"

G_BEGIN_DECLS

/* LEN 00–FE is the number of data bytes; FF is followed by two bytes, low one first (PA00P015 3.1).
 */
#define PFA_ZVT_MAX_DATA 65535
#define PFA_ZVT_MAX_APDU (PFA_ZVT_MAX_DATA + 5)

/* Class and instruction in one number, as they are written in the specification. */
#define PFA_ZVT_STATUS_ENQUIRY     0x0501
#define PFA_ZVT_DIAGNOSIS          0x0670
#define PFA_ZVT_ABORT_REQUEST      0x06b0
#define PFA_ZVT_POSITIVE           0x8000
#define PFA_ZVT_NEGATIVE_CLASS     0x84
#define PFA_ZVT_STATUS_INFORMATION 0x040f
#define PFA_ZVT_INTERMEDIATE       0x04ff
#define PFA_ZVT_SET_TIME           0x0401
#define PFA_ZVT_COMPLETION         0x060f
#define PFA_ZVT_ABORT              0x061e
#define PFA_ZVT_PRINT_LINE         0x06d1
#define PFA_ZVT_PRINT_BLOCK        0x06d3

typedef struct
{
  guint16 command; /* class << 8 | instruction */
  PfaSpan data;
} PfaZvtApdu;

/* Never invalid: any two bytes may be a command. */
PfaParse pfa_zvt_apdu_parse (PfaSpan bytes, PfaZvtApdu *apdu, gsize *consumed);
/* As one whole message, with nothing behind it: INVALID otherwise. */
PfaParse pfa_zvt_apdu_parse_whole (PfaSpan bytes, PfaZvtApdu *apdu);
void pfa_zvt_apdu_append (GByteArray *out, guint16 command, PfaSpan data);

G_END_DECLS
