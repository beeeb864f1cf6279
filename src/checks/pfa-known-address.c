/* pfa-known-address.c - a host name whose address is known already
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-known-address.h"

struct _PfaKnownAddress
{
  GNetworkAddress parent_instance;

  GSocketAddress *address;
};

static GSocketAddressEnumerator *
enumerate (GSocketConnectable *connectable)
{
  PfaKnownAddress *self = PFA_KNOWN_ADDRESS (connectable);

  return g_socket_connectable_enumerate (G_SOCKET_CONNECTABLE (self->address));
}

static void
connectable_init (GSocketConnectableIface *interface)
{
  interface->enumerate = enumerate;
  interface->proxy_enumerate = enumerate;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaKnownAddress,
                               pfa_known_address,
                               G_TYPE_NETWORK_ADDRESS,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE, connectable_init))

GSocketConnectable *
pfa_known_address_new (const char *host, GInetAddress *address, guint16 port)
{
  PfaKnownAddress *self =
      g_object_new (PFA_TYPE_KNOWN_ADDRESS, "hostname", host, "port", port, NULL);

  self->address = g_inet_socket_address_new (address, port);
  return G_SOCKET_CONNECTABLE (self);
}

static void
pfa_known_address_finalize (GObject *object)
{
  g_clear_object (&PFA_KNOWN_ADDRESS (object)->address);
  G_OBJECT_CLASS (pfa_known_address_parent_class)->finalize (object);
}

static void
pfa_known_address_class_init (PfaKnownAddressClass *class)
{
  G_OBJECT_CLASS (class)->finalize = pfa_known_address_finalize;
}

static void
pfa_known_address_init (PfaKnownAddress *self)
{
}
