/* pfa-check-line.c - is the internet there by address, and how good is the line to it?
 *
 * Questions to the profile's public name servers measure the line: they need no privilege, and no
 * sensible line throws them away as some do with echo requests. A few with a small reach (TTL) tell
 * how far they come when nothing answers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-cross-check.h"
#include "pfa-datagram.h"
#include "pfa-dns-message.h"
#include "pfa-json.h"
#include "pfa-line-judge.h"
#include "pfa-lookup.h"
#include "pfa-sampler.h"
#include "pfa-tunnel.h"

#define FIRST_SAMPLES  100
#define MORE_SAMPLES   80
#define QUIET_SAMPLES  12
#define QUIET_EVERY_US 40000
/* The other checks' own traffic is over by then. */
#define QUIET_AFTER_MS 3000
/* A slow movement as large as this may be our own traffic on a thin line. */
#define MOVING_MS 100
#define QUICK_MS  150
/* Not even the first of our own questions made an echo wait for so long. */
#define FILLING_MS 60
/* Beside the second row, the router is asked once more: the shop's own network may lose them. */
#define ROUTER_SAMPLES      40
#define ROUTER_EVERY_US     22000
#define ROUTER_LOSSES       3
#define ROUTER_WAIT_MS      300
#define SAMPLE_EVERY_US     4500
#define MORE_EVERY_US       12000
#define PATIENCE_MS         1830
#define ECHOES              5
#define ECHO_EVERY_US       80000
#define HOPS                3
#define ASK_ROUTER_AFTER_MS 500
#define HOP_TIMEOUT_MS      1800
#define LOOK_EVERY_MS       20
/* Where the web is quick, so are name servers that answer at all. */
#define MUTE_AFTER_MS 850
/* Nothing at all came back by then: satellites take 0.8 s. */
#define SILENCE_MS         2300
#define ROUTER_PATIENCE_MS 40
#define CONNECTIONS        30
#define CONNECT_EVERY_MS   35

typedef struct
{
  PfaSampler *questions;
  PfaSampler *echoes;
  PfaSampler *quiet;  /* when nothing else is under way */
  PfaSampler *router; /* at the same time as the second row */
  gboolean asking_router;
  gboolean router_loses_connections; /* where the router answers no echo */
  gboolean sampled;
  gboolean echoed; /* the first echoes have all come back or been given up */
  gboolean grown;
  gboolean thin;     /* the first row of questions filled the line */
  gboolean crossing; /* connections are asked whether it is the line that loses */
  gboolean crossed;
  PfaCrossVerdict cross;
  const PfaLink *tunnel; /* the VPN that all questions go into; or NULL */
  gboolean past_tunnel;  /* past it, the internet answers */
  gboolean alive;
  gboolean router_spoke; /* the router itself sent an error or an expiry */
  gboolean beyond_spoke; /* a hop past it did */
  char *last_hop;
} Line;

static void
line_free (Line *self)
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
  Line *self = pfa_check_get_data (context);
  PfaObservation *observation;

  if (self->alive)
    return;
  self->alive = TRUE;
  observation = pfa_check_new_observation ("internet", "ok");
  pfa_observation_set_fact_string (observation, "method", method);
  pfa_check_report (context, observation);
}

/* Quick and even among questions that are not: name servers are busy, the line is well. */
static gboolean
echoes_are_steady (Line *self)
{
  PfaSamplerStatistics echoes;

  pfa_sampler_get_statistics (self->echoes, &echoes);
  return echoes.received >= ECHOES - 1 && echoes.maximum < QUICK_MS &&
         echoes.maximum - echoes.minimum < FILLING_MS;
}

/* Alone, the questions come back quickly and evenly. */
static gboolean
was_own_queue (Line *self)
{
  PfaSamplerStatistics quiet;

  if (self->quiet == NULL)
    return FALSE;
  pfa_sampler_get_statistics (self->quiet, &quiet);
  return pfa_line_is_calm (&quiet);
}

static void
report_lossy_router (PfaCheckContext *context, const char *method, const PfaSamplerStatistics *near)
{
  PfaObservation *observation = pfa_check_new_observation ("router-answer", "lossy");
  g_autofree char *address = g_inet_address_to_string (pfa_path_get (context)->gateway);

  pfa_observation_set_fact_string (observation, "address", address);
  pfa_observation_set_fact_string (observation, "method", method);
  if (near != NULL)
    {
      pfa_observation_set_fact_int (observation, "sent", near->sent);
      pfa_observation_set_fact_int (observation, "received", near->received);
      pfa_observation_set_fact_double (observation, "round_trip_ms", near->median);
    }
  pfa_check_report (context, observation);
}

/* The router loses as well: then so much less is the line's. */
static void
blame_router (PfaCheckContext *context, const PfaSamplerStatistics *seen)
{
  Line *self = pfa_check_get_data (context);
  PfaObservation *router = pfa_check_find_observation (context, "router-answer");
  PfaSamplerStatistics near;

  if (self->router == NULL || seen->received == seen->sent ||
      (router != NULL && g_str_equal (router->value, "lossy")))
    return;
  pfa_sampler_get_statistics (self->router, &near);
  if (near.received > 0 && near.sent - near.received >= ROUTER_LOSSES &&
      near.loss_percent >= 0.5 * seen->loss_percent)
    report_lossy_router (context, near.method, &near);
}

static void
report_figures (PfaCheckContext *context, const PfaSamplerStatistics *seen)
{
  PfaObservation *router = pfa_check_find_observation (context, "router-answer");
  Line *self = pfa_check_get_data (context);
  PfaSamplerStatistics first = { 0 };
  const char *value;
  PfaObservation *observation;

  if (router != NULL && router->facts != NULL &&
      json_object_has_member (router->facts, "round_trip_ms"))
    {
      double sent = pfa_json_peek_double (router->facts, "sent", 0);

      first.median = pfa_json_peek_double (router->facts, "round_trip_ms", 0);
      if (sent > 0)
        first.loss_percent =
            100 * (1 - pfa_json_peek_double (router->facts, "received", sent) / sent);
    }
  value = pfa_line_judge (seen, &first, pfa_check_get_settings (context)->provider);
  if (g_str_equal (value, "lossy") && self->crossed && self->cross != PFA_CROSS_LOSES)
    {
      pfa_check_report_cannot (context,
                               "line-quality",
                               self->cross == PFA_CROSS_CLEAN
                                   ? "name servers leave questions unanswered, but no connection "
                                     "to them is lost: they may limit how many they answer"
                                   : "name servers leave questions unanswered, and nothing else "
                                     "answers to compare with");
      return;
    }
  if (!g_str_equal (value, "lossy"))
    value = echoes_are_steady (self) ? "good" : self->thin || was_own_queue (self) ? "slow" : value;
  observation = pfa_check_new_observation ("line-quality", value);
  pfa_observation_set_fact_string (observation, "method", seen->method);
  pfa_observation_set_fact_int (observation, "sent", seen->sent);
  pfa_observation_set_fact_int (observation, "received", seen->received);
  pfa_observation_set_fact_int (observation, "duplicates", seen->duplicates);
  pfa_observation_set_fact_double (observation, "minimum_ms", seen->minimum);
  pfa_observation_set_fact_double (observation, "round_trip_ms", seen->median);
  pfa_observation_set_fact_double (observation, "p90_ms", seen->p90);
  pfa_observation_set_fact_double (observation, "maximum_ms", seen->maximum);
  pfa_observation_set_fact_double (observation, "jitter_ms", seen->jitter);
  pfa_observation_set_fact_double (observation, "drift_ms", seen->drift);
  pfa_observation_set_fact_double (observation, "trend_ms", seen->trend);
  pfa_check_report (context, observation);
}

/* The questions' figures; the echoes' where only those came back, or where they were asked as often
 * and lost none. Else both count together. */
static void
choose_figures (Line *self, PfaSamplerStatistics *seen)
{
  PfaSamplerStatistics echoes;

  pfa_sampler_get_statistics (self->questions, seen);
  pfa_sampler_get_statistics (self->echoes, &echoes);
  if (seen->received == 0 || (echoes.sent >= MORE_SAMPLES && echoes.received == echoes.sent))
    *seen = echoes;
  else if (echoes.sent >= MORE_SAMPLES)
    {
      seen->sent += echoes.sent;
      seen->received += echoes.received;
      seen->loss_percent = 100.0 * (seen->sent - seen->received) / seen->sent;
    }
}

/* The router's own losses must be known before the line is blamed. */
static void
conclude_quality (PfaCheckContext *context)
{
  Line *self = pfa_check_get_data (context);
  PfaSamplerStatistics seen;

  choose_figures (self, &seen);
  if (self->crossing || self->asking_router ||
      pfa_check_find_observation (context, "router-answer") == NULL)
    {
      pfa_check_later (context, ROUTER_PATIENCE_MS, conclude_quality);
      return;
    }
  if (self->router_loses_connections)
    {
      report_lossy_router (context, "tcp", NULL);
      pfa_check_report_cannot (context,
                               "line-quality",
                               "packets are lost already on their way to the router");
    }
  else
    {
      blame_router (context, &seen);
      report_figures (context, &seen);
    }
  pfa_check_done (context);
}

/* A longer look tells a queue that breathes from a long way and from jitter. */
static gboolean
looks_unsteady (PfaCheckContext *context, const PfaSamplerStatistics *seen)
{
  const char *value = pfa_line_judge (seen, NULL, pfa_check_get_settings (context)->provider);

  return !g_str_equal (value, "good");
}

/* Some name servers answer only so many questions a second. Where echoes come back, they decide
 * whether it is the line that loses. */
static PfaSampler *
choose_second (Line *self, const PfaSamplerStatistics *seen)
{
  PfaSamplerStatistics echoes;

  pfa_sampler_get_statistics (self->echoes, &echoes);
  if (seen->received == seen->sent || echoes.received == 0 || !self->echoed)
    return self->questions;
  return self->echoes;
}

static GPtrArray *
find_public_ones (PfaPath *path)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < path->public_ones->len; i++)
    {
      GInetAddress *address = g_ptr_array_index (path->public_ones, i);

      if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4 &&
          !pfa_path_is_near (path, address))
        g_ptr_array_add (found, address);
    }
  return found;
}

static void
on_crossed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  PfaCrossVerdict verdict = pfa_cross_check_finish (result, NULL);
  Line *self;

  if (pfa_check_is_over (context))
    return;
  self = pfa_check_get_data (context);
  self->crossing = FALSE;
  self->crossed = TRUE;
  self->cross = verdict;
}

/* Where no echo comes back, connections must tell the line from a name server that saves itself. */
static void
cross_check (PfaCheckContext *context)
{
  Line *self = pfa_check_get_data (context);
  g_autoptr (GPtrArray) targets = find_public_ones (pfa_path_get (context));

  self->crossing = TRUE;
  pfa_cross_check_async (targets,
                         53,
                         CONNECTIONS,
                         CONNECT_EVERY_MS,
                         pfa_check_get_cancellable (context),
                         on_crossed_cb,
                         pfa_check_context_ref (context));
}

static void
on_quiet_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;

  if (pfa_sampler_run_finish (PFA_SAMPLER (source), result, NULL) && !pfa_check_is_over (context))
    conclude_quality (context);
}

/* Delays that move slowly: another's queue, or our own questions and web pages on a thin line? */
static gboolean
may_be_own_queue (PfaCheckContext *context)
{
  Line *self = pfa_check_get_data (context);
  PfaSamplerStatistics seen;
  const char *value;

  choose_figures (self, &seen);
  value = pfa_line_judge (&seen, NULL, pfa_check_get_settings (context)->provider);
  return !self->thin && (g_str_equal (value, "jitter") || g_str_equal (value, "congested")) &&
         seen.minimum < QUICK_MS && seen.drift >= MOVING_MS;
}

static void
wait_for_quiet (PfaCheckContext *context)
{
  static const char *const loud[] = { "control-site",
                                      "provider-answer",
                                      "captive-portal",
                                      "provider-tls" };
  Line *self = pfa_check_get_data (context);
  g_autoptr (GPtrArray) targets = find_public_ones (pfa_path_get (context));
  gboolean waiting = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (loud); i++)
    waiting |= pfa_check_find_observation (context, loud[i]) == NULL;
  if (waiting && pfa_check_get_elapsed_ms (context) < QUIET_AFTER_MS)
    {
      pfa_check_later (context, ROUTER_PATIENCE_MS, wait_for_quiet);
      return;
    }
  self->quiet = pfa_sampler_new (PFA_SAMPLER_NAME, targets, 0, NULL, "localhost");
  pfa_sampler_run_async (self->quiet,
                         QUIET_SAMPLES,
                         QUIET_EVERY_US,
                         PATIENCE_MS,
                         pfa_check_get_cancellable (context),
                         on_quiet_cb,
                         pfa_check_context_ref (context));
}

static void
on_router_asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;

  if (pfa_sampler_run_finish (PFA_SAMPLER (source), result, NULL) && !pfa_check_is_over (context))
    ((Line *) pfa_check_get_data (context))->asking_router = FALSE;
}

static void
on_router_crossed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  PfaCrossVerdict verdict = pfa_cross_check_finish (result, NULL);
  Line *self;

  if (pfa_check_is_over (context))
    return;
  self = pfa_check_get_data (context);
  self->asking_router = FALSE;
  self->router_loses_connections = verdict == PFA_CROSS_LOSES;
}

/* Was the router seen by its hardware address only? */
static gboolean
router_is_mute (PfaCheckContext *context)
{
  PfaObservation *router = pfa_check_find_observation (context, "router-answer");

  return router != NULL && router->facts != NULL &&
         g_strcmp0 (pfa_json_peek_string (router->facts, "method"), "arp") == 0;
}

static void
ask_router_again (PfaCheckContext *context)
{
  Line *self = pfa_check_get_data (context);
  PfaPath *path = pfa_path_get (context);
  g_autoptr (GPtrArray) targets = g_ptr_array_new ();

  if (path->gateway == NULL)
    return;
  g_ptr_array_add (targets, path->gateway);
  if (router_is_mute (context))
    {
      self->asking_router = TRUE;
      pfa_cross_check_async (targets,
                             53,
                             CONNECTIONS,
                             CONNECT_EVERY_MS,
                             pfa_check_get_cancellable (context),
                             on_router_crossed_cb,
                             pfa_check_context_ref (context));
      return;
    }
  self->router =
      pfa_sampler_new (PFA_SAMPLER_ECHO, targets, path->link->index, path->link->name, NULL);
  self->asking_router = TRUE;
  pfa_sampler_run_async (self->router,
                         ROUTER_SAMPLES,
                         ROUTER_EVERY_US,
                         ROUTER_WAIT_MS,
                         pfa_check_get_cancellable (context),
                         on_router_asked_cb,
                         pfa_check_context_ref (context));
}

static void
on_sampled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  Line *self = pfa_check_get_data (context);
  PfaSampler *sampler = PFA_SAMPLER (source);
  PfaSamplerStatistics seen;

  if (!pfa_sampler_run_finish (sampler, result, NULL) || pfa_check_is_over (context))
    return;
  self->sampled = TRUE;
  pfa_sampler_get_statistics (sampler, &seen);
  if (seen.received == 0)
    return; /* the looking goes on */
  if (!self->grown)
    self->thin =
        g_str_equal (pfa_line_judge (&seen, NULL, pfa_check_get_settings (context)->provider),
                     "slow");
  if (!self->grown && (seen.received < seen.sent || looks_unsteady (context, &seen)))
    {
      PfaSampler *second = choose_second (self, &seen);

      self->grown = TRUE;
      if (seen.received < seen.sent && pfa_sampler_get_received (self->echoes) == 0)
        cross_check (context);
      ask_router_again (context);
      pfa_sampler_run_async (second,
                             MORE_SAMPLES,
                             MORE_EVERY_US,
                             PATIENCE_MS,
                             pfa_check_get_cancellable (context),
                             on_sampled_cb,
                             pfa_check_context_ref (context));
      return;
    }
  if (may_be_own_queue (context))
    wait_for_quiet (context);
  else
    conclude_quality (context);
}

static void
on_echoed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;

  if (pfa_sampler_run_finish (PFA_SAMPLER (source), result, NULL) && !pfa_check_is_over (context))
    ((Line *) pfa_check_get_data (context))->echoed = TRUE;
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
    ((Line *) pfa_check_get_data (context))->past_tunnel = TRUE;
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
  Line *self = pfa_check_get_data (context);
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
  Line *self = pfa_check_get_data (context);
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
  Line *self = pfa_check_get_data (context);

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
    return; /* on_sampled_cb () concludes */
  else if (pfa_sampler_get_received (self->echoes) > 0)
    conclude_quality (context);
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
  Line *self = pfa_check_get_data (context);
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
  Line *self = pfa_check_get_data (context);
  g_autoptr (GPtrArray) targets = find_public_ones (pfa_path_get (context));

  if (!self->alive)
    ask_hops (context, g_ptr_array_index (targets, 0), 1, 1);
}

static void
start (PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);
  g_autoptr (GPtrArray) targets = find_public_ones (path);
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  guint16 port = 0;
  g_autofree char *name =
      provider != NULL && provider->control != NULL && provider->control[0] != NULL
          ? pfa_target_dup_host (provider->control[0], &port)
          : NULL;
  Line *self;

  if (path->link == NULL || targets->len == 0)
    {
      const char *reason = path->link == NULL ? "no network adapter but loopback"
                                              : "the profile names no public name server";

      pfa_check_report_cannot (context, "internet", reason);
      pfa_check_report_cannot (context, "line-quality", reason);
      pfa_check_done (context);
      return;
    }
  self = g_new0 (Line, 1);
  pfa_check_set_data (context, self, (GDestroyNotify) line_free);
  self->questions =
      pfa_sampler_new (PFA_SAMPLER_NAME, targets, 0, NULL, name != NULL ? name : "localhost");
  self->echoes = pfa_sampler_new (PFA_SAMPLER_ECHO, targets, 0, NULL, NULL);
  pfa_sampler_run_async (self->questions,
                         FIRST_SAMPLES,
                         SAMPLE_EVERY_US,
                         PATIENCE_MS,
                         pfa_check_get_cancellable (context),
                         on_sampled_cb,
                         pfa_check_context_ref (context));
  pfa_sampler_run_async (self->echoes,
                         ECHOES,
                         ECHO_EVERY_US,
                         PATIENCE_MS,
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
