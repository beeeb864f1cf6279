/* pfa-check-mtu.c - do large packets vanish without a word?
 *
 * A large question to the public name servers that must not be cut, beside a small one. Some
 * servers dislike large questions, so silence counts only where a TLS handshake hangs too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-datagram.h"
#include "pfa-dns-message.h"
#include "pfa-kernel-files.h"

#define SMALL_BYTES   200
#define LARGE_BYTES   1472 /* 1500 with the headers of IP and UDP */
#define RESEND_MS     250
#define TIMEOUT_MS    1100
#define LOOK_EVERY_MS 30
/* A handshake on a good line takes two round trips. */
#define HANGS_AFTER_MS 1300
#define MAX_SERVERS    2
#define OUT_OF_ORDER   "TcpExt.TCPOFOQueue"

typedef struct
{
  gboolean small_passed;
  gboolean large_passed;
  guint mtu; /* what an honest hop or the kernel asked for; 0: nobody did */
  guint left;
  gint64 out_of_order;
  guint connected_at_ms;
} Mtu;

typedef struct
{
  PfaCheckContext *context;
  gboolean large;
} Question;

static gint64
count_out_of_order (PfaCheckContext *context)
{
  g_autoptr (PfaCounters) counters =
      pfa_counters_read (pfa_check_get_settings (context)->system_root);

  return pfa_counters_get (counters, OUT_OF_ORDER);
}

static void
report (PfaCheckContext *context, const char *value)
{
  Mtu *self = pfa_check_get_data (context);
  PfaObservation *observation = pfa_check_new_observation ("mtu", value);

  pfa_observation_set_fact_boolean (observation, "small_passed", self->small_passed);
  pfa_observation_set_fact_boolean (observation, "large_passed", self->large_passed);
  if (self->mtu > 0)
    pfa_observation_set_fact_int (observation, "path_mtu", self->mtu);
  pfa_observation_set_fact_int (observation,
                                "out_of_order",
                                count_out_of_order (context) - self->out_of_order);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static gboolean
line_loses (PfaCheckContext *context)
{
  PfaObservation *line = pfa_check_find_observation (context, "line-quality");
  PfaObservation *router = pfa_check_find_observation (context, "router-answer");

  return (line != NULL && g_str_equal (line->value, "lossy")) ||
         (router != NULL && g_str_equal (router->value, "lossy"));
}

static gboolean
has_value (PfaCheckContext *context, const char *id, const char *value)
{
  PfaObservation *seen = pfa_check_find_observation (context, id);

  return seen != NULL && g_str_equal (seen->value, value);
}

static void
report_cannot (PfaCheckContext *context, const char *reason)
{
  pfa_check_report_cannot (context, "mtu", reason);
  pfa_check_done (context);
}

static void
look (PfaCheckContext *context)
{
  Mtu *self = pfa_check_get_data (context);
  PfaObservation *tls = pfa_check_find_observation (context, "provider-tls");
  gboolean hangs;

  if (self->left > 0 && (tls == NULL || g_str_equal (tls->value, "silent") || !self->small_passed))
    {
      pfa_check_later (context, LOOK_EVERY_MS, look);
      return;
    }
  if (self->connected_at_ms == 0 &&
      (has_value (context, "payment-port", "open") || has_value (context, "payment-port", "slow")))
    self->connected_at_ms = pfa_check_get_elapsed_ms (context);
  hangs = self->connected_at_ms > 0 && tls == NULL &&
          pfa_check_get_elapsed_ms (context) >= self->connected_at_ms + HANGS_AFTER_MS;
  if (self->mtu > 0)
    report (context, "ok");
  else if (tls != NULL && g_str_equal (tls->value, PFA_VALUE_CANNOT_CHECK) && !self->large_passed)
    report_cannot (context, "nothing large could be sent: there is no connection to the provider");
  else if (tls != NULL && !g_str_equal (tls->value, "silent"))
    report (context, "ok");
  else if (tls == NULL && !hangs)
    pfa_check_later (context, LOOK_EVERY_MS, look);
  else if (self->small_passed && !self->large_passed)
    report (context, "black-hole");
  else if (self->small_passed && count_out_of_order (context) > self->out_of_order &&
           !line_loses (context) && pfa_check_find_observation (context, "line-quality") != NULL)
    /* The end of the other side's first words came, their large beginning did not. */
    report (context, "black-hole");
  else if (self->small_passed)
    report (context, "ok");
  else
    report_cannot (context, "no public name server answers");
}

static void
on_answered_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (PfaCheckContext) context = question->context;
  g_autoptr (PfaDatagramResult) result = pfa_datagram_ask_finish (async_result, NULL);
  Mtu *self = pfa_check_get_data (context);

  if (result == NULL || pfa_check_is_over (context))
    return;
  self->left--;
  if (result->outcome == PFA_DATAGRAM_ANSWERED && question->large)
    self->large_passed = TRUE;
  else if (result->outcome == PFA_DATAGRAM_ANSWERED)
    self->small_passed = TRUE;
  else if (result->outcome == PFA_DATAGRAM_TOO_BIG)
    self->mtu = MAX (result->trouble.mtu, 1);
}

static void
ask (PfaCheckContext *context, GInetAddress *server, gboolean large)
{
  Mtu *self = pfa_check_get_data (context);
  Question *question = g_new (Question, 1);
  g_autoptr (GBytes) message = pfa_dns_message_build ((guint16) g_random_int (),
                                                      "localhost",
                                                      PFA_DNS_TYPE_A,
                                                      large ? LARGE_BYTES : SMALL_BYTES);
  PfaDatagramPlan plan = { .address = server,
                           .port = 53,
                           .options = { .whole = TRUE },
                           .question = message,
                           .vary_at = 1,
                           .echo_at = 1,
                           .resend_ms = RESEND_MS,
                           .timeout_ms = pfa_check_limit_ms (context, TIMEOUT_MS) };

  self->left++;
  question->context = pfa_check_context_ref (context);
  question->large = large;
  pfa_datagram_ask_async (&plan, pfa_check_get_cancellable (context), on_answered_cb, question);
}

static void
start (PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);
  guint asked = 0;
  Mtu *self;

  if (path->link == NULL || path->public_ones->len == 0 || pfa_target_get (context) == NULL)
    {
      report_cannot (context, "the profile names no public name server or no payment host");
      return;
    }
  self = g_new0 (Mtu, 1);
  pfa_check_set_data (context, self, g_free);
  self->out_of_order = count_out_of_order (context);
  for (guint i = 0; i < path->public_ones->len && asked < MAX_SERVERS; i++)
    {
      GInetAddress *server = g_ptr_array_index (path->public_ones, i);

      if (g_inet_address_get_family (server) != G_SOCKET_FAMILY_IPV4)
        continue;
      ask (context, server, FALSE);
      ask (context, server, TRUE);
      asked++;
    }
  look (context);
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "mtu", NULL };

const PfaCheck pfa_check_mtu = {
  .id = "mtu",
  .needs = needs,
  .blocked_by = pfa_blocks_of_internet,
  .reports = reports,
  .sends = "at most five small and five large name questions to each of two public name servers",
  .start = start,
};
