/* pfa-bundle-archive.c - writes the archive; takes nothing but safe text
 *
 * No time is set in any entry: libarchive writes local time, and the same incident would give other
 * bytes in another time zone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "pfa-bundle-seal.h"
#include "pfa-bundle-verify.h"
#include "pfa-error.h"

struct _PfaBundleArchive
{
  char *path;
  char *part; /* its name until it is whole */
  int fd;
  struct archive *zip;
  PfaBundleSeal *seal;
  GChecksum *sum;
  guint64 size;
  guint64 packed;
  GError *error; /* met inside libarchive's callback */
};

static gboolean
fail_storage (GError **error, const char *what)
{
  g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", what, g_strerror (errno));
  return FALSE;
}

static gboolean
fail_zip (PfaBundleArchive *self, GError **error)
{
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else
    g_set_error (error,
                 PFA_ERROR,
                 PFA_ERROR_STORAGE,
                 "the bundle cannot be written: %s",
                 archive_error_string (self->zip));
  return FALSE;
}

static gboolean
write_all (int fd, const guint8 *data, gsize length)
{
  while (length > 0)
    {
      const gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static la_ssize_t
on_packed_cb (struct archive *zip, void *user_data, const void *data, size_t length)
{
  PfaBundleArchive *self = user_data;

  self->packed += length;
  if (self->seal != NULL ? pfa_bundle_seal_write (self->seal, data, length, &self->error)
                         : write_all (self->fd, data, length) ||
                               fail_storage (&self->error, "the bundle cannot be written"))
    return (la_ssize_t) length;
  archive_set_error (zip, EIO, "writing failed");
  return -1;
}

static gboolean
open_zip (PfaBundleArchive *self, int level, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("zip:compression-level=%d,zip:hdrcharset=UTF-8,zip:!zip64", level);

  self->zip = archive_write_new ();
  if (archive_write_set_format_zip (self->zip) == ARCHIVE_OK &&
      archive_write_set_options (self->zip, text) == ARCHIVE_OK &&
      archive_write_set_bytes_in_last_block (self->zip, 1) == ARCHIVE_OK &&
      archive_write_open (self->zip, self, NULL, on_packed_cb, NULL) == ARCHIVE_OK)
    return TRUE;
  return fail_zip (self, error);
}

PfaBundleArchive *
pfa_bundle_archive_new (const char *path, const char *certificates, int level, GError **error)
{
  g_autoptr (PfaBundleArchive) self = g_new0 (PfaBundleArchive, 1);
  g_autofree char *random = g_strdup_printf ("%08x", g_random_int ());

  self->path = g_strdup (path);
  self->fd = -1;
  self->part = g_strconcat (path, ".", random, ".part", NULL);
  self->fd = g_open (self->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->fd < 0)
    {
      fail_storage (error, path);
      g_clear_pointer (&self->part, g_free);
      return NULL;
    }
  if (certificates != NULL)
    {
      self->seal = pfa_bundle_seal_new (certificates, self->fd, error);
      if (self->seal == NULL)
        return NULL;
    }
  if (!open_zip (self, level, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
pfa_bundle_archive_free (PfaBundleArchive *self)
{
  if (self->zip != NULL)
    {
      archive_write_fail (self->zip);
      archive_write_free (self->zip);
    }
  g_clear_pointer (&self->seal, pfa_bundle_seal_free);
  if (self->fd >= 0)
    close (self->fd);
  if (self->part != NULL)
    g_unlink (self->part);
  g_clear_pointer (&self->sum, g_checksum_free);
  g_clear_error (&self->error);
  g_free (self->part);
  g_free (self->path);
  g_free (self);
}

gboolean
pfa_bundle_archive_begin (PfaBundleArchive *self, const char *name, GError **error)
{
  struct archive_entry *entry;
  int status;

  if (!pfa_bundle_is_member_name (name))
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_INTERNAL, "“%s” is no name for a member", name);
      return FALSE;
    }
  entry = archive_entry_new ();
  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  status = archive_write_header (self->zip, entry);
  archive_entry_free (entry);
  if (status != ARCHIVE_OK)
    return fail_zip (self, error);
  g_clear_pointer (&self->sum, g_checksum_free);
  self->sum = g_checksum_new (G_CHECKSUM_SHA256);
  self->size = 0;
  return TRUE;
}

gboolean
pfa_bundle_archive_write (PfaBundleArchive *self, PfaSafeText *text, GError **error)
{
  gsize length;
  const char *data = pfa_safe_text_get_data (text, &length);
  gsize written = 0;

  g_checksum_update (self->sum, (const guchar *) data, (gssize) length);
  self->size += length;
  while (written < length)
    {
      const la_ssize_t n = archive_write_data (self->zip, data + written, length - written);

      if (n <= 0)
        return fail_zip (self, error);
      written += (gsize) n;
    }
  return TRUE;
}

gboolean
pfa_bundle_archive_end (PfaBundleArchive *self, PfaBundleSum *sum, GError **error)
{
  if (archive_write_finish_entry (self->zip) != ARCHIVE_OK)
    return fail_zip (self, error);
  sum->size = self->size;
  g_strlcpy (sum->sha256, g_checksum_get_string (self->sum), sizeof sum->sha256);
  return TRUE;
}

guint64
pfa_bundle_archive_get_packed (const PfaBundleArchive *self)
{
  return self->packed;
}

/* A name that is in the folder for good, also when the power goes now. */
static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  const int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  const gboolean good = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return good;
}

gboolean
pfa_bundle_archive_close (PfaBundleArchive *self, GError **error)
{
  if (archive_write_close (self->zip) != ARCHIVE_OK)
    return fail_zip (self, error);
  archive_write_free (g_steal_pointer (&self->zip));
  if (self->seal != NULL && !pfa_bundle_seal_finish (self->seal, error))
    return FALSE;
  if (fsync (self->fd) != 0 && errno != EINVAL)
    return fail_storage (error, self->path);
  if (g_rename (self->part, self->path) != 0)
    return fail_storage (error, self->path);
  g_clear_pointer (&self->part, g_free);
  /* Some file systems cannot; the file itself is whole. */
  (void) sync_folder (self->path);
  return TRUE;
}
