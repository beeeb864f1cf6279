/* pfa-web-question.h - one web request of a check, to the address that the run has found
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-check-context.h"
#include "pfa-web-probe.h"

G_BEGIN_DECLS

/* @result: (transfer full); NULL: the name has no address. Not called when the check is over. */
typedef void (*PfaWebAnswered) (PfaCheckContext *context, PfaWebResult *result, gpointer user_data);

typedef struct
{
  const char *url;     /* must live as long as the check */
  gboolean of_profile; /* one of the provider's own sites: the profile's trust counts */
  guint timeout_ms;
  gsize measure_bytes; /* as in PfaWebPlan */
  PfaWebAnswered answered;
  gpointer user_data; /* must live as long as the check */
} PfaWebQuestion;

/* FALSE when the URL names no host: nothing is asked then. */
gboolean pfa_web_question_ask (PfaCheckContext *context, const PfaWebQuestion *question);

G_END_DECLS
