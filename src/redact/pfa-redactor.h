/* pfa-redactor.h - text in, safe text out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "pfa-safe-text.h"

G_BEGIN_DECLS

#define PFA_REDACTOR_KEY_LENGTH 32

/* Who will read it. The provider's support needs terminal, merchant, reference and trace numbers;
 * they stay where their key and their length say what they are. Anyone else sees the last four. */
typedef enum
{
  PFA_READER_PROVIDER,
  PFA_READER_ANYONE,
} PfaReader;

/* What was hidden, without the values: member, line, kind, count. Reference counted. */
typedef struct _PfaRedactionReport PfaRedactionReport;

PfaRedactionReport *pfa_redaction_report_ref (PfaRedactionReport *self);
void pfa_redaction_report_unref (PfaRedactionReport *self);
/* All members and kinds together. */
guint64 pfa_redaction_report_get_total (const PfaRedactionReport *self);
guint64 pfa_redaction_report_get_count (const PfaRedactionReport *self,
                                        const char *member,
                                        PfaSecret secret);
/* Notes that @member was left out, and why (English, one clause). */
void
pfa_redaction_report_add_dropped (PfaRedactionReport *self, const char *member, const char *reason);
/* {"format": "pos-first-aid-redaction/1", "members": [{"name", "counts": {kind: n}, "places":
 * [{"line", "kind", "count"}], "more"}], "dropped": [{"name", "reason"}]}. @places: FALSE leaves
 * the lines out. (transfer full) */
JsonObject *pfa_redaction_report_to_json (const PfaRedactionReport *self, gboolean places);

/* Not thread-safe: one redactor a thread at a time. */
typedef struct _PfaRedactor PfaRedactor;

/* The same @key gives the same placeholder for the same secret; it never leaves the computer. */
PfaRedactor *pfa_redactor_new (const guint8 key[PFA_REDACTOR_KEY_LENGTH], PfaReader reader);
/* With a key of its own that nobody keeps. */
PfaRedactor *pfa_redactor_new_with_fresh_key (PfaReader reader);
void pfa_redactor_free (PfaRedactor *self);

/* A name of this shop that has no shape of its own: the computer, the Wi-Fi, the person. Before the
 * first text only. Names shorter than four characters are not taken. */
void pfa_redactor_add_name (PfaRedactor *self, PfaSecret secret, const char *name);
PfaRedactionReport *pfa_redactor_get_report (PfaRedactor *self);

/* Each returns NULL and PFA_ERROR_BAD_INPUT with one sentence when the text cannot be made safe.
 * @length may be -1. @member names it in the report. (transfer full) */
PfaSafeText *pfa_redactor_redact_text (PfaRedactor *self,
                                       const char *member,
                                       const char *text,
                                       gssize length,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Walks the values with their keys, then looks at the whole text again; the result is JSON. */
PfaSafeText *pfa_redactor_redact_json (PfaRedactor *self,
                                       const char *member,
                                       JsonNode *node,
                                       gboolean pretty,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As above, pretty and without marks; the UUIDs and SHA-256 sums in @own (NULL-terminated), which
 * are the program's own, stay as they are whatever they look like. */
PfaSafeText *pfa_redactor_redact_json_with_own (PfaRedactor *self,
                                                const char *member,
                                                JsonObject *object,
                                                const char *const *own,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The report, without the lines, as a member of a bundle: "password": 2 is a count there, and no
 * password. */
PfaSafeText *pfa_redactor_build_report (PfaRedactor *self,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* JSON Lines: one element of @lines a line. */
PfaSafeText *pfa_redactor_redact_json_lines (PfaRedactor *self,
                                             const char *member,
                                             JsonArray *lines,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes one piece after the other; FALSE ends the run. */
typedef gboolean (*PfaSafeSink) (PfaSafeText *piece, gpointer user_data, GError **error);

/* Reads @input to its end in constant memory: text in any of the common encodings, or an archive or
 * compressed file of such texts. Blocks: call it in a thread of a GTask. What the sink got is never
 * unsafe, but incomplete when it fails. */
gboolean pfa_redactor_redact_stream (PfaRedactor *self,
                                     const char *member,
                                     GInputStream *input,
                                     PfaSafeSink sink,
                                     gpointer user_data,
                                     GCancellable *cancellable,
                                     GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaRedactionReport, pfa_redaction_report_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaRedactor, pfa_redactor_free)

G_END_DECLS
