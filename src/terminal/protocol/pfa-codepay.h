/* pfa-codepay.h - CodePay, PayCloud, WiseCashier (Wiseasy): frames of the USB serial line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-parse.h"

G_BEGIN_DECLS

/* 55 AA | type | ack id | id | length (2, high first) | data | XOR (type … data) | CC 33 */
#define PFA_CODEPAY_DATA      0x00
#define PFA_CODEPAY_HANDSHAKE 0x01
#define PFA_CODEPAY_CONFIRM   0x02
#define PFA_CODEPAY_MAX_DATA  1024

typedef struct
{
  guint8 type;
  guint8 ack_id;
  guint8 id;
  PfaSpan data;
} PfaCodepayFrame;

PfaParse pfa_codepay_parse (PfaSpan bytes, PfaCodepayFrame *frame, gsize *consumed);
/* A heartbeat is data without data. */
gboolean pfa_codepay_is_heartbeat (const PfaCodepayFrame *frame);
/* The handshake is all that the program sends; the confirmation and the heartbeat are the
 * terminal's own, for its simulator. */
void pfa_codepay_append_handshake (GByteArray *out);
void pfa_codepay_append_confirm (GByteArray *out);
void pfa_codepay_append_heartbeat (GByteArray *out);

G_END_DECLS
