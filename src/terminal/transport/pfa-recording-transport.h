/* pfa-recording-transport.h - another transport, and a record of all that went through it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-parse.h"
#include "pfa-transport.h"

G_BEGIN_DECLS

#define PFA_TYPE_RECORDING_TRANSPORT (pfa_recording_transport_get_type ())
G_DECLARE_FINAL_TYPE (PfaRecordingTransport,
                      pfa_recording_transport,
                      PFA,
                      RECORDING_TRANSPORT,
                      GObject)

typedef enum
{
  PFA_RECORD_OPENED,
  PFA_RECORD_SENT,
  PFA_RECORD_RECEIVED,
  PFA_RECORD_SILENT, /* nothing came in the time it was given */
  PFA_RECORD_CLOSED, /* the other side hung up */
} PfaRecordKind;

typedef struct
{
  PfaRecordKind kind;
  gint64 time;  /* µs since the recorder was made */
  gsize length; /* sent and received: how many bytes went through */
  gsize offset; /* in the stream of its direction */
  gsize kept;   /* how many of them the stream holds */
} PfaRecordEntry;

/* A decorator: takes a reference of @inner. It holds everything, a till password too: raw bytes
 * never leave the program, pfa_conversation_build() says what may. Wiped when it is freed. */
PfaTransport *pfa_recording_transport_new (PfaTransport *inner);
/* (element-type PfaRecordEntry) (transfer none) */
const GArray *pfa_recording_transport_get_entries (PfaRecordingTransport *self);
/* All that was sent, or all that was received, one behind the other. Valid until the next exchange.
 */
PfaSpan pfa_recording_transport_get_stream (PfaRecordingTransport *self, PfaRecordKind kind);
/* What pfa_replay_transport_new() reads: "> HEX" what was sent, "< HEX" what came, "= closed",
 * "! silent". (transfer full) */
char *pfa_recording_transport_dup_record (PfaRecordingTransport *self);

G_END_DECLS
