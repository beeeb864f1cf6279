/* pfa-datagram.h - one small question by UDP, asked again until there is an answer or an error
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-packet-socket.h"

G_BEGIN_DECLS

typedef enum
{
  PFA_DATAGRAM_ANSWERED,
  PFA_DATAGRAM_REFUSED,  /* nobody listens on the port: the machine itself said so */
  PFA_DATAGRAM_REJECTED, /* somebody on the way said no */
  PFA_DATAGRAM_EXPIRED,  /* a hop said that it had gone far enough */
  PFA_DATAGRAM_TOO_BIG,
  PFA_DATAGRAM_NO_ROUTE, /* this computer knows no way, or nobody has the address on the link */
  PFA_DATAGRAM_DENIED,   /* this computer does not let it out */
  PFA_DATAGRAM_SILENT,
} PfaDatagramOutcome;

typedef struct
{
  GInetAddress *address; /* (transfer none) */
  guint16 port;
  int link; /* scope of a link-local IPv6 address */
  PfaSocketOptions options;
  GBytes *question;
  /* The byte of the question that counts the tries, and where it comes back in the answer; an
   * answer of another value is not ours. */
  guint vary_at;
  guint echo_at;
  guint resend_ms; /* 0: asked once */
  guint timeout_ms;
} PfaDatagramPlan;

typedef struct
{
  PfaDatagramOutcome outcome;
  GBytes *answer; /* NULL unless answered */
  guint tries;
  guint elapsed_us; /* from the try that was answered */
  guint waited_us;  /* from the first try */
  gint64 sent_us;   /* wall clock */
  gint64 arrived_us;
  guint8 varied; /* the byte at vary_at of the try that was answered */
  PfaSocketTrouble trouble;
} PfaDatagramResult;

void pfa_datagram_ask_async (const PfaDatagramPlan *plan,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* NULL only when cancelled: everything else is a result. */
PfaDatagramResult *pfa_datagram_ask_finish (GAsyncResult *result, GError **error);
void pfa_datagram_result_free (PfaDatagramResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDatagramResult, pfa_datagram_result_free)

G_END_DECLS
