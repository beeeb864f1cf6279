/* pfa-sim-server.h - puts a simulated terminal on a TCP port or a pty
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PFA_TYPE_SIM_SERVER (pfa_sim_server_get_type ())
G_DECLARE_FINAL_TYPE (PfaSimServer, pfa_sim_server, PFA, SIM_SERVER, GObject)

/* The state of a terminal without faults is an empty object. @state_file (or NULL) is read again
 * for every connection, so that a terminal can fall ill while it runs. */
PfaSimServer *pfa_sim_server_new (const char *protocol, JsonObject *state, const char *state_file);

/* @port 0: any free one. Gives the port, or 0 with @error. */
guint16
pfa_sim_server_listen (PfaSimServer *self, GInetAddress *address, guint16 port, GError **error);
/* Gives the path of the side that a program opens. (transfer none) */
const char *pfa_sim_server_open_pty (PfaSimServer *self, GError **error);

void pfa_sim_server_set_state (PfaSimServer *self, JsonObject *state);
/* All bytes that any connection sent to the terminal, in order. (transfer none) */
const GByteArray *pfa_sim_server_get_received (PfaSimServer *self);
/* Connections that are open now. */
guint pfa_sim_server_count_connections (PfaSimServer *self);
/* Appends each read as a line of hex to @path. */
void pfa_sim_server_set_log (PfaSimServer *self, const char *path);

G_END_DECLS
