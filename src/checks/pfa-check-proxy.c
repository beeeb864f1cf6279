/* pfa-check-proxy.c - is a proxy or a VPN in use, and does the network demand a proxy?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-check-common.h"
#include "pfa-lookup.h"
#include "pfa-web-probe.h"

#define LOOK_EVERY_MS 30
/* A neutral site that works has answered by then. */
#define SUSPICIOUS_AFTER_MS 1100
#define SCRIPT_URL          "http://wpad/wpad.dat"
#define SCRIPT_TIMEOUT_MS   1000
#define PROXY_TIMEOUT_MS    1800

typedef struct
{
  char *proxy; /* "http://HOST:PORT" */
  gboolean set;
  gboolean searching;
} Proxy;

static void
proxy_free (Proxy *self)
{
  g_free (self->proxy);
  g_free (self);
}

/* The payment host's address, as far as it is known by now. */
static GInetAddress *
dup_payment_address (PfaCheckContext *context)
{
  const PfaTarget *target = pfa_target_get (context);
  GInetAddress *numeric = target != NULL ? g_inet_address_new_from_string (target->host) : NULL;
  const PfaLookupServer *server = NULL;

  if (target == NULL || numeric != NULL)
    return numeric;
  server = pfa_lookup_find_server (pfa_lookup_get (context, target->host),
                                   PFA_LOOKUP_OWN,
                                   PFA_LOOKUP_FOUND);
  return server != NULL ? g_object_ref (g_ptr_array_index (server->answer->addresses, 0)) : NULL;
}

/* The tunnel on the way to the payment host; where that is not known, any that is up. */
static const PfaLink *
find_tunnel (PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);
  g_autoptr (GInetAddress) address = dup_payment_address (context);
  int way = address != NULL ? pfa_network_find_link_to (address) : 0;

  for (guint i = 0; i < path->state->links->len; i++)
    {
      const PfaLink *link = g_ptr_array_index (path->state->links, i);

      if (link->up && pfa_link_is_tunnel (link) && (way == 0 || way == link->index) &&
          pfa_network_state_find_address (path->state, link->index, G_SOCKET_FAMILY_IPV4) != NULL)
        return link;
    }
  return NULL;
}

static void
conclude (PfaCheckContext *context, gboolean required)
{
  Proxy *self = pfa_check_get_data (context);
  const PfaLink *tunnel = find_tunnel (context);
  const char *value = required ? "required" : tunnel != NULL ? "vpn" : self->set ? "set" : "none";
  PfaObservation *observation = pfa_check_new_observation ("proxy", value);

  pfa_observation_set_fact_string (observation, "proxy", self->proxy);
  if (tunnel != NULL)
    pfa_observation_set_fact_string (observation, "tunnel", tunnel->name);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static void
on_through_proxy_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaWebResult) result = pfa_web_probe_finish (async_result, NULL);

  if (result != NULL && !pfa_check_is_over (context))
    conclude (context, result->outcome == PFA_WEB_ANSWERED && result->status < 400);
}

static void
try_proxy (PfaCheckContext *context)
{
  Proxy *self = pfa_check_get_data (context);
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  PfaWebPlan plan = { .url = provider->control[0],
                      .proxy = self->proxy,
                      .timeout_ms = pfa_check_limit_ms (context, PROXY_TIMEOUT_MS) };

  pfa_web_probe_async (&plan,
                       pfa_check_get_cancellable (context),
                       on_through_proxy_cb,
                       pfa_check_context_ref (context));
}

/* The script is a program; its first "PROXY host:port" is what it sends people to. */
static char *
read_script (const PfaWebResult *result)
{
  gsize size;
  const char *text = g_bytes_get_data (result->body, &size);
  g_autofree char *copy = g_strndup (text != NULL ? text : "", size);
  const char *found = strstr (copy, "PROXY ");
  gsize length;

  if (found == NULL)
    return NULL;
  found += strlen ("PROXY ");
  length = strspn (found, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:");
  return length > 0 ? g_strdup_printf ("http://%.*s", (int) length, found) : NULL;
}

static void
on_script_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (PfaWebResult) result = pfa_web_probe_finish (async_result, NULL);
  Proxy *self = pfa_check_get_data (context);

  if (result == NULL || pfa_check_is_over (context))
    return;
  if (result->outcome == PFA_WEB_ANSWERED && result->status == 200)
    self->proxy = read_script (result);
  if (self->proxy != NULL)
    try_proxy (context);
  else
    conclude (context, FALSE);
}

static void
on_script_host_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) address =
      pfa_lookup_find_finish (PFA_LOOKUP (source), async_result, &error);
  PfaWebPlan plan = { .url = SCRIPT_URL, .address = address };

  if (error != NULL || pfa_check_is_over (context))
    return;
  /* Only our own network may name a proxy for it. */
  if (address == NULL || !pfa_path_is_near (pfa_path_get (context), address))
    {
      conclude (context, FALSE);
      return;
    }
  plan.timeout_ms = pfa_check_limit_ms (context, SCRIPT_TIMEOUT_MS);
  pfa_web_probe_async (&plan,
                       pfa_check_get_cancellable (context),
                       on_script_cb,
                       pfa_check_context_ref (context));
}

static void
search (PfaCheckContext *context)
{
  Proxy *self = pfa_check_get_data (context);

  self->searching = TRUE;
  if (self->proxy != NULL)
    try_proxy (context);
  else
    pfa_lookup_find_async (pfa_lookup_get (context, "wpad"),
                           pfa_check_get_cancellable (context),
                           on_script_host_cb,
                           pfa_check_context_ref (context));
}

static void
look (PfaCheckContext *context)
{
  PfaObservation *control = pfa_check_find_observation (context, "control-site");

  if (control != NULL &&
      (g_str_equal (control->value, "ok") || g_str_equal (control->value, PFA_VALUE_CANNOT_CHECK)))
    conclude (context, FALSE);
  else if (control != NULL || pfa_check_get_elapsed_ms (context) >= SUSPICIOUS_AFTER_MS)
    search (context);
  else
    pfa_check_later (context, LOOK_EVERY_MS, look);
}

/* What the system is told to use for the neutral site. */
static void
on_proxies_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_auto (GStrv) proxies =
      g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), async_result, NULL);
  Proxy *self = pfa_check_get_data (context);

  if (pfa_check_is_over (context))
    return;
  if (proxies != NULL && proxies[0] != NULL && !g_str_equal (proxies[0], "direct://"))
    {
      self->set = TRUE;
      self->proxy = g_strdup (proxies[0]);
    }
  look (context);
}

static const char *
find_in_environment (void)
{
  static const char *const names[] = { "https_proxy",
                                       "HTTPS_PROXY",
                                       "all_proxy",
                                       "ALL_PROXY",
                                       "http_proxy" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = g_getenv (names[i]);

      if (value != NULL && *value != '\0')
        return value;
    }
  return NULL;
}

static void
start (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  Proxy *self = g_new0 (Proxy, 1);

  pfa_check_set_data (context, self, (GDestroyNotify) proxy_free);
  if (provider == NULL || provider->control == NULL || provider->control[0] == NULL)
    {
      conclude (context, FALSE);
      return;
    }
  /* The desktop's own settings only where there is a desktop: they want a home folder. */
  if (g_getenv ("XDG_CURRENT_DESKTOP") == NULL)
    {
      self->proxy = g_strdup (find_in_environment ());
      self->set = self->proxy != NULL;
      look (context);
      return;
    }
  g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (),
                                 provider->control[0],
                                 pfa_check_get_cancellable (context),
                                 on_proxies_cb,
                                 pfa_check_context_ref (context));
}

static const char *const needs[] = { "gateway", NULL };
static const char *const reports[] = { "proxy", NULL };

const PfaCheck pfa_check_proxy = {
  .id = "proxy",
  .needs = needs,
  .blocked_by = pfa_blocks_of_internet,
  .reports = reports,
  .sends =
      "only when the neutral site does not open: the name wpad, its script from the shop's own "
      "network, and the neutral site once more through the proxy",
  .start = start,
};
