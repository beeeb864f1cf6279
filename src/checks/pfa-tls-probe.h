/* pfa-tls-probe.h - one TLS handshake on an open connection, and what the other side showed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-packet-socket.h"

G_BEGIN_DECLS

typedef enum
{
  PFA_TLS_GOOD,
  PFA_TLS_SILENT,
  PFA_TLS_RESET,
  PFA_TLS_ALERT,
  PFA_TLS_NOT_TLS,
  PFA_TLS_BAD_CERTIFICATE,
} PfaTlsOutcome;

typedef struct
{
  PfaTlsOutcome outcome;
  guint elapsed_us;
  GTlsProtocolVersion version;
  GTlsCertificateFlags flags;
  GTlsCertificate *certificate; /* of the other side, with its chain; NULL when none was shown */
  PfaTcpFacts tcp;
} PfaTlsResult;

/* Takes @fd. @database NULL: the system's authorities. The certificate is always verified, and a
 * bad one always ends the connection. */
void pfa_tls_probe_async (int fd,
                          const char *host,
                          GTlsDatabase *database,
                          guint timeout_ms,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
/* NULL only when cancelled. */
PfaTlsResult *pfa_tls_probe_finish (GAsyncResult *result, GError **error);
void pfa_tls_result_free (PfaTlsResult *self);

/* What is wrong with a certificate that did not verify: "expired", "not-yet-valid", "other-name",
 * "self-signed", "incomplete" (the issuer's certificate was not sent along), "unknown-issuer".
 * @clock_offset_s: what must be added to this computer's clock to be right. NULL: nothing. */
const char *pfa_certificate_judge (GTlsCertificate *certificate,
                                   GTlsCertificateFlags flags,
                                   gint64 clock_offset_s);
/* The name of the topmost issuer shown, "O=…,CN=…". (transfer full), may be NULL */
char *pfa_certificate_dup_issuer (GTlsCertificate *certificate);
guint pfa_certificate_count_chain (GTlsCertificate *certificate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaTlsResult, pfa_tls_result_free)

G_END_DECLS
