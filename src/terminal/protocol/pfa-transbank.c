/* pfa-transbank.c - Transbank POS Integrado (Chile): the poll
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-transbank.h"

#include <string.h>

void
pfa_transbank_append_poll (GByteArray *out)
{
  const char *poll = "0100";

  pfa_stx_append (out, PFA_LRC_PLAIN, (PfaSpan){ (const guint8 *) poll, strlen (poll) });
}
