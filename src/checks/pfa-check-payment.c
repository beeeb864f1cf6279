/* pfa-check-payment.c - does the payment host take a connection, and is it really the provider?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-lookup.h"
#include "pfa-tcp-probe.h"
#include "pfa-tls-probe.h"

#define HANDSHAKE_TIMEOUT_MS 4800
/* payments.md 6.2 K11 */
#define SLOW_CONNECT_MS 400
/* Beyond the line's own round trips. */
#define SLOW_HANDSHAKE_MS 1500

typedef struct
{
  GInetAddress *address;
  guint connect_us;
  PfaTlsResult *tls;
} Payment;

static void
payment_free (Payment *self)
{
  g_clear_object (&self->address);
  g_clear_pointer (&self->tls, pfa_tls_result_free);
  g_free (self);
}

static gboolean
is_target (PfaCheckContext *context, GInetAddress *sender)
{
  Payment *self = pfa_check_get_data (context);

  return sender != NULL && self->address != NULL && g_inet_address_equal (sender, self->address);
}

static const char *
judge_connection (PfaCheckContext *context, const PfaTcpResult *result)
{
  switch (result->outcome)
    {
    case PFA_TCP_OPEN:
      return result->elapsed_us / 1000 > SLOW_CONNECT_MS ? "slow" : "open";
    case PFA_TCP_REFUSED:
      return "refused";
    case PFA_TCP_REJECTED:
      /* The machine itself says so: it is there. */
      return is_target (context, result->trouble.offender) ? "refused" : "host-unreachable";
    case PFA_TCP_NO_ROUTE:
      return "host-unreachable";
    case PFA_TCP_EXPIRED:
    case PFA_TCP_DENIED:
    case PFA_TCP_SILENT:
    default:
      return "no-answer";
    }
}

static void
report_connection (PfaCheckContext *context, const char *value, const PfaTcpResult *result)
{
  Payment *self = pfa_check_get_data (context);
  const PfaTarget *target = pfa_target_get (context);
  PfaObservation *observation = pfa_check_new_observation ("payment-port", value);
  g_autofree char *address = g_inet_address_to_string (self->address);

  pfa_observation_set_fact_string (observation, "host", target->host);
  pfa_observation_set_fact_int (observation, "port", target->port);
  pfa_observation_set_fact_string (observation, "address", address);
  pfa_observation_set_fact_int (observation, "connect_ms", self->connect_us / 1000);
  if (result != NULL && result->trouble.offender != NULL)
    {
      g_autofree char *sender = g_inet_address_to_string (result->trouble.offender);

      pfa_observation_set_fact_string (observation, "error_from", sender);
      pfa_observation_set_fact_int (observation, "icmp_code", result->trouble.icmp_code);
    }
  pfa_check_report (context, observation);
}

static const char *
judge_handshake (PfaCheckContext *context, Payment *self)
{
  const PfaTlsResult *tls = self->tls;
  const char *fault = NULL;
  guint beyond_ms =
      (tls->elapsed_us > 2 * self->connect_us ? tls->elapsed_us - 2 * self->connect_us : 0) / 1000;

  switch (tls->outcome)
    {
    case PFA_TLS_SILENT:
      return "silent";
    case PFA_TLS_RESET:
      return "reset";
    case PFA_TLS_ALERT:
      return "alert";
    case PFA_TLS_NOT_TLS:
      return "not-tls";
    case PFA_TLS_BAD_CERTIFICATE:
      if (tls->certificate != NULL)
        fault =
            pfa_certificate_judge (tls->certificate, tls->flags, pfa_clock_get_offset_s (context));
      /* The interception check looks whether others show the same stranger. */
      return g_strcmp0 (fault, "unknown-issuer") == 0 ? "self-signed" : fault;
    case PFA_TLS_GOOD:
    default:
      if (tls->version != G_TLS_PROTOCOL_VERSION_UNKNOWN &&
          tls->version < G_TLS_PROTOCOL_VERSION_TLS_1_2)
        return "old-version";
      return beyond_ms >= SLOW_HANDSHAKE_MS ? "slow" : "ok";
    }
}

static const char *
describe_version (GTlsProtocolVersion version)
{
  switch (version)
    {
    case G_TLS_PROTOCOL_VERSION_SSL_3_0:
      return "SSL 3.0";
    case G_TLS_PROTOCOL_VERSION_TLS_1_0:
      return "TLS 1.0";
    case G_TLS_PROTOCOL_VERSION_TLS_1_1:
      return "TLS 1.1";
    case G_TLS_PROTOCOL_VERSION_TLS_1_2:
      return "TLS 1.2";
    case G_TLS_PROTOCOL_VERSION_TLS_1_3:
      return "TLS 1.3";
    case G_TLS_PROTOCOL_VERSION_UNKNOWN:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_0:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_2:
    default:
      return NULL;
    }
}

static void
report_handshake (PfaCheckContext *context)
{
  Payment *self = pfa_check_get_data (context);
  const char *value = judge_handshake (context, self);
  PfaObservation *observation;

  if (value == NULL)
    {
      pfa_check_report_cannot (context,
                               "provider-tls",
                               "this computer's clock is wrong, so dates cannot be judged");
      return;
    }
  observation = pfa_check_new_observation ("provider-tls", value);
  pfa_observation_set_fact_string (observation, "version", describe_version (self->tls->version));
  pfa_observation_set_fact_int (observation, "handshake_ms", self->tls->elapsed_us / 1000);
  pfa_observation_set_fact_int (observation,
                                "bytes_received",
                                (gint64) self->tls->tcp.bytes_received);
  pfa_observation_set_fact_int (observation, "out_of_order", self->tls->tcp.out_of_order);
  if (self->tls->certificate != NULL)
    {
      g_autoptr (GDateTime) until = g_tls_certificate_get_not_valid_after (self->tls->certificate);
      g_autofree char *date = until != NULL ? g_date_time_format_iso8601 (until) : NULL;
      g_autofree char *issuer = pfa_certificate_dup_issuer (self->tls->certificate);

      pfa_observation_set_fact_string (observation, "valid_until", date);
      pfa_observation_set_fact_string (observation, "issuer", issuer);
    }
  pfa_check_report (context, observation);
}

static void
conclude_handshake (PfaCheckContext *context)
{
  Payment *self = pfa_check_get_data (context);

  if (self->tls->outcome == PFA_TLS_RESET)
    report_connection (context, "reset", NULL);
  report_handshake (context);
  pfa_check_done (context);
}

/* A certificate's dates are judged by the true time: the clock check must have ended. */
static void
wait_for_clock (PfaCheckContext *context)
{
  if (pfa_check_find_observation (context, "clock") != NULL)
    conclude_handshake (context);
  else
    pfa_check_later (context, 20, wait_for_clock);
}

static void
on_shaken_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  PfaTlsResult *result = pfa_tls_probe_finish (async_result, NULL);
  Payment *self = pfa_check_get_data (context);

  if (result == NULL || pfa_check_is_over (context))
    {
      g_clear_pointer (&result, pfa_tls_result_free);
      return;
    }
  self->tls = result;
  /* The interception check compares its chain with the neutral site's. */
  if (result->certificate != NULL)
    {
      pfa_check_set_shared (context,
                            "payment-certificate",
                            g_object_ref (result->certificate),
                            g_object_unref);
      pfa_check_set_shared (context, "payment-flags", GUINT_TO_POINTER (result->flags), NULL);
    }
  if (result->outcome == PFA_TLS_BAD_CERTIFICATE)
    wait_for_clock (context);
  else
    conclude_handshake (context);
}

static void
on_connected_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaTcpResult) result = pfa_tcp_probe_finish (async_result, NULL);
  const PfaTarget *target = pfa_target_get (context);
  Payment *self = pfa_check_get_data (context);
  PfaTcpFacts facts;

  if (result == NULL || pfa_check_is_over (context))
    return;
  self->connect_us = result->elapsed_us;
  report_connection (context, judge_connection (context, result), result);
  if (pfa_check_is_over (context))
    return;
  if (result->outcome != PFA_TCP_OPEN || !target->tls)
    {
      pfa_check_report_cannot (context,
                               "provider-tls",
                               target->tls ? "not checked, because there is no connection"
                                           : "this host does not speak TLS");
      pfa_check_done (context);
      return;
    }
  /* A lost SYN makes the connect long; the kernel knows the true round trip. */
  pfa_packet_socket_read_tcp_facts (result->fd, &facts);
  if (facts.rtt_us > 0)
    self->connect_us = facts.rtt_us;
  pfa_tls_probe_async (pfa_tcp_result_steal_fd (result),
                       target->host,
                       pfa_target_get_trust (context),
                       pfa_check_limit_ms (context, HANDSHAKE_TIMEOUT_MS),
                       pfa_check_get_cancellable (context),
                       on_shaken_cb,
                       pfa_check_context_ref (context));
}

static void
on_found_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (GError) error = NULL;
  GInetAddress *address = pfa_lookup_find_finish (PFA_LOOKUP (source), async_result, &error);
  PfaTcpPlan plan = { 0 };
  Payment *self = pfa_check_get_data (context);

  self->address = address;
  if (error != NULL || pfa_check_is_over (context))
    return;
  if (address == NULL)
    {
      pfa_check_report_cannot (context,
                               "payment-port",
                               "not checked, because its name has no address");
      pfa_check_report_cannot (context,
                               "provider-tls",
                               "not checked, because its name has no address");
      pfa_check_done (context);
      return;
    }
  plan.address = address;
  plan.port = pfa_target_get (context)->port;
  plan.timeout_ms = pfa_check_limit_ms (context, PFA_CONNECT_TIMEOUT_MS);
  pfa_tcp_probe_async (&plan,
                       pfa_check_get_cancellable (context),
                       on_connected_cb,
                       pfa_check_context_ref (context));
}

static void
start (PfaCheckContext *context)
{
  const PfaTarget *target = pfa_target_get (context);

  if (target == NULL)
    {
      pfa_check_report_cannot (context, "payment-port", "the profile names no payment host");
      pfa_check_report_cannot (context, "provider-tls", "the profile names no payment host");
      pfa_check_done (context);
      return;
    }
  pfa_check_set_data (context, g_new0 (Payment, 1), (GDestroyNotify) payment_free);
  pfa_lookup_find_async (pfa_lookup_get (context, target->host),
                         pfa_check_get_cancellable (context),
                         on_found_cb,
                         pfa_check_context_ref (context));
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "payment-port", "provider-tls", NULL };

const PfaCheck pfa_check_payment = {
  .id = "payment",
  .needs = needs,
  .blocked_by = pfa_blocks_of_way,
  .reports = reports,
  .secure = TRUE,
  .sends = "one connection with a TLS handshake and no word more to the payment host",
  .start = start,
};
