/* pfa-transport.c - bytes to a terminal and back, whatever the cable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-transport.h"

G_DEFINE_INTERFACE (PfaTransport, pfa_transport, G_TYPE_OBJECT)

static void
pfa_transport_default_init (PfaTransportInterface *iface)
{
}

void
pfa_transport_open_async (PfaTransport *self,
                          guint timeout_ms,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (PFA_IS_TRANSPORT (self));

  PFA_TRANSPORT_GET_IFACE (self)->open_async (self, timeout_ms, cancellable, callback, user_data);
}

gboolean
pfa_transport_open_finish (PfaTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PFA_IS_TRANSPORT (self), FALSE);

  return PFA_TRANSPORT_GET_IFACE (self)->open_finish (self, result, error);
}

void
pfa_transport_exchange_async (PfaTransport *self,
                              GBytes *request,
                              guint timeout_ms,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (PFA_IS_TRANSPORT (self));

  PFA_TRANSPORT_GET_IFACE (self)
      ->exchange_async (self, request, timeout_ms, cancellable, callback, user_data);
}

GBytes *
pfa_transport_exchange_finish (PfaTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PFA_IS_TRANSPORT (self), NULL);

  return PFA_TRANSPORT_GET_IFACE (self)->exchange_finish (self, result, error);
}

void
pfa_transport_close (PfaTransport *self)
{
  g_return_if_fail (PFA_IS_TRANSPORT (self));

  PFA_TRANSPORT_GET_IFACE (self)->close (self);
}
