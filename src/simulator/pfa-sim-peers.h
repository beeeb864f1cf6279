/* pfa-sim-peers.h - the simulated terminals, one a protocol
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-sim-peer.h"

G_BEGIN_DECLS

PfaSimPeer *pfa_sim_codepay_new (gboolean serial, JsonObject *state);
PfaSimPeer *pfa_sim_echo_new (gboolean serial, JsonObject *state);
PfaSimPeer *pfa_sim_ecr17_new (gboolean serial, JsonObject *state);
PfaSimPeer *pfa_sim_poslink_new (gboolean serial, JsonObject *state);
PfaSimPeer *pfa_sim_transbank_new (gboolean serial, JsonObject *state);
PfaSimPeer *pfa_sim_zvt_new (gboolean serial, JsonObject *state);

G_END_DECLS
