/* pfa-update-fetch.c - asks a provider for a newer profile or newer knowledge, on a click
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-error.h"
#include "pfa-support-http.h"
#include "pfa-update-private.h"

typedef struct
{
  PfaProvider *provider;
  PfaUpdateKind kind;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  pfa_provider_unref (fetch->provider);
  g_free (fetch);
}

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Fetch *fetch = g_task_get_task_data (task);
  PfaProvider *provider = fetch->provider;
  GError *error = NULL;
  g_autoptr (PfaSupportReply) reply = pfa_support_request_send_finish (result, &error);
  PfaUpdate *update = NULL;

  if (reply != NULL && reply->status == 200)
    update = pfa_update_parse (reply->text, -1, provider->update_key, &error);
  else if (reply != NULL)
    error = g_error_new (PFA_ERROR,
                         PFA_ERROR_NOT_FOUND,
                         "the provider's server answered %u instead of a signed file",
                         reply->status);
  if (update != NULL && (!g_str_equal (update->id, provider->id) || update->kind != fetch->kind))
    {
      g_clear_pointer (&update, pfa_update_free);
      error = g_error_new_literal (PFA_ERROR,
                                   PFA_ERROR_UNTRUSTED,
                                   "update: it is another provider's, or not what was asked for");
    }
  if (update != NULL)
    g_task_return_pointer (task, update, (GDestroyNotify) pfa_update_free);
  else
    g_task_return_error (task, error);
}

void
pfa_update_fetch_async (SoupSession *session,
                        PfaProvider *provider,
                        PfaUpdateKind kind,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  const char *url =
      kind == PFA_UPDATE_KNOWLEDGE ? provider->update_knowledge : provider->update_url;
  Fetch *fetch = g_new0 (Fetch, 1);
  PfaSupportRequest *request;

  fetch->provider = pfa_provider_ref (provider);
  fetch->kind = kind;
  g_task_set_source_tag (task, pfa_update_fetch_async);
  g_task_set_task_data (task, fetch, fetch_free);
  if (url == NULL || provider->update_key == NULL)
    {
      g_task_return_new_error (task,
                               PFA_ERROR,
                               PFA_ERROR_NOT_SUPPORTED,
                               "this provider offers no updates");
      return;
    }
  request = pfa_support_request_new ("GET", url);
  pfa_support_request_set_max_answer (request, PFA_UPDATE_MAX_BYTES);
  pfa_support_request_send_async (request,
                                  session,
                                  cancellable,
                                  on_fetched_cb,
                                  g_steal_pointer (&task));
}

PfaUpdate *
pfa_update_fetch_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
