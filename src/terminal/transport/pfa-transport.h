/* pfa-transport.h - bytes to a terminal and back, whatever the cable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Most that one exchange gives back; longer answers come in several. */
#define PFA_TRANSPORT_CHUNK 16384

#define PFA_TYPE_TRANSPORT (pfa_transport_get_type ())
G_DECLARE_INTERFACE (PfaTransport, pfa_transport, PFA, TRANSPORT, GObject)

struct _PfaTransportInterface
{
  GTypeInterface parent_iface;

  void (*open_async) (PfaTransport *self,
                      guint timeout_ms,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  gboolean (*open_finish) (PfaTransport *self, GAsyncResult *result, GError **error);
  void (*exchange_async) (PfaTransport *self,
                          GBytes *request,
                          guint timeout_ms,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
  GBytes *(*exchange_finish) (PfaTransport *self, GAsyncResult *result, GError **error);
  void (*close) (PfaTransport *self);
};

/* Errors of opening: UNREACHABLE (no way there), REFUSED, PERMISSION_DENIED, BUSY (another program
 * holds it), NOT_FOUND (unplugged), UNTRUSTED (TLS). */
void pfa_transport_open_async (PfaTransport *self,
                               guint timeout_ms,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pfa_transport_open_finish (PfaTransport *self, GAsyncResult *result, GError **error);

/* Sends @request (NULL: nothing), then gives back whatever comes next. Empty bytes: the other side
 * hung up. TIMED_OUT: nothing came; the next exchange may go on waiting. @timeout_ms 0: sends and
 * does not wait; gives back empty bytes. One exchange at a time: a second one fails with BUSY. */
void pfa_transport_exchange_async (PfaTransport *self,
                                   GBytes *request,
                                   guint timeout_ms,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GBytes *pfa_transport_exchange_finish (PfaTransport *self,
                                       GAsyncResult *result,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* At once; may be called twice. */
void pfa_transport_close (PfaTransport *self);

G_END_DECLS
