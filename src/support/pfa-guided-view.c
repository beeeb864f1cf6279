/* pfa-guided-view.c - what a guided session shows and acts on; the aid implements it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-view.h"

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (PfaGuidedView, pfa_guided_view, G_TYPE_OBJECT)

static void
pfa_guided_view_default_init (PfaGuidedViewInterface *iface)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          PFA_TYPE_GUIDED_VIEW,
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
}

PfaGuidedRequest *
pfa_guided_request_new (PfaGuidedType type, gint64 number, const char *subject)
{
  PfaGuidedRequest *self = g_new0 (PfaGuidedRequest, 1);

  self->type = type;
  self->number = number;
  self->subject = g_strdup (subject);
  return self;
}

void
pfa_guided_request_free (PfaGuidedRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->subject);
  g_free (self->title);
  g_strfreev (self->values);
  g_strfreev (self->labels);
  g_free (self);
}

JsonObject *
pfa_guided_view_build_sections (PfaGuidedView *self, const char *language)
{
  g_return_val_if_fail (PFA_IS_GUIDED_VIEW (self), NULL);

  return PFA_GUIDED_VIEW_GET_IFACE (self)->build_sections (self, language);
}

const char *
pfa_guided_view_describe (PfaGuidedView *self, PfaGuidedRequest *request)
{
  g_return_val_if_fail (PFA_IS_GUIDED_VIEW (self), "unknown-id");

  return PFA_GUIDED_VIEW_GET_IFACE (self)->describe (self, request);
}

void
pfa_guided_view_act_async (PfaGuidedView *self,
                           const PfaGuidedRequest *request,
                           const char *value,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (PFA_IS_GUIDED_VIEW (self));

  PFA_GUIDED_VIEW_GET_IFACE (self)
      ->act_async (self, request, value, cancellable, callback, user_data);
}

JsonNode *
pfa_guided_view_act_finish (PfaGuidedView *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PFA_IS_GUIDED_VIEW (self), NULL);

  return PFA_GUIDED_VIEW_GET_IFACE (self)->act_finish (self, result, error);
}

void
pfa_guided_view_emit_changed (PfaGuidedView *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
