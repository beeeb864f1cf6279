/* pfa-guided-window.h - what was sent and is not acknowledged, and when it was said
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A plain value in its owner, {0} before init(). */
typedef struct
{
  GQueue kept;          /* (element-type Kept) by number */
  GArray *said;         /* (element-type Said) */
  guint64 sent;         /* the last own number */
  guint64 acknowledged; /* the last that the other side has taken in */
  guint late_ms;
} PfaGuidedWindow;

/* @late_ms: of what is_late() speaks. */
void pfa_guided_window_init (PfaGuidedWindow *self, guint late_ms);
void pfa_guided_window_clear (PfaGuidedWindow *self);

/* How many new frames may be sent now. */
guint pfa_guided_window_get_room (const PfaGuidedWindow *self);
/* Keeps the next frame. @text: (transfer full) */
void pfa_guided_window_push (PfaGuidedWindow *self, char *text);
/* TRUE when there was no room, and now there is. An acknowledgment of what was never sent counts
 * for nothing. */
gboolean pfa_guided_window_acknowledge (PfaGuidedWindow *self, guint64 ack);
/* Calls @send for each kept text behind @ack, in order. */
void pfa_guided_window_send_again (const PfaGuidedWindow *self,
                                   guint64 ack,
                                   void (*send) (const char *text, gpointer user_data),
                                   gpointer user_data);

/* TRUE when the other side wrote a frame with @seen although this side had said something newer
 * more than late_ms before. */
gboolean pfa_guided_window_is_late (PfaGuidedWindow *self, guint64 seen);

G_END_DECLS
