/* pfa-aid-guided-sections.h - what support is shown, section by section
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid.h"

G_BEGIN_DECLS

/* head, stations, causes, step, steps, payment, terminal, observations, offers; not yet masked.
 * @send: whether a bundle may be asked for. (transfer full) */
JsonObject *pfa_aid_guided_build_sections (PfaAid *aid, const char *language, gboolean send);

/* TRUE when support may ask for a run of what reports @kind. */
gboolean pfa_aid_guided_is_check (const PfaObservationKind *kind);

G_END_DECLS
