/* pfa-conversation.h - what was said to a terminal and when, without what may be secret
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-recording-transport.h"
#include "pfa-terminal-address.h"
#include "pfa-terminal-secrets.h"

G_BEGIN_DECLS

/* One line an event, after a line that says when it began:
 *   +0.014 < 3: 80 00 00
 * A byte is shown only where the protocol says that nothing secret can stand there: framing,
 * message and tag numbers, lengths, result and status codes, times. All others are counted:
 * "(6 hidden)". Checksums are hidden too, for they tell of what they cover. What is known as a
 * secret of this terminal is hidden wherever it stands. @secrets may be NULL; @begun: µs since 1970
 * when the recorder was made. (transfer full) */
char *pfa_conversation_build (PfaRecordingTransport *recorder,
                              const PfaTerminalAddress *address,
                              const PfaTerminalSecrets *secrets,
                              gint64 begun);

G_END_DECLS
