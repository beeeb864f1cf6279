/* pfa-guided-meter.h - what a WebSocket line may cost before a whole message has come
 *
 * libsoup 3.2 holds each frame to a size, but not their number: a message in endless pieces, or
 * pings that are answered to somebody who reads nothing, would make whoever listens grow.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Of a message, over all its pieces. */
#define PFA_GUIDED_METER_MAX_BYTES  (64 * 1024)
#define PFA_GUIDED_METER_MAX_PIECES 64
/* Pings, pongs, farewells; the programs' own heartbeat is a message. */
#define PFA_GUIDED_METER_MAX_CONTROLS 60

/* Follows the frames in the other end's bytes. A plain value, {0} at the start. */
typedef struct
{
  guint8 head[14];
  guint head_size;
  guint64 left; /* of the frame's payload */
  guint64 message_bytes;
  guint pieces;
  guint controls; /* in the minute that began at @since */
  gint64 since;
} PfaGuidedMeter;

/* FALSE: the line costs too much, or does not speak WebSocket. */
gboolean
pfa_guided_meter_take (PfaGuidedMeter *self, const guint8 *data, gsize size, gint64 now_us);

#define PFA_TYPE_GUIDED_METERED_STREAM (pfa_guided_metered_stream_get_type ())
G_DECLARE_FINAL_TYPE (PfaGuidedMeteredStream,
                      pfa_guided_metered_stream,
                      PFA,
                      GUIDED_METERED_STREAM,
                      GIOStream)

/* @base behind a meter: reading fails once it costs too much. */
GIOStream *pfa_guided_metered_stream_new (GIOStream *base);

G_END_DECLS
