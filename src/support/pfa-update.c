/* pfa-update.c - a provider's profile or knowledge that came as a signed file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-update.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-knowledge.h"
#include "pfa-update-private.h"

#define FORMAT           "pos-first-aid-update/1"
#define KEY_LENGTH       32
#define SIGNATURE_LENGTH 64
#define MAX_VERSION      1000000000

static const char *const kinds[] = {
  [PFA_UPDATE_PROFILE] = "profile",
  [PFA_UPDATE_KNOWLEDGE] = "knowledge",
};

void
pfa_update_free (PfaUpdate *self)
{
  g_free (self->id);
  g_free (self->content);
  g_free (self->text);
  g_free (self->fingerprint);
  g_free (self);
}

static gboolean
refuse (GError **error, PfaError code, const char *text)
{
  g_set_error (error, PFA_ERROR, code, "update: %s", text);
  return FALSE;
}

gboolean
pfa_update_is_sound_id (const char *id)
{
  gsize length = strlen (id);

  return length > 0 && length <= 64 && id[0] != '-' &&
         strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static GBytes *
decode (JsonObject *object, const char *member, gsize wanted, GError **error)
{
  const char *text = pfa_json_require_string (object, member, "update", error);
  gsize length = 0;
  guchar *bytes;

  if (text == NULL)
    return NULL;
  bytes = g_base64_decode (text, &length);
  if (length == 0 || (wanted != 0 && length != wanted))
    {
      g_free (bytes);
      refuse (error, PFA_ERROR_BAD_INPUT, "a key, signature or content is not base64");
      return NULL;
    }
  return g_bytes_new_take (bytes, length);
}

static gboolean
is_signed (const PfaUpdate *self, GBytes *key, GBytes *signature, GBytes *content)
{
  g_autofree char *head =
      g_strdup_printf ("%s\n%s\n%s\n%u\n", FORMAT, kinds[self->kind], self->id, self->version);
  g_autoptr (GByteArray) message = g_byte_array_new ();
  EVP_PKEY *public = EVP_PKEY_new_raw_public_key (EVP_PKEY_ED25519,
                                                  NULL,
                                                  g_bytes_get_data (key, NULL),
                                                  g_bytes_get_size (key));
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gboolean good;

  g_byte_array_append (message, (const guint8 *) head, (guint) strlen (head));
  g_byte_array_append (message,
                       g_bytes_get_data (content, NULL),
                       (guint) g_bytes_get_size (content));
  good = public != NULL && EVP_DigestVerifyInit (context, NULL, NULL, NULL, public) == 1 &&
         EVP_DigestVerify (context,
                           g_bytes_get_data (signature, NULL),
                           g_bytes_get_size (signature),
                           message->data,
                           message->len) == 1;
  EVP_MD_CTX_free (context);
  EVP_PKEY_free (public);
  return good;
}

static char *
build_fingerprint (GBytes *key)
{
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, key);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < 6; i++)
    g_string_append_printf (text, "%s%.4s", i > 0 ? " " : "", sum + 4 * i);
  return g_string_free (text, FALSE);
}

/* The key that counts is the one known before, whatever the file says about itself. */
static gboolean
is_known (GBytes *key, const char *known_key)
{
  g_autofree guchar *known = NULL;
  gsize length = 0;

  if (known_key == NULL)
    return FALSE;
  known = g_base64_decode (known_key, &length);
  return length == g_bytes_get_size (key) &&
         memcmp (known, g_bytes_get_data (key, NULL), length) == 0;
}

/* What is signed must be a profile of that id which the program can use. */
static gboolean
check_profile (const PfaUpdate *self, GError **error)
{
  g_autoptr (JsonNode) node = pfa_json_parse (self->content, -1, "profile", error);
  g_autoptr (PfaProvider) provider = NULL;
  g_auto (GStrv) faults = NULL;

  if (node == NULL)
    return FALSE;
  faults = pfa_provider_validate (node, self->id);
  if (faults[0] != NULL)
    return refuse (error, PFA_ERROR_BAD_INPUT, faults[0]);
  provider = pfa_provider_new_from_json (json_node_get_object (node), self->id, NULL, error);
  if (provider == NULL)
    return FALSE;
  return g_str_equal (provider->id, self->id) ||
         refuse (error, PFA_ERROR_BAD_INPUT, "the profile is another provider's");
}

/* What is signed must be a model that this program can reckon with. */
static gboolean
check_knowledge (const PfaUpdate *self, GError **error)
{
  g_autoptr (JsonNode) node = pfa_json_parse (self->content, -1, "knowledge", error);
  g_autoptr (PfaKnowledge) built_in = node != NULL ? pfa_knowledge_new (error) : NULL;
  g_autoptr (PfaModel) model =
      built_in != NULL ? pfa_knowledge_examine_model (built_in, node, "knowledge", error) : NULL;

  return model != NULL;
}

static gboolean
read_envelope (PfaUpdate *self, JsonObject *object, const char *known_key, GError **error)
{
  const char *id = pfa_json_require_string (object, "id", "update", error);
  g_autoptr (GBytes) key = id != NULL ? decode (object, "key", KEY_LENGTH, error) : NULL;
  g_autoptr (GBytes) signature =
      key != NULL ? decode (object, "signature", SIGNATURE_LENGTH, error) : NULL;
  g_autoptr (GBytes) content = signature != NULL ? decode (object, "content", 0, error) : NULL;
  double version;

  if (content == NULL || !pfa_json_require_double (object, "version", "update", &version, error))
    return FALSE;
  if (!pfa_update_is_sound_id (id) || !(version >= 1 && version <= MAX_VERSION))
    return refuse (error, PFA_ERROR_BAD_INPUT, "the id or the version is wrong");
  self->id = g_strdup (id);
  self->version = (guint) version;
  self->content = g_strndup (g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  self->fingerprint = build_fingerprint (key);
  self->key_known = is_known (key, known_key);
  if (known_key != NULL && !self->key_known)
    return refuse (error, PFA_ERROR_UNTRUSTED, "it is signed by another key than this provider's");
  if (!is_signed (self, key, signature, content))
    return refuse (error, PFA_ERROR_UNTRUSTED, "the signature does not hold: it was changed");
  /* A profile may come from somebody new, after a telephone call; what steers the advice may not.
   */
  if (self->kind == PFA_UPDATE_KNOWLEDGE && !self->key_known)
    return refuse (error, PFA_ERROR_UNTRUSTED, "no provider with this key is known here");
  return self->kind == PFA_UPDATE_PROFILE ? check_profile (self, error)
                                          : check_knowledge (self, error);
}

static gboolean
read_kind (PfaUpdate *self, const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (word, kinds[i]) == 0)
      {
        self->kind = (PfaUpdateKind) i;
        return TRUE;
      }
  return FALSE;
}

PfaUpdate *
pfa_update_parse (const char *text, gssize length, const char *known_key, GError **error)
{
  g_autoptr (PfaUpdate) self = g_new0 (PfaUpdate, 1);
  g_autoptr (JsonObject) object = pfa_json_parse_object (text, length, "update", error);

  if (object == NULL)
    return NULL;
  if (g_strcmp0 (pfa_json_peek_string (object, "format"), FORMAT) != 0 ||
      !read_kind (self, pfa_json_peek_string (object, "kind")))
    {
      refuse (error, PFA_ERROR_BAD_INPUT, "this is no signed profile and no signed knowledge");
      return NULL;
    }
  self->text = length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
  return read_envelope (self, object, known_key, error) ? g_steal_pointer (&self) : NULL;
}

PfaUpdate *
pfa_update_load (const char *path, const char *known_key, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  GStatBuf status;
  gsize length;

  /* A device tells no size and may never end. */
  if (g_stat (path, &status) == 0 && !S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode))
    {
      refuse (error, PFA_ERROR_BAD_INPUT, "this is no file");
      return NULL;
    }
  if (g_stat (path, &status) == 0 && status.st_size > PFA_UPDATE_MAX_BYTES)
    {
      refuse (error, PFA_ERROR_BAD_INPUT, "the file is too large");
      return NULL;
    }
  if (!g_file_get_contents (path, &text, &length, &local))
    {
      g_propagate_error (error, pfa_error_adopt (g_steal_pointer (&local)));
      return NULL;
    }
  return pfa_update_parse (text, (gssize) length, known_key, error);
}
