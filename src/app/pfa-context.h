/* pfa-context.h - what all pages of the window share: the aid, the settings, the check under way
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid.h"
#include "pfa-outbox.h"

G_BEGIN_DECLS

#define PFA_TYPE_CONTEXT (pfa_context_get_type ())
G_DECLARE_FINAL_TYPE (PfaContext, pfa_context, PFA, CONTEXT, GObject)

/* Signals:
 *   looked (): the watch has looked; pfa_context_get_look() is new.
 *   trouble (const char *sentence): something could not be done; one plain sentence.
 *   watched (const char *who): support looks on from now, or no longer (NULL).
 *   stop-watching (): the person wants that to end, from whatever page. */
PfaContext *pfa_context_new (PfaAid *aid, GSettings *settings, const char *data_dir);

PfaAid *pfa_context_get_aid (PfaContext *self);
PfaKnowledge *pfa_context_get_knowledge (PfaContext *self);
/* NULL where nothing can be kept. */
PfaJournal *pfa_context_get_journal (PfaContext *self);
const char *pfa_context_get_data_dir (PfaContext *self);

/* NULL where no schema is found; the readers below then give the schema's defaults. */
GSettings *pfa_context_get_settings (PfaContext *self);
gboolean pfa_context_get_flag (PfaContext *self, const char *key);
/* (transfer full): "" when not set. */
char *pfa_context_dup_string (PfaContext *self, const char *key);
int pfa_context_get_number (PfaContext *self, const char *key, int fallback);

/* The one that the settings name; NULL: none is known. (transfer none) */
PfaProvider *pfa_context_find_provider (PfaContext *self);

/* Starts the checks of the aid's incident, or ends those under way. What goes wrong is said by
 * the signal. */
void pfa_context_start_check (PfaContext *self);
void pfa_context_stop_check (PfaContext *self);

/* What waits to be sent. Contacts nobody; NULL where nothing can be kept. (transfer none) */
PfaOutbox *pfa_context_ensure_outbox (PfaContext *self, GError **error);

/* Says @error as a sentence, unless it is a cancellation. */
void pfa_context_report (PfaContext *self, const GError *error);
void pfa_context_say (PfaContext *self, const char *sentence);

/* For the page of the guided session and the bar that every page shows meanwhile. */
void pfa_context_set_watched (PfaContext *self, const char *who);
void pfa_context_stop_watching (PfaContext *self);

/* What the watch saw last; shown on the first page while the watch is on. */
typedef struct
{
  PfaStationState line; /* WAITING: nothing could be seen of it */
  PfaStationState provider;
  gint64 time; /* µs since 1970 */
} PfaLook;

/* Emits "looked". */
void pfa_context_set_look (PfaContext *self, PfaStationState line, PfaStationState provider);
/* NULL while the watch is off or has not looked yet. (transfer none) */
const PfaLook *pfa_context_get_look (PfaContext *self);

G_END_DECLS
