/* pfa-json.h - the one guarded reader for all JSON that comes from outside, and its writer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Limits of what is read at all. A bundle's report is about 100 kB, the whole model about 600 kB.
 */
#define PFA_JSON_MAX_BYTES (16 * 1024 * 1024)
#define PFA_JSON_MAX_DEPTH 64

/* Reads strict JSON (RFC 8259): UTF-8, no comments, no duplicate keys in one object, at most
 * PFA_JSON_MAX_DEPTH levels, finite numbers. @length may be -1 for NUL-terminated text. @name says
 * in errors where the text came from ("provider.json: line 3: …"). Errors are PFA_ERROR_BAD_INPUT.
 */
JsonNode *pfa_json_parse (const char *text, gssize length, const char *name, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* As pfa_json_parse() with the root an object. Returns: (transfer full) */
JsonObject *pfa_json_parse_object (const char *text,
                                   gssize length,
                                   const char *name,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a whole file of at most PFA_JSON_MAX_BYTES. "-" is standard input. */
JsonNode *pfa_json_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes JSON with the shortest decimals that read back to the same doubles; members keep their
 * order. @pretty indents by two spaces. Ends without a line feed. Returns: (transfer full) */
char *pfa_json_write (JsonNode *node, gboolean pretty);
char *pfa_json_write_object (JsonObject *object, gboolean pretty);
/* Shortest text of a finite double that g_ascii_strtod() reads back to the same value. */
void pfa_json_append_double (GString *out, double value);
/* A string with its quotation marks, escaped as RFC 8259 asks. */
void pfa_json_append_string (GString *out, const char *text);

/* Typed access with errors that name the place: "@where: member “x” is missing". The require_
 * forms fail when the member is absent or of another type; the get_ forms return @fallback when it
 * is absent or null, and fail only on a wrong type. Strings, objects, arrays: (transfer none). */
const char *
pfa_json_require_string (JsonObject *object, const char *member, const char *where, GError **error);
JsonObject *
pfa_json_require_object (JsonObject *object, const char *member, const char *where, GError **error);
JsonArray *
pfa_json_require_array (JsonObject *object, const char *member, const char *where, GError **error);
gboolean pfa_json_require_double (JsonObject *object,
                                  const char *member,
                                  const char *where,
                                  double *value,
                                  GError **error);
gboolean pfa_json_get_string (JsonObject *object,
                              const char *member,
                              const char *where,
                              const char **value,
                              GError **error);
gboolean pfa_json_get_double (JsonObject *object,
                              const char *member,
                              const char *where,
                              double fallback,
                              double *value,
                              GError **error);
gboolean pfa_json_get_boolean (JsonObject *object,
                               const char *member,
                               const char *where,
                               gboolean fallback,
                               gboolean *value,
                               GError **error);
/* (transfer full): NULL-terminated, empty when absent; fails when an element is no string. */
GStrv
pfa_json_dup_strings (JsonObject *object, const char *member, const char *where, GError **error);

/* Lenient reading of what our own older versions wrote: NULL or @fallback when absent or of
 * another type. */
const char *pfa_json_peek_string (JsonObject *object, const char *member);
JsonObject *pfa_json_peek_object (JsonObject *object, const char *member);
JsonArray *pfa_json_peek_array (JsonObject *object, const char *member);
double pfa_json_peek_double (JsonObject *object, const char *member, double fallback);
gboolean pfa_json_peek_boolean (JsonObject *object, const char *member, gboolean fallback);

G_END_DECLS
