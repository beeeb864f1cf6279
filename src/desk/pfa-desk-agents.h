/* pfa-desk-agents.h - who may look at the desk: agents, their tokens and sessions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-desk-store.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;
  char *organisation;
} PfaDeskAgent;

void pfa_desk_agent_free (PfaDeskAgent *self);

/* The token is given back once and kept as a hash only. A name that exists gets a new token: the
 * old one and its sessions end. (transfer full) */
char *pfa_desk_agents_add (PfaDeskStore *store,
                           const char *name,
                           const char *organisation,
                           GError **error);
gboolean pfa_desk_agents_remove (PfaDeskStore *store, const char *name, GError **error);
/* NULL without error: nobody has this token. (transfer full) */
PfaDeskAgent *pfa_desk_agents_find (PfaDeskStore *store, const char *token, GError **error);
/* A session for the agent's browser, ending after PFA_DESK_SESSION_S. (transfer full) */
char *pfa_desk_agents_open_session (PfaDeskStore *store, const PfaDeskAgent *agent, GError **error);
PfaDeskAgent *
pfa_desk_agents_find_session (PfaDeskStore *store, const char *cookie, GError **error);
gboolean pfa_desk_agents_close_session (PfaDeskStore *store, const char *cookie, GError **error);

#define PFA_DESK_SESSION_S (12 * 60 * 60)

/* @n_bytes from the system's generator in base32 without look-alikes. (transfer full) */
char *pfa_desk_random_word (gsize n_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDeskAgent, pfa_desk_agent_free)

G_END_DECLS
