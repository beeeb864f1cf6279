/* pfa-ecr17.h - ECR17 (Nexi, Italy): the status request and its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-stx-frame.h"

G_BEGIN_DECLS

/* Request: TID (8 digits, 00000000: any) "0" "s". There is no builder for anything else. */
void pfa_ecr17_append_status_request (GByteArray *out, PfaLrc lrc);

/* TRUE for our own question, come back from a line that echoes. */
gboolean pfa_ecr17_is_status_request (PfaSpan payload);

/* Answer: TID (8) "0" "s" reserved (10) DDMMYYhhmm status software (8). */
typedef struct
{
  PfaSpan terminal_id;
  PfaSpan date; /* DDMMYYhhmm */
  guint8 status;
  PfaSpan software;
} PfaEcr17Status;

gboolean pfa_ecr17_parse_status (PfaSpan payload, PfaEcr17Status *status);

G_END_DECLS
