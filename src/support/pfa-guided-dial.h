/* pfa-guided-dial.h - makes a connection to the relay: addresses, trust, protocol
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _PfaGuidedDial PfaGuidedDial;

/* @connection: (transfer full), or NULL and @end: a word of pfa-guided-line.h when a new attempt
 * would change nothing, NULL when it might. @detail for the log, may be NULL. */
typedef void (*PfaGuidedDialed) (SoupWebsocketConnection *connection,
                                 const char *end,
                                 const char *detail,
                                 gpointer user_data);

/* @trust: PEM file of the authorities to believe instead of the system's, or NULL. */
PfaGuidedDial *pfa_guided_dial_new (const char *url, const char *trust, guint timeout_s);
void pfa_guided_dial_free (PfaGuidedDial *self);

/* wss: only, and ws: to this computer. */
gboolean pfa_guided_dial_is_sound (PfaGuidedDial *self);
gboolean pfa_guided_dial_is_under_way (PfaGuidedDial *self);
/* One at a time. */
void pfa_guided_dial_start (PfaGuidedDial *self, PfaGuidedDialed dialed, gpointer user_data);
/* Nothing comes of it any more. */
void pfa_guided_dial_cancel (PfaGuidedDial *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaGuidedDial, pfa_guided_dial_free)

G_END_DECLS
