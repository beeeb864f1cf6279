/* pfa-desk-http.h - one JSON question to a help desk
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  guint status;
  JsonNode *node; /* NULL: the answer is no JSON */
} PfaDeskReply;

void pfa_desk_reply_free (PfaDeskReply *self);
/* The answer when it is an object, else NULL. (transfer none) */
JsonObject *pfa_desk_reply_get_object (const PfaDeskReply *self);
gboolean pfa_desk_reply_is_good (const PfaDeskReply *self);
/* @error says the status: PFA_ERROR_REFUSED where asking again does not help, else BUSY. */
void pfa_desk_reply_set_error (const PfaDeskReply *self, const char *doing, GError **error);

/* Takes @message. Any status is an answer. Errors: PFA_ERROR_UNREACHABLE; never follows redirects:
 * a token must not travel on. */
void pfa_desk_http_ask_async (SoupSession *session,
                              SoupMessage *message,
                              JsonObject *body,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
PfaDeskReply *pfa_desk_http_ask_finish (GAsyncResult *result, GError **error);

/* Plain http is allowed to loopback only. */
gboolean pfa_desk_http_check_url (const char *url, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDeskReply, pfa_desk_reply_free)

G_END_DECLS
