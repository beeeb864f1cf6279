/* pfa-aid-private.h - the aid's own members, for the files that make it up
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid.h"

#include "pfa-check-run.h"

G_BEGIN_DECLS

typedef struct _PfaAidUndo PfaAidUndo;

struct _PfaAid
{
  GObject parent_instance;

  PfaKnowledge *knowledge;
  PfaJournal *journal;
  PfaWords *words;
  PfaProvider *provider;
  PfaAidState state;
  PfaIncident *incident;
  PfaPayment *payment;
  PfaIncident *open_payment; /* another run whose payment is not cleared up, or NULL */
  PfaDecision *decision;
  GPtrArray *guards; /* (element-type PfaGuard, not owned): those that apply now */
  PfaCheckRun *run;
  guint refresh_source; /* a refresh that is due in the next turn of the main loop, or 0 */
  gboolean throughput; /* the person wants it measured */
  gboolean reading_terminal;
  gboolean terminal_told; /* a reading ended since the checks began */
  GCancellable *terminal_enough; /* of the reading under way; or NULL */
  GSource *terminal_patience;    /* how long it is still waited for; or NULL */
  PfaTerminalStatus *terminal_status; /* of this incident, read by this aid; or NULL */
  PfaAidSecretsFunc secrets_for;
  gpointer secrets_data;
  GPtrArray *undo; /* (element-type PfaAidUndo) */
  gboolean told_not_saved;
  guint checks_done;
  guint checks_total;
};

/* Recomputes the decision, saves the incident, and tells everybody. */
void pfa_aid_refresh (PfaAid *self);
void pfa_aid_set_state (PfaAid *self, PfaAidState state);
void pfa_aid_add_observation (PfaAid *self, PfaObservation *observation);
void pfa_aid_emit_progress (PfaAid *self, guint done, guint total);

/* The evidence that the engine sees: the incident's, without what the guards that apply now forbid;
 * fills self->guards. (transfer full) */
PfaEvidence *pfa_aid_build_evidence (PfaAid *self);

/* What the journal remembers is evidence too: how often, and at what times, the code came. */
void pfa_aid_add_history (PfaAid *self);
/* Fills self->open_payment. */
void pfa_aid_find_open_payment (PfaAid *self);
void pfa_aid_replay_payment (PfaPayment *payment, const PfaIncident *incident);

/* How likely @action helps now, 0 when the engine does not offer it. */
double pfa_aid_get_chance (PfaAid *self, const char *action);

/* What can be undone: an answer, or the end of a step. */
void pfa_aid_remember_step (PfaAid *self, const char *action);
void pfa_aid_undo_entry_free (PfaAidUndo *entry);

/* Runs the checks that report one of @observations (NULL: all) and shows @state meanwhile. */
void pfa_aid_run_checks_async (PfaAid *self,
                               const char *const *observations,
                               guint deadline_ms,
                               PfaAidState state,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pfa_aid_run_checks_finish (PfaAid *self, GAsyncResult *result, GError **error);

/* The checks have ended: a terminal that is still at its own test is not waited for much longer than
 * @started_us (monotonic) allows, when no result of that test could change the leading cause. */
void pfa_aid_limit_terminal (PfaAid *self, gint64 started_us);

/* "good", "degraded", "broken", "neutral", or NULL when not observed. (transfer none) */
const char *pfa_aid_get_value_state (PfaAid *self, const char *observation);

/* The numeric address in a terminal address, for the checks of the shop's network; NULL when it
 * has none. (transfer full) */
/* TRUE when the terminal's own answer, or its silence, says more than @seen, which a check saw of it
 * from outside. */
gboolean pfa_aid_terminal_knows_better (PfaAid *self, const PfaObservation *seen);
char *pfa_aid_dup_terminal_host (const char *address, guint16 *port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaAidUndo, pfa_aid_undo_entry_free)

G_END_DECLS
