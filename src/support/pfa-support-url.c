/* pfa-support-url.c - which servers the program goes to, and how
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-error.h"
#include "pfa-support-http.h"

#define USER_AGENT "pos-first-aid/" PACKAGE_VERSION

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return address != NULL ? g_inet_address_get_is_loopback (address)
                         : g_ascii_strcasecmp (host, "localhost") == 0;
}

gboolean
pfa_support_check_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' ||
      !(g_str_equal (scheme, "https") || g_str_equal (scheme, "http")))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "“%s” is not an https address",
                   url != NULL ? url : "");
      return FALSE;
    }
  if (g_str_equal (scheme, "http") && !is_loopback (host))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "“%s” would be sent unencrypted; only https is allowed",
                   url);
      return FALSE;
    }
  return TRUE;
}

char *
pfa_support_resolve_url (const char *base, const char *reference, GError **error)
{
  g_autoptr (GUri) base_uri = g_uri_parse (base, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GUri) uri = NULL;

  if (base_uri != NULL && reference != NULL)
    uri = g_uri_parse_relative (base_uri, reference, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL || g_strcmp0 (g_uri_get_scheme (uri), g_uri_get_scheme (base_uri)) != 0 ||
      g_strcmp0 (g_uri_get_host (uri), g_uri_get_host (base_uri)) != 0 ||
      g_uri_get_port (uri) != g_uri_get_port (base_uri))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_UNTRUSTED,
                   "the server sends us on to another one (%s)",
                   reference != NULL ? reference : "nowhere");
      return NULL;
    }
  return g_uri_to_string (uri);
}

SoupSession *
pfa_support_session_new (const char *trust, GError **error)
{
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) local = NULL;
  SoupSession *session;

  if (trust != NULL)
    {
      database = g_tls_file_database_new (trust, &local);
      if (database == NULL)
        {
          g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: %s", trust, local->message);
          return NULL;
        }
    }
  session = soup_session_new_with_options ("timeout",
                                           PFA_SUPPORT_IDLE_S,
                                           "idle-timeout",
                                           PFA_SUPPORT_IDLE_S,
                                           "user-agent",
                                           USER_AGENT,
                                           NULL);
  if (database != NULL)
    soup_session_set_tls_database (session, database);
  return session;
}
