/* pfa-code-kind.c - whose affair a code is: the customer's card, nobody's, or the way of the
 * payment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-code-kind.h"

#include <glib/gi18n.h>

static const char *const approved_layers[] = { "approved", "approved_cond", NULL };
static const char *const card_layers[] = {
  "card", "funds", "limit", "pin", "risk", "issuer", NULL
};

PfaCodeKind
pfa_code_kind_get (const PfaCode *code)
{
  if (code == NULL)
    return PFA_CODE_UNKNOWN;
  if (g_strv_contains (approved_layers, code->layer))
    return PFA_CODE_APPROVED;
  return g_strv_contains (card_layers, code->layer) ? PFA_CODE_CARD : PFA_CODE_WAY;
}

const char *
pfa_code_kind_say (PfaCodeKind kind)
{
  switch (kind)
    {
    case PFA_CODE_APPROVED:
      return _ ("Nothing is wrong with the terminal or your line.");
    case PFA_CODE_CARD:
      return _ ("This concerns the customer’s card. It is no fault of the terminal.");
    case PFA_CODE_UNKNOWN:
    case PFA_CODE_WAY:
    default:
      return NULL;
    }
}
