/* pfa-desk-server.c - the desk: a libsoup server with a table of routes over one store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-server.h"

#include <string.h>

#include "pfa-desk-log.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define MAX_GATHERED_BYTES (1024 * 1024)
#define SESSION_COOKIE     "posaid-session"
#define CLIENT_KEY         "pfa-client"
#define LISTEN_BACKLOG     4096

struct _PfaDeskServer
{
  GObject parent_instance;

  PfaDeskConfig config;
  PfaDeskStore *store;
  SoupServer *soup;
  char *public_url;
  GHashTable *parts; /* name → GObject */
};

G_DEFINE_FINAL_TYPE (PfaDeskServer, pfa_desk_server, G_TYPE_OBJECT)

/* What stands behind a route's path in soup's handler table. */
typedef struct
{
  PfaDeskServer *desk; /* not owned: the soup server lives in it */
  const PfaDeskRoute *route;
} Place;

void
pfa_desk_answer_text (SoupServerMessage *message,
                      guint status,
                      const char *content_type,
                      const char *text)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  /* A second answer replaces the first. */
  soup_message_body_truncate (soup_server_message_get_response_body (message));
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, content_type, SOUP_MEMORY_COPY, text, strlen (text));
}

void
pfa_desk_answer_json (SoupServerMessage *message, guint status, JsonObject *object)
{
  g_autoptr (JsonObject) owned = object;
  g_autofree char *text = pfa_json_write_object (owned, FALSE);

  pfa_desk_answer_text (message, status, "application/json", text);
}

void
pfa_desk_answer_problem (SoupServerMessage *message,
                         guint status,
                         const char *word,
                         const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "error", word);
  json_object_set_string_member (object, "text", text);
  pfa_desk_answer_json (message, status, object);
}

static const char *
rest_of_path (const char *path, const PfaDeskRoute *route)
{
  const char *rest = path + strlen (route->path);

  while (*rest == '/')
    rest++;
  return rest;
}

/* soup's handler for "/files" also gets "/filesystem". */
static gboolean
is_below (const char *path, const PfaDeskRoute *route)
{
  gsize length = strlen (route->path);

  return route->path[length - 1] == '/' || path[length] == '\0' || path[length] == '/';
}

static void
on_too_much_gathered_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if (body->length <= MAX_GATHERED_BYTES || soup_server_message_get_status (message) != 0)
    return;
  soup_message_body_set_accumulate (body, FALSE);
  pfa_desk_answer_problem (message,
                           SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                           "too-large",
                           "the request is too large");
}

static void
on_headers_arrived_cb (SoupServer *soup,
                       SoupServerMessage *message,
                       const char *path,
                       GHashTable *query,
                       gpointer user_data)
{
  Place *place = user_data;

  if (!is_below (path, place->route))
    return;
  if (place->route->early != NULL)
    place->route->early (place->desk, message, rest_of_path (path, place->route));
  else
    g_signal_connect (message, "got-chunk", G_CALLBACK (on_too_much_gathered_cb), NULL);
}

static void
on_request_arrived_cb (SoupServer *soup,
                       SoupServerMessage *message,
                       const char *path,
                       GHashTable *query,
                       gpointer user_data)
{
  Place *place = user_data;

  if (soup_server_message_get_status (message) != 0)
    return;
  if (is_below (path, place->route) && place->route->handler != NULL)
    place->route->handler (place->desk, message, rest_of_path (path, place->route));
  else if (!is_below (path, place->route))
    pfa_desk_answer_problem (message, SOUP_STATUS_NOT_FOUND, "not-found", "there is nothing here");
}

/* libsoup 3.2 takes a 204, which has no length, for one that ends with the connection, and closes
 * it (it forgets the encoding while it writes the headers). */
static void
on_headers_written_cb (SoupServerMessage *message, gpointer user_data)
{
  if (soup_server_message_get_status (message) == SOUP_STATUS_NO_CONTENT)
    soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                       SOUP_ENCODING_NONE);
}

/* Asked for now: once the client has hung up, its address is not known any more. */
static void
on_request_started_cb (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  g_signal_connect (message, "wrote-headers", G_CALLBACK (on_headers_written_cb), NULL);
  if (G_IS_INET_SOCKET_ADDRESS (address))
    g_object_set_data_full (G_OBJECT (message),
                            CLIENT_KEY,
                            g_inet_address_to_string (g_inet_socket_address_get_address (
                                G_INET_SOCKET_ADDRESS (address))),
                            g_free);
}

static void
on_request_finished_cb (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  PfaDeskServer *self = user_data;
  g_autofree char *client = pfa_desk_server_dup_client (self, message);
  g_autofree char *status = g_strdup_printf ("%u", soup_server_message_get_status (message));

  /* The path of an upload or ticket is no secret by itself: reading needs a token besides. */
  pfa_desk_log ("request",
                "method",
                soup_server_message_get_method (message),
                "path",
                g_uri_get_path (soup_server_message_get_uri (message)),
                "status",
                status,
                "client",
                client,
                NULL);
}

void
pfa_desk_server_add_routes (PfaDeskServer *self, const PfaDeskRoute *routes)
{
  for (; routes->path != NULL; routes++)
    {
      Place *place = g_new0 (Place, 1);
      Place *early = g_new0 (Place, 1);

      place->desk = early->desk = self;
      place->route = early->route = routes;
      soup_server_add_early_handler (self->soup,
                                     routes->path,
                                     on_headers_arrived_cb,
                                     early,
                                     g_free);
      soup_server_add_handler (self->soup, routes->path, on_request_arrived_cb, place, g_free);
    }
}

static char *
find_cookie (SoupServerMessage *message)
{
  const char *header =
      soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Cookie");
  g_auto (GStrv) pairs = g_strsplit (header != NULL ? header : "", ";", 50);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      const char *pair = g_strstrip (pairs[i]);

      if (g_str_has_prefix (pair, SESSION_COOKIE "="))
        return g_strdup (pair + strlen (SESSION_COOKIE "="));
    }
  return NULL;
}

/* A foreign page may make the agent's browser send the cookie: what changes something must come
 * from our own page. */
static gboolean
is_from_own_page (PfaDeskServer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *method = soup_server_message_get_method (message);
  const char *site = soup_message_headers_get_one (headers, "Sec-Fetch-Site");
  const char *origin = soup_message_headers_get_one (headers, "Origin");
  const char *host = soup_message_headers_get_one (headers, "Host");
  const char *upgrade = soup_message_headers_get_one (headers, "Upgrade");
  const char *origin_host;

  if (upgrade == NULL && (g_str_equal (method, "GET") || g_str_equal (method, "HEAD")))
    return TRUE;
  if (site != NULL && !g_str_equal (site, "same-origin"))
    return FALSE;
  if (origin == NULL)
    return site != NULL;
  origin_host = strstr (origin, "://");
  return g_str_equal (origin, self->public_url) ||
         (origin_host != NULL && host != NULL && g_str_equal (origin_host + 3, host));
}

PfaDeskAgent *
pfa_desk_server_authenticate (PfaDeskServer *self, SoupServerMessage *message)
{
  const char *header =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    "Authorization");
  g_autofree char *cookie = NULL;

  if (header != NULL && g_ascii_strncasecmp (header, "Bearer ", 7) == 0)
    return pfa_desk_agents_find (self->store, header + 7, NULL);
  cookie = find_cookie (message);
  if (cookie == NULL || !is_from_own_page (self, message))
    return NULL;
  return pfa_desk_agents_find_session (self->store, cookie, NULL);
}

void
pfa_desk_server_end_session (PfaDeskServer *self, SoupServerMessage *message)
{
  g_autofree char *cookie = find_cookie (message);

  if (cookie != NULL)
    pfa_desk_agents_close_session (self->store, cookie, NULL);
}

char *
pfa_desk_server_dup_client (PfaDeskServer *self, SoupServerMessage *message)
{
  if (self->config.behind_proxy)
    {
      const char *forwarded =
          soup_message_headers_get_list (soup_server_message_get_request_headers (message),
                                         "X-Forwarded-For");
      /* The last entry is the proxy's own word; those before it may be invented. */
      const char *last = forwarded != NULL ? strrchr (forwarded, ',') : NULL;

      if (forwarded != NULL)
        return g_strstrip (g_strndup (last != NULL ? last + 1 : forwarded, 64));
    }
  return g_strdup (g_object_get_data (G_OBJECT (message), CLIENT_KEY));
}

static gboolean
add_certificate (PfaDeskServer *self, GError **error)
{
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) local = NULL;

  if (self->config.tls_certificate == NULL)
    return TRUE;
  certificate =
      g_tls_certificate_new_from_files (self->config.tls_certificate,
                                        self->config.tls_key != NULL ? self->config.tls_key
                                                                     : self->config.tls_certificate,
                                        &local);
  if (certificate == NULL)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "%s: %s",
                   self->config.tls_certificate,
                   local->message);
      return FALSE;
    }
  soup_server_set_tls_certificate (self->soup, certificate);
  return TRUE;
}

static GSocketAddress *
parse_listen (PfaDeskServer *self, GError **error)
{
  g_autoptr (GSocketConnectable) connectable =
      g_network_address_parse (self->config.listen, 0, NULL);
  GSocketAddress *address = NULL;

  if (connectable != NULL)
    address = g_inet_socket_address_new_from_string (
        g_network_address_get_hostname (G_NETWORK_ADDRESS (connectable)),
        g_network_address_get_port (G_NETWORK_ADDRESS (connectable)));
  if (address == NULL)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "“%s” is not ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:443",
                   self->config.listen);
      return NULL;
    }
  if (self->config.tls_certificate == NULL && !self->config.behind_proxy &&
      !g_inet_address_get_is_loopback (
          g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address))))
    {
      g_object_unref (address);
      g_set_error_literal (
          error,
          PFA_ERROR,
          PFA_ERROR_BAD_INPUT,
          "without --tls-cert only a loopback address is served; give a certificate, "
          "or --behind-proxy where another server ends TLS");
      return NULL;
    }
  return address;
}

/* libsoup's own lets ten callers wait: with the shops of an outage the others would be turned away.
 */
static GSocket *
open_socket (GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address),
                                             G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_TCP,
                                             error);

  if (socket == NULL)
    return NULL;
  g_socket_set_listen_backlog (socket, LISTEN_BACKLOG);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

gboolean
pfa_desk_server_start (PfaDeskServer *self, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) address = parse_listen (self, error);
  g_autoptr (GError) local = NULL;
  g_autofree char *listening = NULL;
  gboolean tls = self->config.tls_certificate != NULL;

  if (address == NULL || !add_certificate (self, error))
    return FALSE;
  socket = open_socket (address, &local);
  if (socket == NULL ||
      !soup_server_listen_socket (self->soup, socket, tls ? SOUP_SERVER_LISTEN_HTTPS : 0, &local))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "%s: %s",
                   self->config.listen,
                   local->message);
      return FALSE;
    }
  if (self->public_url == NULL)
    {
      listening = pfa_desk_server_dup_address (self);
      self->public_url = g_strconcat (tls ? "https://" : "http://", listening, NULL);
    }
  return TRUE;
}

char *
pfa_desk_server_dup_address (PfaDeskServer *self)
{
  GSList *uris = soup_server_get_uris (self->soup);
  GUri *uri = uris != NULL ? uris->data : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : "";
  gboolean bracket = strchr (host, ':') != NULL;
  char *address = g_strdup_printf ("%s%s%s:%d",
                                   bracket ? "[" : "",
                                   host,
                                   bracket ? "]" : "",
                                   uri != NULL ? g_uri_get_port (uri) : 0);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return address;
}

const char *
pfa_desk_server_get_public_url (PfaDeskServer *self)
{
  return self->public_url;
}

char *
pfa_desk_server_dup_base_url (PfaDeskServer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *host = soup_message_headers_get_one (headers, "Host");
  const char *forwarded = soup_message_headers_get_one (headers, "X-Forwarded-Proto");
  gboolean tls = self->config.tls_certificate != NULL ||
                 (self->config.behind_proxy && g_strcmp0 (forwarded, "https") == 0);

  if (self->config.public_url != NULL || host == NULL)
    return g_strdup (self->public_url);
  return g_strconcat (tls ? "https://" : "http://", host, NULL);
}

const PfaDeskConfig *
pfa_desk_server_get_config (PfaDeskServer *self)
{
  return &self->config;
}

PfaDeskStore *
pfa_desk_server_get_store (PfaDeskServer *self)
{
  return self->store;
}

SoupServer *
pfa_desk_server_get_soup (PfaDeskServer *self)
{
  return self->soup;
}

void
pfa_desk_server_set_part (PfaDeskServer *self, const char *name, gpointer object)
{
  g_hash_table_insert (self->parts, g_strdup (name), g_object_ref (object));
}

gpointer
pfa_desk_server_get_part (PfaDeskServer *self, const char *name)
{
  return g_hash_table_lookup (self->parts, name);
}

PfaDeskServer *
pfa_desk_server_new (const PfaDeskConfig *config, GError **error)
{
  g_autoptr (PfaDeskServer) self = g_object_new (PFA_TYPE_DESK_SERVER, NULL);

  self->config.data = g_strdup (config->data);
  self->config.listen = g_strdup (config->listen);
  self->config.tls_certificate = g_strdup (config->tls_certificate);
  self->config.tls_key = g_strdup (config->tls_key);
  self->config.adapters = g_strdup (config->adapters);
  self->config.bus = g_strdup (config->bus);
  self->config.max_size = config->max_size;
  self->config.retention = config->retention;
  self->config.rate = config->rate;
  self->config.behind_proxy = config->behind_proxy;
  if (config->public_url != NULL)
    {
      self->public_url = g_strdup (config->public_url);
      while (g_str_has_suffix (self->public_url, "/"))
        self->public_url[strlen (self->public_url) - 1] = '\0';
      self->config.public_url = g_strdup (self->public_url);
    }
  self->store = pfa_desk_store_open (config->data, error);
  return self->store != NULL ? g_steal_pointer (&self) : NULL;
}

static void
pfa_desk_server_dispose (GObject *object)
{
  PfaDeskServer *self = PFA_DESK_SERVER (object);

  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_hash_table_remove_all (self->parts);
  g_clear_object (&self->soup);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (pfa_desk_server_parent_class)->dispose (object);
}

static void
pfa_desk_server_finalize (GObject *object)
{
  PfaDeskServer *self = PFA_DESK_SERVER (object);

  g_free (self->config.data);
  g_free (self->config.listen);
  g_free (self->config.tls_certificate);
  g_free (self->config.tls_key);
  g_free (self->config.adapters);
  g_free (self->config.public_url);
  g_free (self->config.bus);
  g_free (self->public_url);
  g_hash_table_unref (self->parts);
  G_OBJECT_CLASS (pfa_desk_server_parent_class)->finalize (object);
}

static void
pfa_desk_server_class_init (PfaDeskServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_desk_server_dispose;
  object_class->finalize = pfa_desk_server_finalize;
}

static void
pfa_desk_server_init (PfaDeskServer *self)
{
  self->parts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->soup = soup_server_new ("server-header", "pos-first-aid-desk", NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (on_request_started_cb), self);
  g_signal_connect (self->soup, "request-finished", G_CALLBACK (on_request_finished_cb), self);
  g_signal_connect (self->soup, "request-aborted", G_CALLBACK (on_request_finished_cb), self);
}
