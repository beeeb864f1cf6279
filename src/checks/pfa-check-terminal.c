/* pfa-check-terminal.c - is the terminal on the shop's network, at its own address, port open?
 *
 * Looks from outside only: the hardware address (ARP) and one TCP connection to its till port that
 * is closed at once, without a word.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-check-common.h"
#include "pfa-tcp-probe.h"

/* The kernel asks for a hardware address at 0, 1 and 2 s. */
#define ABSENT_AFTER_MS 2200
/* So long it is watched whether the hardware address stays the same. */
#define WATCH_MS           560
#define LOOK_EVERY_MS      40
#define CONNECT_TIMEOUT_MS 2000
/* Other networks are tried when the terminal has not shown itself by then. */
#define ELSEWHERE_AFTER_MS 900

typedef struct
{
  GInetAddress *address;
  gboolean near;
  gboolean connected; /* the connection attempt has ended */
  PfaTcpOutcome outcome;
  gboolean seen;
  gboolean has_mac;
  guint8 mac[PFA_MAC_LENGTH];
  GPtrArray *elsewhere; /* (element-type GInetAddress) */
} Terminal;

static void
terminal_free (Terminal *self)
{
  g_clear_object (&self->address);
  g_ptr_array_unref (self->elsewhere);
  g_free (self);
}

static void
conclude (PfaCheckContext *context, const char *value, GInetAddress *found)
{
  Terminal *self = pfa_check_get_data (context);
  PfaObservation *observation = pfa_check_new_observation ("terminal-on-lan", value);
  g_autofree char *text = g_inet_address_to_string (self->address);

  pfa_observation_set_fact_string (observation, "address", text);
  if (self->connected)
    pfa_observation_set_fact_string (observation,
                                     "port",
                                     pfa_tcp_outcome_to_string (self->outcome));
  if (found != NULL)
    {
      g_autofree char *elsewhere = g_inet_address_to_string (found);

      pfa_observation_set_fact_string (observation, "found_at", elsewhere);
    }
  if (!self->near && self->seen)
    pfa_check_report (context, pfa_check_new_observation ("address", "netmask-wrong"));
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

/* The same last number in networks that routers commonly come with. */
static void
try_elsewhere (PfaCheckContext *context)
{
  static const guint8 networks[][3] = { { 192, 168, 0 }, { 192, 168, 1 },  { 192, 168, 2 },
                                        { 192, 168, 8 }, { 192, 168, 10 }, { 192, 168, 178 },
                                        { 10, 0, 0 },    { 10, 0, 1 },     { 172, 16, 0 } };
  Terminal *self = pfa_check_get_data (context);
  PfaPath *path = pfa_path_get (context);

  if (self->seen || g_inet_address_get_family (self->address) != G_SOCKET_FAMILY_IPV4)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      guint8 bytes[4];
      g_autoptr (GInetAddress) guess = NULL;

      memcpy (bytes, networks[i], 3);
      bytes[3] = g_inet_address_to_bytes (self->address)[3];
      guess = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV4);
      if (pfa_path_is_near (path, guess))
        continue;
      pfa_path_prod (context, guess);
      g_ptr_array_add (self->elsewhere, g_steal_pointer (&guess));
    }
}

static GInetAddress *
find_elsewhere (PfaCheckContext *context)
{
  Terminal *self = pfa_check_get_data (context);

  for (guint i = 0; i < self->elsewhere->len; i++)
    {
      GInetAddress *guess = g_ptr_array_index (self->elsewhere, i);
      PfaNeighbourNow now;

      pfa_path_look_at_neighbour (pfa_path_get (context), guess, &now);
      if (now.alive)
        return guess;
    }
  return NULL;
}

static const char *
judge_port (Terminal *self)
{
  switch (self->outcome)
    {
    case PFA_TCP_REFUSED:
      return "port-closed";
    case PFA_TCP_SILENT:
      return "silent";
    case PFA_TCP_OPEN:
    case PFA_TCP_REJECTED:
    case PFA_TCP_EXPIRED:
    case PFA_TCP_NO_ROUTE:
    case PFA_TCP_DENIED:
    default:
      return "seen";
    }
}

static void
look (PfaCheckContext *context)
{
  Terminal *self = pfa_check_get_data (context);
  PfaObservation *known = pfa_check_find_observation (context, "terminal-on-lan");
  guint elapsed = pfa_check_get_elapsed_ms (context);
  PfaNeighbourNow now;

  if (known != NULL)
    {
      /* The conflict check has heard two devices. */
      pfa_check_report (context, pfa_observation_ref (known));
      pfa_check_done (context);
      return;
    }
  pfa_path_look_at_neighbour (pfa_path_get (context), self->address, &now);
  self->seen |= now.alive || (self->connected && self->outcome == PFA_TCP_OPEN);
  if (now.has_mac && self->has_mac && memcmp (now.mac, self->mac, PFA_MAC_LENGTH) != 0)
    {
      conclude (context, "taken", NULL);
      return;
    }
  if (now.has_mac)
    {
      self->has_mac = TRUE;
      memcpy (self->mac, now.mac, PFA_MAC_LENGTH);
    }
  if (self->seen && self->connected && elapsed >= WATCH_MS)
    conclude (context, judge_port (self), NULL);
  else if (!self->seen && (now.dead || elapsed >= ABSENT_AFTER_MS))
    {
      GInetAddress *found = find_elsewhere (context);

      conclude (context, found != NULL ? "other-subnet" : "absent", found);
    }
  else
    pfa_check_later (context, LOOK_EVERY_MS, look);
}

static void
on_connected_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaTcpResult) result = pfa_tcp_probe_finish (async_result, NULL);
  Terminal *self = pfa_check_get_data (context);

  if (result == NULL || pfa_check_is_over (context))
    return;
  self->outcome = result->outcome;
  self->connected = TRUE;
  if (result->outcome == PFA_TCP_OPEN || result->outcome == PFA_TCP_REFUSED)
    self->seen = TRUE;
}

static void
connect_once (PfaCheckContext *context)
{
  const PfaCheckSettings *settings = pfa_check_get_settings (context);
  Terminal *self = pfa_check_get_data (context);
  PfaTcpPlan plan = { .address = self->address,
                      .port = settings->terminal_port,
                      .timeout_ms = pfa_check_limit_ms (context, CONNECT_TIMEOUT_MS) };

  if (settings->terminal_port == 0)
    {
      self->connected = TRUE;
      self->outcome = PFA_TCP_EXPIRED;
      return;
    }
  if (!self->near)
    {
      plan.options.direct = TRUE;
      plan.options.link = pfa_path_get (context)->link->name;
    }
  pfa_tcp_probe_async (&plan,
                       pfa_check_get_cancellable (context),
                       on_connected_cb,
                       pfa_check_context_ref (context));
}

static void
start (PfaCheckContext *context)
{
  const PfaCheckSettings *settings = pfa_check_get_settings (context);
  g_autoptr (GInetAddress) address = settings->terminal_host != NULL
                                         ? g_inet_address_new_from_string (settings->terminal_host)
                                         : NULL;
  PfaPath *path = pfa_path_get (context);
  Terminal *self;

  if (address == NULL || path->link == NULL || g_inet_address_get_is_loopback (address))
    {
      pfa_check_report_cannot (context,
                               "terminal-on-lan",
                               address == NULL ? "no address of the terminal is known"
                                               : "the terminal is not on the shop's network");
      pfa_check_done (context);
      return;
    }
  self = g_new0 (Terminal, 1);
  pfa_check_set_data (context, self, (GDestroyNotify) terminal_free);
  self->elsewhere = g_ptr_array_new_with_free_func (g_object_unref);
  self->address = g_steal_pointer (&address);
  self->near = pfa_path_is_near (path, self->address);
  pfa_path_prod (context, self->address);
  connect_once (context);
  pfa_check_later (context, ELSEWHERE_AFTER_MS, try_elsewhere);
  look (context);
}

static const char *const needs[] = { "address", NULL };
static const char *const reports[] = { "terminal-on-lan", NULL };
static const char *const refines[] = { "address", NULL };
static const char *const dead_links[] = { "down", "off", NULL };
static const char *const dead_addresses[] = { "none", "link-local", NULL };
static const PfaCheckBlock blocks[] = { { "link", dead_links },
                                        { "address", dead_addresses },
                                        { NULL, NULL } };

const PfaCheck pfa_check_terminal = {
  .id = "terminal",
  .needs = needs,
  .blocked_by = blocks,
  .reports = reports,
  .refines = refines,
  .sends = "to the terminal's address: one datagram, and one connection to its till port that is "
           "closed at once; when it is absent, one datagram each to nine addresses where it may be",
  .start = start,
};
