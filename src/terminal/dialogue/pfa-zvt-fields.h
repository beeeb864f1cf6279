/* pfa-zvt-fields.h - from ZVT's fields to the one terminal status
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-terminal-status.h"
#include "pfa-zvt-message.h"

G_BEGIN_DECLS

void
pfa_zvt_fill_enquiry (PfaTerminalStatus *status, const PfaZvtEnquiryAnswer *answer, GDateTime *now);
/* Result of a status information or abort; 0 says nothing. */
void pfa_zvt_fill_result (PfaTerminalStatus *status, const PfaZvtResult *result);
/* A status or error code that stands for the terminal's state. */
void pfa_zvt_fill_state (PfaTerminalStatus *status, guint8 code);
/* Was the terminal's way to its host at fault, by its own code? */
gboolean pfa_zvt_is_connection_fault (guint8 code);
/* 01–63 hex come from the authorisation host, as 1–99 decimal. */
gboolean pfa_zvt_is_made_by_host (guint8 code);

G_END_DECLS
