/* pfa-check-common.c - what many checks need: what blocks them, whom they ask
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"

#include "pfa-trust-store.h"

#define REPORT_MARGIN_MS 150

static const char *const dead_links[] = { "down", "off", "flapping", NULL };
static const char *const dead_addresses[] = { "none", "link-local", NULL };
static const char *const dead_gateways[] = { "missing", "wrong", NULL };
static const char *const dead_routers[] = { "none", NULL };
static const char *const dead_lines[] = { "ends-at-router", "ends-beyond-router", "none", NULL };

static const char *const demanded[] = { "required", NULL };
static const char *const black_holes[] = { "black-hole", NULL };

#define BLOCKS_OF_LINK                                                                             \
  { "link", dead_links }, { "address", dead_addresses }, { "gateway", dead_gateways }

const PfaCheckBlock pfa_blocks_of_link[] = { BLOCKS_OF_LINK, { NULL, NULL } };
const PfaCheckBlock pfa_blocks_of_router[] = { BLOCKS_OF_LINK,
                                               { "router-answer", dead_routers },
                                               { NULL, NULL } };
const PfaCheckBlock pfa_blocks_of_way[] = { BLOCKS_OF_LINK,
                                            { "router-answer", dead_routers },
                                            { "internet", dead_lines },
                                            { "proxy", demanded },
                                            { "mtu", black_holes },
                                            { NULL, NULL } };
const PfaCheckBlock pfa_blocks_of_internet[] = { BLOCKS_OF_LINK,
                                                 { "router-answer", dead_routers },
                                                 { "internet", dead_lines },
                                                 { NULL, NULL } };

static void
target_free (PfaTarget *target)
{
  g_free (target->host);
  g_free (target);
}

char *
pfa_target_dup_host (const char *url, guint16 *port)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  int number;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return NULL;
  number = g_uri_get_port (uri);
  if (number <= 0)
    number = g_str_equal (g_uri_get_scheme (uri), "http") ? 80 : 443;
  *port = (guint16) number;
  return g_strdup (g_uri_get_host (uri));
}

static PfaTarget *
target_new (const PfaProvider *provider)
{
  PfaTarget *target = g_new0 (PfaTarget, 1);

  for (guint i = 0; i < provider->hosts->len && target->host == NULL; i++)
    {
      const PfaProviderHost *host = g_ptr_array_index (provider->hosts, i);

      if (g_strcmp0 (host->role, "payment") == 0 && host->host != NULL)
        {
          target->host = g_strdup (host->host);
          target->port = host->port;
          target->tls = g_strcmp0 (host->speaks, "tcp") != 0;
        }
    }
  for (guint i = 0; i < provider->hosts->len && target->host == NULL; i++)
    {
      const PfaProviderHost *host = g_ptr_array_index (provider->hosts, i);

      if (host->url != NULL)
        {
          target->host = pfa_target_dup_host (host->url, &target->port);
          target->tls = g_str_has_prefix (host->url, "https:");
        }
    }
  return target;
}

const PfaTarget *
pfa_target_get (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  PfaTarget *target = pfa_check_get_shared (context, "target");

  if (target == NULL && provider != NULL)
    {
      target = target_new (provider);
      pfa_check_set_shared (context, "target", target, (GDestroyNotify) target_free);
    }
  return target != NULL && target->host != NULL ? target : NULL;
}

GTlsDatabase *
pfa_target_get_trust (PfaCheckContext *context)
{
  const PfaProvider *provider = pfa_check_get_settings (context)->provider;
  GTlsDatabase *trust = pfa_check_get_shared (context, "trust");

  if (trust == NULL && provider != NULL && provider->trust != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GTlsDatabase) file = g_tls_file_database_new (provider->trust, &error);

      if (file == NULL)
        g_info ("trust: %s", error->message);
      else
        {
          /* Else the file would be read anew for each connection. */
          trust = pfa_trust_store_new (file);
          pfa_check_set_shared (context, "trust", trust, g_object_unref);
        }
    }
  return trust;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_ascii_strcasecmp (host, "localhost") == 0 ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

gboolean
pfa_target_is_local (const PfaProvider *provider)
{
  if (provider == NULL || provider->hosts == NULL || provider->hosts->len == 0)
    return FALSE;
  for (guint i = 0; i < provider->hosts->len; i++)
    {
      const PfaProviderHost *entry = g_ptr_array_index (provider->hosts, i);
      guint16 port;
      g_autofree char *host = entry->host != NULL  ? g_strdup (entry->host)
                              : entry->url != NULL ? pfa_target_dup_host (entry->url, &port)
                                                   : NULL;

      if (host != NULL && !is_loopback (host))
        return FALSE;
    }
  return TRUE;
}

guint
pfa_check_limit_ms (PfaCheckContext *context, guint wanted)
{
  guint left = pfa_check_get_remaining_ms (context);

  left = left > 2 * REPORT_MARGIN_MS ? left - REPORT_MARGIN_MS : MAX (left / 2, 1);
  return MIN (wanted, left);
}

gint64
pfa_clock_get_offset_s (PfaCheckContext *context)
{
  const gint64 *offset = pfa_check_get_shared (context, "clock-offset");

  return offset != NULL ? *offset : 0;
}

void
pfa_clock_set_offset_s (PfaCheckContext *context, gint64 offset_s)
{
  pfa_check_set_shared (context, "clock-offset", g_memdup2 (&offset_s, sizeof offset_s), g_free);
}

PfaObservation *
pfa_check_new_observation (const char *id, const char *value)
{
  return pfa_observation_new (id, value, PFA_FROM_CHECK);
}
