/* pfa-probe-wait.h - a task that waits for one socket: until it speaks, for too long, or stopped
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-unix.h>

#include "pfa-packet-socket.h"

G_BEGIN_DECLS

/* The first member of the task's data. Zeroed, with fd -1, it waits for nothing. */
typedef struct
{
  int fd;
  GPtrArray *sources; /* (element-type GSource); NULL: it does not wait */
} PfaProbeWait;

/* Opens and connects. 0, or errno; EINPROGRESS for a stream that is on its way. @link: as for
 * pfa_packet_socket_connect(). */
int pfa_probe_wait_open (PfaProbeWait *self,
                         int type,
                         GInetAddress *address,
                         guint16 port,
                         int link,
                         const PfaSocketOptions *options);
/* Begins to wait. All callbacks get the task. When the task's cancellable is cancelled first, the
 * task returns G_IO_ERROR_CANCELLED. */
void pfa_probe_wait_begin (GTask *task,
                           GIOCondition condition,
                           GUnixFDSourceFunc on_event,
                           guint timeout_ms,
                           GSourceFunc on_timeout);
/* A further timer while it waits. */
void pfa_probe_wait_add_timer (GTask *task, guint interval_ms, GSourceFunc on_due);
/* Nothing is called any more; the socket stays. */
void pfa_probe_wait_end (PfaProbeWait *self);
/* The same, and the socket is closed. */
void pfa_probe_wait_clear (PfaProbeWait *self);

G_END_DECLS
