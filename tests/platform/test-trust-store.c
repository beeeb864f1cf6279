/* test-trust-store.c - the front of the system's authorities checks as they do, and costs no more
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/socket.h>

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

/* A server's key that protects nothing, and two certificates of it for pay.provider.test, signed by
 * themselves: from 2020 until 2126, and until 2021. */
static const char server_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxhKlfq2gP1RPj5j4\n"
    "KlC9ROIsMQW9xwzDIs/tjBtlZKehRANCAATgtr0Jwv2Pa39DtRn8c2ucsVldPcbq\n"
    "1CwMqnTbTQTla4P9aPMsgjR8jffPbUtiNPjN5bRk//wVLU1h5L7SY9nv\n"
    "-----END PRIVATE KEY-----\n";

static const char server_certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBeDCCAR+gAwIBAgIBAjAKBggqhkjOPQQDAjAcMRowGAYDVQQDDBFwYXkucHJv\n"
    "dmlkZXIudGVzdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTI2MDEwMTAwMDAwMFowHDEa\n"
    "MBgGA1UEAwwRcGF5LnByb3ZpZGVyLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMB\n"
    "BwNCAATgtr0Jwv2Pa39DtRn8c2ucsVldPcbq1CwMqnTbTQTla4P9aPMsgjR8jffP\n"
    "bUtiNPjN5bRk//wVLU1h5L7SY9nvo1AwTjAcBgNVHREEFTATghFwYXkucHJvdmlk\n"
    "ZXIudGVzdDAPBgNVHRMBAf8EBTADAQH/MB0GA1UdDgQWBBSrrE+dtD3pjl8MAkL4\n"
    "wnwUdWqHuzAKBggqhkjOPQQDAgNHADBEAiBKScd3vWPyd3PDC+dto1qMS1/N7lyD\n"
    "6cKqaY9rJmf1hgIgJrd4nTxReKdnueyHwOcHlE6iE/b+eKD5MQqZhXxrvh4=\n"
    "-----END CERTIFICATE-----\n";

static const char expired_certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdjCCAR2gAwIBAgIBATAKBggqhkjOPQQDAjAcMRowGAYDVQQDDBFwYXkucHJv\n"
    "dmlkZXIudGVzdDAeFw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMBwxGjAY\n"
    "BgNVBAMMEXBheS5wcm92aWRlci50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD\n"
    "QgAE4La9CcL9j2t/Q7UZ/HNrnLFZXT3G6tQsDKp0200E5WuD/WjzLII0fI33z21L\n"
    "YjT4zeW0ZP/8FS1NYeS+0mPZ76NQME4wHAYDVR0RBBUwE4IRcGF5LnByb3ZpZGVy\n"
    "LnRlc3QwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUq6xPnbQ96Y5fDAJC+MJ8\n"
    "FHVqh7swCgYIKoZIzj0EAwIDRwAwRAIgUC9Jke+RR22I2nHA693dgRRuBAdj7JsV\n"
    "yUGXauaSps4CIGiGKX7b/o3L9dH+aqh0APD34e5/KkDW8TCeDEtuFeoA\n"
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

/* @trusted: PEM, or NULL for the system's own authorities. */
static GTlsDatabase *
make_database (const char *trusted)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  GTlsDatabase *database;
  int fd;

  if (trusted == NULL)
    return g_tls_backend_get_default_database (g_tls_backend_get_default ());
  fd = g_file_open_tmp ("trust-XXXXXX.pem", &path, &error);
  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (path, trusted, -1, &error);
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
  g_autoptr (GTlsDatabase) system = make_database (row->trusted ? certificate_text : NULL);
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

typedef struct
{
  const char *name;
  const char *certificate; /* the server's */
  const char *trusted;     /* what the client trusts; NULL: the system's own */
  const char *host;        /* whom the client asks for */
  GTlsCertificateFlags flags;
} HandshakeCase;

static const HandshakeCase handshake_cases[] = {
  { "sound", server_certificate, server_certificate, "pay.provider.test", 0 },
  { "other-name",
    server_certificate,
    server_certificate,
    "other.provider.test",
    G_TLS_CERTIFICATE_BAD_IDENTITY },
  { "expired",
    expired_certificate,
    expired_certificate,
    "pay.provider.test",
    G_TLS_CERTIFICATE_EXPIRED },
  { "signed-by-itself",
    server_certificate,
    NULL,
    "pay.provider.test",
    G_TLS_CERTIFICATE_UNKNOWN_CA },
  { "trusted-name-with-another-key",
    server_certificate,
    certificate_text,
    "pay.provider.test",
    G_TLS_CERTIFICATE_GENERIC_ERROR },
};

typedef struct
{
  GMainLoop *loop;
  GTlsCertificateFlags flags; /* what the client objects to */
  guint left;                 /* ends that are still at it */
  GCancellable *stop;         /* of the server */
  gboolean shaken;
  GError *error;
} Handshake;

static gboolean
on_objected_cb (GTlsConnection *connection,
                GTlsCertificate *certificate,
                GTlsCertificateFlags flags,
                gpointer user_data)
{
  ((Handshake *) user_data)->flags = flags;
  return FALSE;
}

static void
end_one (Handshake *self)
{
  if (--self->left == 0)
    g_main_loop_quit (self->loop);
}

static void
on_client_shaken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Handshake *self = user_data;

  self->shaken =
      g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &self->error);
  /* Whoever refuses goes without a word. */
  if (!self->shaken)
    g_cancellable_cancel (self->stop);
  end_one (self);
}

/* Only what the client thinks of it counts. */
static void
on_server_shaken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL);
  end_one (user_data);
}

static GIOStream *
wrap_end (int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) end = g_socket_new_from_fd (fd, &error);

  g_assert_no_error (error);
  return G_IO_STREAM (g_socket_connection_factory_create_connection (end));
}

static GIOStream *
begin_server (GIOStream *end, const char *certificate_pem, Handshake *handshake)
{
  g_autofree char *pem = g_strconcat (certificate_pem, server_key, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  GIOStream *server;

  g_assert_no_error (error);
  server = g_tls_server_connection_new (end, certificate, &error);
  g_assert_no_error (error);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (server),
                                    G_PRIORITY_DEFAULT,
                                    handshake->stop,
                                    on_server_shaken_cb,
                                    handshake);
  return server;
}

static GIOStream *
begin_client (GIOStream *end, const char *host, GTlsDatabase *database, Handshake *handshake)
{
  g_autoptr (GSocketConnectable) identity = g_network_address_new (host, 443);
  g_autoptr (GError) error = NULL;
  GIOStream *client = g_tls_client_connection_new (end, identity, &error);

  g_assert_no_error (error);
  g_tls_connection_set_database (G_TLS_CONNECTION (client), database);
  g_signal_connect (client, "accept-certificate", G_CALLBACK (on_objected_cb), handshake);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (client),
                                    G_PRIORITY_DEFAULT,
                                    NULL,
                                    on_client_shaken_cb,
                                    handshake);
  return client;
}

/* As the program's own connections do: a front as database, and nobody who would accept. */
static void
test_handshake (gconstpointer data)
{
  const HandshakeCase *row = data;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GTlsDatabase) system = make_database (row->trusted);
  g_autoptr (GTlsDatabase) front = pfa_trust_store_new (system);
  g_autoptr (GIOStream) near_end = NULL;
  g_autoptr (GIOStream) far_end = NULL;
  g_autoptr (GIOStream) client = NULL;
  g_autoptr (GIOStream) server = NULL;
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  Handshake handshake = { .loop = loop, .left = 2, .stop = stop };
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  near_end = wrap_end (fds[0]);
  far_end = wrap_end (fds[1]);
  server = begin_server (far_end, row->certificate, &handshake);
  client = begin_client (near_end, row->host, front, &handshake);
  g_main_loop_run (loop);

  g_assert_cmphex (handshake.flags, ==, row->flags);
  g_assert_true (handshake.shaken == (row->flags == 0));
  if (row->flags != 0)
    g_assert_error (handshake.error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_clear_error (&handshake.error);
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
  for (guint i = 0; i < G_N_ELEMENTS (handshake_cases); i++)
    {
      g_autofree char *path =
          g_strconcat ("/platform/trust-store/shakes-hands/", handshake_cases[i].name, NULL);

      g_test_add_data_func (path, &handshake_cases[i], test_handshake);
    }
  g_test_add_func ("/platform/trust-store/is-loaded-once-for-all", test_load);
  return g_test_run ();
}
