/* pfa-ticket.c - the requests about a ticket: hand over, look, withdraw
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-ticket.h"

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-support-http.h"

void
pfa_ticket_outcome_free (PfaTicketOutcome *self)
{
  g_clear_pointer (&self->answer, pfa_intake_answer_free);
  g_free (self);
}

static gboolean
is_client_error (guint status)
{
  return status >= 400 && status < 500 && status != 408 && status != 423 && status != 425 &&
         status != 429;
}

/* Reads what is JSON of ours in @reply; whatever else a proxy puts there is NULL. */
static PfaIntakeAnswer *
read_answer (const PfaSupportReply *reply, gboolean *upload_missing)
{
  g_autoptr (JsonObject) object = pfa_json_parse_object (reply->text, -1, "intake", NULL);

  *upload_missing =
      object != NULL && g_strcmp0 (pfa_json_peek_string (object, "error"), "upload") == 0;
  return object != NULL ? pfa_intake_answer_new_from_json (object, NULL) : NULL;
}

static PfaTicketOutcome *
judge (const PfaSupportReply *reply)
{
  g_autoptr (PfaTicketOutcome) outcome = g_new0 (PfaTicketOutcome, 1);
  g_autoptr (PfaIntakeAnswer) answer = read_answer (reply, &outcome->upload_missing);

  outcome->status = reply->status;
  outcome->retry_after = pfa_support_reply_get_retry_after (reply);
  if (reply->status == 200 || reply->status == 201)
    {
      /* A page of a hotel's portal also says 200. */
      if (answer != NULL && answer->ticket != NULL)
        outcome->answer = g_steal_pointer (&answer);
    }
  else if (is_client_error (reply->status) && !outcome->upload_missing)
    {
      if (answer == NULL)
        answer = g_new0 (PfaIntakeAnswer, 1);
      g_clear_pointer (&answer->ticket, g_free);
      if (answer->discarded == NULL)
        answer->discarded = g_strdup_printf ("status-%u", reply->status);
      outcome->answer = g_steal_pointer (&answer);
    }
  return g_steal_pointer (&outcome);
}

static void
on_submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaSupportReply) reply = pfa_support_request_send_finish (result, &error);

  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, judge (reply), (GDestroyNotify) pfa_ticket_outcome_free);
}

void
pfa_ticket_submit_async (SoupSession *session,
                         const char *url,
                         const char *key,
                         const PfaIntakeRequest *request,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  PfaSupportRequest *post = pfa_support_request_new ("POST", url);
  g_autoptr (JsonObject) object = pfa_intake_request_to_json (request);

  g_task_set_source_tag (task, pfa_ticket_submit_async);
  pfa_support_request_set_header (post, "Idempotency-Key", key);
  pfa_support_request_set_json (post, object);
  pfa_support_request_send_async (post, session, cancellable, on_submitted_cb, task);
}

PfaTicketOutcome *
pfa_ticket_submit_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GError *
error_for_status (guint status)
{
  PfaError code = PFA_ERROR_BUSY;

  if (status == 404 || status == 410)
    code = PFA_ERROR_NOT_FOUND;
  else if (status == 401 || status == 403)
    code = PFA_ERROR_REFUSED;
  return g_error_new (PFA_ERROR, code, "the desk answered %u", status);
}

/* GET and DELETE: one JSON object, or a status that says why not. */
static void
on_told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaSupportReply) reply = pfa_support_request_send_finish (result, &error);
  JsonObject *object = NULL;

  if (reply != NULL && reply->status != 200)
    error = error_for_status (reply->status);
  else if (reply != NULL)
    object = pfa_json_parse_object (reply->text, -1, "the desk's answer", &error);
  if (object != NULL)
    g_task_return_pointer (task, object, (GDestroyNotify) json_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
ask (SoupSession *session, const char *method, const char *url, const char *token, GTask *task)
{
  PfaSupportRequest *request = pfa_support_request_new (method, url);
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);

  pfa_support_request_set_header (request, "Authorization", bearer);
  pfa_support_request_send_async (request,
                                  session,
                                  g_task_get_cancellable (task),
                                  on_told_cb,
                                  task);
}

void
pfa_ticket_look_async (SoupSession *session,
                       const char *url,
                       const char *token,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pfa_ticket_look_async);
  ask (session, "GET", url, token, task);
}

PfaTicketState *
pfa_ticket_look_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (JsonObject) object = g_task_propagate_pointer (G_TASK (result), error);

  return object != NULL ? pfa_ticket_state_new_from_json (object, error) : NULL;
}

void
pfa_ticket_withdraw_async (SoupSession *session,
                           const char *url,
                           const char *token,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pfa_ticket_withdraw_async);
  ask (session, "DELETE", url, token, task);
}

JsonObject *
pfa_ticket_withdraw_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
