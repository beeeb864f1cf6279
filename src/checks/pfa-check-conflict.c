/* pfa-check-conflict.c - does another device use this computer's or the terminal's address?
 *
 * With the privilege to hear hardware address messages, whoever else claims an address is heard.
 * Without it: when the router is lost by IPv4 and not by its IPv6 address on the same cable, it is
 * not the cable.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>

#include "pfa-arp.h"
#include "pfa-check-common.h"
#include "pfa-json.h"
#include "pfa-packet-socket.h"
#include "pfa-sampler.h"

#define LISTEN_MS       600
#define ASK_EVERY_MS    190
#define LOOK_EVERY_MS   40
#define SAMPLES         20
#define SAMPLE_EVERY_US 10000
#define PATIENCE_MS     250
/* A lost address loses far more than a bad cable commonly does. */
#define BAD_LOSS_PERCENT 15
/* A router that is well has answered by then. */
#define SUSPICIOUS_AFTER_MS 700

typedef struct
{
  int fd;
  GSource *watch;
  GInetAddress *terminal;
  gboolean has_terminal_mac;
  guint8 terminal_mac[PFA_MAC_LENGTH];
  PfaSampler *six;
  gboolean sampled;
} Conflict;

static void
conflict_free (Conflict *self)
{
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  pfa_packet_socket_close_link (self->fd);
  g_clear_object (&self->terminal);
  g_clear_object (&self->six);
  g_free (self);
}

static void
report_taken (PfaCheckContext *context, const char *id, const guint8 mac[PFA_MAC_LENGTH])
{
  PfaObservation *observation = pfa_check_new_observation (id, "taken");

  if (mac != NULL)
    {
      /* The maker's half is enough to find the device. */
      g_autofree char *text = g_strdup_printf ("%02x:%02x:%02x:…", mac[0], mac[1], mac[2]);

      pfa_observation_set_fact_string (observation, "other_device", text);
    }
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static void
hear (PfaCheckContext *context, const guint8 claimed[4], const guint8 mac[PFA_MAC_LENGTH])
{
  Conflict *self = pfa_check_get_data (context);
  PfaPath *path = pfa_path_get (context);

  if (path->address != NULL &&
      memcmp (claimed, g_inet_address_to_bytes (path->address->address), 4) == 0 &&
      memcmp (mac, path->link->mac, PFA_MAC_LENGTH) != 0)
    report_taken (context, "address", mac);
  else if (self->terminal != NULL &&
           memcmp (claimed, g_inet_address_to_bytes (self->terminal), 4) == 0)
    {
      if (self->has_terminal_mac && memcmp (mac, self->terminal_mac, PFA_MAC_LENGTH) != 0)
        report_taken (context, "terminal-on-lan", mac);
      self->has_terminal_mac = TRUE;
      memcpy (self->terminal_mac, mac, PFA_MAC_LENGTH);
    }
}

static gboolean
on_heard_cb (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = pfa_check_context_ref (user_data);
  guint8 message[128];
  gssize got;

  while ((got = recv (fd, message, sizeof message, 0)) > 0)
    {
      guint8 claimed[4];
      guint8 mac[PFA_MAC_LENGTH];

      if (pfa_check_is_over (context))
        return G_SOURCE_REMOVE;
      if (pfa_arp_parse (message, (gsize) got, claimed, mac))
        hear (context, claimed, mac);
    }
  return G_SOURCE_CONTINUE;
}

static void
ask (PfaCheckContext *context)
{
  Conflict *self = pfa_check_get_data (context);
  PfaPath *path = pfa_path_get (context);

  if (pfa_check_get_elapsed_ms (context) >= LISTEN_MS)
    {
      pfa_check_done (context);
      return;
    }
  pfa_arp_probe (self->fd, path->link->index, path->link->mac, path->address->address);
  if (self->terminal != NULL)
    pfa_arp_probe (self->fd, path->link->index, path->link->mac, self->terminal);
  pfa_check_later (context, ASK_EVERY_MS, ask);
}

static gboolean
is_bad (PfaObservation *router)
{
  double sent;

  if (g_str_equal (router->value, "none"))
    return TRUE;
  sent = router->facts != NULL ? pfa_json_peek_double (router->facts, "sent", 0) : 0;
  return g_str_equal (router->value, "lossy") && sent > 0 &&
         100 * (1 - pfa_json_peek_double (router->facts, "received", sent) / sent) >=
             BAD_LOSS_PERCENT;
}

static void
on_sampled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;

  if (pfa_sampler_run_finish (PFA_SAMPLER (source), result, NULL) && !pfa_check_is_over (context))
    ((Conflict *) pfa_check_get_data (context))->sampled = TRUE;
}

static void
conclude (PfaCheckContext *context)
{
  Conflict *self = pfa_check_get_data (context);
  PfaSamplerStatistics seen;

  pfa_sampler_get_statistics (self->six, &seen);
  if (seen.sent >= SAMPLES && seen.received == seen.sent)
    report_taken (context, "address", NULL);
  else
    pfa_check_done (context);
}

static void
ask_router6 (PfaCheckContext *context)
{
  Conflict *self = pfa_check_get_data (context);
  PfaPath *path = pfa_path_get (context);
  g_autoptr (GPtrArray) targets = g_ptr_array_new ();

  g_ptr_array_add (targets, path->gateway6);
  self->six =
      pfa_sampler_new (PFA_SAMPLER_ECHO, targets, path->link->index, path->link->name, NULL);
  pfa_sampler_run_async (self->six,
                         SAMPLES,
                         SAMPLE_EVERY_US,
                         PATIENCE_MS,
                         pfa_check_get_cancellable (context),
                         on_sampled_cb,
                         pfa_check_context_ref (context));
}

static void
wait_for_router (PfaCheckContext *context)
{
  Conflict *self = pfa_check_get_data (context);
  PfaObservation *router = pfa_check_find_observation (context, "router-answer");

  if (pfa_path_get (context)->gateway6 == NULL || (router != NULL && !is_bad (router)))
    pfa_check_done (context);
  else if (router != NULL && self->sampled)
    conclude (context);
  else
    {
      if (self->six == NULL &&
          (router != NULL || pfa_check_get_elapsed_ms (context) >= SUSPICIOUS_AFTER_MS))
        ask_router6 (context);
      pfa_check_later (context, LOOK_EVERY_MS, wait_for_router);
    }
}

static void
start (PfaCheckContext *context)
{
  const PfaCheckSettings *settings = pfa_check_get_settings (context);
  PfaPath *path = pfa_path_get (context);
  g_autoptr (GInetAddress) terminal = settings->terminal_host != NULL
                                          ? g_inet_address_new_from_string (settings->terminal_host)
                                          : NULL;
  Conflict *self;

  if (path->link == NULL || path->address == NULL || !path->link->has_mac)
    {
      pfa_check_done (context);
      return;
    }
  self = g_new0 (Conflict, 1);
  pfa_check_set_data (context, self, (GDestroyNotify) conflict_free);
  if (terminal != NULL && g_inet_address_get_family (terminal) == G_SOCKET_FAMILY_IPV4)
    self->terminal = g_steal_pointer (&terminal);
  self->fd = pfa_arp_open (path->link->index);
  if (self->fd < 0)
    {
      wait_for_router (context);
      return;
    }
  self->watch = g_unix_fd_source_new (self->fd, G_IO_IN);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (on_heard_cb), context, NULL);
  g_source_attach (self->watch, g_main_context_get_thread_default ());
  ask (context);
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { NULL };
static const char *const refines[] = { "address", "terminal-on-lan", NULL };
static const char *const dead_links[] = { "down", "off", NULL };
static const char *const dead_addresses[] = { "none", "link-local", NULL };
static const PfaCheckBlock blocks[] = { { "link", dead_links },
                                        { "address", dead_addresses },
                                        { NULL, NULL } };

const PfaCheck pfa_check_conflict = {
  .id = "conflict",
  .needs = needs,
  .blocked_by = blocks,
  .reports = reports,
  .refines = refines,
  .sends =
      "with the privilege: four questions for the hardware address of this computer's and of the "
      "terminal's address; else, when the router is lost, 20 echo requests to its IPv6 address",
  .start = start,
};
