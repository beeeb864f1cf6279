/* pfa-sim-nexo.h - a terminal of the nexo Terminal API on HTTPS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PFA_TYPE_SIM_NEXO (pfa_sim_nexo_get_type ())
G_DECLARE_FINAL_TYPE (PfaSimNexo, pfa_sim_nexo, PFA, SIM_NEXO, GObject)

/* @state_file (or NULL) is read again for every request. */
PfaSimNexo *pfa_sim_nexo_new (JsonObject *state, const char *state_file);
guint16 pfa_sim_nexo_listen (PfaSimNexo *self, GInetAddress *address, guint16 port, GError **error);
/* The root that a program has to trust. (transfer none) */
const char *pfa_sim_nexo_get_root (PfaSimNexo *self);
/* The clear text of the last request that could be read, or NULL. (transfer none) */
const char *pfa_sim_nexo_get_request (PfaSimNexo *self);
guint pfa_sim_nexo_count_requests (PfaSimNexo *self);

G_END_DECLS
