/* pfa-desk-meter.h - what a WebSocket line may cost before a whole message has come
 *
 * libsoup 3.2 holds each frame to a size, but not their number: a message in endless pieces, or
 * pings that are answered to somebody who reads nothing, would make the desk grow.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Of a message, over all its pieces. */
#define PFA_DESK_METER_MAX_BYTES  (64 * 1024)
#define PFA_DESK_METER_MAX_PIECES 64
/* Pings, pongs, farewells; the programs' own heartbeat is a message. */
#define PFA_DESK_METER_MAX_CONTROLS 60

/* Follows the frames in a client's bytes. A plain value, {0} at the start. */
typedef struct
{
  guint8 head[14];
  guint head_size;
  guint64 left; /* of the frame's payload */
  guint64 message_bytes;
  guint pieces;
  guint controls; /* in the minute that began at @since */
  gint64 since;
} PfaDeskMeter;

/* FALSE: the line costs too much, or does not speak WebSocket. */
gboolean pfa_desk_meter_take (PfaDeskMeter *self, const guint8 *data, gsize size, gint64 now_us);

#define PFA_TYPE_DESK_METERED_STREAM (pfa_desk_metered_stream_get_type ())
G_DECLARE_FINAL_TYPE (PfaDeskMeteredStream,
                      pfa_desk_metered_stream,
                      PFA,
                      DESK_METERED_STREAM,
                      GIOStream)

/* @base behind a meter: reading fails once it costs too much. */
GIOStream *pfa_desk_metered_stream_new (GIOStream *base);

G_END_DECLS
