/* pfa-desk-seat.h - one line of a guided session at the relay: limits, heartbeat, bounded queue
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "pfa-guided-frame.h"
#include "pfa-guided-keys.h"

G_BEGIN_DECLS

/* Frames a line may send: on average a second, and at once. */
#define PFA_DESK_SEAT_RATE  50
#define PFA_DESK_SEAT_BURST 150
/* What may be handed to a line without being acknowledged; libsoup's own queue has no bound. */
#define PFA_DESK_SEAT_MAX_FRAMES 128
#define PFA_DESK_SEAT_MAX_BYTES  (2 * 1024 * 1024)
/* How many answers to its pings a line may leave unread. */
#define PFA_DESK_SEAT_MAX_PONGS 3
/* A line must say hello by then. */
#define PFA_DESK_SEAT_HELLO_S 10

typedef struct _PfaDeskSeat PfaDeskSeat;

typedef struct
{
  /* A sound frame within the limits; pings are answered by the seat before this. @text: as it came.
   * The seat may be closed and freed within. */
  void (*on_frame) (PfaDeskSeat *seat,
                    const PfaGuidedFrame *frame,
                    const char *text,
                    gpointer user_data);
  /* The line is gone, or was closed for a fault of its own. Free the seat here. */
  void (*on_closed) (PfaDeskSeat *seat, gpointer user_data);
} PfaDeskSeatEvents;

/* @client: the address that limits count by. */
PfaDeskSeat *pfa_desk_seat_new (SoupWebsocketConnection *connection,
                                PfaGuidedRole role,
                                const char *client,
                                const PfaDeskSeatEvents *events,
                                gpointer user_data);
/* Closes what is open; no event comes any more. */
void pfa_desk_seat_free (PfaDeskSeat *self);

PfaGuidedRole pfa_desk_seat_get_role (PfaDeskSeat *self);
const char *pfa_desk_seat_get_client (PfaDeskSeat *self);
/* The highest number of the other side that this one has acknowledged. */
guint64 pfa_desk_seat_get_acknowledged (PfaDeskSeat *self);

/* A frame of the relay's own. */
void pfa_desk_seat_send (PfaDeskSeat *self, const PfaGuidedFrame *frame);
/* A frame of the other side, unchanged. Closes the line with PFA_GUIDED_CLOSE_SLOW when too much
 * lies unacknowledged. */
void pfa_desk_seat_forward (PfaDeskSeat *self, guint64 seq, const char *text);
/* What the answers to pings say about the other side. */
void pfa_desk_seat_set_peer_acknowledged (PfaDeskSeat *self, guint64 ack);
/* Says why, and closes; on_closed() follows. */
void pfa_desk_seat_close (PfaDeskSeat *self, PfaGuidedClose code);
/* Closes it when it has been silent too long; called every second. @now_us: monotonic. */
void pfa_desk_seat_look (PfaDeskSeat *self, gint64 now_us);

/* What the owner hangs on it: the session. */
void pfa_desk_seat_set_owner (PfaDeskSeat *self, gpointer owner);
gpointer pfa_desk_seat_get_owner (PfaDeskSeat *self);

G_END_DECLS
