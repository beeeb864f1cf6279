/* pfa-check-common.h - what many checks need: what blocks them, whom they ask
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-check.h"
#include "pfa-path.h"

G_BEGIN_DECLS

/* First red layers, each longer than the one before it. */
extern const PfaCheckBlock pfa_blocks_of_link[];
extern const PfaCheckBlock pfa_blocks_of_router[];
extern const PfaCheckBlock pfa_blocks_of_internet[];
extern const PfaCheckBlock pfa_blocks_of_way[];

/* The profile's payment host; where it names none, the machine behind its first URL. */
typedef struct
{
  char *host;
  guint16 port;
  gboolean tls;
} PfaTarget;

/* NULL when the profile names nobody. (transfer none) */
const PfaTarget *pfa_target_get (PfaCheckContext *context);
/* Host and port of a URL. (transfer full), NULL when it has none. */
char *pfa_target_dup_host (const char *url, guint16 *port);
/* The authorities that the profile asks for; NULL: the system's. (transfer none) */
GTlsDatabase *pfa_target_get_trust (PfaCheckContext *context);
/* Does everything that the profile names lie on this computer itself? */
gboolean pfa_target_is_local (const PfaProvider *provider);

/* The first SYN is repeated after 1 and 3 s: who has not taken it by then does not answer. */
#define PFA_CONNECT_TIMEOUT_MS 3400

/* The smaller of @wanted and what the run has left, less a margin for the report. */
guint pfa_check_limit_ms (PfaCheckContext *context, guint wanted);

/* The shortest way from "the wall clock must be moved by so much" to everybody who judges dates. */
gint64 pfa_clock_get_offset_s (PfaCheckContext *context);
void pfa_clock_set_offset_s (PfaCheckContext *context, gint64 offset_s);

/* A new observation of a check. */
PfaObservation *pfa_check_new_observation (const char *id, const char *value);

G_END_DECLS
