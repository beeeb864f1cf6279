/* pfa-update.c - a provider's profile that came as a signed file
 *
 * Below the person's data: providers/ID.json is what the program reads; updates/ID.current and
 * updates/ID.previous are the signed files that it and the one before came from.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-update.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-support-http.h"

#define FORMAT           "pos-first-aid-update/1"
#define KIND             "profile"
#define KEY_LENGTH       32
#define SIGNATURE_LENGTH 64
#define MAX_VERSION      1000000000
#define MAX_FILE_BYTES   (1024 * 1024)

void
pfa_update_free (PfaUpdate *self)
{
  g_free (self->id);
  g_free (self->profile);
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

/* It becomes a file's name. */
static gboolean
is_sound_id (const char *id)
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
is_signed (GBytes *key, GBytes *signature, const char *id, guint version, GBytes *content)
{
  g_autofree char *head = g_strdup_printf ("%s\n%s\n%s\n%u\n", FORMAT, KIND, id, version);
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
  g_autoptr (JsonNode) node = pfa_json_parse (self->profile, -1, "profile", error);
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
  if (!is_sound_id (id) || !(version >= 1 && version <= MAX_VERSION))
    return refuse (error, PFA_ERROR_BAD_INPUT, "the id or the version is wrong");
  self->id = g_strdup (id);
  self->version = (guint) version;
  self->profile = g_strndup (g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  self->fingerprint = build_fingerprint (key);
  self->key_known = is_known (key, known_key);
  if (known_key != NULL && !self->key_known)
    return refuse (error, PFA_ERROR_UNTRUSTED, "it is signed by another key than this provider's");
  if (!is_signed (key, signature, self->id, self->version, content))
    return refuse (error, PFA_ERROR_UNTRUSTED, "the signature does not hold: it was changed");
  return check_profile (self, error);
}

PfaUpdate *
pfa_update_parse (const char *text, gssize length, const char *known_key, GError **error)
{
  g_autoptr (PfaUpdate) self = g_new0 (PfaUpdate, 1);
  g_autoptr (JsonObject) object = pfa_json_parse_object (text, length, "update", error);

  if (object == NULL)
    return NULL;
  if (g_strcmp0 (pfa_json_peek_string (object, "format"), FORMAT) != 0 ||
      g_strcmp0 (pfa_json_peek_string (object, "kind"), KIND) != 0)
    {
      refuse (error, PFA_ERROR_BAD_INPUT, "this is no signed profile");
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
  if (g_stat (path, &status) == 0 && status.st_size > MAX_FILE_BYTES)
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

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaProvider *provider = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PfaSupportReply) reply = pfa_support_request_send_finish (result, &error);
  PfaUpdate *update = NULL;

  if (reply != NULL && reply->status == 200)
    update = pfa_update_parse (reply->text, -1, provider->update_key, &error);
  else if (reply != NULL)
    error = g_error_new (PFA_ERROR,
                         PFA_ERROR_NOT_FOUND,
                         "the provider's server answered %u instead of a profile",
                         reply->status);
  if (update != NULL && !g_str_equal (update->id, provider->id))
    {
      g_clear_pointer (&update, pfa_update_free);
      refuse (&error, PFA_ERROR_UNTRUSTED, "the profile is another provider's");
    }
  if (update != NULL)
    g_task_return_pointer (task, update, (GDestroyNotify) pfa_update_free);
  else
    g_task_return_error (task, error);
}

void
pfa_update_fetch_async (SoupSession *session,
                        PfaProvider *provider,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pfa_update_fetch_async);
  g_task_set_task_data (task, pfa_provider_ref (provider), (GDestroyNotify) pfa_provider_unref);
  if (provider->update_url == NULL || provider->update_key == NULL)
    {
      g_task_return_new_error (task,
                               PFA_ERROR,
                               PFA_ERROR_NOT_SUPPORTED,
                               "this provider offers no updates");
      return;
    }
  pfa_support_request_send_async (pfa_support_request_new ("GET", provider->update_url),
                                  session,
                                  cancellable,
                                  on_fetched_cb,
                                  g_steal_pointer (&task));
}

PfaUpdate *
pfa_update_fetch_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static char *
dup_path (const char *directory, const char *folder, const char *id, const char *ending)
{
  g_autofree char *name = g_strconcat (id, ending, NULL);

  return g_build_filename (directory, folder, name, NULL);
}

static gboolean
write_file (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) local = NULL;

  if (g_mkdir_with_parents (folder, 0700) == 0 &&
      g_file_set_contents_full (path,
                                text,
                                -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                0600,
                                &local))
    return TRUE;
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_STORAGE,
               "%s: %s",
               path,
               local != NULL ? local->message : g_strerror (errno));
  return FALSE;
}

guint
pfa_update_get_installed_version (const char *directory, const char *id)
{
  g_autofree char *path = dup_path (directory, "updates", id, ".current");
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) object = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  object = pfa_json_parse_object (text, -1, path, NULL);
  return object != NULL ? (guint) pfa_json_peek_double (object, "version", 0) : 0;
}

gboolean
pfa_update_install (const PfaUpdate *self, const char *directory, GError **error)
{
  g_autofree char *profile = dup_path (directory, "providers", self->id, ".json");
  g_autofree char *current = dup_path (directory, "updates", self->id, ".current");
  g_autofree char *previous = dup_path (directory, "updates", self->id, ".previous");
  g_autofree char *old = NULL;

  if (self->version <= pfa_update_get_installed_version (directory, self->id))
    return refuse (error, PFA_ERROR_REFUSED, "what is there is as new or newer");
  if (g_file_get_contents (current, &old, NULL, NULL) && !write_file (previous, old, error))
    return FALSE;
  /* The version last: after a kill in between, the same update can be installed again. */
  return write_file (profile, self->profile, error) && write_file (current, self->text, error);
}

gboolean
pfa_update_go_back (const char *directory, const char *id, GError **error)
{
  g_autofree char *profile = dup_path (directory, "providers", id, ".json");
  g_autofree char *current = dup_path (directory, "updates", id, ".current");
  g_autofree char *previous = dup_path (directory, "updates", id, ".previous");
  g_autofree char *now = NULL;
  g_autoptr (PfaUpdate) update = NULL;

  if (!is_sound_id (id) || !g_file_get_contents (current, &now, NULL, NULL) ||
      !g_file_test (previous, G_FILE_TEST_EXISTS))
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           PFA_ERROR_NOT_FOUND,
                           "there is no earlier profile to go back to");
      return FALSE;
    }
  update = pfa_update_load (previous, NULL, error);
  return update != NULL && write_file (profile, update->profile, error) &&
         write_file (current, update->text, error) && write_file (previous, now, error);
}
