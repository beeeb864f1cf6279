/* pfa-aid-guided-bundle.c - the bundle that support asked for and the merchant allowed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-guided-bundle.h"

#include <glib/gstdio.h>

#include "pfa-aid-bundle.h"
#include "pfa-bundle-verify.h"
#include "pfa-error.h"

/* Afterwards the session goes on without it, and the outbox by itself. */
#define WAIT_MS  (60 * 1000)
#define QUEUED   "queued"
#define TEMPLATE "pos-first-aid-XXXXXX"

typedef struct
{
  PfaAid *aid;
  PfaOutbox *outbox;
  char *folder;
  char *path;
  PfaOutboxItem *item;
  gulong state_handler;
  guint deadline;
} Sending;

static void
sending_free (Sending *sending)
{
  g_clear_signal_handler (&sending->state_handler, sending->item);
  g_clear_handle_id (&sending->deadline, g_source_remove);
  if (sending->path != NULL)
    g_unlink (sending->path);
  if (sending->folder != NULL)
    g_rmdir (sending->folder);
  g_clear_object (&sending->item);
  g_object_unref (sending->aid);
  g_object_unref (sending->outbox);
  g_free (sending->path);
  g_free (sending->folder);
  g_free (sending);
}

/* Ends @task, once: whoever comes first, the ticket, the refusal or the clock. */
static void
finish (GTask *task, const char *answer, const char *problem)
{
  Sending *sending = g_task_get_task_data (task);

  g_clear_signal_handler (&sending->state_handler, sending->item);
  g_clear_handle_id (&sending->deadline, g_source_remove);
  if (answer != NULL)
    g_task_return_pointer (task, g_strdup (answer), g_free);
  else
    g_task_return_new_error (task,
                             PFA_ERROR,
                             PFA_ERROR_REFUSED,
                             "%s",
                             problem != NULL ? problem : "not taken");
  g_object_unref (task);
}

static void
look_at_item (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);
  PfaOutboxState state = pfa_outbox_item_get_state (sending->item);
  const char *ticket = pfa_outbox_item_get_ticket (sending->item);

  if (state == PFA_OUTBOX_SENT)
    {
      pfa_aid_set_handed_over (sending->aid, ticket);
      finish (task, ticket, NULL);
    }
  else if (state != PFA_OUTBOX_PENDING && state != PFA_OUTBOX_SENDING)
    finish (task, NULL, pfa_outbox_item_get_problem_text (sending->item));
}

static void
on_state_changed_cb (PfaOutboxItem *item, GParamSpec *property, gpointer user_data)
{
  look_at_item (user_data);
}

static gboolean
on_waited_cb (gpointer user_data)
{
  Sending *sending = g_task_get_task_data (user_data);

  sending->deadline = 0;
  finish (user_data, QUEUED, NULL);
  return G_SOURCE_REMOVE;
}

static PfaOutboxItem *
add_to_outbox (Sending *sending, PfaBundle *bundle, GError **error)
{
  PfaProvider *provider = pfa_aid_get_provider (sending->aid);
  g_autoptr (PfaBundleContents) contents = pfa_bundle_verify (sending->path, NULL, NULL);
  PfaOutboxRequest request = {
    .path = sending->path,
    .key = pfa_bundle_get_id (bundle),
    .incident = pfa_aid_get_incident (sending->aid)->id,
    .provider = provider->id,
    .upload = provider->upload_tus,
    .tickets = provider->tickets_url,
    .trust = provider->trust,
    .sealed = provider->seal_certificates != NULL,
    .summary = contents != NULL ? contents->summary : NULL,
  };

  return pfa_outbox_add (sending->outbox, &request, error);
}

static void
on_bundle_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sending *sending = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pfa_bundle_write_finish (PFA_BUNDLE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  sending->item = add_to_outbox (sending, PFA_BUNDLE (source), &error);
  if (sending->item == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  sending->deadline = g_timeout_add (WAIT_MS, on_waited_cb, task);
  sending->state_handler =
      g_signal_connect (sending->item, "notify::state", G_CALLBACK (on_state_changed_cb), task);
  pfa_outbox_hurry (sending->outbox, sending->item);
  pfa_outbox_start (sending->outbox);
  look_at_item (g_steal_pointer (&task));
}

static void
send_bundle (PfaAidGuided *self, GTask *task, gpointer user_data)
{
  PfaAid *aid = pfa_aid_guided_get_aid (self);
  g_autoptr (GTask) owned = task;
  Sending *sending = g_new0 (Sending, 1);
  const char *certificates = pfa_aid_get_provider (aid)->seal_certificates;
  g_autoptr (PfaBundle) bundle =
      pfa_aid_create_bundle (aid, pfa_aid_guided_get_language (self), NULL);
  GError *error = NULL;

  sending->aid = g_object_ref (aid);
  sending->outbox = g_object_ref (user_data);
  g_task_set_task_data (owned, sending, (GDestroyNotify) sending_free);
  sending->folder = g_dir_make_tmp (TEMPLATE, &error);
  if (sending->folder == NULL)
    {
      g_task_return_error (owned, pfa_error_adopt (error));
      return;
    }
  sending->path = g_build_filename (sending->folder,
                                    certificates != NULL ? "bundle" PFA_BUNDLE_SEALED_SUFFIX
                                                         : "bundle" PFA_BUNDLE_SUFFIX,
                                    NULL);
  pfa_bundle_write_async (bundle,
                          sending->path,
                          certificates,
                          g_task_get_cancellable (owned),
                          on_bundle_written_cb,
                          g_object_ref (owned));
}

void
pfa_aid_guided_set_outbox (PfaAidGuided *self, PfaOutbox *outbox)
{
  PfaProvider *provider = pfa_aid_get_provider (pfa_aid_guided_get_aid (self));

  if (provider != NULL && provider->upload_tus != NULL && provider->tickets_url != NULL)
    pfa_aid_guided_set_send (self, send_bundle, outbox);
}
