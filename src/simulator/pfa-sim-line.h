/* pfa-sim-line.h - carries a simulated terminal's doings over one pair of streams
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "pfa-sim-peer.h"

G_BEGIN_DECLS

typedef struct _PfaSimLine PfaSimLine;

typedef void (*PfaSimLineReceived) (PfaSimLine *line, PfaSpan bytes, gpointer user_data);
typedef void (*PfaSimLineEnded) (PfaSimLine *line, gpointer user_data);

/* @stream: a connection, or a pty's own end. @peer: (transfer full). Runs at once; @ended is the
 * last call, the line is gone after it. */
PfaSimLine *pfa_sim_line_new (GIOStream *stream,
                              PfaSimPeer *peer,
                              PfaSimLineReceived received,
                              PfaSimLineEnded ended,
                              gpointer user_data);
/* Ends it without calling @ended. */
void pfa_sim_line_cancel (PfaSimLine *self);

G_END_DECLS
