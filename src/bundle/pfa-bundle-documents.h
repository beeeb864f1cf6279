/* pfa-bundle-documents.h - what stands in the members, before it is redacted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-bundle.h"

G_BEGIN_DECLS

/* Each (transfer full). Numbers are rounded: nobody reads the fifteenth digit of a probability. */
JsonObject *pfa_bundle_build_summary (const PfaBundleSource *source, const char *id);
JsonNode *pfa_bundle_build_report (const PfaBundleSource *source);
JsonArray *pfa_bundle_build_checks (const PfaBundleSource *source);
JsonArray *pfa_bundle_build_timeline (const PfaBundleSource *source);
JsonArray *pfa_bundle_build_steps (const PfaBundleSource *source);
/* readme.html: one section a language, no script, nothing loaded. (transfer full) */
char *pfa_bundle_build_readme (const PfaBundleSource *source, const char *id);

/* 2026-11-22T01:41:07Z */
char *pfa_bundle_format_time (gint64 time);

G_END_DECLS
