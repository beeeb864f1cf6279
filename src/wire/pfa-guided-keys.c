/* pfa-guided-keys.c - the key agreement of a guided session and the sealing of its frames
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-keys.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <string.h>

#include "pfa-error.h"

#define SECRET_SIZE       32
#define CIPHER_KEY_SIZE   32
#define CIPHER_NONCE_SIZE 12

static const char *const direction_info[] = {
  [PFA_GUIDED_MERCHANT] = "posaid-guided-v1 merchant to agent",
  [PFA_GUIDED_AGENT] = "posaid-guided-v1 agent to merchant",
};

struct _PfaGuidedKeys
{
  PfaGuidedRole role;
  EVP_PKEY *pair;
  guint8 public_key[PFA_GUIDED_KEY_SIZE];
  guint8 nonce[PFA_GUIDED_NONCE_SIZE];
  /* What follows is set by pfa_guided_keys_agree(). Index: whose frames the key seals. */
  guint8 cipher_keys[2][CIPHER_KEY_SIZE];
  gboolean agreed;
  guint comparison;
  guint64 last_sealed;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF, EVP_KDF_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF_CTX, EVP_KDF_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM, OSSL_PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_clear_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_GROUP, EC_GROUP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_POINT, EC_POINT_free)

static gboolean
fail (GError **error, PfaError code, const char *what)
{
  g_set_error (error, PFA_ERROR, code, "guided session: %s", what);
  return FALSE;
}

/* SHA-256 over pieces: pointer, size, …, NULL. */
static void
hash_pieces (guint8 hash[PFA_GUIDED_HASH_SIZE], ...)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = PFA_GUIDED_HASH_SIZE;
  va_list pieces;

  va_start (pieces, hash);
  for (const guint8 *piece = va_arg (pieces, const guint8 *); piece != NULL;
       piece = va_arg (pieces, const guint8 *))
    g_checksum_update (checksum, piece, (gssize) va_arg (pieces, gsize));
  va_end (pieces);
  g_checksum_get_digest (checksum, hash, &size);
}

static gboolean
read_public (PfaGuidedKeys *self)
{
  gsize size = 0;

  return EVP_PKEY_get_octet_string_param (self->pair,
                                          OSSL_PKEY_PARAM_PUB_KEY,
                                          self->public_key,
                                          sizeof self->public_key,
                                          &size) == 1 &&
         size == sizeof self->public_key;
}

PfaGuidedKeys *
pfa_guided_keys_new (PfaGuidedRole role, GError **error)
{
  g_autoptr (PfaGuidedKeys) self = g_new0 (PfaGuidedKeys, 1);

  self->role = role;
  self->pair = EVP_EC_gen ("P-256");
  if (self->pair == NULL || !read_public (self) ||
      RAND_bytes (self->nonce, sizeof self->nonce) != 1)
    {
      fail (error, PFA_ERROR_INTERNAL, "no key could be made");
      return NULL;
    }
  return g_steal_pointer (&self);
}

static EVP_PKEY *
build_pair (const guint8 *private_key, const guint8 *public_key)
{
  g_autoptr (OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new ();
  g_autoptr (OSSL_PARAM) parameters = NULL;
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  g_autoptr (BIGNUM) number = private_key ? BN_bin2bn (private_key, SECRET_SIZE, NULL) : NULL;
  EVP_PKEY *pair = NULL;

  OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string (builder,
                                    OSSL_PKEY_PARAM_PUB_KEY,
                                    public_key,
                                    PFA_GUIDED_KEY_SIZE);
  if (number != NULL)
    OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_PRIV_KEY, number);
  parameters = OSSL_PARAM_BLD_to_param (builder);
  if (parameters == NULL || EVP_PKEY_fromdata_init (context) != 1 ||
      EVP_PKEY_fromdata (context,
                         &pair,
                         number != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                         parameters) != 1)
    return NULL;
  return pair;
}

PfaGuidedKeys *
pfa_guided_keys_new_fixed (PfaGuidedRole role,
                           const guint8 *private_key,
                           const guint8 *nonce,
                           GError **error)
{
  g_autoptr (PfaGuidedKeys) self = g_new0 (PfaGuidedKeys, 1);
  g_autoptr (EC_GROUP) group = EC_GROUP_new_by_curve_name (NID_X9_62_prime256v1);
  g_autoptr (EC_POINT) point = EC_POINT_new (group);
  g_autoptr (BIGNUM) number = BN_bin2bn (private_key, SECRET_SIZE, NULL);

  self->role = role;
  memcpy (self->nonce, nonce, sizeof self->nonce);
  if (EC_POINT_mul (group, point, number, NULL, NULL, NULL) == 1 &&
      EC_POINT_point2oct (group,
                          point,
                          POINT_CONVERSION_UNCOMPRESSED,
                          self->public_key,
                          sizeof self->public_key,
                          NULL) == sizeof self->public_key)
    self->pair = build_pair (private_key, self->public_key);
  if (self->pair == NULL)
    {
      fail (error, PFA_ERROR_BAD_INPUT, "this is no private key of P-256");
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
pfa_guided_keys_free (PfaGuidedKeys *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->pair, EVP_PKEY_free);
  OPENSSL_cleanse (self, sizeof *self);
  g_free (self);
}

const guint8 *
pfa_guided_keys_get_public (PfaGuidedKeys *self)
{
  return self->public_key;
}

const guint8 *
pfa_guided_keys_get_nonce (PfaGuidedKeys *self)
{
  return self->nonce;
}

void
pfa_guided_compute_commitment (const guint8 *public_key,
                               const guint8 *nonce,
                               guint8 hash[PFA_GUIDED_HASH_SIZE])
{
  static const char label[] = "posaid-commit-v1";

  hash_pieces (hash,
               label,
               sizeof label - 1,
               public_key,
               (gsize) PFA_GUIDED_KEY_SIZE,
               nonce,
               (gsize) PFA_GUIDED_NONCE_SIZE,
               NULL);
}

static gboolean
derive_secret (PfaGuidedKeys *self, const guint8 *peer_public, guint8 secret[SECRET_SIZE])
{
  g_autoptr (EVP_PKEY) peer = build_pair (NULL, peer_public);
  g_autoptr (EVP_PKEY_CTX) check = NULL;
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (self->pair, NULL);
  gsize size = SECRET_SIZE;

  if (peer == NULL)
    return FALSE;
  check = EVP_PKEY_CTX_new (peer, NULL);
  return EVP_PKEY_public_check (check) == 1 && EVP_PKEY_derive_init (context) == 1 &&
         EVP_PKEY_derive_set_peer (context, peer) == 1 &&
         EVP_PKEY_derive (context, secret, &size) == 1 && size == SECRET_SIZE;
}

static gboolean
expand (const guint8 *secret, const guint8 *salt, const char *info, guint8 *key)
{
  g_autoptr (EVP_KDF) kdf = EVP_KDF_fetch (NULL, "HKDF", NULL);
  g_autoptr (EVP_KDF_CTX) context = EVP_KDF_CTX_new (kdf);
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_KDF_PARAM_DIGEST, (char *) "SHA256", 0),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_KEY, (void *) secret, SECRET_SIZE),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SALT, (void *) salt, PFA_GUIDED_HASH_SIZE),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_INFO, (void *) info, strlen (info)),
    OSSL_PARAM_construct_end (),
  };

  return context != NULL && EVP_KDF_derive (context, key, CIPHER_KEY_SIZE, parameters) == 1;
}

static void
hash_halves (PfaGuidedKeys *self,
             const guint8 *peer_public,
             const guint8 *peer_nonce,
             const char *session,
             const char *label,
             guint8 hash[PFA_GUIDED_HASH_SIZE])
{
  gboolean merchant = self->role == PFA_GUIDED_MERCHANT;

  hash_pieces (hash,
               label,
               strlen (label),
               merchant ? self->public_key : peer_public,
               (gsize) PFA_GUIDED_KEY_SIZE,
               merchant ? peer_public : self->public_key,
               (gsize) PFA_GUIDED_KEY_SIZE,
               merchant ? self->nonce : peer_nonce,
               (gsize) PFA_GUIDED_NONCE_SIZE,
               merchant ? peer_nonce : self->nonce,
               (gsize) PFA_GUIDED_NONCE_SIZE,
               session,
               strlen (session),
               NULL);
}

gboolean
pfa_guided_keys_agree (PfaGuidedKeys *self,
                       const guint8 *peer_public,
                       const guint8 *peer_nonce,
                       const char *session,
                       GError **error)
{
  guint8 secret[SECRET_SIZE];
  guint8 hash[PFA_GUIDED_HASH_SIZE];
  guint64 number = 0;

  g_return_val_if_fail (self != NULL && !self->agreed && session != NULL, FALSE);

  if (!derive_secret (self, peer_public, secret))
    return fail (error, PFA_ERROR_UNTRUSTED, "the other side's key is no point of P-256");

  hash_halves (self, peer_public, peer_nonce, session, "posaid-salt-v1", hash);
  self->agreed = expand (secret, hash, direction_info[0], self->cipher_keys[0]) &&
                 expand (secret, hash, direction_info[1], self->cipher_keys[1]);
  OPENSSL_cleanse (secret, sizeof secret);
  if (!self->agreed)
    return fail (error, PFA_ERROR_INTERNAL, "the keys could not be derived");

  hash_halves (self, peer_public, peer_nonce, session, "posaid-compare-v1", hash);
  for (guint i = 0; i < 8; i++)
    number = number << 8 | hash[i];
  self->comparison = (guint) (number % 1000000);
  /* The private key has done its work: a later look into memory finds one session's keys only. */
  g_clear_pointer (&self->pair, EVP_PKEY_free);
  return TRUE;
}

guint
pfa_guided_keys_get_comparison (PfaGuidedKeys *self)
{
  g_return_val_if_fail (self->agreed, 0);

  return self->comparison;
}

/* Four zero bytes and the number of the frame, which never repeats: a resume goes on counting. */
static void
build_nonce (guint64 seq, guint8 nonce[CIPHER_NONCE_SIZE])
{
  guint64 counter = GUINT64_TO_BE (seq);

  memset (nonce, 0, CIPHER_NONCE_SIZE);
  memcpy (nonce + CIPHER_NONCE_SIZE - sizeof counter, &counter, sizeof counter);
}

GBytes *
pfa_guided_keys_seal (PfaGuidedKeys *self, guint64 seq, const char *plain, GError **error)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  gsize size = strlen (plain);
  g_autofree guint8 *sealed = g_malloc (size + PFA_GUIDED_TAG_SIZE);
  guint8 nonce[CIPHER_NONCE_SIZE];
  int done = 0;

  g_return_val_if_fail (self->agreed && size <= G_MAXINT, NULL);

  if (seq <= self->last_sealed)
    {
      fail (error, PFA_ERROR_INTERNAL, "a frame number was about to be used twice");
      return NULL;
    }
  self->last_sealed = seq;
  build_nonce (seq, nonce);
  if (EVP_EncryptInit_ex (context,
                          EVP_aes_256_gcm (),
                          NULL,
                          self->cipher_keys[self->role],
                          nonce) != 1 ||
      EVP_EncryptUpdate (context, NULL, &done, nonce + 4, 8) != 1 ||
      EVP_EncryptUpdate (context, sealed, &done, (const guint8 *) plain, (int) size) != 1 ||
      EVP_EncryptFinal_ex (context, sealed + done, &done) != 1 ||
      EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_GET_TAG, PFA_GUIDED_TAG_SIZE, sealed + size) != 1)
    {
      fail (error, PFA_ERROR_INTERNAL, "a frame could not be sealed");
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&sealed), size + PFA_GUIDED_TAG_SIZE);
}

char *
pfa_guided_keys_open (PfaGuidedKeys *self,
                      guint64 seq,
                      const guint8 *sealed,
                      gsize size,
                      GError **error)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  g_autofree char *plain = NULL;
  guint8 nonce[CIPHER_NONCE_SIZE];
  guint8 tag[PFA_GUIDED_TAG_SIZE];
  int done = 0;

  g_return_val_if_fail (self->agreed && size <= G_MAXINT, NULL);

  if (size < PFA_GUIDED_TAG_SIZE)
    {
      fail (error, PFA_ERROR_UNTRUSTED, "a sealed frame is too short");
      return NULL;
    }
  size -= PFA_GUIDED_TAG_SIZE;
  memcpy (tag, sealed + size, sizeof tag);
  plain = g_malloc (size + 1);
  build_nonce (seq, nonce);
  if (EVP_DecryptInit_ex (context,
                          EVP_aes_256_gcm (),
                          NULL,
                          self->cipher_keys[!self->role],
                          nonce) != 1 ||
      EVP_DecryptUpdate (context, NULL, &done, nonce + 4, 8) != 1 ||
      EVP_DecryptUpdate (context, (guint8 *) plain, &done, sealed, (int) size) != 1 ||
      EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_SET_TAG, PFA_GUIDED_TAG_SIZE, tag) != 1 ||
      EVP_DecryptFinal_ex (context, (guint8 *) plain + done, &done) != 1)
    {
      fail (error, PFA_ERROR_UNTRUSTED, "a sealed frame was altered or is not the other side's");
      return NULL;
    }
  plain[size] = '\0';
  return g_steal_pointer (&plain);
}
