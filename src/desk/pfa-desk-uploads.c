/* pfa-desk-uploads.c - uploads on disk: what arrived so far, and what each was announced as
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "pfa-desk-agents.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define ID_BYTES  20
#define ID_LENGTH 32

struct _PfaDeskUploads
{
  GObject parent_instance;

  char *directory;
  GHashTable *receiving; /* upload id → PfaDeskReceiving, not owned */
};

G_DEFINE_FINAL_TYPE (PfaDeskUploads, pfa_desk_uploads, G_TYPE_OBJECT)

struct _PfaDeskReceiving
{
  PfaDeskUploads *uploads;
  char *id;
  int fd; /* -1: nothing more is written */
  gint64 base;
  gint64 offset;
  gint64 length;
  EVP_MD_CTX *checksum; /* NULL: none was sent. OpenSSL's are several times as fast as GLib's */
  GBytes *digest;
  PfaDeskReceived result;
};

void
pfa_desk_upload_free (PfaDeskUpload *self)
{
  g_free (self->id);
  g_free (self->metadata);
  g_free (self);
}

static gboolean
is_sound_id (const char *id)
{
  return strlen (id) == ID_LENGTH && strspn (id, "0123456789abcdefghjkmnpqrstuvwxyz") == ID_LENGTH;
}

static char *
dup_file (PfaDeskUploads *self, const char *id, const char *ending)
{
  return g_strconcat (self->directory, G_DIR_SEPARATOR_S, id, ending, NULL);
}

char *
pfa_desk_uploads_dup_path (PfaDeskUploads *self, const char *id)
{
  return dup_file (self, id, ".data");
}

static void
set_storage_error (GError **error, const char *path)
{
  g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
}

static gboolean
write_info (PfaDeskUploads *self, const PfaDeskUpload *upload, GError **error)
{
  g_autoptr (JsonObject) info = json_object_new ();
  g_autofree char *path = dup_file (self, upload->id, ".info");
  g_autofree char *text = NULL;

  json_object_set_int_member (info, "length", upload->length);
  json_object_set_int_member (info, "expires", upload->expires);
  json_object_set_string_member (info, "metadata", upload->metadata);
  text = pfa_json_write_object (info, FALSE);
  if (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
    return TRUE;
  set_storage_error (error, path);
  return FALSE;
}

PfaDeskUpload *
pfa_desk_uploads_create (PfaDeskUploads *self, gint64 length, const char *metadata, GError **error)
{
  g_autoptr (PfaDeskUpload) upload = g_new0 (PfaDeskUpload, 1);
  g_autofree char *path = NULL;
  int fd;

  upload->id = pfa_desk_random_word (ID_BYTES);
  upload->metadata = g_strdup (metadata != NULL ? metadata : "");
  upload->length = length;
  upload->expires = g_get_real_time () / G_USEC_PER_SEC + PFA_DESK_UPLOAD_LIFE_S;
  path = pfa_desk_uploads_dup_path (self, upload->id);
  fd = g_open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      set_storage_error (error, path);
      return NULL;
    }
  close (fd);
  if (!write_info (self, upload, error))
    {
      g_unlink (path);
      return NULL;
    }
  return g_steal_pointer (&upload);
}

/* The desk was killed while bytes came for which no checksum had vouched yet. */
static gint64
drop_unverified (PfaDeskUploads *self, const char *id, gint64 size)
{
  g_autofree char *mark = dup_file (self, id, ".base");
  g_autofree char *path = pfa_desk_uploads_dup_path (self, id);
  g_autofree char *text = NULL;
  gint64 base;

  if (!g_file_get_contents (mark, &text, NULL, NULL))
    return size;
  base = g_ascii_strtoll (text, NULL, 10);
  if (base >= 0 && base < size && truncate (path, base) == 0)
    size = base;
  g_unlink (mark);
  return size;
}

static void
stop_receiving (PfaDeskUploads *self, const char *id)
{
  PfaDeskReceiving *receiving = g_hash_table_lookup (self->receiving, id);

  if (receiving == NULL)
    return;
  receiving->result = PFA_DESK_RECEIVED_CUT;
  if (receiving->checksum != NULL && ftruncate (receiving->fd, receiving->base) == 0)
    receiving->offset = receiving->base;
  close (receiving->fd);
  receiving->fd = -1;
  g_hash_table_remove (self->receiving, id);
}

PfaDeskUpload *
pfa_desk_uploads_find (PfaDeskUploads *self, const char *id, GError **error)
{
  g_autoptr (PfaDeskUpload) upload = g_new0 (PfaDeskUpload, 1);
  g_autoptr (JsonObject) info = NULL;
  g_autofree char *info_path = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  gsize text_length;
  GStatBuf status;

  if (is_sound_id (id))
    {
      stop_receiving (self, id);
      info_path = dup_file (self, id, ".info");
      path = pfa_desk_uploads_dup_path (self, id);
      if (g_file_get_contents (info_path, &text, &text_length, NULL))
        info = pfa_json_parse_object (text, (gssize) text_length, info_path, NULL);
    }
  if (info == NULL || g_stat (path, &status) != 0)
    {
      g_set_error_literal (error, PFA_ERROR, PFA_ERROR_NOT_FOUND, "there is no such upload");
      return NULL;
    }
  upload->id = g_strdup (id);
  upload->metadata = g_strdup (pfa_json_peek_string (info, "metadata"));
  upload->length = (gint64) pfa_json_peek_double (info, "length", 0);
  upload->expires = (gint64) pfa_json_peek_double (info, "expires", 0);
  upload->offset = drop_unverified (self, id, status.st_size);
  return g_steal_pointer (&upload);
}

gboolean
pfa_desk_uploads_remove (PfaDeskUploads *self, const char *id)
{
  static const char *const endings[] = { ".data", ".base", ".info" };
  gboolean removed = FALSE;

  if (!is_sound_id (id))
    return FALSE;
  stop_receiving (self, id);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = dup_file (self, id, endings[i]);

      removed |= g_unlink (path) == 0;
    }
  return removed;
}

guint
pfa_desk_uploads_expire (PfaDeskUploads *self, gint64 now)
{
  g_autoptr (GDir) directory = g_dir_open (self->directory, 0, NULL);
  const char *name;
  guint count = 0;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->directory, name, NULL);
      g_autofree char *id = g_strndup (name, strcspn (name, "."));
      GStatBuf status;

      /* The file's own time rather than the announcement: one stat() a file, and an upload that
       * still grows is not taken away. */
      if (g_str_has_suffix (name, ".data") && is_sound_id (id) && g_stat (path, &status) == 0 &&
          status.st_mtime + PFA_DESK_UPLOAD_LIFE_S < now)
        count += pfa_desk_uploads_remove (self, id);
    }
  return count;
}

gint64
pfa_desk_uploads_get_free_space (PfaDeskUploads *self)
{
  struct statvfs status;

  return statvfs (self->directory, &status) == 0 ? (gint64) (status.f_bavail * status.f_frsize)
                                                 : -1;
}

static const EVP_MD *
find_digest (GChecksumType type)
{
  if (type == G_CHECKSUM_SHA1)
    return EVP_sha1 ();
  return type == G_CHECKSUM_MD5 ? EVP_md5 () : EVP_sha256 ();
}

PfaDeskReceiving *
pfa_desk_uploads_receive (PfaDeskUploads *self,
                          const PfaDeskUpload *upload,
                          GChecksumType type,
                          GBytes *digest,
                          GError **error)
{
  g_autofree char *path = pfa_desk_uploads_dup_path (self, upload->id);
  g_autofree char *mark = dup_file (self, upload->id, ".base");
  g_autofree char *base = g_strdup_printf ("%" G_GINT64_FORMAT, upload->offset);
  PfaDeskReceiving *receiving;
  int fd = g_open (path, O_WRONLY | O_APPEND | O_CLOEXEC, 0);

  if (fd < 0 || (digest != NULL && !g_file_set_contents (mark, base, -1, NULL)))
    {
      set_storage_error (error, path);
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  receiving = g_new0 (PfaDeskReceiving, 1);
  receiving->uploads = g_object_ref (self);
  receiving->id = g_strdup (upload->id);
  receiving->fd = fd;
  receiving->base = receiving->offset = upload->offset;
  receiving->length = upload->length;
  if (digest != NULL)
    {
      receiving->checksum = EVP_MD_CTX_new ();
      EVP_DigestInit_ex (receiving->checksum, find_digest (type), NULL);
      receiving->digest = g_bytes_ref (digest);
    }
  g_hash_table_insert (self->receiving, receiving->id, receiving);
  return receiving;
}

void
pfa_desk_receiving_add (PfaDeskReceiving *self, const void *data, gsize length)
{
  const guint8 *rest = data;

  if (self->fd < 0 || self->result != PFA_DESK_RECEIVED)
    return;
  if (length > (guint64) (self->length - self->offset))
    {
      self->result = PFA_DESK_RECEIVED_TOO_MUCH;
      return;
    }
  if (self->checksum != NULL)
    EVP_DigestUpdate (self->checksum, data, length);
  while (length > 0)
    {
      gssize written = write (self->fd, rest, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          self->result = PFA_DESK_RECEIVED_NO_SPACE;
          return;
        }
      rest += written;
      length -= (gsize) written;
      self->offset += written;
    }
}

static gboolean
has_expected_digest (PfaDeskReceiving *self)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  guint length = 0;

  if (self->checksum == NULL)
    return TRUE;
  EVP_DigestFinal_ex (self->checksum, digest, &length);
  return length > 0 && length == g_bytes_get_size (self->digest) &&
         memcmp (digest, g_bytes_get_data (self->digest, NULL), length) == 0;
}

/* What a checksum had to vouch for and did not is taken back. */
static void
end_checksum (PfaDeskReceiving *self, gboolean keep)
{
  g_autofree char *mark = NULL;

  if (self->checksum == NULL)
    return;
  if (!keep && self->fd >= 0 && ftruncate (self->fd, self->base) == 0)
    self->offset = self->base;
  mark = dup_file (self->uploads, self->id, ".base");
  g_unlink (mark);
  g_clear_pointer (&self->checksum, EVP_MD_CTX_free);
}

PfaDeskReceived
pfa_desk_receiving_finish (PfaDeskReceiving *self, gint64 *offset)
{
  if (self->result == PFA_DESK_RECEIVED && !has_expected_digest (self))
    self->result = PFA_DESK_RECEIVED_OTHER;
  if (self->result != PFA_DESK_RECEIVED_CUT)
    end_checksum (self, self->result == PFA_DESK_RECEIVED);
  *offset = self->offset;
  return self->result;
}

void
pfa_desk_receiving_free (PfaDeskReceiving *self)
{
  if (self->fd >= 0)
    {
      end_checksum (self, FALSE);
      g_hash_table_remove (self->uploads->receiving, self->id);
      close (self->fd);
    }
  g_clear_pointer (&self->checksum, EVP_MD_CTX_free);
  g_clear_pointer (&self->digest, g_bytes_unref);
  g_object_unref (self->uploads);
  g_free (self->id);
  g_free (self);
}

PfaDeskUploads *
pfa_desk_uploads_new (const char *data_directory, GError **error)
{
  g_autoptr (PfaDeskUploads) self = g_object_new (PFA_TYPE_DESK_UPLOADS, NULL);

  self->directory = g_build_filename (data_directory, "uploads", NULL);
  if (g_mkdir_with_parents (self->directory, 0700) == 0)
    return g_steal_pointer (&self);
  set_storage_error (error, self->directory);
  return NULL;
}

static void
pfa_desk_uploads_finalize (GObject *object)
{
  PfaDeskUploads *self = PFA_DESK_UPLOADS (object);

  g_hash_table_unref (self->receiving);
  g_free (self->directory);
  G_OBJECT_CLASS (pfa_desk_uploads_parent_class)->finalize (object);
}

static void
pfa_desk_uploads_class_init (PfaDeskUploadsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_desk_uploads_finalize;
}

static void
pfa_desk_uploads_init (PfaDeskUploads *self)
{
  self->receiving = g_hash_table_new (g_str_hash, g_str_equal);
}
