/* pfa-desk-web.c - / and /web/: the agents' page, compiled into the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "pfa-desk-routes.h"
#include "pfa-desk-web-data.h"

#define RESOURCES "/io/github/pos_first_aid/desk/web/"

/* The page loads nothing from elsewhere, runs nothing that is not a file of ours, and is never
 * shown inside another page. The one address that it may make a script of is keeper.js. */
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types posaid-keeper";

static const char *
content_type_of (const char *name)
{
  if (g_str_has_suffix (name, ".html"))
    return "text/html; charset=utf-8";
  if (g_str_has_suffix (name, ".css"))
    return "text/css; charset=utf-8";
  if (g_str_has_suffix (name, ".svg"))
    return "image/svg+xml";
  return "text/javascript; charset=utf-8";
}

static void
answer_file (SoupServerMessage *message, const char *name)
{
  g_autofree char *path = g_strconcat (RESOURCES, name, NULL);
  g_autoptr (GBytes) bytes =
      g_resource_lookup_data (pfa_desk_web_data_get_resource (), path, 0, NULL);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *method = soup_server_message_get_method (message);

  if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD"))
    {
      pfa_desk_answer_problem (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "method", "only GET");
      return;
    }
  if (bytes == NULL)
    {
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_NOT_FOUND,
                               "not-found",
                               "there is no such file");
      return;
    }
  pfa_desk_answer_text (message,
                        SOUP_STATUS_OK,
                        content_type_of (name),
                        g_bytes_get_data (bytes, NULL));
  soup_message_headers_replace (headers, "Content-Security-Policy", policy);
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Cross-Origin-Opener-Policy", "same-origin");
  soup_message_headers_replace (headers, "Cross-Origin-Resource-Policy", "same-origin");
}

static void
answer_page (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  if (*rest == '\0')
    answer_file (message, "index.html");
  else
    pfa_desk_answer_problem (message, SOUP_STATUS_NOT_FOUND, "not-found", "there is nothing here");
}

static void
answer_web (PfaDeskServer *desk, SoupServerMessage *message, const char *rest)
{
  answer_file (message, rest);
}

const PfaDeskRoute pfa_desk_web_routes[] = {
  { "/", answer_page, NULL },
  { "/web", answer_web, NULL },
  { NULL, NULL, NULL },
};
