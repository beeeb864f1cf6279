/* pfa-check-hosts-file.c - does this computer's hosts file send it astray?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-kernel-files.h"
#include "pfa-lookup.h"

typedef struct
{
  char *host;
  GStrv entries;
} Override;

static void
override_free (Override *self)
{
  g_free (self->host);
  g_strfreev (self->entries);
  g_free (self);
}

static Override *
find_override (const PfaCheckSettings *settings)
{
  for (guint i = 0; i < settings->provider->hosts->len; i++)
    {
      const PfaProviderHost *entry = g_ptr_array_index (settings->provider->hosts, i);
      guint16 port;
      g_autofree char *host = entry->host != NULL  ? g_strdup (entry->host)
                              : entry->url != NULL ? pfa_target_dup_host (entry->url, &port)
                                                   : NULL;
      g_auto (GStrv) entries = host != NULL ? pfa_hosts_find (settings->system_root, host) : NULL;

      if (entries != NULL && entries[0] != NULL)
        {
          Override *found = g_new0 (Override, 1);

          found->host = g_steal_pointer (&host);
          found->entries = g_steal_pointer (&entries);
          return found;
        }
    }
  return NULL;
}

static void
on_found_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  g_autoptr (GInetAddress) address =
      pfa_lookup_find_finish (PFA_LOOKUP (source), async_result, NULL);
  g_autofree char *text = address != NULL ? g_inet_address_to_string (address) : NULL;
  Override *self = pfa_check_get_data (context);
  PfaObservation *observation;
  gboolean same;

  if (pfa_check_is_over (context))
    return;
  same = text != NULL && g_strv_contains ((const char *const *) self->entries, text);
  observation = pfa_check_new_observation ("hosts-file", same ? "clear" : "overrides");
  pfa_observation_set_fact_string (observation, "host", self->host);
  pfa_observation_set_fact_string (observation, "address", self->entries[0]);
  pfa_check_report (context, observation);
  pfa_check_done (context);
}

static void
start (PfaCheckContext *context)
{
  const PfaCheckSettings *settings = pfa_check_get_settings (context);
  Override *found;

  if (settings->provider == NULL || settings->provider->hosts->len == 0)
    {
      pfa_check_report_cannot (context, "hosts-file", "the profile names no host");
      pfa_check_done (context);
      return;
    }
  found = find_override (settings);
  if (found == NULL)
    {
      pfa_check_report (context, pfa_check_new_observation ("hosts-file", "clear"));
      pfa_check_done (context);
      return;
    }
  pfa_check_set_data (context, found, (GDestroyNotify) override_free);
  pfa_lookup_find_async (pfa_lookup_get (context, found->host),
                         pfa_check_get_cancellable (context),
                         on_found_cb,
                         pfa_check_context_ref (context));
}

static const char *const reports[] = { "hosts-file", NULL };

const PfaCheck pfa_check_hosts_file = {
  .id = "hosts-file",
  .reports = reports,
  .sends = "nothing of its own: compares the hosts file with the names check's answers",
  .start = start,
};
