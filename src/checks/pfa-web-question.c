/* pfa-web-question.c - one web request of a check, to the address that the run has found
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-web-question.h"

#include "pfa-check-common.h"
#include "pfa-lookup.h"

typedef struct
{
  PfaCheckContext *context;
  PfaWebQuestion question;
} Asking;

static void
asking_free (Asking *self)
{
  pfa_check_context_unref (self->context);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, asking_free)

static void
on_answered_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (Asking) self = user_data;
  g_autoptr (PfaWebResult) result = pfa_web_probe_finish (async_result, NULL);

  if (result != NULL && !pfa_check_is_over (self->context))
    self->question.answered (self->context, g_steal_pointer (&result), self->question.user_data);
}

static void
on_found_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (Asking) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) address =
      pfa_lookup_find_finish (PFA_LOOKUP (source), async_result, &error);
  PfaWebPlan plan = { .url = self->question.url,
                      .address = address,
                      .measure_bytes = self->question.measure_bytes };
  GCancellable *cancellable;

  if (error != NULL || pfa_check_is_over (self->context))
    return;
  if (address == NULL)
    {
      self->question.answered (self->context, NULL, self->question.user_data);
      return;
    }
  if (self->question.of_profile)
    plan.database = pfa_target_get_trust (self->context);
  plan.timeout_ms = pfa_check_limit_ms (self->context, self->question.timeout_ms);
  plan.connect_timeout_ms = PFA_CONNECT_TIMEOUT_MS;
  cancellable = pfa_check_get_cancellable (self->context);
  pfa_web_probe_async (&plan, cancellable, on_answered_cb, g_steal_pointer (&self));
}

gboolean
pfa_web_question_ask (PfaCheckContext *context, const PfaWebQuestion *question)
{
  guint16 port;
  g_autofree char *host = pfa_target_dup_host (question->url, &port);
  Asking *self;

  if (host == NULL)
    return FALSE;
  self = g_new0 (Asking, 1);
  self->context = pfa_check_context_ref (context);
  self->question = *question;
  pfa_lookup_find_async (pfa_lookup_get (context, host),
                         pfa_check_get_cancellable (context),
                         on_found_cb,
                         self);
  return TRUE;
}
