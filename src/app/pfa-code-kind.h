/* pfa-code-kind.h - whose affair a code is: the customer's card, nobody's, or the way of the
 * payment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-code.h"

G_BEGIN_DECLS

typedef enum
{
  PFA_CODE_UNKNOWN,
  PFA_CODE_APPROVED, /* nothing is wrong */
  PFA_CODE_CARD,     /* the customer's card or bank said so: no check of the shop's line helps */
  PFA_CODE_WAY,      /* terminal, line or payment centre: what the checks are for */
} PfaCodeKind;

/* By the layer of @code; NULL is unknown. */
PfaCodeKind pfa_code_kind_get (const PfaCode *code);
/* Why no check is needed, or NULL where one is. (transfer none) */
const char *pfa_code_kind_say (PfaCodeKind kind);

G_END_DECLS
