/* pfa-desk-withdrawal.c - what was sent goes again: asked for by the merchant, or grown old
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-withdrawal.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "pfa-desk-filing.h"
#include "pfa-desk-log.h"
#include "pfa-desk-uploads.h"
#include "pfa-error.h"

#define SWEEP_INTERVAL_S (60 * 60)
#define DAY_S            (24 * 60 * 60)

/* Files first: a crash in between leaves an index that names what is gone, and the request can be
 * repeated; the other way round a receipt would lie. */
static JsonArray *
delete_bundles (PfaDeskServer *desk, PfaDeskTicket *ticket, GError **error)
{
  g_autoptr (GPtrArray) bundles =
      pfa_desk_tickets_list_bundles (pfa_desk_server_get_store (desk), ticket, error);
  g_autoptr (JsonArray) deleted = json_array_new ();

  if (bundles == NULL)
    return NULL;
  for (guint i = 0; i < bundles->len; i++)
    {
      const PfaDeskBundle *bundle = bundles->pdata[i];
      g_autofree char *path =
          g_build_filename (pfa_desk_server_get_config (desk)->data, bundle->path, NULL);
      JsonObject *entry;

      if (g_unlink (path) != 0 && errno != ENOENT)
        {
          g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
          return NULL;
        }
      entry = json_object_new ();
      json_object_set_string_member (entry, "sha256", bundle->sha256);
      json_object_set_int_member (entry, "size", bundle->size);
      json_array_add_object_element (deleted, entry);
    }
  return g_steal_pointer (&deleted);
}

static gboolean
empty_ticket (PfaDeskServer *desk, PfaDeskTicket *ticket, const char *state, GError **error)
{
  PfaDeskStore *store = pfa_desk_server_get_store (desk);
  PfaDeskFiling *filing = pfa_desk_server_get_part (desk, "filing");

  if (!pfa_desk_store_begin (store, error))
    return FALSE;
  if (pfa_desk_tickets_empty (store, ticket, state, error) &&
      (filing == NULL || pfa_desk_filing_note (filing, ticket->id, "withdrawn", "", error)))
    return pfa_desk_store_commit (store, error);
  pfa_desk_store_roll_back (store);
  return FALSE;
}

JsonObject *
pfa_desk_withdrawal_run (PfaDeskServer *desk, PfaDeskTicket *ticket, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  g_autofree char *number = pfa_desk_random_word (10);
  g_autoptr (JsonArray) deleted = delete_bundles (desk, ticket, error);
  JsonObject *receipt;

  if (deleted == NULL || !empty_ticket (desk, ticket, "withdrawn", error))
    return NULL;
  pfa_desk_log ("withdrawn", "ticket", ticket->ticket, "receipt", number, NULL);
  receipt = json_object_new ();
  json_object_set_string_member (receipt, "receipt", number);
  json_object_set_string_member (receipt, "ticket", ticket->ticket);
  json_object_set_string_member (receipt, "time", time);
  json_object_set_array_member (receipt, "deleted", g_steal_pointer (&deleted));
  return receipt;
}

typedef struct
{
  PfaDeskServer *desk; /* not owned: it owns this */
  guint days;
  guint source;
} AgeWatch;

static void
age_watch_free (gpointer data)
{
  AgeWatch *watch = data;

  g_source_remove (watch->source);
  g_free (watch);
}

static gboolean
on_time_to_sweep_cb (gpointer user_data)
{
  AgeWatch *watch = user_data;
  PfaDeskStore *store = pfa_desk_server_get_store (watch->desk);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GPtrArray) old = NULL;
  guint uploads = pfa_desk_uploads_expire (pfa_desk_server_get_part (watch->desk, "uploads"), now);
  guint emptied = 0;
  g_autofree char *upload_count = NULL;
  g_autofree char *ticket_count = NULL;

  if (watch->days > 0)
    old = pfa_desk_tickets_list_old (store, now - (gint64) watch->days * DAY_S, NULL);
  for (guint i = 0; old != NULL && i < old->len; i++)
    {
      g_autoptr (JsonArray) deleted = delete_bundles (watch->desk, old->pdata[i], NULL);

      emptied += deleted != NULL && empty_ticket (watch->desk, old->pdata[i], "expired", NULL);
    }
  if (uploads > 0 || emptied > 0)
    {
      upload_count = g_strdup_printf ("%u", uploads);
      ticket_count = g_strdup_printf ("%u", emptied);
      pfa_desk_log ("swept", "uploads", upload_count, "tickets", ticket_count, NULL);
    }
  return G_SOURCE_CONTINUE;
}

void
pfa_desk_withdrawal_watch_age (PfaDeskServer *desk, guint days)
{
  AgeWatch *watch = g_new0 (AgeWatch, 1);

  watch->desk = desk;
  watch->days = days;
  watch->source = g_timeout_add_seconds (SWEEP_INTERVAL_S, on_time_to_sweep_cb, watch);
  g_object_set_data_full (G_OBJECT (desk), "pfa-age-watch", watch, age_watch_free);
  on_time_to_sweep_cb (watch);
}
