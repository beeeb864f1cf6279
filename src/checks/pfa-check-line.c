/* pfa-check-line.c - is the internet there by address, and how good is the line to it?
 *
 * Questions to the profile's public name servers measure the line: they need no privilege, and no
 * sensible line throws them away as some do with echo requests. A few with a small reach (TTL) tell
 * how far they come when nothing answers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-datagram.h"
#include "pfa-dns-message.h"
#include "pfa-line.h"
#include "pfa-lookup.h"
#include "pfa-tunnel.h"

#define ECHOES              5
#define ECHO_EVERY_US       80000
#define HOPS                3
#define ASK_ROUTER_AFTER_MS 500
#define HOP_TIMEOUT_MS      1800
#define LOOK_EVERY_MS       20
/* Where the web is quick, so are name servers that answer at all. */
#define MUTE_AFTER_MS 850
/* Nothing at all came back by then: satellites take 0.8 s. */
#define SILENCE_MS 2300

static void
line_free (PfaLine *self)
{
  g_clear_object (&self->questions);
  g_clear_object (&self->echoes);
  g_clear_object (&self->quiet);
  g_clear_object (&self->router);
  g_free (self->last_hop);
  g_free (self);
}

static void
report_alive (PfaCheckContext *context, const char *method)
{
  PfaLine *self = pfa_check_get_data (context);
  PfaObservation *observation;

  if (self->alive)
    return;
  self->alive = TRUE;
  observation = pfa_check_new_observation ("internet", "ok");
  pfa_observation_set_fact_string (observation, "method", method);
  pfa_check_report (context, observation);
}

static void
on_echoed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;

  if (pfa_sampler_run_finish (PFA_SAMPLER (source), result, NULL) && !pfa_check_is_over (context))
    ((PfaLine *) pfa_check_get_data (context))->echoed = TRUE;
}

/* Does another server than the public ones prove that the line carries? */
static gboolean
has_other_proof (PfaCheckContext *context)
{
  static const char *const proofs[] = { "control-site", "captive-portal", "payment-port" };
  static const char *const values[] = { "ok", "none", "open" };

  for (guint i = 0; i < G_N_ELEMENTS (proofs); i++)
    {
      PfaObservation *seen = pfa_check_find_observation (context, proofs[i]);

      if (seen != NULL && g_str_equal (seen->value, values[i]))
        return TRUE;
    }
  return FALSE;
}

/* A name server on our own network that is not the gateway finds names: it has the way out. */
static const PfaLookupServer *
find_other_way (PfaCheckContext *context)
{
  const PfaTarget *target = pfa_target_get (context);
  PfaPath *path = pfa_path_get (context);
  PfaLookup *lookup = target != NULL ? pfa_lookup_get (context, target->host) : NULL;
  const PfaLookupServer *server =
      lookup != NULL ? pfa_lookup_find_server (lookup, PFA_LOOKUP_OWN, PFA_LOOKUP_FOUND) : NULL;

  if (server == NULL || !pfa_path_is_near (path, server->server) || path->gateway == NULL ||
      g_inet_address_equal (server->server, path->gateway))
    return NULL;
  return server;
}

static void
report_wrong_gateway (PfaCheckContext *context, const PfaLookupServer *router)
{
  PfaObservation *observation = pfa_check_new_observation ("gateway", "wrong");
  g_autofree char *set = g_inet_address_to_string (pfa_path_get (context)->gateway);
  g_autofree char *text = g_inet_address_to_string (router->server);

  pfa_observation_set_fact_string (observation, "address", set);
  pfa_observation_set_fact_string (observation, "router", text);
  pfa_check_report (context, observation);
}

static void
on_past_tunnel_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaDatagramResult) result = pfa_datagram_ask_finish (async_result, NULL);

  if (result != NULL && result->outcome == PFA_DATAGRAM_ANSWERED && !pfa_check_is_over (context))
    ((PfaLine *) pfa_check_get_data (context))->past_tunnel = TRUE;
}

static void
report_dead_tunnel (PfaCheckContext *context, const PfaLink *tunnel)
{
  static const char reason[] = "a VPN on this computer brings nothing back; past it all is well";
  PfaObservation *observation = pfa_check_new_observation ("own-firewall", "blocks");

  pfa_observation_set_fact_string (observation, "tunnel", tunnel->name);
  pfa_check_report (context, observation);
  pfa_check_report_cannot (context, "internet", reason);
  pfa_check_report_cannot (context, "line-quality", reason);
  pfa_check_done (context);
}

static void
report_silence (PfaCheckContext *context)
{
  PfaLine *self = pfa_check_get_data (context);
  const PfaLookupServer *other_way = find_other_way (context);
  const char *value = self->beyond_spoke   ? "ends-beyond-router"
                      : self->router_spoke ? "ends-at-router"
                                           : "none";
  PfaObservation *observation = pfa_check_new_observation ("internet", value);

  if (pfa_path_is_denied (context))
    {
      pfa_observation_unref (observation);
      pfa_check_report_cannot (context, "internet", PFA_OWN_FIREWALL_REASON);
      pfa_check_report_cannot (context, "line-quality", PFA_OWN_FIREWALL_REASON);
      pfa_check_done (context);
      return;
    }
  if (self->past_tunnel)
    {
      pfa_observation_unref (observation);
      report_dead_tunnel (context, self->tunnel);
      return;
    }
  if (other_way != NULL)
    {
      /* Stops this check too: everything beyond is the same fault. */
      pfa_observation_unref (observation);
      report_wrong_gateway (context, other_way);
      return;
    }
  pfa_observation_set_fact_string (observation, "last_hop", self->last_hop);
  pfa_check_report (context, observation);
  pfa_check_report_cannot (context, "line-quality", "nothing answers beyond the router");
  pfa_check_done (context);
}

/* The web answers, and quickly: a name server that answers at all would have done so by now. */
static gboolean
is_mute (PfaCheckContext *context)
{
  PfaLine *self = pfa_check_get_data (context);
  PfaObservation *port = pfa_check_find_observation (context, "payment-port");
  PfaObservation *control = pfa_check_find_observation (context, "control-site");

  return pfa_sampler_get_received (self->questions) == 0 &&
         pfa_sampler_get_received (self->echoes) == 0 && port != NULL && control != NULL &&
         g_str_equal (port->value, "open") && g_str_equal (control->value, "ok") &&
         pfa_check_get_elapsed_ms (context) >= MUTE_AFTER_MS;
}

static void
look (PfaCheckContext *context)
{
  PfaLine *self = pfa_check_get_data (context);

  if (pfa_sampler_get_received (self->questions) > 0)
    report_alive (context, "dns");
  else if (pfa_sampler_get_received (self->echoes) > 0)
    report_alive (context, "icmp");
  else if (has_other_proof (context))
    report_alive (context, "tcp");
  if (self->alive && !self->sampled && is_mute (context))
    {
      pfa_check_report_cannot (context,
                               "line-quality",
                               "no public name server answers, and no echo");
      pfa_check_done (context);
    }
  else if (!self->sampled)
    pfa_check_later (context, LOOK_EVERY_MS, look);
  else if (pfa_sampler_get_received (self->questions) > 0)
    {
      /* They came after all, too late for the first row to be judged. Else its end concludes. */
      if (self->given_up)
        pfa_line_ask_more (context, self->questions);
    }
  else if (pfa_sampler_get_received (self->echoes) > 0)
    pfa_line_conclude (context);
  else if (self->alive)
    {
      pfa_check_report_cannot (context,
                               "line-quality",
                               "no public name server answers, and no echo");
      pfa_check_done (context);
    }
  else if (pfa_check_get_elapsed_ms (context) >= SILENCE_MS)
    report_silence (context);
  else
    pfa_check_later (context, LOOK_EVERY_MS, look);
}

static void
on_hop_answered_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaDatagramResult) result = pfa_datagram_ask_finish (async_result, NULL);
  PfaLine *self = pfa_check_get_data (context);
  PfaPath *path;

  if (result == NULL || pfa_check_is_over (context) || result->trouble.offender == NULL)
    return;
  path = pfa_path_get (context);
  if (path->gateway != NULL && g_inet_address_equal (result->trouble.offender, path->gateway))
    self->router_spoke = TRUE;
  else if (!pfa_path_is_near (path, result->trouble.offender))
    {
      self->beyond_spoke = TRUE;
      g_free (self->last_hop);
      self->last_hop = g_inet_address_to_string (result->trouble.offender);
    }
}

static void
ask_hops (PfaCheckContext *context, GInetAddress *target, guint8 first, guint8 last)
{
  for (guint8 ttl = first; ttl <= last; ttl++)
    {
      g_autoptr (GBytes) question = pfa_dns_message_build (ttl, "localhost", PFA_DNS_TYPE_A, 0);
      PfaDatagramPlan plan = { .address = target,
                               .port = 53,
                               .options = { .ttl = ttl },
                               .question = question,
                               .vary_at = 1,
                               .echo_at = 1,
                               .resend_ms = 800,
                               .timeout_ms = HOP_TIMEOUT_MS };

      pfa_datagram_ask_async (&plan,
                              pfa_check_get_cancellable (context),
                              on_hop_answered_cb,
                              pfa_check_context_ref (context));
    }
}

/* The router's own error is asked for only when nothing has come back: it sends few of them. */
static void
ask_router (PfaCheckContext *context)
{
  PfaLine *self = pfa_check_get_data (context);
  g_autoptr (GPtrArray) targets = pfa_path_find_public_ones (pfa_path_get (context));

  if (!self->alive)
    ask_hops (context, g_ptr_array_index (targets, 0), 1, 1);
}

static void
start (PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);
  g_autoptr (GPtrArray) targets = pfa_path_find_public_ones (path);
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  guint16 port = 0;
  g_autofree char *name =
      provider != NULL && provider->control != NULL && provider->control[0] != NULL
          ? pfa_target_dup_host (provider->control[0], &port)
          : NULL;
  PfaLine *self;

  if (path->link == NULL || targets->len == 0)
    {
      const char *reason = path->link == NULL ? "no network adapter but loopback"
                                              : "the profile names no public name server";

      pfa_check_report_cannot (context, "internet", reason);
      pfa_check_report_cannot (context, "line-quality", reason);
      pfa_check_done (context);
      return;
    }
  self = g_new0 (PfaLine, 1);
  pfa_check_set_data (context, self, (GDestroyNotify) line_free);
  self->questions =
      pfa_sampler_new (PFA_SAMPLER_NAME, targets, 0, NULL, name != NULL ? name : "localhost");
  self->echoes = pfa_sampler_new (PFA_SAMPLER_ECHO, targets, 0, NULL, NULL);
  pfa_line_ask (context);
  pfa_sampler_run_async (self->echoes,
                         ECHOES,
                         ECHO_EVERY_US,
                         PFA_LINE_PATIENCE_MS,
                         pfa_check_get_cancellable (context),
                         on_echoed_cb,
                         pfa_check_context_ref (context));
  ask_hops (context, g_ptr_array_index (targets, 0), 2, HOPS);
  pfa_check_later (context, ASK_ROUTER_AFTER_MS, ask_router);
  self->tunnel = pfa_tunnel_find (path, g_ptr_array_index (targets, 0));
  if (self->tunnel != NULL)
    pfa_tunnel_ask_past (context, g_ptr_array_index (targets, 0), on_past_tunnel_cb);
  look (context);
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "internet", "line-quality", NULL };
static const char *const refines[] = { "gateway", "router-answer", "own-firewall", NULL };

const PfaCheck pfa_check_line = {
  .id = "line",
  .needs = needs,
  .blocked_by = pfa_blocks_of_router,
  .reports = reports,
  .refines = refines,
  .sends =
      "at most 195 name questions and 5 echo requests to the profile's public name servers, "
      "9 that go only one, two or three hops far, and 3 past a VPN; when they look bad, 40 echo "
      "requests to the "
      "router, and where no echo comes, 30 connections to whom is silent that are closed at once",
  .start = start,
};
