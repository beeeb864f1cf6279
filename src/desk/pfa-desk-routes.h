/* pfa-desk-routes.h - the desk's routes, one table a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-desk-server.h"

G_BEGIN_DECLS

/* /health: for load balancers; says nothing that a stranger may not know. */
extern const PfaDeskRoute pfa_desk_health_routes[];
/* POST /session signs an agent in, DELETE /session out, GET /session says who. */
extern const PfaDeskRoute pfa_desk_session_routes[];
/* /files: tus. Needs the parts "uploads" and "limits". */
extern const PfaDeskRoute pfa_desk_tus_routes[];
/* /tickets: intake, state, withdrawal, search. Needs the part "intake" besides. */
extern const PfaDeskRoute pfa_desk_ticket_routes[];

/* /spoken: reads a spoken code, for agents. */
extern const PfaDeskRoute pfa_desk_spoken_routes[];

/* / and /web: the agents' page. */
extern const PfaDeskRoute pfa_desk_web_routes[];

/* /guided: makes the part "relay", joined to the bus where one is given. Needs "limits". */
gboolean pfa_desk_guided_add (PfaDeskServer *desk, GError **error);
/* /spoken: reads the code of the telephone, for agents. */
extern const PfaDeskRoute pfa_desk_spoken_routes[];

G_END_DECLS
