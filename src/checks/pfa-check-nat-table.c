/* pfa-check-nat-table.c - is the router's table of connections full?
 *
 * When nothing new comes through, but the router's own name service still finds names that nobody
 * asked for before, the line carries and the router's table does not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-datagram.h"
#include "pfa-dns-message.h"

#define RESEND_MS     500
#define TIMEOUT_MS    1300
#define LOOK_EVERY_MS 30
/* Asked when the line has not shown life by then, so that the answer is there in time. */
#define SUSPICIOUS_AFTER_MS 700

typedef struct
{
  gboolean asked;
  gboolean known;
  gboolean finds_names;
} Table;

static void
on_answered_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaDatagramResult) result = pfa_datagram_ask_finish (async_result, NULL);
  g_autoptr (PfaDnsAnswer) answer = NULL;
  Table *self = pfa_check_get_data (context);

  if (result == NULL || pfa_check_is_over (context))
    return;
  self->known = TRUE;
  if (result->outcome != PFA_DATAGRAM_ANSWERED)
    return;
  answer = pfa_dns_answer_parse (g_bytes_get_data (result->answer, NULL),
                                 g_bytes_get_size (result->answer));
  /* "No such name" too can only come from the internet. */
  self->finds_names = answer != NULL && (answer->rcode == PFA_DNS_RCODE_NO_ERROR ||
                                         answer->rcode == PFA_DNS_RCODE_NO_SUCH_NAME);
}

/* A name that is in nobody's memory. */
static char *
make_up_name (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  guint16 port;
  g_autofree char *host = provider->control != NULL && provider->control[0] != NULL
                              ? pfa_target_dup_host (provider->control[0], &port)
                              : NULL;
  const char *domain = host != NULL ? host : "example.com";

  return g_strdup_printf ("check-%08x.%s",
                          g_random_int (),
                          g_str_has_prefix (domain, "www.") ? domain + 4 : domain);
}

static void
ask (PfaCheckContext *context, GInetAddress *router)
{
  Table *self = pfa_check_get_data (context);
  g_autofree char *name = make_up_name (context);
  g_autoptr (GBytes) question =
      pfa_dns_message_build ((guint16) g_random_int (), name, PFA_DNS_TYPE_A, 0);
  PfaDatagramPlan plan = { .address = router,
                           .port = 53,
                           .question = question,
                           .vary_at = 1,
                           .echo_at = 1,
                           .resend_ms = RESEND_MS,
                           .timeout_ms = pfa_check_limit_ms (context, TIMEOUT_MS) };

  self->asked = TRUE;
  if (question == NULL)
    {
      self->known = TRUE;
      return;
    }
  pfa_datagram_ask_async (&plan,
                          pfa_check_get_cancellable (context),
                          on_answered_cb,
                          pfa_check_context_ref (context));
}

static void
look (PfaCheckContext *context)
{
  Table *self = pfa_check_get_data (context);
  PfaObservation *internet = pfa_check_find_observation (context, "internet");
  GInetAddress *router = pfa_path_get (context)->gateway;

  if (internet != NULL && g_str_equal (internet->value, PFA_VALUE_CANNOT_CHECK))
    {
      pfa_check_report_cannot (context, "nat-table", "it is not known what gets beyond the router");
      pfa_check_done (context);
      return;
    }
  if (internet != NULL && g_str_equal (internet->value, "ok"))
    {
      pfa_check_report (context, pfa_check_new_observation ("nat-table", "ok"));
      pfa_check_done (context);
      return;
    }
  if (!self->asked && pfa_check_get_elapsed_ms (context) >= SUSPICIOUS_AFTER_MS)
    ask (context, router);
  if (internet != NULL && self->known)
    {
      pfa_check_report (context,
                        pfa_check_new_observation ("nat-table", self->finds_names ? "full" : "ok"));
      pfa_check_done (context);
      return;
    }
  pfa_check_later (context, LOOK_EVERY_MS, look);
}

static void
start (PfaCheckContext *context)
{
  if (pfa_path_get (context)->gateway == NULL || pfa_check_get_settings (context)->provider == NULL)
    {
      pfa_check_report_cannot (context, "nat-table", "no router is set");
      pfa_check_done (context);
      return;
    }
  pfa_check_set_data (context, g_new0 (Table, 1), g_free);
  look (context);
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "nat-table", NULL };

const PfaCheck pfa_check_nat_table = {
  .id = "nat-table",
  .needs = needs,
  .blocked_by = pfa_blocks_of_router,
  .reports = reports,
  .sends =
      "only when nothing answers beyond the router: at most three questions to its name service",
  .start = start,
};
