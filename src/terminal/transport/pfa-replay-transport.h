/* pfa-replay-transport.h - a terminal that says again what a record holds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-transport.h"

G_BEGIN_DECLS

#define PFA_TYPE_REPLAY_TRANSPORT (pfa_replay_transport_get_type ())
G_DECLARE_FINAL_TYPE (PfaReplayTransport, pfa_replay_transport, PFA, REPLAY_TRANSPORT, GObject)

/* @record: lines of pfa_recording_transport_dup_record(); blanks in the hex and lines that begin
 * with
 * "#" are passed over. What is sent must be what the record has, else the exchange fails with
 * PFA_ERROR_INVALID_DATA. At the record's end nothing comes any more. */
PfaTransport *pfa_replay_transport_new (const char *record);
/* TRUE when all of it was said. */
gboolean pfa_replay_transport_is_at_end (PfaReplayTransport *self);

G_END_DECLS
