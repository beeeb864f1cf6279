/* pfa-outbox-attempt.c - one attempt to bring one outbox item to its ticket
 *
 *   lock, read → sending → upload (tus) → uploaded → intake → sent | refused | pending, later
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-outbox-attempt.h"

#include "pfa-error.h"
#include "pfa-outbox-schedule.h"
#include "pfa-support-http.h"
#include "pfa-ticket.h"
#include "pfa-tus-upload.h"

/* The desk says that it does not have the upload: once more from the start, but not for ever. */
#define MAX_UPLOADS 3

typedef struct
{
  SoupSession *session;
  PfaTusUpload *upload;
  guint uploads;
} Attempt;

static void begin_upload (GTask *task);

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  g_clear_object (&attempt->session);
  g_clear_object (&attempt->upload);
  g_free (attempt);
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* By the person, here or through another process. */
static gboolean
is_given_up (PfaOutboxItem *item)
{
  return item->state == PFA_OUTBOX_WITHDRAWING || pfa_outbox_item_is_stopped (item);
}

/* Writes the item and ends the attempt with @result. */
static void
end (GTask *task, PfaOutboxAttempt result)
{
  PfaOutboxItem *item = g_task_get_source_object (task);
  GError *error = NULL;
  gboolean saved = pfa_outbox_item_save (item, &error);

  if (saved && !pfa_outbox_item_is_waiting (item))
    pfa_outbox_item_delete_bundle (item);
  pfa_outbox_item_unlock (item);
  if (saved)
    g_task_return_int (task, (gssize) result);
  else
    g_task_return_error (task, error);
}

static void
end_refused (GTask *task, const char *word, const char *text)
{
  PfaOutboxItem *item = g_task_get_source_object (task);

  pfa_outbox_item_set_problem (item, word, text);
  item->next = 0;
  /* What was given up and is not wanted either is nowhere. */
  pfa_outbox_item_set_state (item, is_given_up (item) ? PFA_OUTBOX_CANCELLED : PFA_OUTBOX_REFUSED);
  end (task, PFA_OUTBOX_ATTEMPT_DONE);
}

static void
end_later (GTask *task,
           PfaOutboxAttempt result,
           const char *word,
           const char *text,
           gint64 retry_after)
{
  PfaOutboxItem *item = g_task_get_source_object (task);
  gint64 now = now_s ();

  pfa_outbox_item_set_problem (item, word, text);
  item->next = pfa_outbox_schedule_get_next (item->created,
                                             now,
                                             item->attempts,
                                             g_random_double (),
                                             retry_after);
  item->retry_after = retry_after > 0 ? now + MIN (retry_after, PFA_OUTBOX_MAX_RETRY_AFTER_S) : 0;
  if (item->next < 0)
    {
      item->next = 0;
      pfa_outbox_item_set_problem (item, "expired", text);
      /* With a ticket in hand the person can still withdraw it. */
      pfa_outbox_item_set_state (item, item->ticket != NULL ? PFA_OUTBOX_SENT : PFA_OUTBOX_EXPIRED);
      end (task, PFA_OUTBOX_ATTEMPT_DONE);
      return;
    }
  pfa_outbox_item_set_state (item,
                             is_given_up (item) ? PFA_OUTBOX_WITHDRAWING : PFA_OUTBOX_PENDING);
  end (task, result);
}

/* The person or another process gave it up before the intake has heard of it. */
static gboolean
end_if_stopped (GTask *task)
{
  PfaOutboxItem *item = g_task_get_source_object (task);

  if (item->asked || !is_given_up (item))
    return FALSE;
  pfa_outbox_item_delete_bundle (item);
  pfa_outbox_item_set_state (item, PFA_OUTBOX_CANCELLED);
  end (task, PFA_OUTBOX_ATTEMPT_HELD);
  return TRUE;
}

static void
handle_error (GTask *task, const GError *error, gint64 retry_after)
{
  PfaOutboxItem *item = g_task_get_source_object (task);

  if (error->domain != PFA_ERROR)
    {
      /* Cancelled: by pausing, giving up or leaving the program. */
      if (item->state == PFA_OUTBOX_SENDING)
        pfa_outbox_item_set_state (item, PFA_OUTBOX_PENDING);
      pfa_outbox_item_save (item, NULL);
      pfa_outbox_item_unlock (item);
      g_task_return_error (task, g_error_copy (error));
      return;
    }
  switch ((PfaError) error->code)
    {
    case PFA_ERROR_UNREACHABLE:
    case PFA_ERROR_TIMED_OUT:
      end_later (task, PFA_OUTBOX_ATTEMPT_NO_LINE, "no-line", error->message, -1);
      break;
    case PFA_ERROR_REFUSED:
      end_refused (task, "refused", error->message);
      break;
    case PFA_ERROR_BAD_INPUT:
      end_refused (task, "address", error->message);
      break;
    case PFA_ERROR_UNTRUSTED:
      /* A wrong clock or a portal in between passes; what was sent waits behind it. */
      end_later (task, PFA_OUTBOX_ATTEMPT_LATER, "untrusted", error->message, -1);
      break;
    case PFA_ERROR_STORAGE:
      end_later (task, PFA_OUTBOX_ATTEMPT_LATER, "storage", error->message, -1);
      break;
    case PFA_ERROR_INTERNAL:
    case PFA_ERROR_INVALID_DATA:
    case PFA_ERROR_NOT_FOUND:
    case PFA_ERROR_PERMISSION_DENIED:
    case PFA_ERROR_BUSY:
    case PFA_ERROR_NOT_SUPPORTED:
    default:
      end_later (task, PFA_OUTBOX_ATTEMPT_LATER, "busy", error->message, retry_after);
      break;
    }
}

static void
take_ticket (PfaOutboxItem *item, const PfaIntakeAnswer *answer)
{
  g_free (item->ticket);
  g_free (item->ticket_url);
  g_free (item->token);
  item->ticket = g_strdup (answer->ticket);
  item->ticket_url = g_strdup (answer->url);
  item->token = g_strdup (answer->token);
  item->next = item->retry_after = 0;
  pfa_outbox_item_set_problem (item, NULL, NULL);
  pfa_outbox_item_set_sent (item, item->size);
}

static void
end_sent (GTask *task)
{
  pfa_outbox_item_set_state (g_task_get_source_object (task), PFA_OUTBOX_SENT);
  end (task, PFA_OUTBOX_ATTEMPT_DONE);
}

static void
on_withdrawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaOutboxItem *item = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) receipt = pfa_ticket_withdraw_finish (result, &error);

  if (receipt == NULL && !g_error_matches (error, PFA_ERROR, PFA_ERROR_NOT_FOUND))
    {
      /* Whatever the reason, it lies there still. */
      if (g_error_matches (error, PFA_ERROR, PFA_ERROR_REFUSED))
        end_sent (task);
      else
        handle_error (task, error, -1);
      return;
    }
  if (receipt != NULL)
    pfa_outbox_item_keep_receipt (item, receipt);
  pfa_outbox_item_set_state (item, PFA_OUTBOX_WITHDRAWN);
  end (task, PFA_OUTBOX_ATTEMPT_DONE);
}

/* The ticket is in hand, but the person has given it up since the intake was asked. */
static void
begin_withdrawal (GTask *task)
{
  PfaOutboxItem *item = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);

  if (item->ticket_url == NULL || item->token == NULL || pfa_outbox_item_has_sent_brother (item) ||
      !pfa_support_check_url (item->ticket_url, NULL))
    {
      end_sent (task);
      return;
    }
  pfa_ticket_withdraw_async (attempt->session,
                             item->ticket_url,
                             item->token,
                             g_task_get_cancellable (task),
                             on_withdrawn_cb,
                             g_object_ref (task));
}

/* The ticket is on the disk before anything else is done with it. */
static void
on_ticket (GTask *task, const PfaIntakeAnswer *answer)
{
  PfaOutboxItem *item = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  take_ticket (item, answer);
  if (!is_given_up (item))
    {
      end_sent (task);
      return;
    }
  pfa_outbox_item_set_state (item, PFA_OUTBOX_WITHDRAWING);
  if (pfa_outbox_item_save (item, &error))
    begin_withdrawal (task);
  else
    handle_error (task, error, -1);
}

static void
on_submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaOutboxItem *item = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaTicketOutcome) outcome = pfa_ticket_submit_finish (result, &error);
  g_autofree char *text = NULL;

  if (outcome == NULL)
    {
      handle_error (task, error, -1);
      return;
    }
  if (outcome->answer != NULL && outcome->answer->ticket != NULL)
    {
      on_ticket (task, outcome->answer);
      return;
    }
  if (outcome->answer != NULL)
    {
      end_refused (task,
                   outcome->answer->discarded,
                   outcome->answer->text != NULL ? outcome->answer->text
                                                 : "the provider discarded it");
      return;
    }
  if (outcome->upload_missing && is_given_up (item))
    {
      /* Neither a ticket nor an upload: nothing of it is there. */
      pfa_outbox_item_set_state (item, PFA_OUTBOX_CANCELLED);
      end (task, PFA_OUTBOX_ATTEMPT_DONE);
      return;
    }
  if (outcome->upload_missing && attempt->uploads < MAX_UPLOADS)
    {
      item->uploaded = FALSE;
      begin_upload (task);
      return;
    }
  text = g_strdup_printf ("handing over: the server answered %u", outcome->status);
  end_later (task, PFA_OUTBOX_ATTEMPT_LATER, "busy", text, outcome->retry_after);
}

static void
begin_intake (GTask *task)
{
  PfaOutboxItem *item = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (PfaIntakeRequest) request = pfa_intake_request_new ();
  g_autoptr (GError) error = NULL;

  if (end_if_stopped (task))
    return;
  item->asked = TRUE;
  if (!pfa_outbox_item_save (item, &error))
    {
      handle_error (task, error, -1);
      return;
    }
  request->url = g_strdup (item->upload_url);
  request->sha256 = g_strdup (item->sha256);
  request->size = item->size;
  request->sealed = item->sealed;
  request->summary = item->summary != NULL ? json_object_ref (item->summary) : NULL;
  g_clear_pointer (&request->contact, pfa_contact_free);
  request->contact = pfa_contact_copy (item->contact);
  pfa_ticket_submit_async (attempt->session,
                           item->tickets,
                           item->key,
                           request,
                           g_task_get_cancellable (task),
                           on_submitted_cb,
                           g_object_ref (task));
}

static void
on_uploaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaOutboxItem *item = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (pfa_tus_upload_run_finish (attempt->upload, result, &error))
    {
      /* The intake writes it down, together with what it is about to do. */
      item->uploaded = TRUE;
      begin_intake (task);
      return;
    }
  handle_error (task, error, pfa_tus_upload_get_retry_after (attempt->upload));
}

static void
on_located_cb (PfaTusUpload *upload, const char *url, gpointer user_data)
{
  PfaOutboxItem *item = user_data;
  g_autoptr (GError) error = NULL;

  g_free (item->upload_url);
  item->upload_url = g_strdup (url);
  /* Not saved: after a kill the upload begins anew, nothing worse. */
  if (!pfa_outbox_item_save (item, &error))
    g_info ("%s", error->message);
}

static void
on_progressed_cb (PfaTusUpload *upload, guint64 sent, guint64 size, gpointer user_data)
{
  pfa_outbox_item_set_sent (user_data, (goffset) sent);
}

static void
begin_upload (GTask *task)
{
  PfaOutboxItem *item = g_task_get_source_object (task);
  Attempt *attempt = g_task_get_task_data (task);
  g_autofree char *path = pfa_outbox_item_dup_bundle_path (item);
  g_autofree char *name =
      g_strconcat (item->key, item->sealed ? ".posaid.p7m" : ".posaid.zip", NULL);

  if (is_given_up (item))
    {
      /* Also when the intake was asked once: it had said that it lacks the upload. */
      item->asked = FALSE;
      end_if_stopped (task);
      return;
    }
  attempt->uploads++;
  g_clear_object (&attempt->upload);
  attempt->upload = pfa_tus_upload_new (attempt->session,
                                        item->upload,
                                        path,
                                        item->size,
                                        item->sha256,
                                        name,
                                        item->upload_url);
  g_signal_connect_object (attempt->upload, "located", G_CALLBACK (on_located_cb), item, 0);
  g_signal_connect_object (attempt->upload, "progressed", G_CALLBACK (on_progressed_cb), item, 0);
  pfa_tus_upload_run_async (attempt->upload,
                            g_task_get_cancellable (task),
                            on_uploaded_cb,
                            g_object_ref (task));
}

void
pfa_outbox_attempt_async (PfaOutboxItem *item,
                          SoupSession *session,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (item, cancellable, callback, user_data);
  Attempt *attempt = g_new0 (Attempt, 1);
  PfaOutboxState before;
  GError *error = NULL;

  attempt->session = g_object_ref (session);
  g_task_set_source_tag (task, pfa_outbox_attempt_async);
  g_task_set_task_data (task, attempt, attempt_free);
  if (!pfa_outbox_item_lock (item))
    {
      g_task_return_int (task, PFA_OUTBOX_ATTEMPT_HELD);
      return;
    }
  if (!pfa_outbox_item_reload (item, NULL) || !pfa_outbox_item_is_waiting (item) ||
      item->state == PFA_OUTBOX_PAUSED)
    {
      pfa_outbox_item_unlock (item);
      g_task_return_int (task, PFA_OUTBOX_ATTEMPT_HELD);
      return;
    }
  item->attempts++;
  before = item->state;
  if (before != PFA_OUTBOX_WITHDRAWING)
    pfa_outbox_item_set_state (item, PFA_OUTBOX_SENDING);
  if (!pfa_outbox_item_save (item, &error))
    {
      pfa_outbox_item_set_state (item, before);
      pfa_outbox_item_unlock (item);
      g_task_return_error (task, error);
      return;
    }
  if (item->ticket != NULL && item->state == PFA_OUTBOX_WITHDRAWING)
    begin_withdrawal (task);
  else if (item->uploaded && item->upload_url != NULL)
    begin_intake (task);
  else
    begin_upload (task);
}

gboolean
pfa_outbox_attempt_finish (PfaOutboxItem *item,
                           GAsyncResult *task,
                           PfaOutboxAttempt *result,
                           GError **error)
{
  GError *local = NULL;
  gssize value = g_task_propagate_int (G_TASK (task), &local);

  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  *result = (PfaOutboxAttempt) value;
  return TRUE;
}
