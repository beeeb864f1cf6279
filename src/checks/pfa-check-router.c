/* pfa-check-router.c - does the router answer, how quickly, and without losses?
 *
 * Every datagram to the router makes the kernel ask for its hardware address (ARP); the neighbour
 * table then tells whether anybody has it, even where the router does not answer echo requests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-check-common.h"
#include "pfa-kernel-files.h"
#include "pfa-sampler.h"

#define FIRST_SAMPLES 60
#define MORE_SAMPLES  80
/* 40 more are the line check's: 200 at most. */
#define SAMPLE_EVERY_US 8000
#define PATIENCE_MS     300
/* The kernel asks for a hardware address at 0, 1 and 2 s. */
#define SILENCE_MS    2300
#define LOOK_EVERY_MS 50
/* The first question for the hardware address was lost if the echoes took so long to fail. */
#define LATE_MS         1000
#define OTHERS_AFTER_MS 250
#define OTHER_SAMPLES   20
/* payments.md 6.2 K03; Wi-Fi is given more. */
#define SLOW_MS          30
#define SLOW_WIRELESS_MS 60
/* Fewer than these may be chance. */
#define LOST_AT_LEAST    3
#define LOSSY_PERCENT    1.5
#define DAMAGED_AT_LEAST 3

typedef struct
{
  PfaSampler *sampler;
  PfaSampler *other_sampler;
  GPtrArray *others; /* (element-type GInetAddress): who else may be the router */
  gboolean grown;
  gboolean
      waited; /* nobody had answered for the address when the echoes were out: they were lost */
  gboolean resent;
  guint64 damaged_before;
} Router;

static void
router_free (Router *self)
{
  g_clear_object (&self->sampler);
  g_clear_object (&self->other_sampler);
  g_ptr_array_unref (self->others);
  g_free (self);
}

static guint64
count_damaged (PfaCheckContext *context)
{
  const char *root = pfa_check_get_settings (context)->system_root;
  g_autoptr (PfaCounters) counters = pfa_counters_read (root);
  g_autoptr (PfaNetworkState) state = pfa_network_state_read (NULL);
  const PfaLink *link =
      state != NULL ? pfa_network_state_find_link (state, pfa_path_get (context)->link->index)
                    : NULL;

  return (guint64) (pfa_counters_get (counters, "Icmp.InCsumErrors") +
                    pfa_counters_get (counters, "Tcp.InCsumErrors") +
                    pfa_counters_get (counters, "Udp.InCsumErrors") +
                    pfa_counters_get (counters, "Ip.InHdrErrors")) +
         (link != NULL ? link->rx_errors + link->collisions : 0);
}

static void
add_other (Router *self, PfaPath *path, GInetAddress *address)
{
  if (address == NULL || (path->gateway != NULL && g_inet_address_equal (address, path->gateway)))
    return;
  if (path->address != NULL && g_inet_address_equal (address, path->address->address))
    return;
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4 &&
      !pfa_path_is_near (path, address))
    return;
  g_ptr_array_add (self->others, g_object_ref (address));
}

/* Where a router commonly lives: the name server, the IPv6 router, the first address of the net. */
static void
find_others (Router *self, PfaPath *path)
{
  guint8 bytes[4];

  for (guint i = 0; i < path->resolvers->len; i++)
    add_other (self, path, g_ptr_array_index (path->resolvers, i));
  add_other (self, path, path->gateway6);
  if (path->address == NULL || path->address->prefix > 30 || path->address->prefix < 16)
    return;
  memcpy (bytes, g_inet_address_to_bytes (path->address->address), sizeof bytes);
  bytes[3] = 1;
  {
    g_autoptr (GInetAddress) first = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV4);

    add_other (self, path, first);
  }
}

static GInetAddress *
find_living_other (Router *self, PfaPath *path)
{
  for (guint i = 0; i < self->others->len; i++)
    {
      GInetAddress *other = g_ptr_array_index (self->others, i);
      PfaNeighbourNow now;

      pfa_path_look_at_neighbour (path, other, &now);
      if (now.alive)
        return other;
    }
  return NULL;
}

static PfaObservation *
describe (PfaCheckContext *context, const char *value, GInetAddress *address, const char *method)
{
  PfaObservation *observation = pfa_check_new_observation ("router-answer", value);
  g_autofree char *text = g_inet_address_to_string (address);

  pfa_observation_set_fact_string (observation, "address", text);
  pfa_observation_set_fact_string (observation, "method", method);
  return observation;
}

static void
report_silence (PfaCheckContext *context)
{
  Router *self = pfa_check_get_data (context);
  PfaPath *path = pfa_path_get (context);
  GInetAddress *other = find_living_other (self, path);
  PfaSamplerStatistics seen;
  PfaObservation *observation;

  pfa_sampler_get_statistics (self->sampler, &seen);
  if (other != NULL)
    {
      g_autofree char *text = g_inet_address_to_string (other);
      g_autofree char *set = g_inet_address_to_string (path->gateway);

      observation = pfa_check_new_observation ("gateway", "wrong");
      pfa_observation_set_fact_string (observation, "address", set);
      pfa_observation_set_fact_string (observation, "router", text);
      pfa_check_report (context, describe (context, "fast", other, "arp"));
      pfa_check_report (context, observation);
    }
  else
    {
      observation = describe (context, "none", path->gateway, seen.method);
      pfa_observation_set_fact_int (observation, "sent", seen.sent);
      pfa_observation_set_fact_int (observation, "received", 0);
      pfa_check_report (context, observation);
    }
  pfa_check_done (context);
}

/* What this computer refuses to send makes it ask for no hardware address either. */
static void
report_own_firewall (PfaCheckContext *context)
{
  pfa_check_report (context, pfa_check_new_observation ("own-firewall", "blocks"));
  pfa_check_report_cannot (context, "router-answer", PFA_OWN_FIREWALL_REASON);
  pfa_check_done (context);
}

/* Somebody beyond has answered: whoever brought that here is alive. */
static gboolean
carries_others (PfaCheckContext *context)
{
  PfaObservation *internet = pfa_check_find_observation (context, "internet");

  return internet != NULL && g_str_equal (internet->value, "ok");
}

static void on_sampled_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
sample (PfaCheckContext *context, guint count)
{
  Router *self = pfa_check_get_data (context);

  pfa_sampler_run_async (self->sampler,
                         count,
                         SAMPLE_EVERY_US,
                         PATIENCE_MS,
                         pfa_check_get_cancellable (context),
                         on_sampled_cb,
                         pfa_check_context_ref (context));
}

static PfaSampler *
build_sampler (PfaPath *path, GInetAddress *address)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();

  g_ptr_array_add (addresses, address);
  return pfa_sampler_new (PFA_SAMPLER_ECHO, addresses, path->link->index, path->link->name, NULL);
}

static void
on_other_sampled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  Router *self = pfa_check_get_data (context);
  PfaSamplerStatistics seen;

  if (!pfa_sampler_run_finish (PFA_SAMPLER (source), result, NULL) || pfa_check_is_over (context))
    return;
  pfa_sampler_get_statistics (self->other_sampler, &seen);
  if (seen.received > 0 && seen.received < seen.sent)
    {
      PfaObservation *observation =
          describe (context, "lossy", pfa_path_get (context)->gateway, seen.method);

      pfa_observation_set_fact_int (observation, "sent", seen.sent);
      pfa_observation_set_fact_int (observation, "received", seen.received);
      pfa_check_report (context, observation);
      pfa_check_done (context);
    }
  else
    report_silence (context);
}

/* Somebody else may be the router. Or all three questions for the right one's hardware address were
 * lost: then some echoes to that other will be lost too. */
static void
doubt_silence (PfaCheckContext *context)
{
  Router *self = pfa_check_get_data (context);
  PfaPath *path = pfa_path_get (context);
  GInetAddress *other = find_living_other (self, path);

  if (other == NULL)
    {
      report_silence (context);
      return;
    }
  self->other_sampler = build_sampler (path, other);
  pfa_sampler_run_async (self->other_sampler,
                         OTHER_SAMPLES,
                         SAMPLE_EVERY_US,
                         PATIENCE_MS,
                         pfa_check_get_cancellable (context),
                         on_other_sampled_cb,
                         pfa_check_context_ref (context));
}

/* No echo came back: does anybody have the address? */
static void
look_for_anybody (PfaCheckContext *context)
{
  Router *self = pfa_check_get_data (context);
  PfaPath *path = pfa_path_get (context);
  PfaNeighbourNow now;

  pfa_path_look_at_neighbour (path, path->gateway, &now);
  self->waited |= pfa_check_get_elapsed_ms (context) > LATE_MS;
  if (now.alive && self->waited && !self->resent)
    {
      /* The question for the hardware address was lost, and the echoes with it: once more. */
      self->resent = TRUE;
      g_clear_object (&self->sampler);
      self->sampler = build_sampler (path, path->gateway);
      sample (context, FIRST_SAMPLES);
    }
  else if (now.alive || (now.has_mac && !now.dead && carries_others (context)))
    {
      pfa_check_report (context, describe (context, "fast", path->gateway, "arp"));
      pfa_check_done (context);
    }
  else if (pfa_path_is_denied (context) && !now.known)
    report_own_firewall (context);
  else if (now.dead || pfa_check_get_elapsed_ms (context) >= SILENCE_MS)
    doubt_silence (context);
  else
    {
      self->waited = TRUE;
      pfa_check_later (context, LOOK_EVERY_MS, look_for_anybody);
    }
}

static void
prod_others (PfaCheckContext *context)
{
  Router *self = pfa_check_get_data (context);
  PfaNeighbourNow now;

  pfa_path_look_at_neighbour (pfa_path_get (context), pfa_path_get (context)->gateway, &now);
  if (now.alive || pfa_sampler_get_received (self->sampler) > 0)
    return;
  find_others (self, pfa_path_get (context));
  for (guint i = 0; i < self->others->len; i++)
    pfa_path_prod (context, g_ptr_array_index (self->others, i));
}

static void
report_figures (PfaCheckContext *context, const PfaSamplerStatistics *seen, guint64 damaged)
{
  PfaPath *path = pfa_path_get (context);
  gboolean wireless =
      pfa_link_is_wireless (pfa_check_get_settings (context)->system_root, path->link->name);
  guint lost = seen->sent - seen->received;
  gboolean lossy =
      (lost >= LOST_AT_LEAST && seen->loss_percent >= LOSSY_PERCENT) || damaged >= DAMAGED_AT_LEAST;
  gboolean slow = seen->median > (wireless ? SLOW_WIRELESS_MS : SLOW_MS);
  PfaObservation *observation = describe (context,
                                          lossy  ? "lossy"
                                          : slow ? "slow"
                                                 : "fast",
                                          path->gateway,
                                          seen->method);

  pfa_observation_set_fact_int (observation, "sent", seen->sent);
  pfa_observation_set_fact_int (observation, "received", seen->received);
  pfa_observation_set_fact_int (observation, "damaged", (gint64) damaged);
  pfa_observation_set_fact_double (observation, "round_trip_ms", seen->median);
  pfa_observation_set_fact_double (observation, "jitter_ms", seen->jitter);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static void
on_sampled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  Router *self = pfa_check_get_data (context);
  PfaSamplerStatistics seen;
  guint64 damaged;

  if (!pfa_sampler_run_finish (PFA_SAMPLER (source), result, NULL) || pfa_check_is_over (context))
    return;
  pfa_sampler_get_statistics (self->sampler, &seen);
  damaged = count_damaged (context) - self->damaged_before;
  if (seen.received == 0)
    look_for_anybody (context);
  else if (!self->grown && (seen.received < seen.sent || damaged > 0))
    {
      self->grown = TRUE;
      sample (context, MORE_SAMPLES);
    }
  else
    report_figures (context, &seen, damaged);
}

static void
start (PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);
  Router *self;

  if (path->link == NULL || path->gateway == NULL)
    {
      pfa_check_report_cannot (context, "router-answer", "no router is set");
      pfa_check_done (context);
      return;
    }
  self = g_new0 (Router, 1);
  pfa_check_set_data (context, self, (GDestroyNotify) router_free);
  self->others = g_ptr_array_new_with_free_func (g_object_unref);
  self->sampler = build_sampler (path, path->gateway);
  self->damaged_before = count_damaged (context);
  pfa_path_prod (context, path->gateway);
  pfa_check_later (context, OTHERS_AFTER_MS, prod_others);
  sample (context, FIRST_SAMPLES);
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "router-answer", NULL };
static const char *const refines[] = { "gateway", "own-firewall", NULL };

const PfaCheck pfa_check_router = {
  .id = "router",
  .needs = needs,
  .blocked_by = pfa_blocks_of_link,
  .reports = reports,
  .refines = refines,
  .sends = "at most 200 echo requests to the router, and one datagram to it and its likely places; "
           "20 echo requests to whoever answers in its stead",
  .start = start,
};
