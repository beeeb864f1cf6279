/* pfa-journal.h - incidents and measurements over time, in SQLite
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-incident.h"

G_BEGIN_DECLS

#define PFA_TYPE_JOURNAL (pfa_journal_get_type ())
G_DECLARE_FINAL_TYPE (PfaJournal, pfa_journal, PFA, JOURNAL, GObject)

/* Opens or makes @directory/journal.db (WAL, user_version migrations, foreign keys). A damaged file
 * is set aside as journal.db.damaged-TIME, never deleted. Fails with PFA_ERROR_STORAGE when nothing
 * can be saved; the caller goes on without. */
PfaJournal *pfa_journal_open (const char *directory, GError **error);

/* The same to look at what was saved: where nothing can be written any more (a full disk, a folder
 * that is read-only), the journal is read as it stands. */
PfaJournal *pfa_journal_open_to_read (const char *directory, GError **error);

/* kill -9 after it returned loses nothing. Well under 1 ms: no fsync. */
gboolean pfa_journal_save (PfaJournal *self, const PfaIncident *incident, GError **error);
/* What was saved before survives a power cut when it returns. Waits for the disk. */
void pfa_journal_sync (PfaJournal *self);
/* The same soon, in a worker thread: a slow disk does not hold up the main loop. What is saved
 * meanwhile is taken along by another one after it. */
void pfa_journal_sync_soon (PfaJournal *self);
/* (transfer full) or NULL with PFA_ERROR_NOT_FOUND. */
PfaIncident *pfa_journal_load (PfaJournal *self, const char *id, GError **error);
/* The only one whose id begins so. */
PfaIncident *pfa_journal_load_beginning (PfaJournal *self, const char *start, GError **error);
/* The newest one, or the newest still open ("Go on where you were"); NULL without error when none.
 */
PfaIncident *pfa_journal_load_newest (PfaJournal *self, gboolean only_open, GError **error);
/* (element-type PfaIncident) newest first; @limit 0: all. */
GPtrArray *pfa_journal_list (PfaJournal *self, guint limit, GError **error);
gboolean pfa_journal_delete (PfaJournal *self, const char *id, GError **error);
/* Deletes what ended more than @days ago. */
gboolean pfa_journal_expire (PfaJournal *self, guint days, GError **error);

/* Measurements of the watch: one number at a time (e.g. "provider-round-trip-ms"). */
gboolean pfa_journal_add_measurement (PfaJournal *self,
                                      const char *name,
                                      gint64 time,
                                      double value,
                                      GError **error);

typedef struct
{
  gint64 time; /* µs since 1970, UTC */
  double value;
} PfaMeasurement;

/* (element-type PfaMeasurement), oldest first. (transfer full) */
GArray *
pfa_journal_list_measurements (PfaJournal *self, const char *name, gint64 since, GError **error);
/* When the runs for @code began, oldest first; practice does not count. @code NULL: any.
 * (element-type gint64), µs since 1970. (transfer full) */
GArray *pfa_journal_list_starts (PfaJournal *self, const char *code, gint64 since, GError **error);
/* How often @code came since then; practice does not count. 0 when the journal cannot be read. */
guint pfa_journal_count (PfaJournal *self, const char *code, gint64 since);

G_END_DECLS
