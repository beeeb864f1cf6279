/* pfa-nexo-crypto.c - protects messages of the nexo Terminal API, and opens them
 *
 * NexoBlob = AES-256-CBC (message), IV = derived IV xor nonce; Hmac = HMAC-SHA-256 (message).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-nexo-crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"

#define SALT           "AdyenNexoV1Salt"
#define ROUNDS         4000
#define DERIVED_LENGTH 80
#define HMAC_LENGTH    32
#define AES_BLOCK      16
#define CRYPTO_VERSION 1

gboolean
pfa_nexo_key_derive (PfaNexoKey *key, const char *passphrase, const char *identifier, guint version)
{
  guint8 derived[DERIVED_LENGTH];
  gboolean good = PKCS5_PBKDF2_HMAC_SHA1 (passphrase,
                                          (int) strlen (passphrase),
                                          (const guint8 *) SALT,
                                          (int) strlen (SALT),
                                          ROUNDS,
                                          sizeof derived,
                                          derived) == 1;

  memcpy (key->hmac, derived, sizeof key->hmac);
  memcpy (key->aes, derived + 32, sizeof key->aes);
  memcpy (key->iv, derived + 64, sizeof key->iv);
  key->identifier = g_strdup (identifier);
  key->version = version;
  OPENSSL_cleanse (derived, sizeof derived);
  return good;
}

void
pfa_nexo_key_clear (PfaNexoKey *key)
{
  g_free (key->identifier);
  OPENSSL_cleanse (key, sizeof *key);
}

/* Encrypts or decrypts @in. NULL when the padding does not fit. */
static GByteArray *
apply_cipher (const PfaNexoKey *key,
              const guint8 *nonce,
              gboolean encrypt,
              const guint8 *in,
              gsize length)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 iv[AES_BLOCK];
  int first = 0;
  int last = 0;
  gboolean good;

  for (guint i = 0; i < AES_BLOCK; i++)
    iv[i] = key->iv[i] ^ nonce[i];
  g_byte_array_set_size (out, (guint) length + AES_BLOCK);
  good =
      context != NULL &&
      EVP_CipherInit_ex (context, EVP_aes_256_cbc (), NULL, key->aes, iv, encrypt ? 1 : 0) == 1 &&
      EVP_CipherUpdate (context, out->data, &first, in, (int) length) == 1 &&
      EVP_CipherFinal_ex (context, out->data + first, &last) == 1;
  EVP_CIPHER_CTX_free (context);
  if (!good)
    return NULL;
  g_byte_array_set_size (out, (guint) (first + last));
  return g_steal_pointer (&out);
}

static gboolean
compute_hmac (const PfaNexoKey *key, const guint8 *data, gsize length, guint8 mac[HMAC_LENGTH])
{
  guint mac_length = 0;

  return HMAC (EVP_sha256 (), key->hmac, sizeof key->hmac, data, length, mac, &mac_length) !=
             NULL &&
         mac_length == HMAC_LENGTH;
}

static JsonObject *
build_trailer (const PfaNexoKey *key, const guint8 *nonce, const guint8 *mac)
{
  JsonObject *trailer = json_object_new ();
  g_autofree char *nonce_text = g_base64_encode (nonce, PFA_NEXO_NONCE_LENGTH);
  g_autofree char *mac_text = g_base64_encode (mac, HMAC_LENGTH);

  json_object_set_int_member (trailer, "AdyenCryptoVersion", CRYPTO_VERSION);
  json_object_set_string_member (trailer, "KeyIdentifier", key->identifier);
  json_object_set_int_member (trailer, "KeyVersion", key->version);
  json_object_set_string_member (trailer, "Nonce", nonce_text);
  json_object_set_string_member (trailer, "Hmac", mac_text);
  return trailer;
}

/* The header of @plain, which is a message of our own. (transfer full) */
static JsonObject *
dup_header (const char *name, const char *plain)
{
  g_autoptr (JsonObject) root = pfa_json_parse_object (plain, -1, name, NULL);
  JsonObject *message = root != NULL ? pfa_json_peek_object (root, name) : NULL;
  JsonObject *header = message != NULL ? pfa_json_peek_object (message, "MessageHeader") : NULL;

  return header != NULL ? json_object_ref (header) : NULL;
}

char *
pfa_nexo_protect (const PfaNexoKey *key, const char *name, const char *plain, const guint8 *nonce)
{
  g_autoptr (JsonObject) root = json_object_new ();
  g_autoptr (GByteArray) sealed = NULL;
  g_autofree char *blob = NULL;
  JsonObject *header = dup_header (name, plain);
  JsonObject *message;
  guint8 drawn[PFA_NEXO_NONCE_LENGTH];
  guint8 mac[HMAC_LENGTH];

  if (nonce == NULL && RAND_bytes (drawn, sizeof drawn) == 1)
    nonce = drawn;
  if (header == NULL || nonce == NULL)
    return NULL;
  sealed = apply_cipher (key, nonce, TRUE, (const guint8 *) plain, strlen (plain));
  if (sealed == NULL || !compute_hmac (key, (const guint8 *) plain, strlen (plain), mac))
    {
      json_object_unref (header);
      return NULL;
    }
  message = json_object_new ();
  blob = g_base64_encode (sealed->data, sealed->len);
  json_object_set_object_member (message, "MessageHeader", header);
  json_object_set_string_member (message, "NexoBlob", blob);
  json_object_set_object_member (message, "SecurityTrailer", build_trailer (key, nonce, mac));
  json_object_set_object_member (root, name, message);
  return pfa_json_write_object (root, FALSE);
}

gboolean
pfa_nexo_is_protected (JsonObject *message)
{
  return json_object_has_member (message, "NexoBlob");
}

/* @length bytes of base64, or FALSE. */
static gboolean
read_fixed (JsonObject *trailer, const char *member, guint8 *out, gsize length)
{
  const char *text = pfa_json_peek_string (trailer, member);
  g_autofree guint8 *bytes = NULL;
  gsize got = 0;

  if (text == NULL)
    return FALSE;
  bytes = g_base64_decode (text, &got);
  if (got != length)
    return FALSE;
  memcpy (out, bytes, length);
  return TRUE;
}

static gboolean
is_known_key (const PfaNexoKey *key, JsonObject *trailer)
{
  double version = pfa_json_peek_double (trailer, "KeyVersion", -1);
  double crypto_version = pfa_json_peek_double (trailer, "AdyenCryptoVersion", -1);

  return g_strcmp0 (pfa_json_peek_string (trailer, "KeyIdentifier"), key->identifier) == 0 &&
         (guint) MAX (version, 0) == key->version && (int) crypto_version == CRYPTO_VERSION;
}

/* The clear header is not covered by the HMAC: it must say what the covered one says. */
static gboolean
are_headers_equal (JsonObject *message, const char *name, const char *plain)
{
  JsonObject *outer = pfa_json_peek_object (message, "MessageHeader");
  g_autoptr (JsonObject) inner = dup_header (name, plain);
  g_autoptr (JsonNode) outer_node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonNode) inner_node = json_node_new (JSON_NODE_OBJECT);

  if (outer == NULL || inner == NULL)
    return FALSE;
  json_node_set_object (outer_node, outer);
  json_node_set_object (inner_node, inner);
  return json_node_equal (outer_node, inner_node);
}

static char *
open_blob (const PfaNexoKey *key, JsonObject *message)
{
  JsonObject *trailer = pfa_json_peek_object (message, "SecurityTrailer");
  const char *blob = pfa_json_peek_string (message, "NexoBlob");
  guint8 nonce[PFA_NEXO_NONCE_LENGTH];
  guint8 claimed[HMAC_LENGTH];
  guint8 computed[HMAC_LENGTH];
  g_autofree guint8 *sealed = NULL;
  g_autoptr (GByteArray) plain = NULL;
  gsize length = 0;

  if (trailer == NULL || blob == NULL || !is_known_key (key, trailer) ||
      !read_fixed (trailer, "Nonce", nonce, sizeof nonce) ||
      !read_fixed (trailer, "Hmac", claimed, sizeof claimed))
    return NULL;
  sealed = g_base64_decode (blob, &length);
  if (length == 0 || length % AES_BLOCK != 0)
    return NULL;
  plain = apply_cipher (key, nonce, FALSE, sealed, length);
  if (plain == NULL || !compute_hmac (key, plain->data, plain->len, computed) ||
      CRYPTO_memcmp (claimed, computed, HMAC_LENGTH) != 0)
    return NULL;
  return g_strndup ((const char *) plain->data, plain->len);
}

char *
pfa_nexo_unprotect (const PfaNexoKey *key, const char *name, JsonObject *message, GError **error)
{
  g_autofree char *plain = open_blob (key, message);

  if (plain == NULL || !are_headers_equal (message, name, plain))
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           PFA_ERROR_UNTRUSTED,
                           "the terminal's message could not be verified");
      return NULL;
    }
  return g_steal_pointer (&plain);
}
