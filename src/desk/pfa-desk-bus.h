/* pfa-desk-bus.h - what joins several desks: NATS, seen from the main loop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PFA_TYPE_DESK_BUS (pfa_desk_bus_get_type ())
G_DECLARE_FINAL_TYPE (PfaDeskBus, pfa_desk_bus, PFA, DESK_BUS, GObject)

/* Called in the main context, in the order of arrival. What this desk itself published does not
 * come back. */
typedef void (*PfaDeskBusHandler) (const char *subject, const char *text, gpointer user_data);

/* Connects and keeps connected: an unreachable bus is an error only here, at the start. */
PfaDeskBus *pfa_desk_bus_new (const char *url, GError **error);
/* What this desk is called on the bus: a random word, new with each start. */
const char *pfa_desk_bus_get_name (PfaDeskBus *self);
gboolean pfa_desk_bus_is_up (PfaDeskBus *self);

void pfa_desk_bus_publish (PfaDeskBus *self, const char *subject, const char *text);
/* One handler a subject. */
void pfa_desk_bus_subscribe (PfaDeskBus *self,
                             const char *subject,
                             PfaDeskBusHandler handler,
                             gpointer user_data);
void pfa_desk_bus_unsubscribe (PfaDeskBus *self, const char *subject);

G_END_DECLS
