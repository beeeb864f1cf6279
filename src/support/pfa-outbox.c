/* pfa-outbox.c - what waits to be sent, and the order in which it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-outbox.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-outbox-item-private.h"
#include "pfa-outbox-private.h"
#include "pfa-support-http.h"

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaOutbox,
                               pfa_outbox,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

SoupSession *
pfa_outbox_ensure_session (PfaOutbox *self, PfaOutboxItem *item, GError **error)
{
  const char *key = item->trust != NULL ? item->trust : "";
  SoupSession *session = g_hash_table_lookup (self->sessions, key);

  if (session != NULL)
    return session;
  session = pfa_support_session_new (item->trust, error);
  if (session != NULL)
    g_hash_table_insert (self->sessions, g_strdup (key), session);
  return session;
}

static gint
compare_age (gconstpointer a, gconstpointer b)
{
  const PfaOutboxItem *first = *(PfaOutboxItem *const *) a;
  const PfaOutboxItem *second = *(PfaOutboxItem *const *) b;

  if (first->created != second->created)
    return first->created < second->created ? -1 : 1;
  return g_strcmp0 (first->id, second->id);
}

static PfaOutboxItem *
find_exact (PfaOutbox *self, const char *id)
{
  for (guint i = 0; i < self->items->len; i++)
    if (g_str_equal (pfa_outbox_item_get_id (self->items->pdata[i]), id))
      return self->items->pdata[i];
  return NULL;
}

PfaOutboxItem *
pfa_outbox_find (PfaOutbox *self, const char *id)
{
  PfaOutboxItem *found = find_exact (self, id);

  for (guint i = 0; found == NULL && *id != '\0' && i < self->items->len; i++)
    if (g_str_has_prefix (pfa_outbox_item_get_id (self->items->pdata[i]), id))
      {
        for (guint j = i + 1; j < self->items->len; j++)
          if (g_str_has_prefix (pfa_outbox_item_get_id (self->items->pdata[j]), id))
            return NULL;
        found = self->items->pdata[i];
      }
  return found;
}

static void
insert_item (PfaOutbox *self, PfaOutboxItem *item)
{
  guint position;

  g_ptr_array_add (self->items, g_object_ref (item));
  g_ptr_array_sort (self->items, compare_age);
  if (g_ptr_array_find (self->items, item, &position))
    g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

void
pfa_outbox_refresh (PfaOutbox *self)
{
  g_autoptr (GDir) directory = g_dir_open (self->directory, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      PfaOutboxItem *known = find_exact (self, name);
      g_autoptr (PfaOutboxItem) item = NULL;
      g_autoptr (GError) error = NULL;

      if (*name == '.')
        continue;
      if (known != NULL)
        {
          if (known != self->current)
            pfa_outbox_item_reload (known, NULL);
          continue;
        }
      item = pfa_outbox_item_load (self->directory, name, &error);
      if (item != NULL)
        insert_item (self, item);
      else
        g_info ("%s: %s", name, error->message);
    }
}

guint
pfa_outbox_count_waiting (PfaOutbox *self)
{
  guint count = 0;

  for (guint i = 0; i < self->items->len; i++)
    count += pfa_outbox_item_is_waiting (self->items->pdata[i]);
  return count;
}

PfaOutboxItem *
pfa_outbox_add (PfaOutbox *self, const PfaOutboxRequest *request, GError **error)
{
  g_autoptr (PfaOutboxItem) item = NULL;
  PfaOutboxItem *known;

  if (!pfa_support_check_url (request->upload, error) ||
      !pfa_support_check_url (request->tickets, error))
    return NULL;
  item = pfa_outbox_item_new (self->directory, request, error);
  if (item == NULL)
    return NULL;
  known = find_exact (self, pfa_outbox_item_get_id (item));
  if (known != NULL)
    {
      if (known != self->current)
        pfa_outbox_item_reload (known, NULL);
      pfa_outbox_arm (self);
      return g_object_ref (known);
    }
  insert_item (self, item);
  pfa_outbox_arm (self);
  return g_steal_pointer (&item);
}

/* The intake may have a ticket for it already, whether or not we have heard so. */
static gboolean
may_be_there (const PfaOutboxItem *item)
{
  return item->asked && item->uploaded;
}

/* Brings @item to @state when nobody is at work on it. */
static gboolean
change_state (PfaOutboxItem *item, PfaOutboxState state, GError **error)
{
  gboolean changed;

  if (!pfa_outbox_item_lock (item))
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           PFA_ERROR_BUSY,
                           "another program is sending this bundle just now");
      return FALSE;
    }
  pfa_outbox_item_reload (item, NULL);
  changed = pfa_outbox_item_is_waiting (item) &&
            (item->state != PFA_OUTBOX_WITHDRAWING || state == PFA_OUTBOX_CANCELLED);
  if (changed && state == PFA_OUTBOX_CANCELLED && may_be_there (item))
    state = PFA_OUTBOX_WITHDRAWING;
  if (changed)
    {
      item->next = 0;
      pfa_outbox_item_set_state (item, state);
      changed = pfa_outbox_item_save (item, error);
    }
  else
    g_set_error (error,
                 PFA_ERROR,
                 PFA_ERROR_REFUSED,
                 "it does not wait any more: %s",
                 pfa_outbox_state_to_string (item->state));
  pfa_outbox_item_unlock (item);
  return changed;
}

gboolean
pfa_outbox_cancel (PfaOutbox *self, PfaOutboxItem *item, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (item->lock_fd >= 0 && item == self->current)
    {
      /* It is being sent by ourselves: the attempt gives it up and releases it, or, when the intake
       * has been asked, goes on to where it can be withdrawn. */
      pfa_outbox_item_delete_bundle (item);
      if (may_be_there (item))
        {
          pfa_outbox_item_set_state (item, PFA_OUTBOX_WITHDRAWING);
          return pfa_outbox_item_save (item, error);
        }
      pfa_outbox_item_set_state (item, PFA_OUTBOX_CANCELLED);
      g_cancellable_cancel (self->current_cancellable);
      return pfa_outbox_item_save (item, error);
    }
  if (change_state (item, PFA_OUTBOX_CANCELLED, &local))
    {
      pfa_outbox_item_delete_bundle (item);
      pfa_outbox_arm (self);
      return TRUE;
    }
  if (g_error_matches (local, PFA_ERROR, PFA_ERROR_BUSY) && pfa_outbox_item_ask_to_stop (item))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
pfa_outbox_set_paused (PfaOutbox *self, PfaOutboxItem *item, gboolean paused, GError **error)
{
  if (item->lock_fd >= 0 && item == self->current && item->state != PFA_OUTBOX_WITHDRAWING)
    {
      if (!paused)
        return TRUE;
      pfa_outbox_item_set_state (item, PFA_OUTBOX_PAUSED);
      g_cancellable_cancel (self->current_cancellable);
      return pfa_outbox_item_save (item, error);
    }
  if (!change_state (item, paused ? PFA_OUTBOX_PAUSED : PFA_OUTBOX_PENDING, error))
    return FALSE;
  pfa_outbox_arm (self);
  return TRUE;
}

gboolean
pfa_outbox_remove (PfaOutbox *self, PfaOutboxItem *item, GError **error)
{
  static const char *const names[] = { PFA_OUTBOX_BUNDLE_FILE,
                                       PFA_OUTBOX_RECEIPT_FILE,
                                       PFA_OUTBOX_STOP_FILE,
                                       "lock",
                                       PFA_OUTBOX_STATE_FILE };
  guint position;

  if (pfa_outbox_item_is_waiting (item))
    {
      g_set_error_literal (error, PFA_ERROR, PFA_ERROR_REFUSED, "it still waits to be sent");
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (item->folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (item->folder);
  if (g_ptr_array_find (self->items, item, &position))
    {
      g_ptr_array_remove_index (self->items, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
  return TRUE;
}

PfaOutbox *
pfa_outbox_open (const char *directory, GError **error)
{
  g_autoptr (PfaOutbox) self = g_object_new (PFA_TYPE_OUTBOX, NULL);

  self->directory = g_strdup (directory);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", directory, g_strerror (errno));
      return NULL;
    }
  pfa_outbox_item_sweep (directory);
  pfa_outbox_refresh (self);
  return g_steal_pointer (&self);
}

static GType
pfa_outbox_get_item_type (GListModel *model)
{
  return PFA_TYPE_OUTBOX_ITEM;
}

static guint
pfa_outbox_get_n_items (GListModel *model)
{
  return PFA_OUTBOX (model)->items->len;
}

static gpointer
pfa_outbox_get_item (GListModel *model, guint position)
{
  PfaOutbox *self = PFA_OUTBOX (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = pfa_outbox_get_item_type;
  iface->get_n_items = pfa_outbox_get_n_items;
  iface->get_item = pfa_outbox_get_item;
}

static void
pfa_outbox_dispose (GObject *object)
{
  pfa_outbox_stop (PFA_OUTBOX (object));
  G_OBJECT_CLASS (pfa_outbox_parent_class)->dispose (object);
}

static void
pfa_outbox_finalize (GObject *object)
{
  PfaOutbox *self = PFA_OUTBOX (object);

  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->sessions);
  g_free (self->directory);
  G_OBJECT_CLASS (pfa_outbox_parent_class)->finalize (object);
}

static void
add_signal (const char *name, GType argument)
{
  g_signal_new (name,
                PFA_TYPE_OUTBOX,
                G_SIGNAL_RUN_LAST,
                0,
                NULL,
                NULL,
                NULL,
                G_TYPE_NONE,
                argument != G_TYPE_NONE ? 1 : 0,
                argument);
}

static void
pfa_outbox_class_init (PfaOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_outbox_dispose;
  object_class->finalize = pfa_outbox_finalize;
  add_signal ("item-sent", PFA_TYPE_OUTBOX_ITEM);
  add_signal ("item-refused", PFA_TYPE_OUTBOX_ITEM);
  add_signal ("line-lost", G_TYPE_NONE);
  add_signal ("line-back", G_TYPE_NONE);
  add_signal ("pass-ended", G_TYPE_NONE);
}

static void
pfa_outbox_init (PfaOutbox *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}
