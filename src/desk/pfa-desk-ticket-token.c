/* pfa-desk-ticket-token.c - what only the merchant who was given it knows of a ticket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-tickets.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#include "pfa-error.h"

#define SECRET_BYTES 32

static GBytes *
ensure_secret (PfaDeskStore *store, GError **error)
{
  guint8 secret[SECRET_BYTES];
  sqlite3_stmt *statement;
  GBytes *bytes;

  if (RAND_bytes (secret, sizeof secret) != 1)
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           PFA_ERROR_INTERNAL,
                           "the system gives no random numbers");
      return NULL;
    }
  /* Several desks over one store agree on the first one's. */
  statement = pfa_desk_store_prepare (
      store,
      "INSERT OR IGNORE INTO settings (name, value) VALUES ('token-secret', ?)",
      error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_blob (statement, 1, secret, sizeof secret, SQLITE_TRANSIENT);
  if (!pfa_desk_store_run (store, statement, error))
    return NULL;
  statement = pfa_desk_store_prepare (store,
                                      "SELECT value FROM settings WHERE name = 'token-secret'",
                                      error);
  if (statement == NULL || !pfa_desk_store_step (store, statement, error))
    return NULL;
  bytes =
      g_bytes_new (sqlite3_column_blob (statement, 0), (gsize) sqlite3_column_bytes (statement, 0));
  sqlite3_reset (statement);
  return bytes;
}

char *
pfa_desk_tickets_dup_token (PfaDeskStore *store, const char *ticket, GError **error)
{
  g_autoptr (GBytes) secret = g_object_get_data (G_OBJECT (store), "token-secret");

  if (secret != NULL)
    g_bytes_ref (secret);
  else
    {
      secret = ensure_secret (store, error);
      if (secret == NULL)
        return NULL;
      g_object_set_data_full (G_OBJECT (store),
                              "token-secret",
                              g_bytes_ref (secret),
                              (GDestroyNotify) g_bytes_unref);
    }
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256,
                                    g_bytes_get_data (secret, NULL),
                                    g_bytes_get_size (secret),
                                    ticket,
                                    -1);
}

gboolean
pfa_desk_tickets_is_token (PfaDeskStore *store, const char *ticket, const char *token)
{
  g_autofree char *right = pfa_desk_tickets_dup_token (store, ticket, NULL);

  return right != NULL && token != NULL && strlen (token) == strlen (right) &&
         CRYPTO_memcmp (right, token, strlen (right)) == 0;
}
