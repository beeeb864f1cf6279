/* pfa-bundle-documents.h - what stands in the members, before it is redacted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-bundle.h"

G_BEGIN_DECLS

/* The report as it goes into a bundle: rounded, since nobody reads the fifteenth digit of a
 * probability, and with its time in UTC, so that every time zone gives the same bytes. */
JsonObject *pfa_bundle_copy_report (JsonObject *report, const PfaIncident *incident);

/* Each (transfer full). */
JsonObject *pfa_bundle_build_summary (const PfaBundleSource *source, const char *id);
JsonArray *pfa_bundle_build_steps (const PfaBundleSource *source);
JsonArray *pfa_bundle_build_checks (const PfaBundleSource *source);
JsonArray *pfa_bundle_build_timeline (const PfaBundleSource *source);
/* readme.html: one section a language, no script, nothing loaded. (transfer full) */
char *pfa_bundle_build_readme (const PfaBundleSource *source, const char *id);

/* 2026-11-22T01:41:07Z */
char *pfa_bundle_format_time (gint64 time);

G_END_DECLS
