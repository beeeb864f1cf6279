/* pfa-time-message.h - a question to a time server and its answer, as bytes (RFC 4330)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PFA_TIME_MESSAGE_BYTES 48

/* All times are microseconds since 1970. @cookie comes back in the answer; it need not be a time.
 */
void pfa_time_message_build (guint8 message[PFA_TIME_MESSAGE_BYTES], guint64 cookie);

/* FALSE when it is no usable answer to @cookie: wrong mode, not synchronised, "kiss of death".
 * @offset_us: what must be added to this computer's clock, given when the question left and the
 * answer came by that clock. */
gboolean pfa_time_message_parse (const guint8 *data,
                                 gsize length,
                                 guint64 cookie,
                                 gint64 sent_us,
                                 gint64 arrived_us,
                                 gint64 *offset_us);

G_END_DECLS
