/* pfa-check-names.c - do names resolve, truly and quickly, and whose fault is it if not?
 *
 * The system's resolver gives one error for a dead, a refusing and a failing server, so the same
 * question goes to the configured servers, the router and the profile's public ones by our own
 * datagrams, and the answers are compared.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-lookup.h"
#include "pfa-tcp-probe.h"
#include "pfa-tls-probe.h"

/* payments.md 6.2 K05: beyond 1 s is bad; the line's own delay is not the name server's. */
#define SLOW_MS    1000
#define COMPARE_MS 2000
/* A server on our own network whose hardware address nobody gives by then is not there. */
#define ABSENT_AFTER_MS 1400
#define LOOK_EVERY_MS   100

typedef struct
{
  PfaLookup *payment;
  PfaLookup *control;
  gulong payment_changed;
  gulong control_changed;
  gboolean comparing;
  gboolean own_known;
  /* The comparison: does the other side prove to be the provider? */
  gboolean own_proved;
  gboolean other_proved;
  guint compared;
} Names;

static void
names_free (Names *self)
{
  g_clear_signal_handler (&self->payment_changed, self->payment);
  g_clear_signal_handler (&self->control_changed, self->control);
  g_clear_object (&self->payment);
  g_clear_object (&self->control);
  g_free (self);
}

/* Silent on our own network, and nobody gives its hardware address. */
static gboolean
is_absent (PfaCheckContext *context, const PfaLookupServer *server)
{
  PfaPath *path = pfa_path_get (context);
  PfaNeighbourNow now;

  if (server->state != PFA_LOOKUP_PENDING || !pfa_path_is_near (path, server->server))
    return FALSE;
  if (pfa_check_get_elapsed_ms (context) < ABSENT_AFTER_MS)
    return FALSE;
  pfa_path_look_at_neighbour (path, server->server, &now);
  return now.known && !now.alive && !now.has_mac;
}

/* This computer is to ask itself, and nobody listens there. */
static gboolean
is_missing_here (const PfaLookupServer *server)
{
  return server->port_closed && g_inet_address_get_is_loopback (server->server);
}

static gboolean
has_failed (PfaCheckContext *context, const PfaLookupServer *server)
{
  return is_missing_here (server) || server->state == PFA_LOOKUP_SILENT ||
         server->state == PFA_LOOKUP_UNREACHABLE || is_absent (context, server);
}

static gboolean
is_private (GInetAddress *address)
{
  return g_inet_address_get_is_loopback (address) || g_inet_address_get_is_site_local (address) ||
         g_inet_address_get_is_any (address) || g_inet_address_get_is_link_local (address);
}

static void
report_own (PfaCheckContext *context)
{
  Names *self = pfa_check_get_data (context);
  PfaLookup *lookup = self->payment != NULL ? self->payment : self->control;
  const PfaLookupServer *router =
      pfa_lookup_find_server (lookup, PFA_LOOKUP_ROUTER, PFA_LOOKUP_FOUND);
  const PfaLookupServer *dead = NULL;
  const PfaLookupServer *living = pfa_lookup_find_server (lookup, PFA_LOOKUP_OWN, PFA_LOOKUP_FOUND);
  PfaObservation *observation;

  for (guint i = 0; i < pfa_lookup_get_n_servers (lookup); i++)
    {
      const PfaLookupServer *server = pfa_lookup_get_server (lookup, i);

      if (server->role == PFA_LOOKUP_OWN && has_failed (context, server))
        dead = server;
    }
  if (router == NULL)
    router = living;
  observation =
      pfa_check_new_observation ("own-resolver",
                                 dead != NULL && (router != NULL || is_missing_here (dead)) ? "dead"
                                                                                            : "ok");
  if (dead != NULL)
    {
      g_autofree char *text = g_inet_address_to_string (dead->server);

      pfa_observation_set_fact_string (observation, "silent", text);
    }
  self->own_known = TRUE;
  pfa_check_report (context, observation);
}

static void
conclude (PfaCheckContext *context, const char *value, const PfaLookupServer *server)
{
  Names *self = pfa_check_get_data (context);
  PfaObservation *observation = pfa_check_new_observation ("resolver", value);

  if (server != NULL)
    {
      g_autofree char *text = g_inet_address_to_string (server->server);

      pfa_observation_set_fact_string (observation, "server", text);
      pfa_observation_set_fact_int (observation, "answer_ms", server->elapsed_ms);
      if (server->answer != NULL)
        {
          pfa_observation_set_fact_int (observation, "rcode", server->answer->rcode);
          if (server->answer->addresses->len > 0)
            {
              g_autofree char *address =
                  g_inet_address_to_string (g_ptr_array_index (server->answer->addresses, 0));

              pfa_observation_set_fact_string (observation, "answer", address);
            }
        }
    }
  if (!self->own_known)
    report_own (context);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

/* Delay of the line as a public server's answer shows it. */
static guint
line_delay (PfaLookup *lookup)
{
  const PfaLookupServer *other =
      pfa_lookup_find_server (lookup, PFA_LOOKUP_PUBLIC, PFA_LOOKUP_FOUND);

  return other != NULL ? other->elapsed_ms : 0;
}

static void
conclude_compared (PfaCheckContext *context)
{
  Names *self = pfa_check_get_data (context);
  const PfaLookupServer *own =
      pfa_lookup_find_server (self->payment, PFA_LOOKUP_OWN, PFA_LOOKUP_FOUND);

  conclude (context, self->other_proved && !self->own_proved ? "wrong-answer" : "differs", own);
}

typedef struct
{
  PfaCheckContext *context;
  gboolean own;
} Comparison;

static void
count_compared (Comparison *comparison, gboolean proved)
{
  g_autoptr (PfaCheckContext) context = comparison->context;
  Names *self = pfa_check_get_data (context);

  if (comparison->own)
    self->own_proved = proved;
  else
    self->other_proved = proved;
  g_free (comparison);
  if (++self->compared == 2 && !pfa_check_is_over (context))
    conclude_compared (context);
}

static void
on_compared_tls_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaTlsResult) result = pfa_tls_probe_finish (async_result, NULL);

  count_compared (user_data, result != NULL && result->outcome == PFA_TLS_GOOD);
}

static void
on_compared_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  Comparison *comparison = user_data;
  g_autoptr (PfaTcpResult) result = pfa_tcp_probe_finish (async_result, NULL);
  const PfaTarget *target;

  if (result == NULL || result->outcome != PFA_TCP_OPEN || pfa_check_is_over (comparison->context))
    {
      count_compared (comparison, FALSE);
      return;
    }
  target = pfa_target_get (comparison->context);
  if (!target->tls)
    count_compared (comparison, TRUE);
  else
    pfa_tls_probe_async (pfa_tcp_result_steal_fd (result),
                         target->host,
                         pfa_target_get_trust (comparison->context),
                         pfa_check_limit_ms (comparison->context, COMPARE_MS),
                         pfa_check_get_cancellable (comparison->context),
                         on_compared_tls_cb,
                         comparison);
}

static void
compare (PfaCheckContext *context, const PfaLookupServer *server, gboolean own)
{
  Comparison *comparison = g_new0 (Comparison, 1);
  PfaTcpPlan plan = { .address = g_ptr_array_index (server->answer->addresses, 0),
                      .port = pfa_target_get (context)->port,
                      .timeout_ms = pfa_check_limit_ms (context, COMPARE_MS) };

  comparison->context = pfa_check_context_ref (context);
  comparison->own = own;
  pfa_tcp_probe_async (&plan, pfa_check_get_cancellable (context), on_compared_cb, comparison);
}

/* The own server has answered with addresses: true ones? */
static void
judge_found (PfaCheckContext *context, PfaLookup *lookup, const PfaLookupServer *own)
{
  Names *self = pfa_check_get_data (context);
  const PfaLookupServer *other =
      pfa_lookup_find_server (lookup, PFA_LOOKUP_PUBLIC, PFA_LOOKUP_FOUND);
  guint delay = MIN (line_delay (lookup), own->elapsed_ms);

  if (lookup != self->payment)
    conclude (context, own->elapsed_ms - delay >= SLOW_MS ? "slow" : "ok", own);
  else if (other != NULL && !pfa_dns_answer_shares (own->answer, other->answer))
    {
      if (is_private (g_ptr_array_index (own->answer->addresses, 0)) &&
          !is_private (g_ptr_array_index (other->answer->addresses, 0)))
        conclude (context, "wrong-answer", own);
      else if (!self->comparing)
        {
          self->comparing = TRUE;
          compare (context, own, TRUE);
          compare (context, other, FALSE);
        }
    }
  else if (other == NULL && pfa_lookup_has_pending (lookup, PFA_LOOKUP_PUBLIC) &&
           pfa_check_get_elapsed_ms (context) < SLOW_MS)
    return; /* the comparison may still come */
  else
    conclude (context, own->elapsed_ms - delay >= SLOW_MS ? "slow" : "ok", own);
}

static gboolean
finds_something (PfaLookup *lookup, PfaLookupRole role)
{
  return lookup != NULL && pfa_lookup_find_server (lookup, role, PFA_LOOKUP_FOUND) != NULL;
}

/* Not even the neutral site's name, which everybody knows. */
static gboolean
knows_nothing (PfaLookup *control)
{
  return control != NULL && !finds_something (control, PFA_LOOKUP_OWN) &&
         (pfa_lookup_find_server (control, PFA_LOOKUP_OWN, PFA_LOOKUP_NO_SUCH_NAME) != NULL ||
          pfa_lookup_find_server (control, PFA_LOOKUP_OWN, PFA_LOOKUP_EMPTY) != NULL ||
          pfa_lookup_find_server (control, PFA_LOOKUP_OWN, PFA_LOOKUP_FAILING) != NULL);
}

static gboolean
is_denied (PfaLookup *lookup)
{
  guint denied = 0;
  guint own = 0;

  for (guint i = 0; i < pfa_lookup_get_n_servers (lookup); i++)
    {
      const PfaLookupServer *server = pfa_lookup_get_server (lookup, i);

      own += server->role == PFA_LOOKUP_OWN ? 1 : 0;
      denied += server->role == PFA_LOOKUP_OWN && server->denied ? 1 : 0;
    }
  return own > 0 && denied == own;
}

static void
report_own_firewall (PfaCheckContext *context)
{
  pfa_check_report (context, pfa_check_new_observation ("own-firewall", "blocks"));
  pfa_check_report_cannot (context, "own-resolver", PFA_OWN_FIREWALL_REASON);
  pfa_check_report_cannot (context, "resolver", PFA_OWN_FIREWALL_REASON);
  pfa_check_done (context);
}

/* No configured server gave an address: the least bad of what they said. */
static void
judge_failed (PfaCheckContext *context, PfaLookup *lookup)
{
  Names *self = pfa_check_get_data (context);
  const PfaLookupServer *unknown =
      pfa_lookup_find_server (lookup, PFA_LOOKUP_OWN, PFA_LOOKUP_NO_SUCH_NAME);
  const PfaLookupServer *failing =
      pfa_lookup_find_server (lookup, PFA_LOOKUP_OWN, PFA_LOOKUP_FAILING);
  const PfaLookupServer *refused =
      pfa_lookup_find_server (lookup, PFA_LOOKUP_OWN, PFA_LOOKUP_REFUSED);

  if (is_denied (lookup))
    {
      report_own_firewall (context);
      return;
    }
  if (unknown == NULL)
    unknown = pfa_lookup_find_server (lookup, PFA_LOOKUP_OWN, PFA_LOOKUP_EMPTY);
  if (unknown != NULL && lookup == self->payment && self->control != NULL &&
      pfa_lookup_has_pending (self->control, PFA_LOOKUP_OWN))
    return; /* does it know other names? */
  if (unknown != NULL && (lookup != self->payment || knows_nothing (self->control)))
    conclude (context, "failing", unknown);
  else if (unknown != NULL)
    conclude (context, "unknown-name", unknown);
  else if (failing != NULL && finds_something (self->control, PFA_LOOKUP_OWN))
    conclude (context, "unknown-name", failing);
  else if (failing != NULL)
    conclude (context, "failing", failing);
  else if (refused != NULL)
    conclude (context, "refused", refused);
  else
    conclude (context, "dead", NULL);
}

static void
look (PfaCheckContext *context)
{
  Names *self = pfa_check_get_data (context);
  PfaLookup *lookup = self->payment != NULL ? self->payment : self->control;
  const PfaLookupServer *own = pfa_lookup_find_server (lookup, PFA_LOOKUP_OWN, PFA_LOOKUP_FOUND);
  gboolean waiting = FALSE;

  if (pfa_check_is_over (context) || self->comparing)
    return;
  for (guint i = 0; i < pfa_lookup_get_n_servers (lookup); i++)
    {
      const PfaLookupServer *server = pfa_lookup_get_server (lookup, i);

      waiting |= server->role == PFA_LOOKUP_OWN && server->state == PFA_LOOKUP_PENDING &&
                 !is_absent (context, server);
    }
  if (own != NULL)
    judge_found (context, lookup, own);
  else if (!waiting)
    judge_failed (context, lookup);
}

static void
on_changed_cb (PfaLookup *lookup, gpointer user_data)
{
  g_autoptr (PfaCheckContext) keep = pfa_check_context_ref (user_data);

  look (keep);
}

static void
look_again (PfaCheckContext *context)
{
  pfa_check_later (context, LOOK_EVERY_MS, look_again);
  look (context);
}

static PfaLookup *
find_control (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  g_autofree char *host = NULL;
  guint16 port;

  if (provider == NULL || provider->control == NULL || provider->control[0] == NULL)
    return NULL;
  host = pfa_target_dup_host (provider->control[0], &port);
  return host != NULL ? pfa_lookup_get (context, host) : NULL;
}

static void
cannot (PfaCheckContext *context, const char *reason)
{
  pfa_check_report_cannot (context, "own-resolver", reason);
  pfa_check_report_cannot (context, "resolver", reason);
  pfa_check_done (context);
}

static void
start (PfaCheckContext *context)
{
  const PfaTarget *target = pfa_target_get (context);
  PfaLookup *payment = target != NULL ? pfa_lookup_get (context, target->host) : NULL;
  PfaLookup *control = find_control (context);
  Names *self;

  if (payment != NULL && pfa_lookup_is_numeric (payment))
    payment = NULL;
  if (control != NULL && pfa_lookup_is_numeric (control))
    control = NULL;
  if (payment == NULL && control == NULL)
    {
      cannot (context, "the profile names no host to ask for");
      return;
    }
  self = g_new0 (Names, 1);
  pfa_check_set_data (context, self, (GDestroyNotify) names_free);
  g_set_object (&self->payment, payment);
  g_set_object (&self->control, control);
  if (payment != NULL)
    self->payment_changed =
        g_signal_connect (payment, "changed", G_CALLBACK (on_changed_cb), context);
  if (control != NULL)
    self->control_changed =
        g_signal_connect (control, "changed", G_CALLBACK (on_changed_cb), context);
  look_again (context);
}

static const char *const reports[] = { "own-resolver", "resolver", NULL };
static const char *const refines[] = { "own-firewall", NULL };

const PfaCheck pfa_check_names = {
  .id = "names",
  .blocked_by = pfa_blocks_of_internet,
  .reports = reports,
  .refines = refines,
  .sends = "the names of the profile's hosts to the configured, the router's and the profile's "
           "name servers; when they disagree, two TLS connections to the payment host",
  .start = start,
};
