/* pfa-redact-report.h - the report's writing side; inside the redactor only
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-redactor.h"

G_BEGIN_DECLS

PfaRedactionReport *pfa_redaction_report_new (void);
void pfa_redaction_report_add (PfaRedactionReport *self,
                               const char *member,
                               PfaSecret secret,
                               guint64 line);
/* Forgets what was noted of @member, which is about to be looked at again. */
void pfa_redaction_report_forget (PfaRedactionReport *self, const char *member);

/* The only constructor of safe text. @text: (transfer full); @marks: (transfer full) PfaMark. */
PfaSafeText *pfa_safe_text_new_from_redactor (GString *text, GArray *marks);

G_END_DECLS
