/* pfa-secret-store.c - where the secrets of terminals are kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-secret-store.h"

#include "pfa-error.h"

G_DEFINE_INTERFACE (PfaSecretStore, pfa_secret_store, G_TYPE_OBJECT)

static void
pfa_secret_store_default_init (PfaSecretStoreInterface *iface)
{
}

void
pfa_secret_store_find_async (PfaSecretStore *self,
                             const char *address,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (PFA_IS_SECRET_STORE (self));

  PFA_SECRET_STORE_GET_IFACE (self)->find_async (self, address, cancellable, callback, user_data);
}

PfaTerminalSecrets *
pfa_secret_store_find_finish (PfaSecretStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PFA_IS_SECRET_STORE (self), NULL);

  return PFA_SECRET_STORE_GET_IFACE (self)->find_finish (self, result, error);
}

void
pfa_secret_store_keep_async (PfaSecretStore *self,
                             const char *address,
                             const PfaTerminalSecrets *secrets,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (PFA_IS_SECRET_STORE (self));

  PFA_SECRET_STORE_GET_IFACE (self)
      ->keep_async (self, address, secrets, cancellable, callback, user_data);
}

gboolean
pfa_secret_store_keep_finish (PfaSecretStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PFA_IS_SECRET_STORE (self), FALSE);

  return PFA_SECRET_STORE_GET_IFACE (self)->keep_finish (self, result, error);
}

#define PFA_TYPE_MEMORY_SECRET_STORE (pfa_memory_secret_store_get_type ())
G_DECLARE_FINAL_TYPE (PfaMemorySecretStore,
                      pfa_memory_secret_store,
                      PFA,
                      MEMORY_SECRET_STORE,
                      GObject)

struct _PfaMemorySecretStore
{
  GObject parent_instance;

  GHashTable *kept; /* address → PfaTerminalSecrets */
};

static void
memory_find_async (PfaSecretStore *store,
                   const char *address,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  PfaMemorySecretStore *self = PFA_MEMORY_SECRET_STORE (store);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_return_pointer (task,
                         pfa_terminal_secrets_copy (g_hash_table_lookup (self->kept, address)),
                         (GDestroyNotify) pfa_terminal_secrets_free);
}

static PfaTerminalSecrets *
memory_find_finish (PfaSecretStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
memory_keep_async (PfaSecretStore *store,
                   const char *address,
                   const PfaTerminalSecrets *secrets,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  PfaMemorySecretStore *self = PFA_MEMORY_SECRET_STORE (store);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (secrets != NULL)
    g_hash_table_insert (self->kept, g_strdup (address), pfa_terminal_secrets_copy (secrets));
  else
    g_hash_table_remove (self->kept, address);
  g_task_return_boolean (task, TRUE);
}

static gboolean
memory_keep_finish (PfaSecretStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
store_iface_init (PfaSecretStoreInterface *iface)
{
  iface->find_async = memory_find_async;
  iface->find_finish = memory_find_finish;
  iface->keep_async = memory_keep_async;
  iface->keep_finish = memory_keep_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaMemorySecretStore,
                               pfa_memory_secret_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PFA_TYPE_SECRET_STORE, store_iface_init))

PfaSecretStore *
pfa_memory_secret_store_new (void)
{
  return g_object_new (PFA_TYPE_MEMORY_SECRET_STORE, NULL);
}

static void
pfa_memory_secret_store_finalize (GObject *object)
{
  g_hash_table_unref (PFA_MEMORY_SECRET_STORE (object)->kept);

  G_OBJECT_CLASS (pfa_memory_secret_store_parent_class)->finalize (object);
}

static void
pfa_memory_secret_store_class_init (PfaMemorySecretStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_memory_secret_store_finalize;
}

static void
pfa_memory_secret_store_init (PfaMemorySecretStore *self)
{
  self->kept = g_hash_table_new_full (g_str_hash,
                                      g_str_equal,
                                      g_free,
                                      (GDestroyNotify) pfa_terminal_secrets_free);
}
