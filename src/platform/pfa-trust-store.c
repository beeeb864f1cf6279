/* pfa-trust-store.c - the authorities this computer trusts, read once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-trust-store.h"

#include "pfa-error.h"

struct _PfaTrustStore
{
  GTlsDatabase parent_instance;

  GTlsDatabase *system;
};

G_DEFINE_FINAL_TYPE (PfaTrustStore, pfa_trust_store, G_TYPE_TLS_DATABASE)

GTlsDatabase *
pfa_trust_store_new (GTlsDatabase *system)
{
  PfaTrustStore *self = g_object_new (PFA_TYPE_TRUST_STORE, NULL);

  self->system = g_object_ref (system);
  return G_TLS_DATABASE (self);
}

static void
load (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  g_autoptr (GTlsDatabase) system = g_tls_backend_get_default_database (backend);

  if (system == NULL)
    {
      g_task_return_new_error (task, PFA_ERROR, PFA_ERROR_INTERNAL, "no trusted authorities");
      return;
    }
  if (!PFA_IS_TRUST_STORE (system))
    {
      g_autoptr (GTlsDatabase) front = pfa_trust_store_new (system);

      g_tls_backend_set_default_database (backend, front);
    }
  g_task_return_boolean (task, TRUE);
}

void
pfa_trust_store_load_async (GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pfa_trust_store_load_async);
  g_task_run_in_thread (task, load);
}

gboolean
pfa_trust_store_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static GTlsCertificateFlags
pfa_trust_store_verify_chain (GTlsDatabase *database,
                              GTlsCertificate *chain,
                              const char *purpose,
                              GSocketConnectable *identity,
                              GTlsInteraction *interaction,
                              GTlsDatabaseVerifyFlags flags,
                              GCancellable *cancellable,
                              GError **error)
{
  return g_tls_database_verify_chain (PFA_TRUST_STORE (database)->system,
                                      chain,
                                      purpose,
                                      identity,
                                      interaction,
                                      flags,
                                      cancellable,
                                      error);
}

static GTlsCertificate *
pfa_trust_store_lookup_certificate_issuer (GTlsDatabase *database,
                                           GTlsCertificate *certificate,
                                           GTlsInteraction *interaction,
                                           GTlsDatabaseLookupFlags flags,
                                           GCancellable *cancellable,
                                           GError **error)
{
  return g_tls_database_lookup_certificate_issuer (PFA_TRUST_STORE (database)->system,
                                                   certificate,
                                                   interaction,
                                                   flags,
                                                   cancellable,
                                                   error);
}

static GList *
pfa_trust_store_lookup_certificates_issued_by (GTlsDatabase *database,
                                               GByteArray *issuer,
                                               GTlsInteraction *interaction,
                                               GTlsDatabaseLookupFlags flags,
                                               GCancellable *cancellable,
                                               GError **error)
{
  return g_tls_database_lookup_certificates_issued_by (PFA_TRUST_STORE (database)->system,
                                                       issuer,
                                                       interaction,
                                                       flags,
                                                       cancellable,
                                                       error);
}

static char *
pfa_trust_store_create_certificate_handle (GTlsDatabase *database, GTlsCertificate *certificate)
{
  return g_tls_database_create_certificate_handle (PFA_TRUST_STORE (database)->system, certificate);
}

static GTlsCertificate *
pfa_trust_store_lookup_certificate_for_handle (GTlsDatabase *database,
                                               const char *handle,
                                               GTlsInteraction *interaction,
                                               GTlsDatabaseLookupFlags flags,
                                               GCancellable *cancellable,
                                               GError **error)
{
  return g_tls_database_lookup_certificate_for_handle (PFA_TRUST_STORE (database)->system,
                                                       handle,
                                                       interaction,
                                                       flags,
                                                       cancellable,
                                                       error);
}

static void
pfa_trust_store_dispose (GObject *object)
{
  g_clear_object (&PFA_TRUST_STORE (object)->system);
  G_OBJECT_CLASS (pfa_trust_store_parent_class)->dispose (object);
}

static void
pfa_trust_store_class_init (PfaTrustStoreClass *class)
{
  GTlsDatabaseClass *database_class = G_TLS_DATABASE_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = pfa_trust_store_dispose;
  database_class->verify_chain = pfa_trust_store_verify_chain;
  database_class->lookup_certificate_issuer = pfa_trust_store_lookup_certificate_issuer;
  database_class->lookup_certificates_issued_by = pfa_trust_store_lookup_certificates_issued_by;
  database_class->create_certificate_handle = pfa_trust_store_create_certificate_handle;
  database_class->lookup_certificate_for_handle = pfa_trust_store_lookup_certificate_for_handle;
}

static void
pfa_trust_store_init (PfaTrustStore *self)
{
}
