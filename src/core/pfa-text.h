/* pfa-text.h - one text in several languages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Immutable and reference counted. In JSON: {"en": "…", "zh_CN": "…", "de": "…"}; each value is a
 * text or a list of texts (paragraphs, steps). */
typedef struct _PfaText PfaText;

/* The languages that every text of the program's own knowledge must have. NULL-terminated. */
extern const char *const pfa_text_languages[];

PfaText *pfa_text_new_from_json (JsonNode *node,
                                 const char *where,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
PfaText *pfa_text_new_english (const char *english);
PfaText *pfa_text_ref (PfaText *self);
void pfa_text_unref (PfaText *self);
JsonNode *pfa_text_to_json (PfaText *self);

/* The text in @language ("zh_CN", "de_AT.UTF-8", NULL for English). Falls back to the language
 * without its country, to English, then to whatever there is; never NULL. NULL @self gives "". */
const char *pfa_text_get (PfaText *self, const char *language);
/* The same as a NULL-terminated list. (transfer none) */
const char *const *pfa_text_get_lines (PfaText *self, const char *language);
gboolean pfa_text_has (PfaText *self, const char *language);

/* "zh_CN.UTF-8" or "zh-hans" becomes "zh_CN", "de_AT@euro" becomes "de", all else "en".
 * (transfer none): one of pfa_text_languages. */
const char *pfa_text_match_language (const char *locale);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaText, pfa_text_unref)

G_END_DECLS
