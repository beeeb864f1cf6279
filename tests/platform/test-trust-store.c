/* test-trust-store.c - the front of the system's authorities checks as they do, and costs no more
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>

#include "pfa-trust-store.h"

/* Signed by itself for pay.provider.test, until 2126; its key was thrown away. */
static const char certificate_text[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBrTCCAVOgAwIBAgIUQRH6w5/uqBKUFPa0D4tjE4B6VnkwCgYIKoZIzj0EAwIw\n"
    "HDEaMBgGA1UEAwwRcGF5LnByb3ZpZGVyLnRlc3QwIBcNMjYxMTIyMTMxNDQ4WhgP\n"
    "MjEyNjEwMjkxMzE0NDhaMBwxGjAYBgNVBAMMEXBheS5wcm92aWRlci50ZXN0MFkw\n"
    "EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEz1wH80fRwPurQQ2VZkm/pXqT7z0CUwLT\n"
    "fy40eP9ordYb7joqNbGInJuuND4O100pICpnCeLMBczeS6gzXdIKSqNxMG8wHQYD\n"
    "VR0OBBYEFNIgYzsNoqeEJ0i7JCAk+vLzBsP9MB8GA1UdIwQYMBaAFNIgYzsNoqeE\n"
    "J0i7JCAk+vLzBsP9MA8GA1UdEwEB/wQFMAMBAf8wHAYDVR0RBBUwE4IRcGF5LnBy\n"
    "b3ZpZGVyLnRlc3QwCgYIKoZIzj0EAwIDSAAwRQIgLCxv+ExVe1wez2Nj3nbwFcM6\n"
    "jleTs/6vii8/l6b9xK4CIQDQUa/BmKkZFbb9L284Zxm9tcKQedx04DEqXw1YO+lu\n"
    "6Q==\n"
    "-----END CERTIFICATE-----\n";

/* When a machine's clock is years off, that is not what is tried here. */
#define ALL_BUT_TIMES                                                                              \
  (~(GTlsCertificateFlags) (G_TLS_CERTIFICATE_NOT_ACTIVATED | G_TLS_CERTIFICATE_EXPIRED))

typedef struct
{
  const char *name;
  gboolean trusted;
  const char *host;
  GTlsCertificateFlags flags;
} VerifyCase;

static const VerifyCase verify_cases[] = {
  { "trusted", TRUE, "pay.provider.test", 0 },
  { "other-name", TRUE, "other.provider.test", G_TLS_CERTIFICATE_BAD_IDENTITY },
  { "not-trusted", FALSE, "pay.provider.test", G_TLS_CERTIFICATE_UNKNOWN_CA },
};

static GTlsDatabase *
make_database (gboolean trusted)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("trust-XXXXXX.pem", &path, &error);
  GTlsDatabase *database;

  g_assert_no_error (error);
  g_close (fd, NULL);
  if (!trusted)
    {
      g_unlink (path);
      return g_tls_backend_get_default_database (g_tls_backend_get_default ());
    }
  g_file_set_contents (path, certificate_text, -1, &error);
  g_assert_no_error (error);
  database = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return database;
}

static void
test_verify (gconstpointer data)
{
  const VerifyCase *row = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate =
      g_tls_certificate_new_from_pem (certificate_text, -1, &error);
  g_autoptr (GTlsDatabase) system = make_database (row->trusted);
  g_autoptr (GSocketConnectable) identity = g_network_address_new (row->host, 443);
  GTlsDatabase *front = pfa_trust_store_new (system);
  GTlsCertificateFlags flags;

  flags = g_tls_database_verify_chain (front,
                                       certificate,
                                       G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER,
                                       identity,
                                       NULL,
                                       G_TLS_DATABASE_VERIFY_NONE,
                                       NULL,
                                       &error);
  g_assert_no_error (error);
  g_assert_cmphex (flags & ALL_BUT_TIMES, ==, row->flags);
  g_assert_finalize_object (front);
}

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pfa_trust_store_load_finish (result, &error));
  g_assert_no_error (error);
  g_main_loop_quit (user_data);
}

static GTlsDatabase *
load (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  pfa_trust_store_load_async (NULL, on_loaded_cb, loop);
  g_main_loop_run (loop);
  return g_tls_backend_get_default_database (g_tls_backend_get_default ());
}

static void
test_load (void)
{
  g_autoptr (GTlsDatabase) first = load ();
  g_autoptr (GTlsDatabase) second = load ();
  g_autoptr (GInputStream) nothing = g_memory_input_stream_new ();
  g_autoptr (GOutputStream) nowhere = g_memory_output_stream_new_resizable ();
  g_autoptr (GIOStream) plain = g_simple_io_stream_new (nothing, nowhere);
  g_autoptr (GIOStream) secure = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (PFA_IS_TRUST_STORE (first));
  g_assert_true (first == second);
  /* A connection that is told nothing uses it. */
  secure = g_tls_client_connection_new (plain, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_tls_connection_get_database (G_TLS_CONNECTION (secure)) == first);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_print ("1..0 # SKIP no TLS on this machine\n");
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (verify_cases); i++)
    {
      g_autofree char *path =
          g_strconcat ("/platform/trust-store/verifies/", verify_cases[i].name, NULL);

      g_test_add_data_func (path, &verify_cases[i], test_verify);
    }
  g_test_add_func ("/platform/trust-store/is-loaded-once-for-all", test_load);
  return g_test_run ();
}
