/* pfa-desk-webhook.c - tells any program of the provider's, signed
 *
 * POST {url}: {"event", "ticket", "key", "summary", "contact", "bundle"}; X-Posaid-Timestamp
 * (seconds since 1970), X-Posaid-Signature ("sha256=" and the HMAC-SHA256, in hexadecimal, of
 * timestamp, a full stop and the body, under the secret both sides know), Idempotency-Key. Any 2xx
 * is taken for done.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-desk-adapter.h"
#include "pfa-desk-http.h"
#include "pfa-json.h"

static void
on_told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaDeskReply) reply = pfa_desk_http_ask_finish (result, &error);

  if (reply != NULL && !pfa_desk_reply_is_good (reply))
    pfa_desk_reply_set_error (reply, "webhook", &error);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_strdup (""), g_free);
}

static void
file (PfaDeskAdapter *adapter, SoupSession *session, const PfaDeskFiled *filed, GTask *task)
{
  SoupMessage *message = pfa_desk_adapter_new_message (adapter, "POST", "");
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  const char *secret = pfa_desk_adapter_get (adapter, "secret");
  g_autofree char *body = pfa_json_write_object (filed->object, FALSE);
  g_autofree char *time =
      g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *content = g_strconcat (time, ".", body, NULL);
  g_autofree char *mac = g_compute_hmac_for_string (G_CHECKSUM_SHA256,
                                                    (const guchar *) secret,
                                                    strlen (secret),
                                                    content,
                                                    -1);
  g_autofree char *signature = g_strconcat ("sha256=", mac, NULL);
  g_autofree char *once = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body, -1);

  soup_message_headers_replace (headers, "X-Posaid-Timestamp", time);
  soup_message_headers_replace (headers, "X-Posaid-Signature", signature);
  soup_message_headers_replace (headers, "Idempotency-Key", once);
  pfa_desk_http_ask_async (session,
                           message,
                           filed->object,
                           g_task_get_cancellable (task),
                           on_told_cb,
                           g_object_ref (task));
}

const PfaDeskAdapterKind pfa_desk_webhook = { "webhook", { "url", "secret" }, file, NULL };
