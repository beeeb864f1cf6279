/* pfa-aid-guided.h - the aid as a guided session sees it: what support is shown, and may ask for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid.h"
#include "pfa-guided-session.h"

G_BEGIN_DECLS

#define PFA_TYPE_AID_GUIDED (pfa_aid_guided_get_type ())
G_DECLARE_FINAL_TYPE (PfaAidGuided, pfa_aid_guided, PFA, AID_GUIDED, GObject)

/* Makes and sends a bundle of the aid's incident; ends the task with the ticket's number (a string
 * to g_free()) or an error. @task: (transfer full) */
typedef void (*PfaAidGuidedSend) (PfaAidGuided *self, GTask *task, gpointer user_data);

/* Implements PfaGuidedView. @language: the merchant's. */
PfaAidGuided *pfa_aid_guided_new (PfaAid *aid, const char *language);
PfaAid *pfa_aid_guided_get_aid (PfaAidGuided *self);
const char *pfa_aid_guided_get_language (PfaAidGuided *self);
/* For pfa_aid_guided_set_outbox(), and for tests. @user_data lives as long as @self. Without it a
 * request for the bundle is refused as not-allowed. */
void pfa_aid_guided_set_send (PfaAidGuided *self, PfaAidGuidedSend send, gpointer user_data);

/* A session of the aid's incident with its provider, not yet started; its log is kept with the
 * incident as it grows. NULL where the provider has no guided sessions. (transfer full) */
PfaGuidedSession *pfa_aid_guided_create_session (PfaAidGuided *self);

G_END_DECLS
