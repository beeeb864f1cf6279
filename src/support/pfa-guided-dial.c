/* pfa-guided-dial.c - makes a connection to the relay: addresses, trust, protocol
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-dial.h"

#include "pfa-guided-frame.h"
#include "pfa-guided-line.h"
#include "pfa-guided-meter.h"

struct _PfaGuidedDial
{
  char *url;
  SoupSession *soup;
  GCancellable *cancellable; /* of the connection being made */
};

typedef struct
{
  PfaGuidedDial *dial;
  PfaGuidedDialed dialed;
  gpointer user_data;
  SoupMessage *message;
  GCancellable *cancellable;
} Attempt;

static void
attempt_free (Attempt *attempt)
{
  g_object_unref (attempt->message);
  g_object_unref (attempt->cancellable);
  g_free (attempt);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Attempt, attempt_free)

PfaGuidedDial *
pfa_guided_dial_new (const char *url, const char *trust, guint timeout_s)
{
  PfaGuidedDial *self = g_new0 (PfaGuidedDial, 1);

  self->url = g_strdup (url);
  self->soup = soup_session_new_with_options ("user-agent",
                                              "pos-first-aid/" PACKAGE_VERSION,
                                              "timeout",
                                              timeout_s,
                                              NULL);
  /* Nothing is compressed: a few bytes may unfold to megabytes before anybody counts them. */
  soup_session_remove_feature_by_type (self->soup, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  if (trust != NULL)
    {
      g_autoptr (GTlsDatabase) database = g_tls_file_database_new (trust, NULL);

      /* A file that cannot be read must not fall back to believing more. */
      if (database != NULL)
        soup_session_set_tls_database (self->soup, database);
      else
        g_clear_pointer (&self->url, g_free);
    }
  return self;
}

void
pfa_guided_dial_free (PfaGuidedDial *self)
{
  if (self == NULL)
    return;
  pfa_guided_dial_cancel (self);
  g_clear_object (&self->soup);
  g_free (self->url);
  g_free (self);
}

gboolean
pfa_guided_dial_is_sound (PfaGuidedDial *self)
{
  g_autoptr (GUri) uri =
      self->url != NULL ? g_uri_parse (self->url, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return FALSE;
  if (g_str_equal (g_uri_get_scheme (uri), "wss"))
    return TRUE;
  address = g_inet_address_new_from_string (g_uri_get_host (uri));
  return g_str_equal (g_uri_get_scheme (uri), "ws") &&
         (g_str_equal (g_uri_get_host (uri), "localhost") ||
          (address != NULL && g_inet_address_get_is_loopback (address)));
}

gboolean
pfa_guided_dial_is_under_way (PfaGuidedDial *self)
{
  return self->cancellable != NULL;
}

void
pfa_guided_dial_cancel (PfaGuidedDial *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* What a new attempt cannot change ends the session; everything else is a broken line. */
static void
tell_failure (Attempt *attempt, const GError *error)
{
  SoupStatus status = soup_message_get_status (attempt->message);
  g_autofree char *http = g_strdup_printf ("HTTP %u", (guint) status);

  if (error->domain == G_TLS_ERROR)
    attempt->dialed (NULL, PFA_GUIDED_END_UNTRUSTED, error->message, attempt->user_data);
  else if (status >= 400 && status < 500 && status != SOUP_STATUS_REQUEST_TIMEOUT)
    attempt->dialed (NULL, PFA_GUIDED_END_REFUSED, http, attempt->user_data);
  else
    attempt->dialed (NULL, NULL, NULL, attempt->user_data);
}

/* The same line behind a meter. libsoup gives no say in the stream that it reads from: its own
 * reading is taken away before there is anything to read (the relay speaks only when it was
 * greeted), and a second connection reads through the meter. The first is kept until that one is
 * gone, for it would close the line. */
static SoupWebsocketConnection *
put_behind_meter (SoupWebsocketConnection *first)
{
  GSource *reading =
      g_main_context_find_source_by_user_data (g_main_context_get_thread_default (), first);
  g_autoptr (GIOStream) metered = NULL;
  SoupWebsocketConnection *second;

  if (reading == NULL)
    return g_object_ref (first);
  g_source_destroy (reading);
  metered = pfa_guided_metered_stream_new (soup_websocket_connection_get_io_stream (first));
  second = soup_websocket_connection_new (metered,
                                          soup_websocket_connection_get_uri (first),
                                          SOUP_WEBSOCKET_CONNECTION_CLIENT,
                                          soup_websocket_connection_get_origin (first),
                                          soup_websocket_connection_get_protocol (first),
                                          NULL);
  g_object_set_data_full (G_OBJECT (second), "pfa-first", g_object_ref (first), g_object_unref);
  return second;
}

static void
on_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Attempt) attempt = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) connection =
      soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  /* Cancelled: who dialed may be gone. */
  if (g_cancellable_is_cancelled (attempt->cancellable))
    return;
  g_clear_object (&attempt->dial->cancellable);
  if (connection == NULL)
    tell_failure (attempt, error);
  /* A server of another version would be free to understand our frames otherwise. */
  else if (g_strcmp0 (soup_websocket_connection_get_protocol (connection), PFA_GUIDED_PROTOCOL) !=
           0)
    attempt->dialed (NULL,
                     PFA_GUIDED_END_WRONG_VERSION,
                     "the relay speaks no " PFA_GUIDED_PROTOCOL,
                     attempt->user_data);
  else
    attempt->dialed (put_behind_meter (connection), NULL, NULL, attempt->user_data);
}

void
pfa_guided_dial_start (PfaGuidedDial *self, PfaGuidedDialed dialed, gpointer user_data)
{
  static char protocol[] = PFA_GUIDED_PROTOCOL;
  char *protocols[] = { protocol, NULL };
  Attempt *attempt;

  g_return_if_fail (self->cancellable == NULL);

  attempt = g_new0 (Attempt, 1);
  self->cancellable = g_cancellable_new ();
  attempt->dial = self;
  attempt->dialed = dialed;
  attempt->user_data = user_data;
  attempt->cancellable = g_object_ref (self->cancellable);
  attempt->message = soup_message_new ("GET", self->url);
  soup_session_websocket_connect_async (self->soup,
                                        attempt->message,
                                        NULL,
                                        protocols,
                                        G_PRIORITY_DEFAULT,
                                        self->cancellable,
                                        on_connected_cb,
                                        attempt);
}
