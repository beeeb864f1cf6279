/* pfa-stx-frame.h - 02 payload 03 LRC, in the forms of ECR17, Transbank and POSLink
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-parse.h"

G_BEGIN_DECLS

#define PFA_STX_ACK         0x06
#define PFA_STX_NAK         0x15
#define PFA_STX_EOT         0x04
#define PFA_STX_MAX_PAYLOAD 4096

/* Transbank and POSLink: XOR of payload and 03. ECR17 begins at 7F and, by a setting of the
 * terminal, takes payload, 02 payload 03, payload 03, or 02 payload. */
typedef enum
{
  PFA_LRC_PLAIN,
  PFA_LRC_ECR17,
  PFA_LRC_ECR17_STX,
  PFA_LRC_ECR17_NOEXT,
  PFA_LRC_ECR17_STX_NOEXT,
} PfaLrc;

typedef enum
{
  PFA_STX_FRAME,
  PFA_STX_KIND_ACK,
  PFA_STX_KIND_NAK,
  PFA_STX_KIND_EOT,      /* 04 alone */
  PFA_STX_KIND_PROGRESS, /* ECR17: 01 text 04 */
} PfaStxKind;

typedef enum
{
  PFA_STX_BARE,  /* 06, 15 and 04 stand alone */
  PFA_STX_ECR17, /* 06 and 15 are followed by 03 and an LRC; one of four LRCs, found by itself */
} PfaStxFlavour;

typedef struct
{
  PfaStxKind kind;
  PfaSpan payload;
  PfaLrc lrc; /* the one that fitted */
} PfaStxFrame;

/* INVALID: noise, or a frame whose LRC does not fit or that is too long; @consumed is to be thrown
 * away. */
PfaParse pfa_stx_parse (PfaSpan bytes, PfaStxFlavour flavour, PfaStxFrame *frame, gsize *consumed);
guint8 pfa_stx_lrc (PfaLrc lrc, PfaSpan payload);
void pfa_stx_append (GByteArray *out, PfaLrc lrc, PfaSpan payload);
/* ECR17's 06 03 LRC and 15 03 LRC. */
void pfa_stx_append_ecr17_control (GByteArray *out, PfaLrc lrc, guint8 control);

G_END_DECLS
