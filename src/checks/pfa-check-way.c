/* pfa-check-way.c - where does the way to the payment port end?
 *
 * A connection attempt with a reach (TTL) of one hop is answered by the router, with two by the hop
 * behind it, unless somebody before them stops it. The same attempts on another port of the same
 * machine show whether it is the port.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <netinet/ip_icmp.h>

#include "pfa-check-common.h"
#include "pfa-json.h"
#include "pfa-lookup.h"
#include "pfa-tcp-probe.h"

/* A connection that works is there by then, even over a satellite. */
#define SUSPICIOUS_AFTER_MS 900
#define LOOK_EVERY_MS       30
#define ATTEMPT_MS          1200
/* To the router and back; it is made twice. */
#define NEAR_ATTEMPT_MS 800
#define OTHER_PORT      443
/* A router as near as this cannot be told from this computer by the time it takes. */
#define LAN_MS  0.3
#define REACHES 2

typedef struct
{
  GInetAddress *address;
  /* By reach: 0 one hop, 1 two; first the payment port, then the other. */
  PfaTcpOutcome outcome[2][REACHES];
  gboolean known[2][REACHES];
  GInetAddress *sender[2][REACHES];
  guint elapsed_us[2][REACHES];
  guint left;
  gboolean confirmed;     /* the nearest attempt was made twice */
  gboolean confirmed_far; /* and the one with a reach of two hops */
} Way;

typedef struct
{
  PfaCheckContext *context;
  guint port;
  guint reach;
} Attempt;

static void
way_free (Way *self)
{
  g_clear_object (&self->address);
  for (guint i = 0; i < 2; i++)
    for (guint k = 0; k < REACHES; k++)
      g_clear_object (&self->sender[i][k]);
  g_free (self);
}

static gboolean
is_gateway (PfaCheckContext *context, GInetAddress *sender)
{
  GInetAddress *gateway = pfa_path_get (context)->gateway;

  return sender != NULL && gateway != NULL && g_inet_address_equal (sender, gateway);
}

static gboolean
is_own (PfaCheckContext *context, GInetAddress *sender)
{
  const PfaAddress *own = pfa_path_get (context)->address;

  return sender != NULL && (g_inet_address_get_is_loopback (sender) ||
                            (own != NULL && g_inet_address_equal (sender, own->address)));
}

static void
report_both (PfaCheckContext *context, const char *firewall, const char *way, GInetAddress *sender)
{
  const char *ids[] = { "own-firewall", "payment-way" };
  const char *values[] = { firewall, way };

  for (guint i = 0; i < 2; i++)
    {
      PfaObservation *observation = pfa_check_find_observation (context, ids[i]);

      /* Others have met the own firewall. */
      if (observation != NULL && g_str_equal (observation->value, "blocks"))
        {
          pfa_check_report (context, pfa_observation_ref (observation));
          continue;
        }
      if (values[i] == NULL)
        {
          pfa_check_report_cannot (context, ids[i], "no hop on the way answers");
          continue;
        }
      observation = pfa_check_new_observation (ids[i], values[i]);
      if (sender != NULL)
        {
          g_autofree char *text = g_inet_address_to_string (sender);

          pfa_observation_set_fact_string (observation, "error_from", text);
        }
      pfa_check_report (context, observation);
    }
  pfa_check_done (context);
}

/* Does an answer at this reach prove that the packet came past everybody before it? */
static gboolean
got_past (PfaTcpOutcome outcome)
{
  return outcome == PFA_TCP_EXPIRED || outcome == PFA_TCP_OPEN;
}

static gboolean
judge_own (PfaCheckContext *context, Way *self)
{
  PfaTcpOutcome near = self->outcome[0][0];

  if (near == PFA_TCP_DENIED || is_own (context, self->sender[0][0]) ||
      is_own (context, self->sender[0][1]))
    return TRUE;
  /* The other port reaches the router, this one does not even come so far. Whoever resets it
   * farther out has got it. */
  return near == PFA_TCP_SILENT && self->outcome[0][1] == PFA_TCP_SILENT &&
         got_past (self->outcome[1][0]);
}

/* RFC 4443 3.1: the codes of "destination unreachable" in the words of ICMP for IPv4. */
static const gint64 codes_of_ipv6[] = {
  ICMP_NET_UNREACH,  /* no route to destination */
  ICMP_PKT_FILTERED, /* administratively prohibited */
  ICMP_NET_UNREACH,  /* beyond scope of source address */
  ICMP_HOST_UNREACH, /* address unreachable */
  ICMP_PORT_UNREACH, /* port unreachable */
  ICMP_PKT_FILTERED, /* source address failed a policy */
  ICMP_PKT_FILTERED, /* reject route to destination */
};

/* The code of the error that came back for the payment port itself, as IPv4 has it; -1: none. */
static gint64
get_icmp_code (PfaCheckContext *context)
{
  PfaObservation *port = pfa_check_find_observation (context, "payment-port");
  const char *sender;
  gint64 code;

  if (port == NULL || port->facts == NULL || !g_str_equal (port->value, "host-unreachable"))
    return -1;
  sender = pfa_json_peek_string (port->facts, "error_from");
  if (sender == NULL)
    return -1;
  code = (gint64) pfa_json_peek_double (port->facts, "icmp_code", -1);
  if (strchr (sender, ':') == NULL)
    return code;
  return code >= 0 && code < (gint64) G_N_ELEMENTS (codes_of_ipv6) ? codes_of_ipv6[code] : -1;
}

static gboolean
is_forbidden (gint64 code)
{
  return code == ICMP_NET_ANO || code == ICMP_HOST_ANO || code == ICMP_PKT_FILTERED;
}

static void
judge (PfaCheckContext *context)
{
  Way *self = pfa_check_get_data (context);
  PfaTcpOutcome near = self->outcome[0][0];
  PfaTcpOutcome far = self->outcome[0][1];
  PfaObservation *router = pfa_check_find_observation (context, "router-answer");
  double router_ms = router != NULL && router->facts != NULL &&
                             json_object_has_member (router->facts, "round_trip_ms")
                         ? json_object_get_double_member (router->facts, "round_trip_ms")
                         : 0;

  if (judge_own (context, self))
    report_both (context, "blocks", NULL, self->sender[0][0]);
  else if (near == PFA_TCP_REFUSED && self->outcome[1][0] != PFA_TCP_REFUSED &&
           (router_ms < LAN_MS || self->elapsed_us[0][0] < router_ms * 700))
    /* Nobody behind the router could answer this, and it was quicker than the router itself. */
    report_both (context, "blocks", NULL, NULL);
  else if (is_gateway (context, self->sender[0][1]) && far == PFA_TCP_REJECTED)
    report_both (context, "clear", "rejected", self->sender[0][1]);
  else if (near == PFA_TCP_REFUSED ||
           (far == PFA_TCP_REFUSED && self->outcome[1][1] == PFA_TCP_EXPIRED))
    report_both (context, "clear", "rejected", NULL);
  else if (is_forbidden (get_icmp_code (context)))
    report_both (context, "clear", "rejected", NULL);
  else if (get_icmp_code (context) == ICMP_NET_UNREACH ||
           get_icmp_code (context) == ICMP_HOST_UNREACH)
    /* The machine is not there, whatever the port. */
    report_both (context, "clear", "free", NULL);
  else if (got_past (far))
    report_both (context, "clear", "free", self->sender[0][1]);
  else if (far == PFA_TCP_SILENT && got_past (self->outcome[1][1]))
    report_both (context, "clear", "dropped", NULL);
  else
    report_both (context, near == PFA_TCP_EXPIRED ? "clear" : NULL, NULL, self->sender[0][1]);
}

static void on_attempted_cb (GObject *source, GAsyncResult *async_result, gpointer user_data);

static void
attempt_one (PfaCheckContext *context, guint port, guint reach)
{
  Way *self = pfa_check_get_data (context);
  const PfaTarget *target = pfa_target_get (context);
  guint16 other = target->port == OTHER_PORT ? 80 : OTHER_PORT;
  Attempt *attempt = g_new0 (Attempt, 1);
  PfaTcpPlan plan = { .address = self->address,
                      .port = port == 0 ? target->port : other,
                      .options = { .ttl = (guint8) (reach + 1) },
                      .timeout_ms =
                          pfa_check_limit_ms (context, reach == 0 ? NEAR_ATTEMPT_MS : ATTEMPT_MS) };

  attempt->context = pfa_check_context_ref (context);
  attempt->port = port;
  attempt->reach = reach;
  pfa_tcp_probe_async (&plan, pfa_check_get_cancellable (context), on_attempted_cb, attempt);
}

static gboolean
has_value (PfaCheckContext *context, const char *id, const char *value)
{
  PfaObservation *seen = pfa_check_find_observation (context, id);

  return seen != NULL && g_str_equal (seen->value, value);
}

/* Only a port that stays shut says anything, and silence says nothing where packets get lost. */
static void
wait_for_port (PfaCheckContext *context)
{
  Way *self = pfa_check_get_data (context);
  gboolean silent = self->outcome[0][0] == PFA_TCP_SILENT || self->outcome[0][1] == PFA_TCP_SILENT;

  if (pfa_check_find_observation (context, "payment-port") == NULL)
    pfa_check_later (context, LOOK_EVERY_MS, wait_for_port);
  else if (has_value (context, "payment-port", "open") ||
           has_value (context, "payment-port", "slow") ||
           has_value (context, "payment-port", "reset"))
    report_both (context, "clear", "free", NULL);
  else if (silent && (has_value (context, "router-answer", "lossy") ||
                      has_value (context, "line-quality", "lossy")))
    report_both (context, NULL, NULL, NULL);
  else
    judge (context);
}

static void
on_attempted_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autofree Attempt *attempt = user_data;
  g_autoptr (PfaCheckContext) context = attempt->context;
  g_autoptr (PfaTcpResult) result = pfa_tcp_probe_finish (async_result, NULL);
  Way *self = pfa_check_get_data (context);

  if (result == NULL || pfa_check_is_over (context))
    return;
  self->outcome[attempt->port][attempt->reach] = result->outcome;
  self->elapsed_us[attempt->port][attempt->reach] = result->elapsed_us;
  self->known[attempt->port][attempt->reach] = TRUE;
  g_set_object (&self->sender[attempt->port][attempt->reach], result->trouble.offender);
  if (!self->confirmed && self->known[0][0] && self->outcome[0][0] == PFA_TCP_SILENT &&
      self->known[1][0] && got_past (self->outcome[1][0]))
    {
      /* Routers send few such errors a second: perhaps the other port only was quicker. */
      self->confirmed = TRUE;
      self->left++;
      attempt_one (context, 0, 0);
    }
  if (!self->confirmed_far && self->left == 1 && self->outcome[0][1] == PFA_TCP_SILENT &&
      got_past (self->outcome[1][1]))
    {
      self->confirmed_far = TRUE;
      self->left++;
      attempt_one (context, 0, 1);
    }
  if (--self->left == 0)
    wait_for_port (context);
}

static void
attempt_all (PfaCheckContext *context)
{
  Way *self = pfa_check_get_data (context);

  self->left = 2 * REACHES;
  for (guint port = 0; port < 2; port++)
    for (guint reach = 0; reach < REACHES; reach++)
      attempt_one (context, port, reach);
}

static void
look (PfaCheckContext *context)
{
  PfaObservation *port = pfa_check_find_observation (context, "payment-port");
  Way *self = pfa_check_get_data (context);

  if (port != NULL && g_str_equal (port->value, PFA_VALUE_CANNOT_CHECK))
    {
      pfa_check_report_cannot (context, "own-firewall", port->reason);
      pfa_check_report_cannot (context, "payment-way", port->reason);
      pfa_check_done (context);
    }
  else if (port != NULL &&
           (g_str_equal (port->value, "open") || g_str_equal (port->value, "slow") ||
            g_str_equal (port->value, "reset")))
    report_both (context, "clear", "free", NULL);
  else if (self->address != NULL &&
           (port != NULL || pfa_check_get_elapsed_ms (context) >= SUSPICIOUS_AFTER_MS))
    attempt_all (context);
  else
    pfa_check_later (context, LOOK_EVERY_MS, look);
}

static void
on_found_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  GInetAddress *address = pfa_lookup_find_finish (PFA_LOOKUP (source), async_result, NULL);
  Way *self = pfa_check_get_data (context);

  self->address = address;
}

static void
start (PfaCheckContext *context)
{
  const PfaTarget *target = pfa_target_get (context);

  if (target == NULL || pfa_path_get (context)->gateway == NULL)
    {
      const char *reason =
          target == NULL ? "the profile names no payment host" : "no router is set";

      pfa_check_report_cannot (context, "own-firewall", reason);
      pfa_check_report_cannot (context, "payment-way", reason);
      pfa_check_done (context);
      return;
    }
  pfa_check_set_data (context, g_new0 (Way, 1), (GDestroyNotify) way_free);
  pfa_lookup_find_async (pfa_lookup_get (context, target->host),
                         pfa_check_get_cancellable (context),
                         on_found_cb,
                         pfa_check_context_ref (context));
  look (context);
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "own-firewall", "payment-way", NULL };

const PfaCheck pfa_check_way = {
  .id = "way",
  .needs = needs,
  .blocked_by = pfa_blocks_of_way,
  .reports = reports,
  .sends =
      "only when the payment port does not open: four to six connection attempts that reach one "
      "or two hops far",
  .start = start,
};
