/* pfa-desk-relay.h - guided sessions: joins a merchant and an agent, and understands nothing of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "pfa-desk-agents.h"
#include "pfa-desk-bus.h"

G_BEGIN_DECLS

#define PFA_TYPE_DESK_RELAY (pfa_desk_relay_get_type ())
G_DECLARE_FINAL_TYPE (PfaDeskRelay, pfa_desk_relay, PFA, DESK_RELAY, GObject)

#define PFA_DESK_RELAY_MAX_SESSIONS 15000

/* How the relay measures time; the tests make it short. */
typedef struct
{
  guint code_valid_s;
  guint resume_s;
  guint waiting_s; /* a session that nobody joins */
  guint idle_s;    /* a joined one in which nothing is said */
  guint longest_s;
} PfaDeskRelayTimes;

extern const PfaDeskRelayTimes pfa_desk_relay_default_times;

/* @bus may be NULL: one desk alone. All state is in memory and gone with the process. */
PfaDeskRelay *pfa_desk_relay_new (const PfaDeskRelayTimes *times, PfaDeskBus *bus);

/* New lines, as the server accepted them. */
void pfa_desk_relay_take_merchant (PfaDeskRelay *self,
                                   SoupWebsocketConnection *connection,
                                   const char *client);
void pfa_desk_relay_take_agent (PfaDeskRelay *self,
                                SoupWebsocketConnection *connection,
                                const char *client,
                                const PfaDeskAgent *agent);

/* Numbers only, for monitoring. (transfer full) */
JsonObject *pfa_desk_relay_build_counts (PfaDeskRelay *self);
/* Who waits, for signed-in agents: since when, which provider and language; no code. */
JsonArray *pfa_desk_relay_build_waiting (PfaDeskRelay *self);

G_END_DECLS
