/* pfa-web-probe.h - one HTTP request to one address, and how far it came
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  PFA_WEB_ANSWERED,
  PFA_WEB_NO_CONNECTION, /* no TCP connection: refused, rejected, silent */
  PFA_WEB_BAD_TLS,       /* the handshake failed; @flags says whether for the certificate */
  PFA_WEB_SILENT,        /* connected, then nothing in time */
  PFA_WEB_BROKEN,        /* the answer broke off or was none */
} PfaWebOutcome;

typedef struct
{
  const char *url;
  GInetAddress *address;  /* where to connect, whatever the name would give; NULL: by @proxy */
  const char *proxy;      /* "http://192.0.2.1:3128" or NULL */
  GTlsDatabase *database; /* NULL: the system's authorities */
  guint timeout_ms;
  guint connect_timeout_ms; /* for the TCP connection alone; 0: no limit of its own */
  gsize measure_bytes;      /* not 0: of the body, so much is asked for, counted and not kept */
} PfaWebPlan;

/* How a body that is measured came in, from its first piece on; without the time in which TCP finds
 * the line's speed, when enough came after that. */
typedef struct
{
  gsize bytes;
  guint span_us;
} PfaWebFlow;

typedef struct
{
  PfaWebOutcome outcome;
  guint status;
  GBytes *body;   /* at most PFA_WEB_MAX_BYTES; NULL unless answered */
  gsize received; /* of a body that is measured, however it ended */
  PfaWebFlow flow;
  char *location;
  char *retry_after;
  gint64 date_s;      /* of the Date header; 0: none */
  gint64 asked_s;     /* our own clock then */
  gboolean connected; /* TCP */
  gboolean secure;    /* TLS stood */
  guint elapsed_us;   /* everything */
  guint answer_us;    /* from the TCP connection to the whole answer */
  GTlsCertificateFlags flags;
  GTlsCertificate *certificate;
  GTlsProtocolVersion version;
} PfaWebResult;

#define PFA_WEB_MAX_BYTES (1024 * 1024)

void pfa_web_probe_async (const PfaWebPlan *plan,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
/* NULL only when cancelled. */
PfaWebResult *pfa_web_probe_finish (GAsyncResult *result, GError **error);
void pfa_web_result_free (PfaWebResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaWebResult, pfa_web_result_free)

G_END_DECLS
