/* pfa-support-http.h - one question to a provider's server, and its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Nothing moved for so long: the line is gone. */
#define PFA_SUPPORT_IDLE_S 30
/* What an answer may hold, where the request says nothing else. */
#define PFA_SUPPORT_MAX_ANSWER (256 * 1024)

/* A session that verifies TLS always, against @trust (a PEM file) or, when NULL, the system. */
SoupSession *pfa_support_session_new (const char *trust, GError **error);

/* https, or http to a loopback address. */
gboolean pfa_support_check_url (const char *url, GError **error);
/* @reference as seen from @base, when scheme, host and port are the same; else an error. */
char *pfa_support_resolve_url (const char *base, const char *reference, GError **error);

typedef void (*PfaSupportProgressFunc) (goffset sent, gpointer user_data);

typedef struct _PfaSupportRequest PfaSupportRequest;

PfaSupportRequest *pfa_support_request_new (const char *method, const char *url);
void pfa_support_request_free (PfaSupportRequest *self);
void pfa_support_request_set_header (PfaSupportRequest *self, const char *name, const char *value);
void pfa_support_request_set_number (PfaSupportRequest *self, const char *name, gint64 value);
void pfa_support_request_set_json (PfaSupportRequest *self, JsonObject *object);
/* The body is @length bytes of the file at @path from @offset; @progress says how many have gone.
 */
void pfa_support_request_set_file (PfaSupportRequest *self,
                                   const char *content_type,
                                   const char *path,
                                   goffset offset,
                                   goffset length,
                                   PfaSupportProgressFunc progress,
                                   gpointer user_data);
void pfa_support_request_set_max_answer (PfaSupportRequest *self, gsize bytes);
/* The SHA-256 of those bytes goes with them in the header @name, "sha256 <base64>". */
void pfa_support_request_set_checksum_header (PfaSupportRequest *self, const char *name);

typedef struct
{
  guint status;
  SoupMessageHeaders *headers;
  char *text; /* the body, NUL-terminated */
  char *url;  /* where it came from, after redirects */
} PfaSupportReply;

void pfa_support_reply_free (PfaSupportReply *self);
const char *pfa_support_reply_get_header (const PfaSupportReply *self, const char *name);
/* -1: absent or no number. */
gint64 pfa_support_reply_get_number (const PfaSupportReply *self, const char *name);
/* Seconds from now; -1: not said. */
gint64 pfa_support_reply_get_retry_after (const PfaSupportReply *self);

/* Redirects are followed to the same origin only. Any status is an answer, not an error. Errors:
 * PFA_ERROR_UNREACHABLE and PFA_ERROR_TIMED_OUT (no line, or a
 * server that takes or gives a drip now and then), PFA_ERROR_UNTRUSTED, PFA_ERROR_BAD_INPUT
 * (an address we do not go to), PFA_ERROR_STORAGE (our own file). Takes @request. */
void pfa_support_request_send_async (PfaSupportRequest *request,
                                     SoupSession *session,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
PfaSupportReply *pfa_support_request_send_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaSupportRequest, pfa_support_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaSupportReply, pfa_support_reply_free)

G_END_DECLS
