/* pfa-desk-server.h - the desk: a libsoup server with a table of routes over one store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "pfa-desk-agents.h"

G_BEGIN_DECLS

#define PFA_TYPE_DESK_SERVER (pfa_desk_server_get_type ())
G_DECLARE_FINAL_TYPE (PfaDeskServer, pfa_desk_server, PFA, DESK_SERVER, GObject)

/* As given on the command line; NULL where it was not. */
typedef struct
{
  char *data;
  char *listen; /* ADDRESS:PORT */
  char *tls_certificate;
  char *tls_key;
  char *adapters;
  char *public_url; /* how shops reach the desk; default: http(s)://LISTEN */
  char *bus;
  gint64 max_size;       /* bytes of one upload */
  int retention;         /* days; 0: for ever */
  int rate;              /* uploads and tickets a minute and address; 0: no limit */
  gboolean behind_proxy; /* X-Forwarded-For is believed, and plain http served to any address */
} PfaDeskConfig;

/* @rest: the path behind the route's prefix, without leading slash, already decoded. The
 * handler sets the status, or pauses the message and answers later. */
typedef void (*PfaDeskHandler) (PfaDeskServer *desk, SoupServerMessage *message, const char *rest);

/* A route is one file of this folder. */
typedef struct
{
  const char *path;       /* "/files": handles "/files" and all below it */
  PfaDeskHandler handler; /* the whole request is there; NULL only beside an early one */
  PfaDeskHandler early;   /* only the headers are there; NULL: bodies up to 1 MiB are gathered */
} PfaDeskRoute;

/* Opens the store in @config->data. */
PfaDeskServer *pfa_desk_server_new (const PfaDeskConfig *config, GError **error);
/* @routes: NULL-path-terminated, living as long as the desk. */
void pfa_desk_server_add_routes (PfaDeskServer *self, const PfaDeskRoute *routes);
/* Begins to listen; afterwards the address is known. */
gboolean pfa_desk_server_start (PfaDeskServer *self, GError **error);
/* "127.0.0.1:8080" (transfer full) */
char *pfa_desk_server_dup_address (PfaDeskServer *self);
/* Without a slash at the end. (transfer none) */
const char *pfa_desk_server_get_public_url (PfaDeskServer *self);
/* How whoever sent @message reaches the desk: --public-url, else the host it asked. (transfer full) */
char *pfa_desk_server_dup_base_url (PfaDeskServer *self, SoupServerMessage *message);
const PfaDeskConfig *pfa_desk_server_get_config (PfaDeskServer *self);
PfaDeskStore *pfa_desk_server_get_store (PfaDeskServer *self);
/* For WebSockets: soup_server_add_websocket_handler(). */
SoupServer *pfa_desk_server_get_soup (PfaDeskServer *self);

/* What a room of the desk keeps while the desk runs (the relay's sessions, the adapters' queue):
 * one object a name. (transfer none); @object is referenced. */
void pfa_desk_server_set_part (PfaDeskServer *self, const char *name, gpointer object);
gpointer pfa_desk_server_get_part (PfaDeskServer *self, const char *name);

/* The signed-in agent, by "Authorization: Bearer" or the session's cookie; NULL: answer with
 * pfa_desk_answer_problem (message, 401, …). A cookie counts for requests that change something
 * only when Origin or Sec-Fetch-Site says that the desk's own page made it. */
PfaDeskAgent *pfa_desk_server_authenticate (PfaDeskServer *self, SoupServerMessage *message);
/* Ends the session whose cookie @message brought. */
void pfa_desk_server_end_session (PfaDeskServer *self, SoupServerMessage *message);
/* The address that limits count by. (transfer full) */
char *pfa_desk_server_dup_client (PfaDeskServer *self, SoupServerMessage *message);

/* Answers. @object: (transfer full) */
void pfa_desk_answer_json (SoupServerMessage *message, guint status, JsonObject *object);
/* {"error": @word, "text": @text} */
void pfa_desk_answer_problem (SoupServerMessage *message,
                              guint status,
                              const char *word,
                              const char *text);
void pfa_desk_answer_text (SoupServerMessage *message,
                           guint status,
                           const char *content_type,
                           const char *text);

G_END_DECLS
