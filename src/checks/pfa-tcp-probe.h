/* pfa-tcp-probe.h - opens one TCP connection and tells exactly what came of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-packet-socket.h"

G_BEGIN_DECLS

typedef enum
{
  PFA_TCP_OPEN,
  PFA_TCP_REFUSED,  /* a reset came back */
  PFA_TCP_REJECTED, /* an ICMP error: @trouble says whose */
  PFA_TCP_EXPIRED,  /* a hop said that it had gone far enough */
  PFA_TCP_NO_ROUTE, /* this computer knows no way, or nobody has the address on the link */
  PFA_TCP_DENIED,   /* this computer does not let it out */
  PFA_TCP_SILENT,
} PfaTcpOutcome;

typedef struct
{
  GInetAddress *address; /* (transfer none) */
  guint16 port;
  int link;
  PfaSocketOptions options;
  guint timeout_ms;
} PfaTcpPlan;

typedef struct
{
  PfaTcpOutcome outcome;
  int fd; /* open connection, not blocking, or -1; closed with the result */
  guint elapsed_us;
  PfaSocketTrouble trouble;
} PfaTcpResult;

void pfa_tcp_probe_async (const PfaTcpPlan *plan,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
/* NULL only when cancelled. */
PfaTcpResult *pfa_tcp_probe_finish (GAsyncResult *result, GError **error);
void pfa_tcp_result_free (PfaTcpResult *self);
int pfa_tcp_result_steal_fd (PfaTcpResult *self);
const char *pfa_tcp_outcome_to_string (PfaTcpOutcome outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaTcpResult, pfa_tcp_result_free)

G_END_DECLS
