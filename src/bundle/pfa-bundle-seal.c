/* pfa-bundle-seal.c - CMS AuthEnvelopedData, as a stream, for one or two certificates
 *
 * AES-256-GCM; the key is wrapped by RSA-OAEP with SHA-256 or by ECDH. `openssl cms -decrypt` opens
 * it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-seal.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "pfa-error.h"

#define MAX_CERTIFICATES  2
#define SMALLEST_RSA_BITS 2048
#define SEAL_FLAGS        (CMS_BINARY | CMS_STREAM | CMS_PARTIAL)

struct _PfaBundleSeal
{
  CMS_ContentInfo *cms;
  BIO *out;
  BIO *stream; /* ends in @out */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

static gboolean
fail (GError **error, const char *what)
{
  const unsigned long code = ERR_get_error ();
  const char *reason = code != 0 ? ERR_reason_error_string (code) : NULL;

  ERR_clear_error ();
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_UNTRUSTED,
               "%s%s%s",
               what,
               reason != NULL ? ": " : "",
               reason != NULL ? reason : "");
  return FALSE;
}

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, PFA_ERROR, PFA_ERROR_UNTRUSTED, sentence);
  return FALSE;
}

static gboolean
check_key (X509 *certificate, GError **error)
{
  EVP_PKEY *key = X509_get0_pubkey (certificate);
  const guint32 usage = X509_get_key_usage (certificate);
  char group[32] = "";

  if (key != NULL && EVP_PKEY_is_a (key, "RSA"))
    {
      if (EVP_PKEY_get_bits (key) < SMALLEST_RSA_BITS)
        return refuse (error, "the provider's certificate has an RSA key of fewer than 2048 bits");
      if ((usage & KU_KEY_ENCIPHERMENT) == 0)
        return refuse (
            error,
            "the provider's certificate is for another purpose: its key may not encrypt keys");
      return TRUE;
    }
  if (key != NULL && EVP_PKEY_is_a (key, "EC"))
    {
      EVP_PKEY_get_group_name (key, group, sizeof group, NULL);
      if (!g_str_equal (group, "prime256v1") && !g_str_equal (group, "P-256") &&
          !g_str_equal (group, "secp384r1") && !g_str_equal (group, "P-384"))
        return refuse (
            error,
            "the provider's certificate has an elliptic curve other than P-256 and P-384");
      if ((usage & KU_KEY_AGREEMENT) == 0)
        return refuse (
            error,
            "the provider's certificate is for another purpose: its key may not agree on keys");
      return TRUE;
    }
  return refuse (error, "the provider's certificate has neither an RSA nor an elliptic curve key");
}

static gboolean
check_certificate (X509 *certificate, GError **error)
{
  const guint32 extended = X509_get_extended_key_usage (certificate);

  if (X509_cmp_current_time (X509_get0_notBefore (certificate)) >= 0)
    return refuse (error,
                   "the provider's certificate is not valid yet; look at this computer's clock");
  if (X509_cmp_current_time (X509_get0_notAfter (certificate)) <= 0)
    return refuse (error, "the provider's certificate has expired");
  if (extended != G_MAXUINT32 && (extended & (XKU_SMIME | XKU_ANYEKU)) == 0)
    return refuse (error, "the provider's certificate is for another purpose than messages");
  return check_key (certificate, error);
}

static gboolean
add_recipient (PfaBundleSeal *self, X509 *certificate, GError **error)
{
  CMS_RecipientInfo *recipient;
  EVP_PKEY_CTX *context;

  if (!check_certificate (certificate, error))
    return FALSE;
  recipient =
      CMS_add1_recipient_cert (self->cms, certificate, SEAL_FLAGS | CMS_KEY_PARAM | CMS_USE_KEYID);
  if (recipient == NULL)
    /* A certificate without a key identifier is named by issuer and number. */
    recipient = CMS_add1_recipient_cert (self->cms, certificate, SEAL_FLAGS | CMS_KEY_PARAM);
  if (recipient == NULL)
    return fail (error, "the bundle cannot be sealed for the provider's certificate");
  context = CMS_RecipientInfo_get0_pkey_ctx (recipient);
  if (EVP_PKEY_is_a (X509_get0_pubkey (certificate), "RSA") &&
      (EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_OAEP_PADDING) <= 0 ||
       EVP_PKEY_CTX_set_rsa_oaep_md (context, EVP_sha256 ()) <= 0 ||
       EVP_PKEY_CTX_set_rsa_mgf1_md (context, EVP_sha256 ()) <= 0))
    return fail (error, "the bundle cannot be sealed with RSA-OAEP");
  return TRUE;
}

static gboolean
add_recipients (PfaBundleSeal *self, const char *certificates, GError **error)
{
  g_autoptr (BIO) in = BIO_new_mem_buf (certificates, -1);
  guint n = 0;

  for (;;)
    {
      g_autoptr (X509) certificate = PEM_read_bio_X509 (in, NULL, NULL, NULL);

      if (certificate == NULL)
        break;
      if (++n > MAX_CERTIFICATES)
        return refuse (error, "there are more than two certificates to seal for");
      if (!add_recipient (self, certificate, error))
        return FALSE;
    }
  ERR_clear_error ();
  return n > 0 || refuse (error, "there is no certificate to seal for, or it cannot be read");
}

PfaBundleSeal *
pfa_bundle_seal_new (const char *certificates, int fd, GError **error)
{
  g_autoptr (PfaBundleSeal) self = g_new0 (PfaBundleSeal, 1);

  self->cms = CMS_encrypt (NULL, NULL, EVP_aes_256_gcm (), SEAL_FLAGS);
  if (self->cms == NULL)
    {
      fail (error, "the bundle cannot be sealed");
      return NULL;
    }
  if (!add_recipients (self, certificates, error))
    return NULL;
  self->out = BIO_new_fd (fd, BIO_NOCLOSE);
  self->stream = self->out != NULL ? BIO_new_CMS (self->out, self->cms) : NULL;
  if (self->stream == NULL)
    {
      fail (error, "the bundle cannot be sealed");
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
pfa_bundle_seal_free (PfaBundleSeal *self)
{
  if (self->stream != NULL)
    BIO_free_all (self->stream);
  else
    BIO_free (self->out);
  CMS_ContentInfo_free (self->cms);
  g_free (self);
}

gboolean
pfa_bundle_seal_write (PfaBundleSeal *self, gconstpointer data, gsize length, GError **error)
{
  gsize written;

  if (BIO_write_ex (self->stream, data, length, &written) == 1 && written == length)
    return TRUE;
  return fail (error, "the sealed bundle cannot be written");
}

gboolean
pfa_bundle_seal_finish (PfaBundleSeal *self, GError **error)
{
  if (BIO_flush (self->stream) == 1)
    return TRUE;
  return fail (error, "the sealed bundle cannot be finished");
}
