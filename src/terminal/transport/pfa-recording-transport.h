/* pfa-recording-transport.h - another transport, and a record of all that went through it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-transport.h"

G_BEGIN_DECLS

#define PFA_TYPE_RECORDING_TRANSPORT (pfa_recording_transport_get_type ())
G_DECLARE_FINAL_TYPE (PfaRecordingTransport,
                      pfa_recording_transport,
                      PFA,
                      RECORDING_TRANSPORT,
                      GObject)

/* A decorator: takes a reference of @inner. The record is what pfa_replay_transport_new() reads:
 * "> HEX" what was sent, "< HEX" what came, "= closed" the other side hung up, "! silent" nothing
 * came. It holds everything, a till password too: it never leaves the program unredacted. */
PfaTransport *pfa_recording_transport_new (PfaTransport *inner);
/* (transfer full) */
char *pfa_recording_transport_dup_record (PfaRecordingTransport *self);

G_END_DECLS
