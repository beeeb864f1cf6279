/* pfa-default-secret-store.c - the file that POS_FIRST_AID_SECRETS names, else the person's keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-deadline.h"
#include "pfa-error.h"
#include "pfa-secret-store.h"

#define FILE_VARIABLE "POS_FIRST_AID_SECRETS"
/* A keyring that asks the person for its own password waits as long; then the read goes on without.
 */
#define KEYRING_TIMEOUT_MS 10000

#define PFA_TYPE_DEFAULT_SECRET_STORE (pfa_default_secret_store_get_type ())
G_DECLARE_FINAL_TYPE (PfaDefaultSecretStore,
                      pfa_default_secret_store,
                      PFA,
                      DEFAULT_SECRET_STORE,
                      GObject)

struct _PfaDefaultSecretStore
{
  GObject parent_instance;

  PfaSecretStore *keyring; /* NULL on machines without a session bus */
};

/* Asking a bus that is not there would try to start one. */
static gboolean
has_session_bus (void)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);

  if (address != NULL)
    return address[0] != '\0';
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
on_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  PfaTerminalSecrets *secrets =
      pfa_secret_store_find_finish (PFA_SECRET_STORE (source), result, &error);

  /* No secret service, a locked keyring: most terminals can be read without. */
  if (error != NULL)
    g_debug ("keyring: %s", error->message);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, secrets, (GDestroyNotify) pfa_terminal_secrets_free);
  else
    pfa_terminal_secrets_free (secrets);
}

static void
default_find_async (PfaSecretStore *store,
                    const char *address,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  PfaDefaultSecretStore *self = PFA_DEFAULT_SECRET_STORE (store);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *path = g_getenv (FILE_VARIABLE);
  g_autoptr (PfaTerminalSecrets) secrets = NULL;
  g_autoptr (GError) error = NULL;
  PfaDeadline *deadline;

  if (path != NULL && path[0] != '\0')
    secrets = pfa_secret_file_find (path, address, &error);
  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (secrets != NULL || self->keyring == NULL)
    {
      g_task_return_pointer (task,
                             g_steal_pointer (&secrets),
                             (GDestroyNotify) pfa_terminal_secrets_free);
      return;
    }
  deadline = pfa_deadline_new (KEYRING_TIMEOUT_MS, cancellable);
  g_task_set_task_data (task, deadline, (GDestroyNotify) pfa_deadline_free);
  pfa_secret_store_find_async (self->keyring,
                               address,
                               pfa_deadline_get_cancellable (deadline),
                               on_found_cb,
                               g_steal_pointer (&task));
}

static PfaTerminalSecrets *
default_find_finish (PfaSecretStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
default_keep_async (PfaSecretStore *store,
                    const char *address,
                    const PfaTerminalSecrets *secrets,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  PfaDefaultSecretStore *self = PFA_DEFAULT_SECRET_STORE (store);

  if (self->keyring != NULL)
    pfa_secret_store_keep_async (self->keyring, address, secrets, cancellable, callback, user_data);
  else
    g_task_report_new_error (self,
                             callback,
                             user_data,
                             default_keep_async,
                             PFA_ERROR,
                             PFA_ERROR_NOT_SUPPORTED,
                             "this session has no keyring");
}

static gboolean
default_keep_finish (PfaSecretStore *store, GAsyncResult *result, GError **error)
{
  PfaDefaultSecretStore *self = PFA_DEFAULT_SECRET_STORE (store);

  if (self->keyring != NULL)
    return pfa_secret_store_keep_finish (self->keyring, result, error);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
store_iface_init (PfaSecretStoreInterface *iface)
{
  iface->find_async = default_find_async;
  iface->find_finish = default_find_finish;
  iface->keep_async = default_keep_async;
  iface->keep_finish = default_keep_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaDefaultSecretStore,
                               pfa_default_secret_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PFA_TYPE_SECRET_STORE, store_iface_init))

PfaSecretStore *
pfa_default_secret_store_new (void)
{
  PfaDefaultSecretStore *self = g_object_new (PFA_TYPE_DEFAULT_SECRET_STORE, NULL);

  if (has_session_bus ())
    self->keyring = pfa_keyring_secret_store_new ();
  return PFA_SECRET_STORE (self);
}

static void
pfa_default_secret_store_dispose (GObject *object)
{
  g_clear_object (&PFA_DEFAULT_SECRET_STORE (object)->keyring);

  G_OBJECT_CLASS (pfa_default_secret_store_parent_class)->dispose (object);
}

static void
pfa_default_secret_store_class_init (PfaDefaultSecretStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pfa_default_secret_store_dispose;
}

static void
pfa_default_secret_store_init (PfaDefaultSecretStore *self)
{
}
