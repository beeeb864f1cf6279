/* pfa-redact-filter.h - a text of any length, piece by piece; inside the redactor only
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-redact-scan.h"

G_BEGIN_DECLS

/* What a filter works for; outlives it. */
typedef struct
{
  const PfaScanRules *rules;
  PfaRedactionReport *report;
  const char *member;
  PfaSafeSink sink;
  gpointer user_data;
  gboolean audit; /* the last scan */
} PfaFilterTarget;

typedef struct _PfaFilter PfaFilter;

PfaFilter *pfa_filter_new (const PfaFilterTarget *target);
void pfa_filter_free (PfaFilter *self);
/* UTF-8 or bytes that are nearly so. */
gboolean pfa_filter_push (PfaFilter *self, const guint8 *bytes, gsize length, GError **error);
gboolean pfa_filter_finish (PfaFilter *self, GError **error);

/* Reads @input whatever it is, and pushes the texts in it. */
gboolean
pfa_source_read (GInputStream *input, PfaFilter *filter, GCancellable *cancellable, GError **error);

/* The last scan: written apart from the others, so that a fault there is not a fault here. Returns
 * what it found, or NULL. */
const char *pfa_audit_find (const char *text, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaFilter, pfa_filter_free)

G_END_DECLS
