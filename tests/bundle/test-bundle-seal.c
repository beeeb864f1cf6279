/* test-bundle-seal.c - what is sealed opens with openssl and the right key, and not otherwise
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bundle-fixture.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "pfa-error.h"

static char *
to_pem (gboolean (*write) (BIO *out, gpointer data), gpointer data)
{
  BIO *out = BIO_new (BIO_s_mem ());
  char *text;
  long length;
  char *copy;

  g_assert_true (write (out, data));
  length = BIO_get_mem_data (out, &text);
  copy = g_strndup (text, (gsize) length);
  BIO_free (out);
  return copy;
}

static gboolean
write_key (BIO *out, gpointer data)
{
  return PEM_write_bio_PrivateKey (out, data, NULL, NULL, 0, NULL, NULL) == 1;
}

static gboolean
write_certificate (BIO *out, gpointer data)
{
  return PEM_write_bio_X509 (out, data) == 1;
}

static void
add_extension (X509 *certificate, int nid, const char *value)
{
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, NULL, nid, value);

  g_assert_nonnull (extension);
  X509_add_ext (certificate, extension, -1);
  X509_EXTENSION_free (extension);
}

/* @days: until when it is valid, from a day ago. */
static char *
make_certificate (EVP_PKEY *key, int days, const char *usage, const char *extended)
{
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);
  char *pem;

  X509_set_version (certificate, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -2 * 86400);
  X509_gmtime_adj (X509_getm_notAfter (certificate), (long) days * 86400);
  X509_set_pubkey (certificate, key);
  X509_NAME_add_entry_by_txt (name,
                              "CN",
                              MBSTRING_ASC,
                              (const unsigned char *) "Support",
                              -1,
                              -1,
                              0);
  X509_set_issuer_name (certificate, name);
  if (usage != NULL)
    add_extension (certificate, NID_key_usage, usage);
  if (extended != NULL)
    add_extension (certificate, NID_ext_key_usage, extended);
  X509_sign (certificate, key, EVP_sha256 ());
  pem = to_pem (write_certificate, certificate);
  X509_free (certificate);
  return pem;
}

/* What openssl makes of @sealed with @key; NULL when it fails. */
static char *
open_with (Fixture *fixture, const char *sealed, EVP_PKEY *key, const char *certificate)
{
  g_autofree char *key_path = g_build_filename (fixture->folder, "key.pem", NULL);
  g_autofree char *certificate_path = g_build_filename (fixture->folder, "certificate.pem", NULL);
  g_autofree char *plain = g_build_filename (fixture->folder, "opened.posaid.zip", NULL);
  g_autofree char *key_pem = to_pem (write_key, key);
  const char *command[] = { "openssl", "cms",    "-decrypt", "-binary", "-inform",
                            "DER",     "-in",    sealed,     "-recip",  certificate_path,
                            "-inkey",  key_path, "-out",     plain,     NULL };
  int status = -1;

  g_assert_true (g_file_set_contents (key_path, key_pem, -1, NULL));
  g_assert_true (g_file_set_contents (certificate_path, certificate, -1, NULL));
  g_spawn_sync (NULL,
                (char **) command,
                NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                NULL,
                NULL,
                NULL,
                NULL,
                &status,
                NULL);
  return status == 0 ? g_steal_pointer (&plain) : NULL;
}

static void
seal_and_open (EVP_PKEY *key, const char *certificates, const char *own)
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *plain = NULL;

  fixture_set_up (&fixture);
  bundle = fixture_make_bundle (&fixture);
  pfa_bundle_write (bundle, fixture.path, certificates, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (pfa_bundle_is_sealed (fixture.path));
  g_assert_null (pfa_bundle_verify (fixture.path, NULL, NULL));
  plain = open_with (&fixture, fixture.path, key, own);
  g_assert_nonnull (plain);
  contents = pfa_bundle_verify (plain, NULL, &error);
  g_assert_no_error (error);
  fixture_tear_down (&fixture);
}

static gboolean
has_openssl (void)
{
  g_autofree char *path = g_find_program_in_path ("openssl");

  if (path == NULL)
    g_test_skip ("the program openssl is not here");
  return path != NULL;
}

static void
test_rsa (void)
{
  EVP_PKEY *key = EVP_RSA_gen (2048);
  g_autofree char *certificate = make_certificate (key, 30, NULL, NULL);

  if (has_openssl ())
    seal_and_open (key, certificate, certificate);
  EVP_PKEY_free (key);
}

static void
test_both (void)
{
  EVP_PKEY *rsa = EVP_RSA_gen (2048);
  EVP_PKEY *ec = EVP_EC_gen ("P-256");
  g_autofree char *one = make_certificate (rsa, 30, "keyEncipherment", "emailProtection");
  g_autofree char *other = make_certificate (ec, 30, "keyAgreement", NULL);
  g_autofree char *both = g_strconcat (one, other, NULL);

  if (has_openssl ())
    {
      seal_and_open (ec, both, other);
      seal_and_open (rsa, both, one);
    }
  EVP_PKEY_free (rsa);
  EVP_PKEY_free (ec);
}

static void
test_wrong_key (void)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  EVP_PKEY *stranger = EVP_EC_gen ("P-256");
  g_autofree char *certificate = make_certificate (key, 30, NULL, NULL);
  g_autofree char *other = make_certificate (stranger, 30, NULL, NULL);
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;

  fixture_set_up (&fixture);
  bundle = fixture_make_bundle (&fixture);
  g_assert_true (pfa_bundle_write (bundle, fixture.path, certificate, NULL, NULL));
  if (has_openssl ())
    {
      g_autofree char *plain = open_with (&fixture, fixture.path, stranger, other);

      g_assert_null (plain);
    }
  fixture_tear_down (&fixture);
  EVP_PKEY_free (key);
  EVP_PKEY_free (stranger);
}

typedef struct
{
  const char *name;
  const char *curve; /* NULL: RSA */
  guint bits;
  int days;
  const char *usage;
  const char *extended;
  const char *says;
} Refusal;

static const Refusal refusals[] = {
  { "expired", NULL, 2048, -1, NULL, NULL, "expired" },
  { "signing-only", NULL, 2048, 30, "digitalSignature", NULL, "another purpose" },
  { "server-only", NULL, 2048, 30, NULL, "serverAuth", "another purpose" },
  { "ec-signing-only", "P-256", 0, 30, "digitalSignature", NULL, "another purpose" },
  { "short-key", NULL, 1024, 30, NULL, NULL, "2048" },
  { "odd-curve", "secp256k1", 0, 30, NULL, NULL, "P-256" },
};

static void
test_refused (gconstpointer data)
{
  const Refusal *refusal = data;
  EVP_PKEY *key =
      refusal->curve != NULL ? EVP_EC_gen (refusal->curve) : EVP_RSA_gen (refusal->bits);
  g_autofree char *certificate =
      make_certificate (key, refusal->days, refusal->usage, refusal->extended);
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (GError) error = NULL;
  Fixture fixture;

  fixture_set_up (&fixture);
  bundle = fixture_make_bundle (&fixture);
  g_assert_false (pfa_bundle_write (bundle, fixture.path, certificate, NULL, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_UNTRUSTED);
  g_assert_nonnull (strstr (error->message, refusal->says));
  g_assert_false (g_file_test (fixture.path, G_FILE_TEST_EXISTS));
  fixture_tear_down (&fixture);
  EVP_PKEY_free (key);
}

static void
test_no_certificate (void)
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  bundle = fixture_make_bundle (&fixture);
  g_assert_false (pfa_bundle_write (bundle, fixture.path, "nothing of the kind", NULL, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_UNTRUSTED);
  g_assert_false (g_file_test (fixture.path, G_FILE_TEST_EXISTS));
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/seal/rsa-opens", test_rsa);
  g_test_add_func ("/bundle/seal/two-recipients-both-open", test_both);
  g_test_add_func ("/bundle/seal/wrong-key-does-not-open", test_wrong_key);
  g_test_add_func ("/bundle/seal/no-certificate", test_no_certificate);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strdup_printf ("/bundle/seal/refuses/%s", refusals[i].name);

      g_test_add_data_func (path, &refusals[i], test_refused);
    }
  return g_test_run ();
}
