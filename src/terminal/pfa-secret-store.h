/* pfa-secret-store.h - where the secrets of terminals are kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-terminal-secrets.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define PFA_TYPE_SECRET_STORE (pfa_secret_store_get_type ())
G_DECLARE_INTERFACE (PfaSecretStore, pfa_secret_store, PFA, SECRET_STORE, GObject)

struct _PfaSecretStoreInterface
{
  GTypeInterface parent_iface;

  void (*find_async) (PfaSecretStore *self,
                      const char *address,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  PfaTerminalSecrets *(*find_finish) (PfaSecretStore *self, GAsyncResult *result, GError **error);
  void (*keep_async) (PfaSecretStore *self,
                      const char *address,
                      const PfaTerminalSecrets *secrets,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  gboolean (*keep_finish) (PfaSecretStore *self, GAsyncResult *result, GError **error);
};

/* @address as pfa_terminal_address_parse() writes it out. NULL without @error: nothing is kept for
 * it. (transfer full) */
void pfa_secret_store_find_async (PfaSecretStore *self,
                                  const char *address,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
PfaTerminalSecrets *
pfa_secret_store_find_finish (PfaSecretStore *self, GAsyncResult *result, GError **error);
/* @secrets NULL: forgets them. Stores that only read fail with PFA_ERROR_NOT_SUPPORTED. */
void pfa_secret_store_keep_async (PfaSecretStore *self,
                                  const char *address,
                                  const PfaTerminalSecrets *secrets,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pfa_secret_store_keep_finish (PfaSecretStore *self, GAsyncResult *result, GError **error);

/* The person's keyring, over the secret service. */
PfaSecretStore *pfa_keyring_secret_store_new (void);
/* The file that POS_FIRST_AID_SECRETS names, else the keyring, else nothing. A session that is
 * given no secrets asks this one. */
PfaSecretStore *pfa_default_secret_store_new (void);
/* Forgets everything with itself; for tests and machines without a keyring. */
PfaSecretStore *pfa_memory_secret_store_new (void);

/* The file of DESIGN.md 4.1: {"ADDRESS": {…}}. Must belong to this person (or root) and be readable
 * by nobody else. NULL without @error: @address does not stand in it. (transfer full) */
PfaTerminalSecrets *pfa_secret_file_find (const char *path, const char *address, GError **error);

G_END_DECLS
