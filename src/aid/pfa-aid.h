/* pfa-aid.h - the use case: from "it shows 96" to "solved" or "handed over"
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-diagnosis.h"
#include "pfa-incident.h"
#include "pfa-journal.h"
#include "pfa-knowledge.h"
#include "pfa-payment.h"
#include "pfa-terminal-secrets.h"
#include "pfa-terminal-status.h"
#include "pfa-words.h"

G_BEGIN_DECLS

#define PFA_TYPE_AID (pfa_aid_get_type ())
G_DECLARE_FINAL_TYPE (PfaAid, pfa_aid, PFA, AID, GObject)

/* The one heart that window, command line and guided session show. It drives one incident at a
 * time and saves it through the journal after every change.
 *
 * Signals, all in the main context:
 *   observed (PfaObservation *): something new is known.
 *   progressed (guint done, guint total): checks ended.
 *   changed (): evidence, decision, payment, step or state are new; ask for what is shown.
 *   not-saved (const char *sentence): once, when the journal cannot keep the run.
 */

typedef enum
{
  PFA_AID_IDLE,     /* no incident */
  PFA_AID_READY,    /* an incident, nothing running */
  PFA_AID_CHECKING, /* a whole run of checks */
  PFA_AID_STEPPING, /* a step is being done by the person */
  PFA_AID_RECHECKING,
  PFA_AID_ENDED, /* solved, handed over or given up */
} PfaAidState;

/* @journal may be NULL: nothing is kept then. Both are referenced. */
PfaAid *pfa_aid_new (PfaKnowledge *knowledge, PfaJournal *journal);

PfaKnowledge *pfa_aid_get_knowledge (PfaAid *self);
PfaJournal *pfa_aid_get_journal (PfaAid *self);
PfaAidState pfa_aid_get_state (PfaAid *self);
/* (transfer none), NULL when idle. Read only: change it through the functions below. */
const PfaIncident *pfa_aid_get_incident (PfaAid *self);
PfaProvider *pfa_aid_get_provider (PfaAid *self);

/* Begins a new incident; an open one stays in the journal. @provider may be NULL ("generic"). */
void pfa_aid_begin (PfaAid *self, const char *code, PfaProvider *provider);
/* Takes up an incident from the journal where it was left. */
void pfa_aid_resume (PfaAid *self, const PfaIncident *incident);
void pfa_aid_set_provider (PfaAid *self, PfaProvider *provider);
/* The terminal's address (DESIGN.md 4.5) or NULL. Contacts nothing. */
void pfa_aid_set_terminal (PfaAid *self, const char *address);

/* Practice: the incident is marked and counts nowhere. */
void pfa_aid_set_practice (PfaAid *self, gboolean practice);

/* The next checks measure the line's speed, too: up to 2 MB of the file that the profile names. */
void pfa_aid_set_throughput (PfaAid *self, gboolean throughput);

/* What the person says: @observation and @value of the knowledge; `unknown` and NULL mean "I don't
 * know" and the question is not asked again. `connection` and `answer-from` go this way too. */
gboolean pfa_aid_answer (PfaAid *self, const char *observation, const char *value, GError **error);
/* Takes the last answer or step back; FALSE when there is none. */
gboolean pfa_aid_undo (PfaAid *self);

/* "Check now": the only thing that contacts the network. @deadline_ms 0: the default. Fails with
 * PFA_ERROR_BUSY while a run is under way. */
void pfa_aid_check_async (PfaAid *self,
                          guint deadline_ms,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean pfa_aid_check_finish (PfaAid *self, GAsyncResult *result, GError **error);

/* One check that support asked for and the person allowed: what reports @observation. Ends with
 * pfa_aid_check_finish(). */
void pfa_aid_run_check_async (PfaAid *self,
                              const char *observation,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void pfa_aid_get_progress (PfaAid *self, guint *done, guint *total);

/* Reads the terminal; only on a click that says so. @online_test: its own yes (DESIGN.md 5.3).
 * @deadline_ms 0: the protocol's own. */
void pfa_aid_read_terminal_async (PfaAid *self,
                                  gboolean online_test,
                                  guint deadline_ms,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* TRUE when it was reached. What it told is evidence then, and below. */
gboolean pfa_aid_read_terminal_finish (PfaAid *self, GAsyncResult *result, GError **error);
gboolean pfa_aid_is_reading_terminal (PfaAid *self);
/* The last reading of this incident by this program, or NULL. (transfer none) */
PfaTerminalStatus *pfa_aid_get_terminal_status (PfaAid *self);

/* Where the secrets of a terminal come from: the secret store, a file, nowhere. Called when one is
 * read. (transfer full), may return NULL. */
typedef PfaTerminalSecrets *(*PfaAidSecretsFunc) (const char *address, gpointer user_data);
void pfa_aid_set_secrets_source (PfaAid *self, PfaAidSecretsFunc function, gpointer user_data);

/* One step: the person begins it, ends it, and the aid looks again at what it touched. */
gboolean pfa_aid_begin_step (PfaAid *self, const char *action, GError **error);
/* "Done": runs the step's recheck; finishes TRUE when the checks alone tell that it worked. */
void pfa_aid_recheck_async (PfaAid *self,
                            const char *action,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean pfa_aid_recheck_finish (PfaAid *self, GAsyncResult *result, GError **error);
/* "worked", "failed" or "skipped" ("I can't do this"). */
gboolean pfa_aid_end_step (PfaAid *self, const char *action, const char *outcome, GError **error);
/* It works again; @action is what helped, or NULL when it came back by itself. */
void pfa_aid_set_solved (PfaAid *self, const char *action);
void pfa_aid_give_up (PfaAid *self);
void pfa_aid_set_handed_over (PfaAid *self, const char *ticket);

/* The hash-chained log of a guided session, kept with the incident. @log: (transfer full) */
void pfa_aid_take_guided_log (PfaAid *self, JsonArray *log);

/* The decision now; recomputed when the evidence changes. (transfer none) */
const PfaDecision *pfa_aid_get_decision (PfaAid *self);
/* Why the guards keep steps back now, for the person. (transfer container, element-type PfaGuard)
 */
GPtrArray *pfa_aid_dup_guards (PfaAid *self);
/* FALSE while a guard forbids it; @why (transfer none) then says why. */
gboolean pfa_aid_is_allowed (PfaAid *self, const char *action, PfaText **why);

/* More than one thing may be wrong (troubleshooting.md A.2): support is offered first then. */
gboolean pfa_aid_has_several_faults (PfaAid *self);

/* The payment wizard's place (payments.md 2.2). */
PfaPayment *pfa_aid_get_payment (PfaAid *self);
void pfa_aid_answer_payment (PfaAid *self, const char *question, const char *answer);

/* Another run of the last half hour whose payment nobody has cleared up: the customer may stand
 * here for the second time (payments.md R4, R5). NULL when there is none. (transfer none) */
const PfaIncident *pfa_aid_get_open_payment (PfaAid *self);
/* What to say of it; NULL when there is none. (transfer full) */
GStrv pfa_aid_dup_open_payment_lines (PfaAid *self, const char *language);

/* One station of the path picture: terminal, link, router, internet, provider; and computer, which
 * stands beside the path. */
typedef enum
{
  PFA_STATION_WAITING,
  PFA_STATION_RUNNING,
  PFA_STATION_GOOD,
  PFA_STATION_DEGRADED,
  PFA_STATION_BROKEN,
  PFA_STATION_NOT_CHECKED,
} PfaStationState;

typedef struct
{
  const char *id;
  PfaStationState state;
  PfaText *text; /* the worst thing seen there, or why it was not checked; may be NULL */
} PfaStation;

/* Six entries in the order above, computer last. (transfer full, element-type PfaStation) */
GArray *pfa_aid_dup_stations (PfaAid *self);
/* The same as bundles and guided sessions carry them. (transfer full) */
JsonArray *pfa_aid_build_stations (PfaAid *self, const char *language);

/* What was found, in words of data/knowledge/words.json; all (transfer full). The headline is the
 * place ("It is not your shop's network"), the confidence has its number in brackets, the reasons
 * are at most three for and one against. */
char *pfa_aid_dup_headline (PfaAid *self, const char *language);
char *pfa_aid_dup_confidence (PfaAid *self, const char *language);
GStrv pfa_aid_dup_reasons (PfaAid *self, const char *language);
/* The title and lines for "More than one thing may be wrong"; both NULL while nothing says so. */
char *pfa_aid_dup_several_title (PfaAid *self, const char *language);
GStrv pfa_aid_dup_several_lines (PfaAid *self, const char *language);
/* The phrases themselves. (transfer none) */
PfaWords *pfa_aid_get_words (PfaAid *self);

/* The report of DESIGN.md 4.2 in @language. (transfer full) */
JsonObject *pfa_aid_build_report (PfaAid *self, const char *language);

G_END_DECLS
