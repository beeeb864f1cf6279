/* pfa-keyring-secret-store.c - secrets of terminals in the person's keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libsecret/secret.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-secret-store.h"

#define PFA_TYPE_KEYRING_SECRET_STORE (pfa_keyring_secret_store_get_type ())
G_DECLARE_FINAL_TYPE (PfaKeyringSecretStore,
                      pfa_keyring_secret_store,
                      PFA,
                      KEYRING_SECRET_STORE,
                      GObject)

struct _PfaKeyringSecretStore
{
  GObject parent_instance;
};

static const SecretSchema schema = {
  .name = APPLICATION_ID ".Terminal",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = { { "address", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

static void
on_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = NULL;
  PfaTerminalSecrets *secrets = NULL;
  char *text = secret_password_lookup_finish (result, &error);

  if (text != NULL)
    {
      object = pfa_json_parse_object (text, -1, "keyring", &error);
      secret_password_free (text);
    }
  if (object != NULL)
    secrets = pfa_terminal_secrets_new_from_json (object, "keyring", NULL, &error);
  if (error != NULL)
    g_task_return_error (task, pfa_error_adopt (g_steal_pointer (&error)));
  else
    g_task_return_pointer (task, secrets, (GDestroyNotify) pfa_terminal_secrets_free);
}

static void
keyring_find_async (PfaSecretStore *store,
                    const char *address,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);

  secret_password_lookup (&schema, cancellable, on_found_cb, task, "address", address, NULL);
}

static PfaTerminalSecrets *
keyring_find_finish (PfaSecretStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
return_done (GTask *task, gboolean done, GError *error)
{
  if (error != NULL)
    g_task_return_error (task, pfa_error_adopt (error));
  else
    g_task_return_boolean (task, done);
}

static void
on_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  GError *error = NULL;
  gboolean done = secret_password_store_finish (result, &error);

  return_done (task, done, error);
}

static void
on_forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  GError *error = NULL;

  secret_password_clear_finish (result, &error);
  return_done (task, TRUE, error);
}

static void
keyring_keep_async (PfaSecretStore *store,
                    const char *address,
                    const PfaTerminalSecrets *secrets,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *text = NULL;

  if (secrets == NULL)
    {
      secret_password_clear (&schema, cancellable, on_forgotten_cb, task, "address", address, NULL);
      return;
    }
  object = pfa_terminal_secrets_to_json (secrets);
  text = pfa_json_write_object (object, FALSE);
  secret_password_store (&schema,
                         SECRET_COLLECTION_DEFAULT,
                         address,
                         text,
                         cancellable,
                         on_kept_cb,
                         task,
                         "address",
                         address,
                         NULL);
}

static gboolean
keyring_keep_finish (PfaSecretStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
store_iface_init (PfaSecretStoreInterface *iface)
{
  iface->find_async = keyring_find_async;
  iface->find_finish = keyring_find_finish;
  iface->keep_async = keyring_keep_async;
  iface->keep_finish = keyring_keep_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaKeyringSecretStore,
                               pfa_keyring_secret_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PFA_TYPE_SECRET_STORE, store_iface_init))

PfaSecretStore *
pfa_keyring_secret_store_new (void)
{
  return g_object_new (PFA_TYPE_KEYRING_SECRET_STORE, NULL);
}

static void
pfa_keyring_secret_store_class_init (PfaKeyringSecretStoreClass *klass)
{
}

static void
pfa_keyring_secret_store_init (PfaKeyringSecretStore *self)
{
}
