/* pfa-sim-certificate.c - a maker's root and a terminal's certificate, made when the simulator
 * starts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-sim-certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define LIFETIME_S (10 * 365 * 86400L)
#define BEFORE_S   (-86400L)

static void
set_name (X509_NAME *name, const char *common_name)
{
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_UTF8, (const guint8 *) common_name, -1, -1, 0);
}

static void
add_extension (X509 *certificate, X509 *issuer, int id, const char *value)
{
  X509V3_CTX context;
  X509_EXTENSION *extension;

  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, id, value);
  if (extension != NULL)
    X509_add_ext (certificate, extension, -1);
  X509_EXTENSION_free (extension);
}

/* @issuer NULL: a root of its own. */
static X509 *
make (EVP_PKEY *key, const char *common_name, X509 *issuer, EVP_PKEY *issuer_key, long serial)
{
  X509 *certificate = X509_new ();

  X509_set_version (certificate, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), serial);
  X509_gmtime_adj (X509_getm_notBefore (certificate), BEFORE_S);
  X509_gmtime_adj (X509_getm_notAfter (certificate), LIFETIME_S);
  X509_set_pubkey (certificate, key);
  set_name (X509_get_subject_name (certificate), common_name);
  X509_set_issuer_name (certificate, X509_get_subject_name (issuer != NULL ? issuer : certificate));
  if (issuer == NULL)
    {
      add_extension (certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
      add_extension (certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    }
  add_extension (certificate,
                 issuer != NULL ? issuer : certificate,
                 NID_subject_key_identifier,
                 "hash");
  X509_sign (certificate, issuer != NULL ? issuer_key : key, EVP_sha256 ());
  return certificate;
}

static char *
dup_memory (BIO *memory)
{
  char *data = NULL;
  long length = BIO_get_mem_data (memory, &data);

  return g_strndup (data, (gsize) length);
}

static char *
dup_pem (X509 *certificate, EVP_PKEY *key)
{
  BIO *memory = BIO_new (BIO_s_mem ());
  char *pem;

  PEM_write_bio_X509 (memory, certificate);
  if (key != NULL)
    PEM_write_bio_PrivateKey (memory, key, NULL, NULL, 0, NULL, NULL);
  pem = dup_memory (memory);
  BIO_free (memory);
  return pem;
}

GTlsCertificate *
pfa_sim_certificate_new (const char *common_name, char **root_pem, GError **error)
{
  EVP_PKEY *root_key = EVP_EC_gen ("P-256");
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *root = make (root_key, "Simulated terminal root", NULL, NULL, 1);
  X509 *leaf = make (key, common_name, root, root_key, 2);
  g_autofree char *pem = dup_pem (leaf, key);

  *root_pem = dup_pem (root, NULL);
  X509_free (leaf);
  X509_free (root);
  EVP_PKEY_free (key);
  EVP_PKEY_free (root_key);
  return g_tls_certificate_new_from_pem (pem, -1, error);
}
