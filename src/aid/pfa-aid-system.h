/* pfa-aid-system.h - what this computer says about itself in a bundle
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-incident.h"
#include "pfa-network-state.h"

G_BEGIN_DECLS

/* Kinds and counts, nothing that tells which computer or shop it is: no names, no addresses, of a
 * hardware address the vendor's part only. Counters of packets are rounded down to a power of ten.
 * @root as in pfa-kernel-files.h. (transfer full) */
JsonObject *pfa_aid_build_system (const PfaNetworkState *network,
                                  const char *root,
                                  const PfaIncident *incident,
                                  const char *language);

G_END_DECLS
