/* pfa-aid-system.c - what this computer says about itself in a bundle
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-system.h"

#include <sys/utsname.h>

#include "pfa-kernel-files.h"

#define FORMAT "pos-first-aid-system/1"
/* The bit of a hardware address that says that no vendor gave it. */
#define MAC_LOCAL 0x02

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL && text[0] != '\0')
    json_object_set_string_member (object, name, text);
}

/* Two bundles of one incident are to be the same although the line is in use. */
static gint64
round_down (guint64 count)
{
  gint64 power = 1;

  while (count >= 10)
    {
      count /= 10;
      power *= 10;
    }
  return count > 0 ? power : 0;
}

static const char *
address_kind (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  const gboolean four = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4;

  if (g_inet_address_get_is_loopback (address))
    return "this-computer";
  if (g_inet_address_get_is_link_local (address))
    return "link-local";
  if (g_inet_address_get_is_site_local (address) || (!four && (bytes[0] & 0xfe) == 0xfc))
    return "private";
  if (four && bytes[0] == 100 && (bytes[1] & 0xc0) == 64)
    return "shared";
  return "public";
}

static JsonArray *
build_addresses (const PfaNetworkState *network, const PfaLink *link)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < network->addresses->len; i++)
    {
      const PfaAddress *address = network->addresses->pdata[i];
      const gboolean four = g_inet_address_get_family (address->address) == G_SOCKET_FAMILY_IPV4;
      JsonObject *object;

      if (address->link != link->index)
        continue;
      object = json_object_new ();
      json_object_set_int_member (object, "version", four ? 4 : 6);
      json_object_set_string_member (object, "kind", address_kind (address->address));
      json_object_set_int_member (object, "prefix", address->prefix);
      json_array_add_object_element (array, object);
    }
  return array;
}

static void
set_counters (JsonObject *object, const PfaLink *link)
{
  json_object_set_int_member (object, "carrier_changes", link->carrier_changes);
  json_object_set_int_member (object, "rx_packets_at_least", round_down (link->rx_packets));
  json_object_set_int_member (object, "tx_packets_at_least", round_down (link->tx_packets));
  json_object_set_int_member (object, "rx_errors", (gint64) link->rx_errors);
  json_object_set_int_member (object, "tx_errors", (gint64) link->tx_errors);
  json_object_set_int_member (object, "collisions", (gint64) link->collisions);
}

static void
set_vendor (JsonObject *object, const PfaLink *link)
{
  g_autofree char *vendor =
      g_strdup_printf ("%02x:%02x:%02x", link->mac[0], link->mac[1], link->mac[2]);

  if (link->has_mac)
    set_text (object, "vendor", (link->mac[0] & MAC_LOCAL) != 0 ? "none" : vendor);
}

/* The name of a link stays here: it may be made of its hardware address. */
static JsonObject *
build_link (const PfaNetworkState *network, const PfaLink *link, const char *root)
{
  JsonObject *object = json_object_new ();
  gboolean full_duplex = TRUE;
  const guint speed = pfa_link_speed_read (root, link->name, &full_duplex);
  const gboolean wireless = pfa_link_is_wireless (root, link->name);

  set_text (object, "kind", wireless ? "wifi" : link->kind != NULL ? link->kind : "cable");
  json_object_set_boolean_member (object, "on", link->up);
  json_object_set_boolean_member (object, "carrier", link->running);
  json_object_set_boolean_member (object,
                                  "uplink",
                                  pfa_network_state_find_uplink (network) == link);
  json_object_set_int_member (object, "mtu", link->mtu);
  if (speed > 0)
    {
      json_object_set_int_member (object, "mbit_s", speed);
      json_object_set_string_member (object, "duplex", full_duplex ? "full" : "half");
    }
  set_vendor (object, link);
  set_counters (object, link);
  json_object_set_array_member (object, "addresses", build_addresses (network, link));
  return object;
}

static JsonArray *
build_links (const PfaNetworkState *network, const char *root)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; network != NULL && i < network->links->len; i++)
    {
      const PfaLink *link = network->links->pdata[i];

      if (!link->loopback)
        json_array_add_object_element (array, build_link (network, link, root));
    }
  return array;
}

static JsonArray *
build_resolvers (const PfaNetworkState *network, const char *root)
{
  g_auto (GStrv) resolvers = pfa_resolvers_read (root);
  const PfaRoute *route =
      network != NULL ? pfa_network_state_find_default_route (network, G_SOCKET_FAMILY_IPV4, 0)
                      : NULL;
  JsonArray *array = json_array_new ();

  for (guint i = 0; resolvers != NULL && resolvers[i] != NULL; i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (resolvers[i]);

      if (address == NULL)
        continue;
      json_array_add_string_element (array,
                                     route != NULL && route->gateway != NULL &&
                                             g_inet_address_equal (route->gateway, address)
                                         ? "router"
                                         : address_kind (address));
    }
  return array;
}

static void
set_clock (JsonObject *object, const PfaIncident *incident)
{
  const PfaObservation *clock = pfa_evidence_find (incident->evidence, "clock");

  if (clock != NULL && clock->facts != NULL && json_object_has_member (clock->facts, "offset_s"))
    json_object_set_member (object,
                            "clock_offset_s",
                            json_node_copy (json_object_get_member (clock->facts, "offset_s")));
}

JsonObject *
pfa_aid_build_system (const PfaNetworkState *network,
                      const char *root,
                      const PfaIncident *incident,
                      const char *language)
{
  JsonObject *object = json_object_new ();
  g_autofree char *id = g_get_os_info (G_OS_INFO_KEY_ID);
  g_autofree char *version = g_get_os_info (G_OS_INFO_KEY_VERSION_ID);
  struct utsname kernel;

  set_text (object, "format", FORMAT);
  set_text (object, "program", PACKAGE_VERSION);
  set_text (object, "os", id);
  set_text (object, "os_release", version);
  if (uname (&kernel) == 0)
    {
      set_text (object, "kernel", kernel.release);
      set_text (object, "machine", kernel.machine);
    }
  set_text (object, "language", language);
  set_text (object, "locale", g_get_language_names ()[0]);
  set_clock (object, incident);
  json_object_set_array_member (object, "links", build_links (network, root));
  json_object_set_array_member (object, "resolvers", build_resolvers (network, root));
  return object;
}
