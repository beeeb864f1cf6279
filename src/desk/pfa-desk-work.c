/* pfa-desk-work.c - one errand at a help desk: what its steps share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-work.h"

#define WORK      "pfa-desk-work"
#define AUTHORIZE "pfa-desk-authorize"

static void
work_free (gpointer data)
{
  PfaDeskWork *work = data;

  if (work->free_own != NULL && work->own != NULL)
    work->free_own (work->own);
  g_object_unref (work->session);
  g_free (work->remote);
  g_clear_pointer (&work->state, pfa_desk_remote_state_free);
  g_free (work);
}

PfaDeskWork *
pfa_desk_work_begin (GTask *task,
                     PfaDeskAdapter *adapter,
                     SoupSession *session,
                     const char *remote,
                     PfaDeskAuthorize authorize)
{
  PfaDeskWork *work = g_new0 (PfaDeskWork, 1);

  work->adapter = adapter;
  work->session = g_object_ref (session);
  work->remote = g_strdup (remote);
  g_object_set_data_full (G_OBJECT (task), WORK, work, work_free);
  g_object_set_data (G_OBJECT (task), AUTHORIZE, (gpointer) (gsize) authorize);
  return work;
}

PfaDeskWork *
pfa_desk_work_get (GTask *task)
{
  return g_object_get_data (G_OBJECT (task), WORK);
}

void
pfa_desk_work_ask (GTask *task,
                   const char *method,
                   const char *path,
                   JsonObject *body,
                   GAsyncReadyCallback callback)
{
  PfaDeskWork *work = pfa_desk_work_get (task);
  PfaDeskAuthorize authorize =
      (PfaDeskAuthorize) (gsize) g_object_get_data (G_OBJECT (task), AUTHORIZE);
  SoupMessage *message = pfa_desk_adapter_new_message (work->adapter, method, path);

  authorize (work->adapter, message);
  pfa_desk_http_ask_async (work->session,
                           message,
                           body,
                           g_task_get_cancellable (task),
                           callback,
                           g_object_ref (task));
}

void
pfa_desk_work_fail (GTask *task, const PfaDeskReply *reply, const char *doing, GError *error)
{
  if (error == NULL)
    pfa_desk_reply_set_error (reply, doing, &error);
  g_task_return_error (task, error);
}
