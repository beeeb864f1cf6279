/* pfa-guided-log.h - the hash-chained log of a guided session (guided.jsonl)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PFA_GUIDED_HEAD_LENGTH 64 /* hexadecimal SHA-256 */

#define PFA_GUIDED_LOG_SESSION "chain"

/* Who did it. */
#define PFA_GUIDED_BY_MERCHANT "merchant"
#define PFA_GUIDED_BY_AGENT    "agent"
#define PFA_GUIDED_BY_PROGRAM  "program"

/* The merchant's side writes it, the agent's side gets every line and chains it too, and each tells
 * the other the head it has come to: a line that was changed, left out or added afterwards shows.
 *
 * A line is compact JSON {"n", "time", "who", "what", …}. The head after it is
 * SHA-256 (head before ‖ line), both as text; the first head is SHA-256 ("posaid-log-v1" ‖
 * session). An entry of guided.jsonl is the line with one member more at its end: "head". */
typedef struct _PfaGuidedLog PfaGuidedLog;

PfaGuidedLog *pfa_guided_log_new (const char *session);
void pfa_guided_log_free (PfaGuidedLog *self);

/* Adds an entry. @details (transfer none, may be NULL): further members. Returns: (transfer none)
 * the line to send to the other side, valid until the next entry. */
const char *pfa_guided_log_add (PfaGuidedLog *self,
                                gint64 time,
                                const char *who,
                                const char *what,
                                JsonObject *details);

guint pfa_guided_log_get_length (PfaGuidedLog *self);
const char *pfa_guided_log_get_head (PfaGuidedLog *self);
/* Whether the head was @head when there were @length entries. */
gboolean pfa_guided_log_matches (PfaGuidedLog *self, guint length, const char *head);
/* All entries with their heads. (transfer full) */
JsonArray *pfa_guided_log_to_json (PfaGuidedLog *self);

/* Walks @entries as a bundle holds them. @session NULL: several sessions may stand one behind the
 * other, each named by the member PFA_GUIDED_LOG_SESSION of its first entry. @fault: the place of
 * the first entry that does not fit, from 1; 0 when all do. That entries are missing at the very
 * end only the other side's head can show. */
gboolean pfa_guided_log_verify (const char *session, JsonArray *entries, guint *fault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaGuidedLog, pfa_guided_log_free)

G_END_DECLS
