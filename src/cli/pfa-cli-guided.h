/* pfa-cli-guided.h - what a guided session prints: events for scripts, sentences for people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid.h"
#include "pfa-guided-session.h"

G_BEGIN_DECLS

/* "yes step-restart-router": the step that is being done has worked. */
#define PFA_CLI_GUIDED_STEP "step-"

typedef struct _PfaCliGuided PfaCliGuided;

/* Prints from now on what @session and @aid say. */
PfaCliGuided *pfa_cli_guided_new (PfaGuidedSession *session, PfaAid *aid, gboolean json);
void pfa_cli_guided_free (PfaCliGuided *self);

G_END_DECLS
