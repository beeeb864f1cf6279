/* pfa-guided-view.h - what a guided session shows and acts on; the aid implements it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "pfa-guided-frame.h"

G_BEGIN_DECLS

/* One thing that the agent asks for. @number and @subject are the agent's; everything a person
 * reads is the program's own and is filled in by pfa_guided_view_describe(). */
typedef struct
{
  PfaGuidedType type; /* suggest-step, ask, run-check, request-bundle */
  gint64 number;
  char *subject; /* id of a step, question or check; NULL for a bundle */
  char *title;   /* in the merchant's language */
  GStrv values;  /* of a question: ids of the answers … */
  GStrv labels;  /* … and what a person reads */
} PfaGuidedRequest;

PfaGuidedRequest *pfa_guided_request_new (PfaGuidedType type, gint64 number, const char *subject);
void pfa_guided_request_free (PfaGuidedRequest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaGuidedRequest, pfa_guided_request_free)

#define PFA_TYPE_GUIDED_VIEW (pfa_guided_view_get_type ())
G_DECLARE_INTERFACE (PfaGuidedView, pfa_guided_view, PFA, GUIDED_VIEW, GObject)

/* Signal: changed (), when what the merchant sees is new. */
struct _PfaGuidedViewInterface
{
  GTypeInterface parent_interface;

  JsonObject *(*build_sections) (PfaGuidedView *self, const char *language);
  const char *(*describe) (PfaGuidedView *self, PfaGuidedRequest *request);
  void (*act_async) (PfaGuidedView *self,
                     const PfaGuidedRequest *request,
                     const char *value,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
  JsonNode *(*act_finish) (PfaGuidedView *self, GAsyncResult *result, GError **error);
};

/* One member a section: head, stations, causes, observations, step, steps, payment, terminal,
 * offers. The texts are in @language, the agent's. Nothing of it is masked yet. (transfer full) */
JsonObject *pfa_guided_view_build_sections (PfaGuidedView *self, const char *language);
/* Fills in what the person reads. NULL: the merchant may be asked. Else why the request is refused
 * without a question: unknown-id, not-allowed (a guard forbids it now). */
const char *pfa_guided_view_describe (PfaGuidedView *self, PfaGuidedRequest *request);
/* Does what the merchant has said yes to. @value: the answer to a question. */
void pfa_guided_view_act_async (PfaGuidedView *self,
                                const PfaGuidedRequest *request,
                                const char *value,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
/* (transfer full): what the agent is told, or NULL without error for nothing. */
JsonNode *pfa_guided_view_act_finish (PfaGuidedView *self, GAsyncResult *result, GError **error);
/* For implementations. */
void pfa_guided_view_emit_changed (PfaGuidedView *self);

G_END_DECLS
